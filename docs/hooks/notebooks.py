"""The notebooks as pages: their text, code and committed outputs, which are not run again."""

import base64
import html
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files

FOLDER = "notebooks/"
WIDGET = "application/vnd.jupyter.widget-view+json"
ALIVE = "<em>Something to click on: run the notebook to see it.</em>"


def on_config(config: MkDocsConfig) -> None:
    """Put a page for every notebook where the navigation names their folder."""
    pages = [f"{FOLDER}{path.stem}.md" for path in _notebooks(config)]
    config.nav = [
        {title: pages if what == FOLDER else what} for entry in config.nav or [] for title, what in entry.items()
    ]


@event_priority(90)
def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add a page for every notebook, and a file for every picture that it shows."""
    for path in _notebooks(config):
        pictures: dict[str, bytes] = {}
        cells = _cells(json.loads(path.read_text(encoding="utf-8")), path.stem, pictures)
        title = next(cells)
        text = "\n\n".join([title, *_elsewhere(path.name, config.extra.get("repository")), *cells])
        files.append(File.generated(config, f"{FOLDER}{path.stem}.md", content=text))
        for name, content in pictures.items():
            files.append(File.generated(config, f"{FOLDER}{name}", content=content))


def _notebooks(config: MkDocsConfig) -> list[Path]:
    return sorted((Path(config.config_file_path).parent / FOLDER).glob("*.ipynb"))


def _elsewhere(name: str, repository: str | None) -> Iterator[str]:
    """Yield where else the notebook runs, if the address of the public repository is known."""
    if repository:
        path = repository.removeprefix("https://github.com/")
        yield (
            f"[Open in Binder](https://mybinder.org/v2/gh/{path}/HEAD?urlpath=lab/tree/notebooks/{name}) · "
            f"[Open in Colab](https://colab.research.google.com/github/{path}/blob/HEAD/notebooks/{name}) · "
            "[what to know first](../docs/notebooks.md#cloud)"
        )


def _cells(notebook: dict[str, Any], stem: str, pictures: dict[str, bytes]) -> Iterator[str]:
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            yield source
        elif cell["cell_type"] == "code" and source:
            yield f"```python\n{source}\n```"
            for output in cell["outputs"]:
                yield _output(output, stem, pictures)


def _output(output: dict[str, Any], stem: str, pictures: dict[str, bytes]) -> str:
    """Return what a cell shows, in the richest form that needs no script."""
    if output["output_type"] == "stream":
        return _words("".join(output["text"]))
    shown = {kind: "".join(text) for kind, text in output.get("data", {}).items() if not kind.endswith("json")}
    if WIDGET in output.get("data", {}):
        return f'<div class="output">{ALIVE}</div>'
    if "text/html" in shown:
        # On one line, so that no blank line ends the block.
        return f'<div class="output">{" ".join(shown["text/html"].splitlines())}</div>'
    if "image/png" in shown:
        name = f"{stem}-{len(pictures) + 1}.png"
        pictures[name] = base64.b64decode(shown["image/png"])
        return f"![What the code above draws]({name}){{ .output }}"
    return _words(shown.get("text/plain", ""))


def _words(text: str) -> str:
    return f'<div class="output"><pre>{html.escape(text.rstrip()).replace(chr(10), "&#10;")}</pre></div>'
