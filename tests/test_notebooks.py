"""Every notebook runs from top to bottom and shows again what was committed, so only sample leads can be in it."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
EXAMPLE_DOMAIN = re.compile(r"@[\w.-]*\b(example(\.(com|org|net))?|test\.com)\b", re.IGNORECASE)

pytestmark = pytest.mark.notebooks


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return request.param


WIDGET = "application/vnd.jupyter.widget-view+json"


def texts(notebook):
    """What a notebook shows in words and tables; of a picture, that it is there."""
    shown = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                shown.append((output.name, output.text))
            elif output.output_type == "error":
                shown.append(("error", output.ename))
            else:
                told = {kind: text for kind, text in output.data.items() if kind != WIDGET}
                shown.append({kind: "image" if kind.startswith("image/") else text for kind, text in told.items()})
    return shown


# pyzmq and the kernel's sockets warn while they are shut down, which says nothing about the notebook.
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::RuntimeWarning")
def test_it_shows_again_what_was_committed(notebook, tmp_path):
    committed = nbformat.read(notebook, as_version=4)
    folder = tmp_path / "notebooks"
    folder.mkdir()
    shutil.copytree(ROOT / "data", tmp_path / "data")
    executed = nbformat.from_dict(committed)
    NotebookClient(
        executed, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()
    assert texts(executed) == texts(committed)


def test_every_plot_was_committed_as_a_picture(notebook):
    plots = [
        cell for cell in nbformat.read(notebook, as_version=4).cells if "plot" in cell.source and "outputs" in cell
    ]
    assert plots
    assert all(any("image/png" in output.get("data", {}) for output in cell.outputs) for cell in plots)


def test_it_was_committed_without_complaints(notebook):
    shown = texts(nbformat.read(notebook, as_version=4))
    assert not [output for output in shown if isinstance(output, tuple) and output[0] in ("stderr", "error")]


def test_it_was_committed_without_what_widgets_hold(notebook):
    committed = nbformat.read(notebook, as_version=4)
    assert "widgets" not in committed.metadata  # every customer of a table
    # A widget without its state is an error where the notebook is opened; the sentence beside it stays.
    outputs = [output for cell in committed.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if WIDGET in output.get("data", {})]


def test_it_is_light_and_tells_instead_of_programming(notebook):
    cells = nbformat.read(notebook, as_version=4).cells
    assert notebook.stat().st_size < 500_000
    assert [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])], "no parameters cell"
    assert cells[0].cell_type == "markdown"
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    assert not re.search(r"^\s*(def|class) ", code, re.MULTILINE)


def test_it_shows_nobody_but_made_up_people(notebook):
    addresses = re.findall(r"[\w.+-]+@[\w-]+[\w.-]*", str(texts(nbformat.read(notebook, as_version=4))))
    whole = [address for address in addresses if not address.endswith("...")]  # a table cuts long cells
    assert all(EXAMPLE_DOMAIN.search(address) for address in whole)
