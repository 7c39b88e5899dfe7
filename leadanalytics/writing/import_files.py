"""The files that a program imports: as many as its limits ask for, and none left from an older, longer list."""

from __future__ import annotations

import csv
import itertools
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from leadanalytics.errors import WriteError
from leadanalytics.writing.targets import Target
from leadanalytics.writing.times import days, times_in_form
from leadanalytics.writing.workbooks import ROWS_OF_SHEET, workbook_image

# What a workbook's properties say, by which an older part is known for ours.
SIGNED = "written by leadanalytics"


def import_files(filled: pd.DataFrame, target: Target, suffix: str) -> list[bytes]:
    """Return the contents of the files that hold some rows, each within the target's limits and with the header.

    Parameters
    ----------
    filled : DataFrame
        The columns of the target, in its order, as short as it wants them.
    target : Target
        How its files are written, and the most that one may have.
    suffix : {".csv", ".xlsx"}
        The format.

    Raises
    ------
    WriteError
        When a single row is larger than a file may be, or the encoding lacks a character.
    """
    write = _workbook if suffix == ".xlsx" else _delimited
    rows = max(len(filled), 1)  # nobody makes one file too, of the header alone
    most_rows = min(rows, target.most_rows or rows, ROWS_OF_SHEET if suffix == ".xlsx" else rows)
    chunks = (filled.iloc[start : start + most_rows] for start in range(0, rows, most_rows))
    return [image for chunk in chunks for image in _fitting(chunk, lambda rows: write(rows, target), target)]


def part_paths(path: Path) -> Iterator[Path]:
    """Give the path of the first file, the second and so on: `customers.csv`, `customers-2.csv`, ...

    Examples
    --------
    >>> [path.name for path in itertools.islice(part_paths(Path("customers.csv")), 3)]
    ['customers.csv', 'customers-2.csv', 'customers-3.csv']
    """
    yield path
    for number in itertools.count(2):
        yield path.with_name(f"{path.stem}-{number}{path.suffix}")


def check_parts(paths: Sequence[Path], targets: Iterable[Target]) -> None:
    """Raise an error if a further file of a list, which nobody named, would replace a file of somebody else.

    Parameters
    ----------
    paths : sequence of path
        The files of the list; the first was named by the caller.
    targets : iterable of Target
        Those whose files may be replaced.
    """
    known = list(targets)
    for part in paths[1:]:
        if part.is_file() and not _is_ours(part, known):
            raise WriteError(
                f"the list needs {len(paths)} files, and {part.name} holds something else",
                next_step="give the list another name, or move that file",
            )


def remove_older_parts(path: Path, parts: int, targets: Iterable[Target]) -> None:
    """Remove the files that an older, longer list of the same name has left after the last part.

    A file that does not begin as one of the targets' files do is somebody else's: it stays, and those after it.

    Parameters
    ----------
    path : path
        The first file.
    parts : int
        How many files the new list has.
    targets : iterable of Target
        Those whose files may be removed.

    Raises
    ------
    WriteError
        When the system does not let a file be removed.
    """
    known = list(targets)
    for older in itertools.islice(part_paths(path), parts, None):
        if not older.is_file() or not _is_ours(older, known):
            return
        try:
            older.unlink()
        except OSError as error:
            raise WriteError(
                f"{older.name}, of an older list, cannot be removed",
                found=error.strerror,
                next_step="close it and delete it, or it will be imported with the new ones",
            ) from error


def _fitting(rows: pd.DataFrame, write: Callable[[pd.DataFrame], bytes], target: Target) -> list[bytes]:
    """Give the contents of as many equal files as it takes for none to be too large."""
    image = write(rows)
    if target.most_bytes is None or len(image) <= target.most_bytes:
        return [image]
    if len(rows) < 2:
        raise WriteError(
            f"a single row is larger than the {target.most_bytes:,} bytes that {target.name} takes",
            found=f"{len(image):,} bytes",
        )
    pieces = min(-(-len(image) // target.most_bytes), len(rows))
    bounds = np.linspace(0, len(rows), pieces + 1).astype(int)
    parts = (rows.iloc[start:end] for start, end in itertools.pairwise(bounds))
    return [image for part in parts for image in _fitting(part, write, target)]


def _delimited(rows: pd.DataFrame, target: Target) -> bytes:
    text = times_in_form(rows, target.date_form).to_csv(
        index=False,
        lineterminator=target.line_end,
        # Where lines end in a line feed alone, a carriage return in a value would not be quoted otherwise.
        quoting=csv.QUOTE_MINIMAL if target.line_end == "\r\n" else csv.QUOTE_ALL,
    )
    try:
        return text.encode(target.encoding)
    except UnicodeEncodeError:
        # The cause is not chained: it quotes the value that somebody typed.
        raise WriteError(
            f"the encoding {target.encoding} of {target.name} lacks a character of the list",
            next_step='encoding = "utf-8" in the target, if the program takes it',
        ) from None


def _workbook(rows: pd.DataFrame, target: Target) -> bytes:
    rows = days(rows)
    rows.attrs = {"definition": f"{target.title}; {SIGNED}"}
    return workbook_image(rows, name="Customers", text_form="@", time_form="yyyy-mm-dd")


def _is_ours(path: Path, targets: list[Target]) -> bool:
    if path.suffix.lower() == ".csv":
        headers = [_delimited(pd.DataFrame(columns=list(target.headers)), target) for target in targets]
        with path.open("rb") as file:
            start = file.read(max(map(len, headers)))
        return start.startswith(tuple(headers))
    try:
        with zipfile.ZipFile(path) as workbook:
            return SIGNED.encode() in workbook.read("docProps/core.xml")
    except (zipfile.BadZipFile, KeyError):
        return False
