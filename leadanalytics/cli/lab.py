"""The command `lab`: the notebooks, as a copy of one's own, in JupyterLab."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from leadanalytics.cli.terminal import output
from leadanalytics.errors import MissingExtraError, WriteError

IN_PROJECT = Path(__file__).parents[2] / "notebooks"


class Copied(NamedTuple):
    """The notebooks that were copied, and those that were there before and stay as they are."""

    new: list[Path]
    kept: list[Path]


def lab(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="[FOLDER]", help="Where your copy of the notebooks is, or is to be.")
    ] = Path("leadanalytics-notebooks"),
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Open no browser; JupyterLab says its address.")
    ] = False,
) -> None:
    """Open JupyterLab on a copy of the notebooks; what stands in the folder is never overwritten.

    Further options, such as --port=8890, are JupyterLab's.
    """
    try:
        from jupyterlab.labapp import LabApp
    except ImportError:
        raise MissingExtraError("jupyterlab", extra="notebooks") from None
    copied = copy_notebooks(folder)
    say = output().print
    if copied.new:
        say(f"{len(copied.new):,} notebooks copied to {folder}", markup=False)
    if copied.kept:
        say(
            f"{len(copied.kept):,} are in {folder} already and stay as they are; "
            "rename or remove one, and the next `leadanalytics lab` copies it again",
            markup=False,
        )
    LabApp.launch_instance([str(folder), *(["--no-browser"] if no_browser else []), *context.args])


def copy_notebooks(folder: Path) -> Copied:
    """Return which notebooks were copied to a folder, and which were there before.

    Raises
    ------
    WriteError
        When the folder cannot be written to.
    """
    copied = Copied([], [])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for notebook in find_notebooks():
            target = folder / notebook.name
            try:
                with target.open("xb") as file:  # which opens nothing that exists
                    file.write(notebook.read_bytes())
                copied.new.append(target)
            except FileExistsError:
                copied.kept.append(target)
    except OSError as error:
        raise WriteError(
            f"{str(folder)!r} cannot hold the notebooks",
            found=error.strerror,
            next_step="name another folder: leadanalytics lab FOLDER",
        ) from None
    return copied


def find_notebooks() -> list[Path]:
    """Return the notebooks: those of the project, else those that were installed with the package."""
    if IN_PROJECT.is_dir():
        return sorted(IN_PROJECT.glob("*.ipynb"))
    return sorted(_installed(importlib.metadata.files("leadanalytics") or ()))


def _installed(files: Iterable[importlib.metadata.PackagePath]) -> list[Path]:
    return [Path(str(file.locate())) for file in files if file.match("share/leadanalytics/notebooks/*.ipynb")]
