"""Which files are meant, and what each holds: told from its first bytes, never from its name."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from leadanalytics.errors import ReadError, near_miss
from leadanalytics.reading.contents import Contents
from leadanalytics.reading.delimited import read_delimited
from leadanalytics.reading.encodings import decode
from leadanalytics.reading.json_records import read_json
from leadanalytics.reading.layouts import Layout
from leadanalytics.reading.parquet import read_parquet

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]

# The first bytes of files that are no text, and what to do about them.
_PARQUET = b"PAR1"
_FOREIGN = {
    b"PK\x03\x04": ("an Excel workbook or a ZIP file", "save the sheet as CSV, or unpack the files"),
    b"\x1f\x8b": ("a gzip file", "unpack it"),
    b"\xd0\xcf\x11\xe0": ("an old Excel workbook", "save the sheet as CSV"),
    b"%PDF": ("a PDF document", "export the leads as CSV or JSON"),
}
_HEAD = 1 << 16
# Control characters that no text file holds, but binary files do.
_BINARY = bytes(set(range(32)) - set(b"\0\t\n\r\f\v\x1a\x1b"))


class Source(NamedTuple):
    """One file to read."""

    path: Path
    origin: str
    is_named: bool  # by the caller, and not only found in a folder or by a glob


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
    sources: dict[Path, Source] = {}
    for source in (source for path in given for source in _sources(os.fspath(path))):
        known = sources.setdefault(source.path.resolve(), source)
        sources[source.path.resolve()] = source._replace(is_named=source.is_named or known.is_named)
    return _with_distinct_origins(list(sources.values()))


def read_file(source: Source, layouts: Sequence[Layout]) -> Contents:
    """Return what a file holds.

    Raises
    ------
    ReadError
        When it holds no leads at all.
    """
    what = repr(source.origin)
    try:
        with source.path.open("rb") as file:
            head = file.read(_HEAD)
            if head.startswith(_PARQUET):
                return read_parquet(source.path, layouts, what)
            _refuse_foreign(head, what)
            file.seek(0)
            decoded = decode(file.read())
    except OSError as error:
        raise ReadError(f"{what} cannot be opened", found=error.strerror) from None
    begin = decoded.data[:_HEAD].lstrip()[:1]
    if not begin:
        raise ReadError(f"{what} is empty", next_step="export the leads again")
    read = read_json if begin in (b"{", b"[") else read_delimited
    return read(decoded, layouts, what)


def _sources(path: str) -> Iterator[Source]:
    place = Path(path)
    if place.is_file():
        yield Source(place, place.name, is_named=True)
    elif place.is_dir():
        found = [file for file in sorted(place.rglob("*")) if file.is_file() and not _is_hidden(file, place)]
        if not found:
            raise ReadError(f"the folder {place.name!r} holds no file", next_step="put the exported files into it")
        for file in found:
            yield Source(file, file.relative_to(place).as_posix(), is_named=False)
    elif glob.has_magic(path):
        matches = sorted(glob.glob(path, recursive=True))  # noqa: PTH207 - a pattern may be absolute
        found = [Path(match) for match in matches if Path(match).is_file()]
        if not found:
            raise ReadError(f"no file matches {path!r}", next_step="check the folder and the pattern")
        for file in found:
            yield Source(file, file.name, is_named=False)
    else:
        beside = [each.name for each in place.parent.iterdir()] if place.parent.is_dir() else []
        close = near_miss(place.name, beside)
        raise ReadError(
            f"there is no file or folder {path!r}", next_step=f"did you mean {close!r}?" if close else "check the path"
        )


def _with_distinct_origins(sources: list[Source]) -> list[Source]:
    """Return the sources by their short names or, where two share one, by their paths below the folder of all."""
    if len({source.origin for source in sources}) == len(sources):
        return sources
    paths = [source.path.resolve() for source in sources]
    shared = os.path.commonpath([path.parent for path in paths])
    return [source._replace(origin=path.relative_to(shared).as_posix()) for source, path in zip(sources, paths)]


def _is_hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)


def _refuse_foreign(head: bytes, what: str) -> None:
    if not head:
        raise ReadError(f"{what} is empty", next_step="export the leads again")
    for begin, (kind, next_step) in _FOREIGN.items():
        if head.startswith(begin):
            raise ReadError(f"{what} is not read", found=kind, next_step=next_step)
    if len(head.translate(None, _BINARY)) < 0.98 * len(head) or not head.strip(b"\0"):
        raise ReadError(
            f"{what} is no text", found="a binary file", next_step="export the leads as CSV, JSON or Parquet"
        )
