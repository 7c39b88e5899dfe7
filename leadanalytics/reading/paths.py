"""Which files are meant by paths, folders and globs, and what each is called."""

from __future__ import annotations

import functools
import glob
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple

from leadanalytics.errors import ReadError, near_miss

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]

# "~$" begins the file by which Excel marks an open workbook.
_HIDDEN, _HIDDEN_NAMES = (".", "~$"), ("__MACOSX", "Thumbs.db", "desktop.ini")


class Source(NamedTuple):
    """One file to read, on the disk or in an archive."""

    origin: str
    open: Callable[[], BinaryIO]  # gives its bytes from the beginning, and can go back in them
    is_named: bool = False  # by the caller, and not only found in a folder, by a glob or in an archive
    depth: int = 0  # how many archives it lies in
    path: Path | None = None  # where it lies on the disk, if not in an archive


class _Found(NamedTuple):
    """One file on the disk."""

    path: Path
    origin: str
    is_named: bool


def find_files(paths: Paths) -> list[Source]:
    """Return the files that paths mean: files, folders (with all below them, but nothing hidden) and globs.

    Raises
    ------
    ReadError
        When a path is missing (with the nearest name beside it), a folder is empty or a glob matches nothing.
    """
    given = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    if not given:
        raise ReadError("there is nothing to read", found="no path", next_step="name a file, a folder or a glob")
    files: dict[Path, _Found] = {}
    for file in (file for path in given for file in _files(os.fspath(path))):
        real = Path(os.path.realpath(file.path))
        known = files.setdefault(real, file)
        files[real] = known._replace(is_named=file.is_named or known.is_named)
    return [
        Source(origin, functools.partial(file.path.open, "rb"), file.is_named, path=file.path)  # type: ignore[arg-type]
        for origin, file in zip(_distinct_origins(files), files.values())
    ]


def _files(path: str) -> Iterator[_Found]:
    place = Path(path)
    if place.is_file():
        yield _Found(place, place.name, is_named=True)
    elif place.is_dir():
        found = sorted(_below(place))
        if not found:
            raise ReadError(f"the folder {place.name!r} holds no file", next_step="put the exported files into it")
        for file in found:
            yield _Found(file, file.relative_to(place).as_posix(), is_named=False)
    elif glob.has_magic(path):
        matches = sorted(glob.glob(path, recursive=True))  # noqa: PTH207 - a pattern may be absolute
        found = [Path(match) for match in matches if Path(match).is_file()]
        if not found:
            raise ReadError(f"no file matches {path!r}", next_step="check the folder and the pattern")
        for file in found:
            yield _Found(file, file.name, is_named=False)
    else:
        beside = [each.name for each in place.parent.iterdir()] if place.parent.is_dir() else []
        close = near_miss(place.name, beside)
        raise ReadError(
            f"there is no file or folder {path!r}", next_step=f"did you mean {close!r}?" if close else "check the path"
        )


def _below(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, none of them hidden."""
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not is_hidden(name)]
        yield from (path for name in names if not is_hidden(name) and (path := Path(place, name)).is_file())


def _distinct_origins(files: Mapping[Path, _Found]) -> list[str]:
    """Return the short names of files or, where two share one, their real paths below the folder of all."""
    origins = [file.origin for file in files.values()]
    if len(set(origins)) == len(origins):
        return origins
    shared = os.path.commonpath([path.parent for path in files])
    return [path.relative_to(shared).as_posix() for path in files]


def is_hidden(name: str) -> bool:
    """Tell whether a file or folder is one that its owner does not see."""
    return name.startswith(_HIDDEN) or name in _HIDDEN_NAMES
