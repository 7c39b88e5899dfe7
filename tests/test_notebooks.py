"""Every notebook runs from top to bottom and shows again what was committed, so only sample leads can be in it."""

import ast
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from execute_notebooks import CHART, PICTURES, WIDGET, execute, picture_of
from nbformat.v4 import new_code_cell
from PIL import Image

import leadanalytics as la

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
EXAMPLE_DOMAIN = re.compile(r"@[\w.-]*\b(example(\.(com|org|net))?|test\.com)\b", re.IGNORECASE)
CHART_IN_WORDS = re.compile(r'<img alt="[^"]+: [^"]+\." ')
SECRET = re.compile(r"AccountKey=|SharedAccessSignature=|[?&]sig=", re.IGNORECASE)

pytestmark = pytest.mark.notebooks


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return request.param


def committed(path):
    return nbformat.read(path, as_version=4)


def parameters_of(notebook):
    (cell,) = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    return cell


def texts(notebook):
    """What a notebook shows in words and tables; of a picture, that it is there and what it says."""
    shown = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                shown.append((output.name, output.text))
            elif output.output_type == "error":
                shown.append(("error", output.ename))
            else:
                shown.append({kind: CHART.sub("image", text) for kind, text in output.data.items()})
    return shown


def test_they_are_a_tour_in_seven_steps():
    assert [path.stem[:2] for path in NOTEBOOKS] == ["00", "01", "02", "03", "04", "05", "06"]


def test_together_they_name_all_that_the_package_offers():
    told = " ".join(cell.source for path in NOTEBOOKS for cell in committed(path).cells)
    assert not [name for name in la.__all__ if not re.search(rf"\b{name}\b", told)]


# pyzmq and the kernel's sockets warn while they are shut down, which says nothing about the notebook.
kernels = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::RuntimeWarning")


@kernels
def test_it_shows_again_what_was_committed(notebook):
    assert texts(execute(committed(notebook))) == texts(committed(notebook))


@kernels
def test_the_last_runs_on_a_file_of_ones_own_with_one_path_changed(tmp_path):
    own = shutil.copy(ROOT / "data" / "samples" / "salesforce_leads.csv", tmp_path / "Unser Export.csv")
    notebook = committed(NOTEBOOKS[-1])
    after = notebook.cells.index(parameters_of(notebook)) + 1
    notebook.cells.insert(after, new_code_cell(f"SOURCE = {str(own)!r}\nEXPORTS = {str(tmp_path / 'exports')!r}"))
    shown = texts(execute(notebook))
    assert shown[0]["text/plain"] == "'151 leads of 145 customers'"
    names = {"customers.xlsx", "customers_left_out.xlsx", "funnel.csv", "funnel.png", "report.html"}
    assert {path.name for path in (tmp_path / "exports").iterdir()} == names


def test_it_begins_with_a_question(notebook):
    first = committed(notebook).cells[0]
    title, _, answer = first.source.partition("\n\n")
    assert first.cell_type == "markdown"
    assert re.fullmatch(r"# [^\n]+\?", title)
    assert answer


def test_its_parameters_say_their_types(notebook):
    parameters = ast.parse(parameters_of(committed(notebook)).source).body
    assert parameters
    assert all(isinstance(line, ast.AnnAssign) and line.target.id.isupper() for line in parameters)


def test_every_chart_was_committed_with_its_words(notebook):
    cells = committed(notebook).cells
    charts = [cell for cell in cells if "la.plot_" in cell.source and "outputs" in cell]
    assert charts
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if "image/png" in output.get("data", {})]  # a bare one is silent
    assert all(CHART_IN_WORDS.search(cell.outputs[-1].data["text/html"]) for cell in charts)


def test_it_was_committed_without_complaints(notebook):
    shown = texts(committed(notebook))
    assert not [output for output in shown if isinstance(output, tuple) and output[0] in ("stderr", "error")]


def test_it_was_committed_without_what_widgets_hold(notebook):
    assert "widgets" not in committed(notebook).metadata  # every customer of a table
    # A widget without its state is an error where the notebook is opened; the sentence beside it stays.
    outputs = [output for cell in committed(notebook).cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if WIDGET in output.get("data", {})]


def test_it_is_light_and_tells_instead_of_programming(notebook):
    code = "\n".join(cell.source for cell in committed(notebook).cells if cell.cell_type == "code")
    assert notebook.stat().st_size < 500_000
    assert not re.search(r"^\s*(def|class) ", code, re.MULTILINE)


def test_its_links_lead_somewhere(notebook):
    told = "\n".join(cell.source for cell in committed(notebook).cells if cell.cell_type == "markdown")
    links = re.findall(r"\]\(([^)#]+)\)", told)
    assert not [link for link in links if not (notebook.parent / link).exists()]


def test_it_shows_nobody_but_made_up_people(notebook):
    addresses = re.findall(r"[\w.+-]+@[\w-]+[\w.-]*", str(texts(committed(notebook))))
    whole = [address for address in addresses if not address.endswith("...")]  # a table cuts long cells
    assert all(EXAMPLE_DOMAIN.search(address) for address in whole)


def test_it_holds_no_secret(notebook):
    assert not SECRET.search(notebook.read_text(encoding="utf-8"))


def test_its_picture_in_the_readme_is_what_it_shows(notebook):
    picture = PICTURES / f"{notebook.stem}.png"
    assert picture.read_bytes() == picture_of(committed(notebook))
    assert picture.stat().st_size < 60_000
    with Image.open(picture) as image:
        assert image.width >= 800
    assert f"(docs/pictures/{picture.name})" in (ROOT / "README.md").read_text(encoding="utf-8")
