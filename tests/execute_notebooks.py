"""Run notebooks and keep what they show, without what belongs to one run: the state of widgets, times and versions.

python tests/execute_notebooks.py                        # every notebook
python tests/execute_notebooks.py notebooks/00_start_here.ipynb
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
# A page that opens a widget without its state shows an error; the text beside it says what is there.
WIDGET = "application/vnd.jupyter.widget-view+json"


def main() -> None:
    """Run the notebooks named, or all."""
    for path in map(Path, sys.argv[1:] or sorted(map(str, NOTEBOOKS.glob("*.ipynb")))):
        notebook = nbformat.read(path, as_version=4)
        resources = {"metadata": {"path": str(path.parent)}}
        NotebookClient(notebook, kernel_name="python3", store_widget_state=False, resources=resources).execute()
        nbformat.write(_kept(notebook), path)


def _kept(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a notebook with what is the same in every run."""
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)
    return notebook


if __name__ == "__main__":
    main()
