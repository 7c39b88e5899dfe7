"""Run notebooks and keep what they show, without what belongs to one run: widgets, times, versions, addresses.

The chart of the cell with the tag `picture` stands for a notebook in README.md; docs/pictures is renewed with it.

python tests/execute_notebooks.py                        # every notebook
python tests/execute_notebooks.py notebooks/00_start_here.ipynb
"""

from __future__ import annotations

import base64
import re
import shutil
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
PICTURES = ROOT / "docs" / "pictures"
# A page that opens a widget without its state shows an error; the text beside it says what is there.
WIDGET = "application/vnd.jupyter.widget-view+json"
CHART = re.compile(r'src="data:image/png;base64,([^"]+)"')
ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def main() -> None:
    """Run the notebooks named, or all, and renew their pictures."""
    PICTURES.mkdir(exist_ok=True)
    for path in map(Path, sys.argv[1:] or sorted(map(str, NOTEBOOKS.glob("*.ipynb")))):
        notebook = execute(nbformat.read(path, as_version=4))
        nbformat.write(notebook, path)
        (PICTURES / f"{path.stem}.png").write_bytes(picture_of(notebook))


def execute(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Run a notebook beside the sample leads in a folder that is thrown away, with all that it exports."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "data", Path(folder) / "data")
        inside = Path(folder) / "notebooks"
        inside.mkdir()
        resources = {"metadata": {"path": str(inside)}}
        client = NotebookClient(
            notebook, timeout=120, kernel_name="python3", store_widget_state=False, resources=resources
        )
        client.execute()
    return _kept(notebook)


def picture_of(notebook: nbformat.NotebookNode) -> bytes:
    """Return the chart that the cell with the tag `picture` shows."""
    (cell,) = [cell for cell in notebook.cells if "picture" in cell.metadata.get("tags", [])]
    return base64.b64decode(CHART.search(cell.outputs[-1].data["text/html"])[1])


def _kept(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a notebook with what is the same in every run."""
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            data.pop(WIDGET, None)
            if "text/plain" in data:
                data["text/plain"] = ADDRESS.sub("", data["text/plain"])
    return notebook


if __name__ == "__main__":
    main()
