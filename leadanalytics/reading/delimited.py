"""Delimited text (comma, semicolon, tab, bar) becomes a table of text columns; broken rows are set aside."""

from __future__ import annotations

import csv
import itertools
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

_DELIMITERS = ",;\t|"
# Reports begin with some lines of title, SharePoint with "ListSchema=", Excel with "sep=;".
_LINES_SEARCHED = 20
_BYTES_SEARCHED = 1 << 16
_BLOCK, _LARGEST_BLOCK = 1 << 24, (1 << 31) - 2
# A row put after the last one: if it is not read as a row, a quoted cell before it was never closed.
_SENTINEL = "\x02end\x03"


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

    Rows that lack some cells at the end are padded with missing ones. Set aside are rows with more cells than the
    header or fewer than half of them, rows with bytes that are not valid in the file's encoding or with a NUL byte,
    empty rows, and repeated headers. A quoted cell that is never closed costs its own line: reading begins anew at the
    next one, and from there only rows with all their cells are taken.

    Raises
    ------
    ReadError
        No line among the first ones names the columns of a layout, or the line that does has an open quote.
    """
    header = _find_header(decoded.data, layouts, what)
    contents = Contents(encoding=decoded.encoding)
    if header.skipped:
        contents.notes.append(f"{header.skipped} lines before the names of the columns were skipped")
    text: bytes | None = decoded.data[header.start :]
    while text is not None:
        begins_anew = contents.delivered > 0
        table, broken = _parse_to_the_end(text, header)
        numbers = np.arange(1, table.num_rows + len(broken) + 1, dtype="int64") + contents.delivered
        broken = [each._replace(row=each.row + contents.delivered) for each in broken]
        rows = np.setdiff1d(numbers, [each.row for each in broken], assume_unique=True)
        contents.delivered += len(numbers)
        table, rows, text = _without_unclosed(table, rows, broken, header, contents)
        table, rows = _with_short_rows(table, rows, broken, header, contents, may_pad=not begins_anew)
        table, rows = _without_unusable(table, rows, header, decoded, contents)
        if len(rows) or not contents.parts:
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
                header = _Header(line.start(), names, delimiter, layout, skipped)
                if not _is_closed(line.group(), header):
                    raise ReadError(
                        f"the names of the columns of {what} hold a quote that is never closed",
                        next_step=f"close it in line {skipped + 1}",
                    )
                return header
    first = lines[0].group().decode("utf-8", "replace") if lines else ""
    raise no_layout(
        f"the columns of {what}", max((_cells(first, delimiter) for delimiter in _DELIMITERS), key=len), layouts
    )


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return [line]


def _is_closed(line: bytes, header: _Header) -> bool:
    """Tell whether a header ends with its line; an open quote would take the rows below for a part of its last name."""
    table, _ = _parse(_with_sentinel(line, header), len(header.names), header.delimiter)
    return table.num_rows == 2


def _with_sentinel(data: bytes, header: _Header) -> bytes:
    return b"".join([data, b"\n", header.delimiter.join([_SENTINEL] * len(header.names)).encode()])


def _parse_to_the_end(data: bytes, header: _Header) -> tuple[pa.Table, list[_Broken]]:
    """Parse the rows after the header, without the sentinel where that stands as a row of its own."""
    table, broken = _parse(_with_sentinel(data, header), len(header.names), header.delimiter)
    ends_well = table.num_rows > 1 and table.column(0)[-1].as_py() == _SENTINEL
    after_header = [_Broken(each.row - 1, each.cells, each.text) for each in broken]
    return table.slice(1, table.num_rows - 1 - ends_well), after_header


def _parse(data: bytes, width: int, delimiter: str) -> tuple[pa.Table, list[_Broken]]:
    """Return the rows of one width, and the others, numbered from 1 as they stand in the data."""
    names = [str(place) for place in range(width)]
    broken: list[_Broken] = []

    def keep(row: arrow_csv.InvalidRow) -> str:
        broken.append(_Broken(row.number, row.actual_columns, row.text))
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


def _without_unclosed(
    table: pa.Table, rows: np.ndarray, broken: list[_Broken], header: _Header, contents: Contents
) -> tuple[pa.Table, np.ndarray, bytes | None]:
    """Set the last row's line aside where the row swallowed the sentinel, for one of its cells is never closed.

    The third value is the text to go on with: the header and the lines that the cell swallowed.
    """
    if broken and _SENTINEL in broken[-1].text:
        last = broken.pop()
    elif table.num_rows and _SENTINEL in (table.column(table.num_columns - 1)[-1].as_py() or ""):
        text = _joined(table.slice(table.num_rows - 1), header.delimiter)[0]
        last = _Broken(int(rows[-1]), table.num_columns, text)
        table, rows = table.slice(0, table.num_rows - 1), rows[:-1]
    else:
        return table, rows, None
    line, _, swallowed = last.text.partition(_SENTINEL)[0].removesuffix("\n").partition("\n")
    contents.set_aside(last.row, "a quoted cell is never closed", line)
    if not swallowed.strip():
        return table, rows, None
    names = header.delimiter.join("" for _ in header.names)
    return table, rows, f"{names}\n{swallowed}".encode()


def _with_short_rows(
    table: pa.Table, rows: np.ndarray, broken: list[_Broken], header: _Header, contents: Contents, *, may_pad: bool
) -> tuple[pa.Table, np.ndarray]:
    """Pad the short rows that have at least half of the cells, and put them in their places; set the others aside."""
    width = len(header.names)
    short = [each for each in broken if may_pad and width <= 2 * each.cells < 2 * width]
    padded_rows = {each.row for each in short}
    for each in broken:
        if each.row not in padded_rows:
            contents.set_aside(each.row, f"{each.cells} cells in a table of {width} columns", each.text)
    if not short:
        return table, rows
    tables, numbers = [table], [rows]
    for cells in sorted({each.cells for each in short}):
        alike = [each for each in short if each.cells == cells]
        padded, _ = _parse("\n".join(each.text for each in alike).encode(), cells, header.delimiter)
        tables.append(padded)
        numbers.append(np.array([each.row for each in alike], dtype="int64"))
    together, places = pa.concat_tables(tables, promote_options="default"), np.concatenate(numbers)
    order = np.argsort(places)
    return together.take(order), places[order]


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
