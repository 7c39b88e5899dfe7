"""Run the notebooks, or those named, keep what they show as it is committed, and renew their pictures in docs/pictures.

python tests/renew_notebooks.py [notebooks/03_funnels.ipynb ...]
"""

import base64
import re
import shutil
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
WIDGET = "application/vnd.jupyter.widget-view+json"
CHART = re.compile(r'src="data:image/png;base64,([^"]+)"')
ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def execute(notebook):
    """Run a notebook in a folder of its own, beside the sample leads, so that its exports land nowhere."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "data", Path(folder) / "data")
        inside = Path(folder) / "notebooks"
        inside.mkdir()
        NotebookClient(
            notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(inside)}}
        ).execute()
    return notebook


def lighten(notebook):
    """Take away what differs from run to run, and widgets, which hold every customer and are dead when opened."""
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            data.pop(WIDGET, None)
            if "text/plain" in data:
                data["text/plain"] = ADDRESS.sub("", data["text/plain"])
    return notebook


def picture_of(notebook):
    """Return the chart of the cell with the tag `picture`, which stands for the notebook in README.md."""
    (cell,) = [cell for cell in notebook.cells if "picture" in cell.metadata.get("tags", [])]
    (output,) = cell.outputs
    return base64.b64decode(CHART.search(output.data["text/html"])[1])


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:] or sorted((ROOT / "notebooks").glob("*.ipynb"))):
        notebook = lighten(execute(nbformat.read(path, as_version=4)))
        nbformat.write(notebook, path)
        PICTURES.mkdir(exist_ok=True)
        (PICTURES / f"{path.stem}.png").write_bytes(picture_of(notebook))
