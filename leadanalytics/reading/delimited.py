"""Delimited text (comma, semicolon, tab, bar) becomes a table of text columns; broken rows are set aside."""

from __future__ import annotations

import csv
import itertools
import math
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from leadanalytics.errors import ReadError
from leadanalytics.reading.contents import (
    NUL_REASON,
    TEXT_TYPE,
    UNDECODABLE,
    UNDECODABLE_REASON,
    Contents,
    Part,
)
from leadanalytics.reading.encodings import Decoded
from leadanalytics.reading.layouts import Layout, find_layout, no_layout
from leadanalytics.reading.quotes import OpenLine, find_open_lines

_DELIMITERS = ",;\t|"
# Reports begin with some lines of title, SharePoint with "ListSchema=", Excel with "sep=;".
_LINES_SEARCHED = 20
_BYTES_SEARCHED = 1 << 16
_BLOCK, _LARGEST_BLOCK = 1 << 24, (1 << 31) - 2
# Begins the row that stands in for a line with an open quote.
_OPEN = "\x02open\x03"


class _Header(NamedTuple):
    start: int
    names: list[str]
    delimiter: str
    layout: Layout
    skipped: int


class _Broken(NamedTuple):
    """A row that has fewer or more cells than the header."""

    row: int
    cells: int
    text: str


def read_delimited(decoded: Decoded, layouts: Sequence[Layout], what: str) -> Contents:
    """Return the rows of a delimited text, every cell as text, every row accounted for.

    Rows that lack some cells at the end are padded with missing ones, and empty cells too many are left out. Set aside
    are rows with more text than columns or with fewer than half of the cells, rows with bytes that are not valid in the
    file's encoding or with a NUL byte, empty rows, and repeated headers. A quoted cell that is never closed costs its
    own line, and below it no row is padded.

    Raises
    ------
    ReadError
        No line among the first ones names the columns of a layout, or the line that does has an open quote.
    """
    header = _find_header(decoded.data, layouts, what)
    contents = Contents(encoding=decoded.encoding)
    if header.skipped:
        contents.notes.append(f"{header.skipped} lines before the names of the columns were skipped")
    open_lines = find_open_lines(decoded.data, header.start, header.delimiter)
    if open_lines and open_lines[0].start == header.start:
        raise ReadError(
            f"the names of the columns of {what} hold a quote that is never closed",
            next_step=f"close it in line {header.skipped + 1}",
        )
    width = len(header.names)
    table, broken = _parse(_with_marks(decoded.data, open_lines, header), width, header.delimiter)
    # The first row parsed is the header.
    numbers = np.arange(table.num_rows + len(broken), dtype="int64")
    rows = np.setdiff1d(numbers, [each.row for each in broken], assume_unique=True)
    contents.delivered = len(numbers) - 1
    broken, first_open = _without_open_lines(broken, open_lines, decoded.data, contents)
    table, rows = _with_ragged_rows(table.slice(1), rows[1:], broken, header, contents, first_open)
    table, rows = _without_unusable(table, rows, header, decoded, contents)
    contents.parts.append(Part(header.layout, table.rename_columns(header.names), rows))
    return contents


def _find_header(data: bytes, layouts: Sequence[Layout], what: str) -> _Header:
    """Return the first line that, split by some delimiter, proves a layout."""
    lines = list(itertools.islice(re.finditer(rb"[^\r\n]+", data[:_BYTES_SEARCHED]), _LINES_SEARCHED))
    for skipped, line in enumerate(lines):
        for delimiter in _DELIMITERS:
            names = _cells(line.group().decode("utf-8", "replace"), delimiter)
            layout = find_layout(names, layouts)
            if layout is not None:
                return _Header(line.start(), names, delimiter, layout, skipped)
    first = lines[0].group().decode("utf-8", "replace") if lines else ""
    raise no_layout(
        f"the columns of {what}", max((_cells(first, delimiter) for delimiter in _DELIMITERS), key=len), layouts
    )


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return [line]


def _with_marks(data: bytes, open_lines: Sequence[OpenLine], header: _Header) -> pa.Buffer:
    """Return the text from the header on, with a row of a width that no row should have in place of each open line."""
    if not open_lines:
        return pa.py_buffer(data).slice(header.start)
    mark = f"{_OPEN}{header.delimiter * len(header.names)}".encode()
    starts = [header.start, *(line.stop for line in open_lines)]
    stops = [*(line.start for line in open_lines), len(data)]
    return pa.py_buffer(mark.join(data[start:stop] for start, stop in zip(starts, stops)))


def _parse(data: pa.Buffer | bytes, width: int, delimiter: str) -> tuple[pa.Table, list[_Broken]]:
    """Return the rows of one width, and the others, numbered from 0 as they stand in the data."""
    names = [str(place) for place in range(width)]
    broken: list[_Broken] = []

    def keep(row: arrow_csv.InvalidRow) -> str:
        broken.append(_Broken(row.number - 1, row.actual_columns, row.text))
        return "skip"

    def read(block_size: int) -> pa.Table:
        broken.clear()
        return arrow_csv.read_csv(
            pa.BufferReader(data),
            # Rows are numbered only where they are parsed in one thread.
            read_options=arrow_csv.ReadOptions(use_threads=False, block_size=block_size, column_names=names),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, invalid_row_handler=keep
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, TEXT_TYPE), strings_can_be_null=False, check_utf8=False
            ),
        )

    try:
        return read(_BLOCK), broken
    except pa.ArrowInvalid:  # one row is larger than a block
        return read(min(len(data) + 1, _LARGEST_BLOCK)), broken


def _without_open_lines(
    broken: list[_Broken], open_lines: Sequence[OpenLine], data: bytes, contents: Contents
) -> tuple[list[_Broken], float]:
    """Set the open lines aside, which their marks stand for; return the other broken rows and the first open row."""
    marks = [each for each in broken if each.text.startswith(_OPEN)]
    for mark, line in zip(marks, open_lines):
        contents.set_aside(mark.row, "a quoted cell is never closed", data[line.start : line.stop].decode())
    return [each for each in broken if not each.text.startswith(_OPEN)], marks[0].row if marks else math.inf


def _with_ragged_rows(
    table: pa.Table,
    rows: np.ndarray,
    broken: list[_Broken],
    header: _Header,
    contents: Contents,
    first_open: float,
) -> tuple[pa.Table, np.ndarray]:
    """Put the rows that lack some cells, or have empty ones too many, in their places; set the other broken rows aside.

    Below an open line a short row may be a line of the cell that was left open, and so is not taken.
    """
    tables, numbers = [table], [rows]
    for cells, group in itertools.groupby(sorted(broken, key=lambda each: each.cells), key=lambda each: each.cells):
        alike = list(group)
        places = np.array([each.row for each in alike], "int64")
        fitted, fits = _fitted(alike, cells, header)
        fits &= (cells > len(header.names)) | (places < first_open)
        for each in itertools.compress(alike, ~fits):
            contents.set_aside(each.row, f"{cells} cells in a table of {len(header.names)} columns", each.text)
        tables.append(fitted.filter(fits))
        numbers.append(places[fits])
    together, places = pa.concat_tables(tables, promote_options="default"), np.concatenate(numbers)
    return (together.take(np.argsort(places)), np.sort(places)) if len(places) > len(rows) else (table, rows)


def _fitted(alike: Sequence[_Broken], cells: int, header: _Header) -> tuple[pa.Table, np.ndarray]:
    """Return rows of a number of cells in the columns of the header, and which of them lose nothing by it."""
    width = len(header.names)
    table, _ = _parse("\n".join(each.text for each in alike).encode(), cells, header.delimiter)
    if cells < width:
        return table, np.full(len(alike), 2 * cells >= width)
    return table.select(range(width)), _everywhere(table.select(range(width, cells)), [""] * (cells - width))


def _without_unusable(
    table: pa.Table, rows: np.ndarray, header: _Header, decoded: Decoded, contents: Contents
) -> tuple[pa.Table, np.ndarray]:
    """Set aside the rows that hold nothing, repeat the header, or hold bytes that are no text."""
    reasons = {
        "an empty row": _everywhere(table, [""] * len(header.names)),
        "the names of the columns once more": _everywhere(table, header.names),
    }
    if b"\0" in decoded.data:
        reasons[NUL_REASON] = _anywhere(table, "\0")
    if decoded.has_invalid:
        reasons[UNDECODABLE_REASON] = _anywhere(table, UNDECODABLE)
    unusable = np.logical_or.reduce(list(reasons.values()))
    if not unusable.any():
        return table, rows
    texts = _joined(table.filter(unusable), header.delimiter)
    for place, text in zip(np.flatnonzero(unusable), texts):
        reason = next(reason for reason, mask in reasons.items() if mask[place])
        contents.set_aside(int(rows[place]), reason, text)
    return table.filter(~unusable), rows[~unusable]


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
