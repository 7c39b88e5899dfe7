"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leadanalytics.errors import WriteError


@contextmanager
def replacing(*paths: Path, lasting: bool = False) -> Iterator[tuple[Path, ...]]:
    """Give a new file to write in place of each path, and put them there together when all is written.

    If anything fails the new files are removed and the old ones stay. Missing folders are made.

    Parameters
    ----------
    *paths : path
        The files.
    lasting : bool
        Whether they must be on disk when this ends, even if the machine then loses its power.

    Raises
    ------
    WriteError
        When the system does not let a file be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "notes.txt"
    ...     with replacing(path) as (part,):
    ...         _ = part.write_text("all of it")
    ...     path.read_text()
    'all of it'
    """
    # In the folder of the file, for only within one disk is a file put in place in one step; with its suffix, which
    # some writers look at.
    parts = tuple(path.with_name(f".{path.stem}-{secrets.token_hex(4)}{path.suffix}") for path in paths)
    try:
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                raise IsADirectoryError(21, "a folder of that name")
        yield parts
        if lasting:
            for part in parts:
                with part.open("rb+") as file:
                    os.fsync(file.fileno())
        for part, path in zip(parts, paths):
            part.replace(path)
        if lasting:
            for folder in {path.parent for path in paths}:
                sync_folder(folder)
    except OSError as error:
        names = " and ".join(path.name for path in paths)
        raise WriteError(f"{names} cannot be written", found=error.strerror or type(error).__name__) from error
    finally:
        for part in parts:
            if part.exists():
                part.unlink()


def sync_folder(folder: Path) -> None:
    """Force the names of a folder's files to disk; Windows does so by itself and cannot be asked."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
