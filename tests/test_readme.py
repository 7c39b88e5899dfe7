"""What the README promises is what the package does."""

import os
import re
import shutil
from pathlib import Path

import matplotlib as mpl
import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def project_copy(tmp_path):
    """A folder that looks like the project's to a reader, so that examples write nothing into the project."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    before = Path.cwd()
    os.chdir(tmp_path)
    mpl.use("Agg")
    yield tmp_path
    os.chdir(before)


def test_the_python_example_runs(project_copy):
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    names = {}
    exec(example, names)
    assert len(names["customers"]) > 0
    assert (project_copy / "customers.xlsx").exists()


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#:]+)\)", README))
def test_every_link_leads_somewhere(target):
    assert (ROOT / target).exists()
