"""Rows of cells become a table of text columns: where the names stand, and which rows below them hold no record."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics.reading.contents import TEXT_TYPE, Contents, Part
from leadanalytics.reading.layouts import Layout, find_layout

# Reports begin with some lines of title, SharePoint with "ListSchema=", Excel with "sep=;".
ROWS_SEARCHED = 20
_LONGEST_FOOTER = 20
_BATCH = 1 << 14  # rows that are lists of texts at one time
# In a table of fewer columns a row with one filled cell is as good as any.
_FEWEST_COLUMNS = 4
_REPORT_WORDS = re.compile(r"(copyright\b|confidential information|(grand |sub)?totals?\s*([(:]|$))", re.IGNORECASE)

FOOTER_REASON = "the footer of a report"


class Names(NamedTuple):
    """Which of some rows, counted from 0, names the columns of a layout."""

    place: int
    layout: Layout


def find_names(rows: Iterable[Sequence[str]], layouts: Sequence[Layout]) -> Names | None:
    """Return the first row that proves a layout, or None."""
    for place, row in enumerate(rows):
        layout = find_layout(row, layouts)
        if layout is not None:
            return Names(place, layout)
    return None


def read_grid(grid: Iterable[Sequence[str]], layouts: Sequence[Layout]) -> Contents | None:
    """Return the rows of a grid of cells, every one accounted for, or None where no row names the columns of a layout.

    Set aside are rows with text beyond the last column, empty rows, repeated names and the footer of a report. Empty
    rows at the very end are no rows.
    """
    rows = iter(grid)
    top = list(itertools.islice(rows, ROWS_SEARCHED))
    found = find_names(top, layouts)
    if found is None:
        return None
    names = list(top[found.place])
    contents = Contents(header_row=found.place + 1)
    if found.place:
        contents.notes.append(skipped_note(found.place, "row"))
    table, numbers = _body(itertools.chain(top[found.place + 1 :], rows), names, contents)
    is_filled = ~_everywhere(table, [""] * len(names))
    last = [*numbers[is_filled][-1:], *(reject.row for reject in contents.rejects[-1:])]
    contents.delivered = int(max(last, default=0))
    is_row = numbers <= contents.delivered
    table, numbers = without_unusable(table.filter(is_row), numbers[is_row], contents)
    contents.parts.append(Part(found.layout, table, numbers))
    return contents


def _body(rows: Iterator[Sequence[str]], names: list[str], contents: Contents) -> tuple[pa.Table, np.ndarray]:
    """Return the rows that fit the columns, and their numbers; set the others aside."""
    width = len(names)
    numbers, tables = [], [_table([], names)]
    count = 0
    while batch := list(itertools.islice(rows, _BATCH)):
        fits = np.array([not any(row[width:]) for row in batch], bool)
        for place in np.flatnonzero(~fits):
            row = batch[place]
            contents.set_aside(count + int(place) + 1, cells_reason(len(row), width), ",".join(row))
        tables.append(_table(list(itertools.compress(batch, fits)), names))
        numbers.append(count + np.flatnonzero(fits) + 1)
        count += len(batch)
    return pa.concat_tables(tables), np.concatenate([np.empty(0, "int64"), *numbers])


def skipped_note(count: int, unit: str) -> str:
    """Say that some lines or rows stand above the names of the columns."""
    return f"{count} {unit}s before the names of the columns were skipped"


def cells_reason(cells: int, columns: int) -> str:
    """Say why a row of the wrong width is set aside."""
    return f"{cells} cells in a table of {columns} columns"


def is_footer_row(cells: Sequence[str], width: int) -> bool:
    """Tell whether a row looks like one of a footer: at most one filled cell in a table of a width, or report words.

    A lone cell that holds an e-mail address is somebody's.
    """
    filled = [cell for cell in cells if cell.strip()]
    return _is_report(filled, width) or (len(filled) == 1 and width >= _FEWEST_COLUMNS and "@" not in filled[0])


def without_unusable(
    table: pa.Table,
    rows: np.ndarray,
    contents: Contents,
    *,
    delimiter: str = ",",
    unreadable: Mapping[str, str] | None = None,
    is_end: bool = True,
) -> tuple[pa.Table, np.ndarray]:
    """Return the rows that hold a record, and their numbers; set the others aside.

    Parameters
    ----------
    table : Table
        Columns of text under their names.
    rows : ndarray
        The numbers of its rows.
    contents : Contents
        Takes what is set aside: empty rows, repeated names, the footer of a report, unreadable rows.
    delimiter : str
        Stands between the cells in the text of a row that is set aside.
    unreadable : mapping of str to str, optional
        What no cell may hold, by the reason.
    is_end : bool
        Whether the last row is the last of the file, so that a footer may stand there.
    """
    width = table.num_columns
    reasons = {
        "an empty row": _everywhere(table, [""] * width),
        "the names of the columns once more": _everywhere(table, table.column_names),
        **{reason: _anywhere(table, mark) for reason, mark in (unreadable or {}).items()},
    }
    if is_end:
        reasons[FOOTER_REASON] = np.arange(table.num_rows) >= table.num_rows - _footer_length(table)
    unusable = np.logical_or.reduce(list(reasons.values()))
    if not unusable.any():
        return table, rows
    texts = _joined(table.filter(unusable), delimiter)
    for place, text in zip(np.flatnonzero(unusable), texts):
        reason = next(reason for reason, mask in reasons.items() if mask[place])
        contents.set_aside(int(rows[place]), reason, text)
    return table.filter(~unusable), rows[~unusable]


def _table(rows: Sequence[Sequence[str]], names: list[str]) -> pa.Table:
    """Return rows as columns of text; cells that a short row lacks are empty."""
    padded = ([*row[: len(names)], *[""] * (len(names) - len(row))] for row in rows)
    columns = list(zip(*padded)) or [()] * len(names)
    return pa.Table.from_arrays([pa.array(column, TEXT_TYPE) for column in columns], names=names)


def _footer_length(table: pa.Table) -> int:
    """Return how many rows at the end are the footer of a report; lone cells are that only below a fuller row."""
    tail = table.slice(max(0, table.num_rows - _LONGEST_FOOTER - 1))
    cells = zip(*(column.to_pylist() for column in tail.columns))
    upwards = [[cell for cell in row if cell and cell.strip()] for row in cells][::-1]
    width = table.num_columns
    lone = _run_length(is_footer_row(row, width) for row in upwards)
    length = lone if lone < len(upwards) else _run_length(_is_report(row, width) for row in upwards)
    return length if length <= _LONGEST_FOOTER else 0


def _run_length(truths: Iterable[bool]) -> int:
    return sum(1 for _ in itertools.takewhile(bool, truths))


def _is_report(row: Sequence[str], width: int) -> bool:
    return not row or (2 * len(row) <= width and bool(_REPORT_WORDS.match(row[0].strip())))


def _everywhere(table: pa.Table, values: Sequence[str]) -> np.ndarray:
    """Tell which rows hold a given value in every column; a cell that a short row lacks counts as empty."""
    result = np.ones(table.num_rows, bool)
    for column, value in zip(table.columns, values):
        if not result.any():
            break
        result &= pc.equal(pc.fill_null(column, ""), value).to_numpy()
    return result


def _anywhere(table: pa.Table, part: str) -> np.ndarray:
    """Tell which rows hold a given text within a cell."""
    result = np.zeros(table.num_rows, bool)
    for column in table.columns:
        result |= pc.fill_null(pc.match_substring(column, part), False).to_numpy()
    return result


def _joined(table: pa.Table, delimiter: str) -> list[str]:
    columns = [pc.fill_null(column, "") for column in table.columns]
    return pc.binary_join_element_wise(*columns, pa.scalar(delimiter, TEXT_TYPE)).to_pylist()
