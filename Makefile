# Two commands do everything on a machine that has only Python 3.11 to 3.13: make demo and make test.
# Where there is no make (Windows), README.md gives the same as plain commands.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Which tests `make test` runs; TESTS= runs the long simulations too.
TESTS  ?= -m "not slow"

.PHONY: demo test bench bench-matching bench-funnels lint lab notebooks docs clean

demo: $(VENV)/demo.installed        ## install, then run the main job on data/samples
	$(BIN)/leadanalytics run data/samples --out demo

test: $(VENV)/test.installed        ## install what the tests need, then run them all but the long simulations
	$(BIN)/python -m pytest -n auto $(TESTS)

bench: $(VENV)/test.installed       ## CPU seconds and peak memory per stage on a million generated leads
	$(BIN)/python tests/benchmark.py
	$(BIN)/python tests/benchmark_explorer.py
	$(BIN)/python tests/benchmark_report.py

bench-matching: $(VENV)/splink.installed  ## how well customers are found; LEADANALYTICS_LABELLED=folder adds labelled leads
	$(BIN)/python tests/benchmark_matching.py

bench-funnels: $(VENV)/chdb.installed   ## the same funnels by ClickHouse's windowFunnel: counts and CPU seconds
	$(BIN)/python tests/benchmark_funnels.py

lint: $(VENV)/dev.installed         ## style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

lab: $(VENV)/notebooks.installed    ## open a copy of the notebooks in JupyterLab
	$(BIN)/leadanalytics lab

notebooks: $(VENV)/test.installed   ## run every notebook and keep what it shows
	$(BIN)/python tests/execute_notebooks.py

docs: $(VENV)/docs.installed        ## build the documentation into build/site; a warning is an error
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

clean:
	rm -rf $(VENV) .cache demo build *.egg-info

$(VENV)/bin/python:
	$(PYTHON) -c "import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))" \
	  || (echo "Python 3.11, 3.12 or 3.13 is needed: make PYTHON=python3.12 demo" && exit 2)
	$(PYTHON) -m venv $(VENV)

# One recipe for every set of extras; a changed pyproject.toml or constraints.txt installs again.
$(VENV)/demo.installed: EXTRAS :=
$(VENV)/test.installed: EXTRAS := [test]
$(VENV)/dev.installed: EXTRAS := [dev]
$(VENV)/notebooks.installed: EXTRAS := [notebooks]
$(VENV)/docs.installed: EXTRAS := [docs]
$(VENV)/%.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.$(EXTRAS)' -c constraints.txt
	touch $@

# Splink is for comparison only; where it cannot be had, its lines say so.
$(VENV)/splink.installed: $(VENV)/test.installed
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check 'splink>=5,<6'
	touch $@

$(VENV)/chdb.installed: $(VENV)/test.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'chdb>=3,<5'
	touch $@
