"""Delimited text (comma, semicolon, tab, bar) becomes a table of text columns; broken rows are set aside."""

from __future__ import annotations

import csv
import itertools
import math
import re
from collections.abc import Iterable, Iterator, Sequence
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
from leadanalytics.reading.encodings import Decoded, peek
from leadanalytics.reading.grids import (
    FOOTER_REASON,
    ROWS_SEARCHED,
    cells_reason,
    find_names,
    is_footer_row,
    skipped_note,
    without_unusable,
)
from leadanalytics.reading.layouts import Layout, no_layout
from leadanalytics.reading.quotes import OpenLine, find_open_lines, find_row_end

_DELIMITERS = ",;\t|"
_BYTES_SEARCHED = 1 << 16
_BLOCK, _LARGEST_BLOCK = 1 << 24, (1 << 31) - 2
_LINE = re.compile(rb"[^\r\n]*(\r\n|\r|\n)?")
# Begins the row that stands in for a line with an open quote.
_OPEN = "\x02open\x03"


class _Line(NamedTuple):
    """A line split by one delimiter."""

    skipped: int  # lines above it that are not empty
    match: re.Match[bytes]
    delimiter: str
    names: list[str]


class _Header(NamedTuple):
    names: list[str]
    delimiter: str
    layout: Layout


class _Broken(NamedTuple):
    """A row that has fewer or more cells than the header."""

    row: int
    cells: int
    text: str


class _Limits(NamedTuple):
    """Rows below which a row of another width than the header's may be something else."""

    open: float  # a line of a quoted cell that was left open
    full: float  # a line of the footer of a report


def read_delimited(blocks: Iterator[Decoded], layouts: Sequence[Layout], what: str) -> Iterator[Contents]:
    """Return the rows of a delimited text block by block, every cell as text, every row accounted for.

    Rows that lack some cells at the end are padded with missing ones, and empty cells too many are left out. Set aside
    are rows with more text than columns or with fewer than half of the cells, rows with bytes that are not valid in the
    file's encoding or with a NUL byte, empty rows, repeated headers, and the footer of a report. A quoted cell that is
    never closed, or not within half a block, costs its own line, and below it no row is padded.

    Raises
    ------
    ReadError
        No line among the first ones names the columns of a layout, or the line that does has an open quote.
    """
    first, blocks = peek(blocks)
    header, start, contents = _read_header(first.data, layouts, what)
    return _read_blocks(_from(start, blocks), header, contents)


def _from(start: int, blocks: Iterator[Decoded]) -> Iterator[Decoded]:
    """Yield blocks without what stands before a place in the first one."""
    for block in blocks:
        yield block._replace(data=block.data[start:]) if start else block
        start = 0


def _read_blocks(blocks: Iterator[Decoded], header: _Header, contents: Contents) -> Iterator[Contents]:
    first_row, is_open = 1, False
    for rows in _whole_rows(blocks, header.delimiter):
        contents.encoding = rows.encoding
        is_open |= _read_rows(rows, header, first_row, is_open, contents)
        yield contents
        first_row += contents.delivered
        contents = Contents(delimiter=contents.delimiter, header_row=contents.header_row)


def _read_header(data: bytes, layouts: Sequence[Layout], what: str) -> tuple[_Header, int, Contents]:
    """Return the first line that, split by some delimiter, proves a layout, and where the line below it begins."""
    lines = list(_lines(data[:_BYTES_SEARCHED]))
    found = find_names((line.names for line in lines), layouts)
    if found is None:
        first = [line.names for line in lines[: len(_DELIMITERS)]]
        raise no_layout(f"the columns of {what}", max(first, key=len, default=[]), layouts)
    skipped, match, delimiter, names = lines[found.place]
    row = len(re.findall(rb"\r\n|\r|\n", data[: match.start()])) + 1
    if find_open_lines(match.group(), 0, delimiter):
        raise ReadError(
            f"the names of the columns of {what} hold a quote that is never closed",
            next_step=f"close it in line {row}",
        )
    contents = Contents(delimiter=delimiter, header_row=row)
    if skipped:
        contents.notes.append(skipped_note(skipped, "line"))
    return _Header(names, delimiter, found.layout), match.end(), contents


def _lines(data: bytes) -> Iterator[_Line]:
    """Yield the first lines that are not empty, split by each delimiter."""
    for skipped, match in enumerate(itertools.islice(re.finditer(rb"[^\r\n]+", data), ROWS_SEARCHED)):
        for delimiter in _DELIMITERS:
            yield _Line(skipped, match, delimiter, _cells(match.group().decode("utf-8", "replace"), delimiter))


def _whole_rows(blocks: Iterable[Decoded], delimiter: str) -> Iterator[Decoded]:
    """Yield the text of blocks in pieces that end where a row ends.

    A row with a quoted cell that more text may close waits for the next block, unless it fills half a block by then.
    """
    rest = b""
    for block in blocks:
        rest = rest + block.data if rest else block.data
        while rest and not block.is_end:
            stop = find_row_end(rest, delimiter)
            if not stop and 2 * len(rest) < len(block.data):
                break
            # A quote that half a block does not close costs its line only.
            stop = stop or _LINE.match(rest).end()  # type: ignore[union-attr]
            rows, rest = block._replace(data=rest[:stop]), rest[stop:]
            yield rows
        if block.is_end:
            yield block._replace(data=rest)


def _read_rows(rows: Decoded, header: _Header, first_row: int, is_open: bool, contents: Contents) -> bool:
    """Add the records of whole rows to contents; tell whether a quoted cell was left open in or above them."""
    open_lines = find_open_lines(rows.data, 0, header.delimiter)
    table, parsed = _parse(_with_marks(rows.data, open_lines, header), len(header.names), header.delimiter)
    contents.delivered = table.num_rows + len(parsed)
    broken = [each._replace(row=each.row + first_row) for each in parsed]
    numbers = np.arange(first_row, first_row + contents.delivered, dtype="int64")
    numbers = np.setdiff1d(numbers, [each.row for each in broken], assume_unique=True)
    broken, first_open = _without_open_lines(broken, open_lines, rows.data, contents)
    last_full = numbers[-1] if len(numbers) and rows.is_end else math.inf
    limits = _Limits(0 if is_open else first_open, last_full)
    table, numbers = _with_ragged_rows(table, numbers, broken, header, limits, contents)
    marks = {NUL_REASON: "\0", UNDECODABLE_REASON: UNDECODABLE}
    in_doubt = {NUL_REASON: b"\0" in rows.data, UNDECODABLE_REASON: rows.has_invalid}
    table, numbers = without_unusable(
        table.rename_columns(header.names),
        numbers,
        contents,
        delimiter=header.delimiter,
        unreadable={reason: mark for reason, mark in marks.items() if in_doubt[reason]},
        is_end=rows.is_end,
    )
    contents.parts.append(Part(header.layout, table, numbers))
    return is_open or bool(open_lines)


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return [line]


def _with_marks(data: bytes, open_lines: Sequence[OpenLine], header: _Header) -> pa.Buffer:
    """Return the text with a row of a width that no row should have in place of each open line."""
    if not open_lines:
        return pa.py_buffer(data)
    mark = f"{_OPEN}{header.delimiter * len(header.names)}".encode()
    starts = [0, *(line.stop for line in open_lines)]
    stops = [*(line.start for line in open_lines), len(data)]
    return pa.py_buffer(mark.join(data[start:stop] for start, stop in zip(starts, stops)))


def _parse(data: pa.Buffer | bytes, width: int, delimiter: str) -> tuple[pa.Table, list[_Broken]]:
    """Return the rows of one width, and the others, numbered from 0 as they stand in the data."""
    if not data:
        return pa.table({str(place): pa.array([], TEXT_TYPE) for place in range(width)}), []
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
    limits: _Limits,
    contents: Contents,
) -> tuple[pa.Table, np.ndarray]:
    """Put the rows that lack some cells, or have empty ones too many, in their places; set the other broken rows aside.

    Below an open line a short row may be a line of the cell that was left open, and so is not taken.
    """
    tables, numbers = [table], [rows]
    for cells, group in itertools.groupby(sorted(broken, key=lambda each: each.cells), key=lambda each: each.cells):
        alike = list(group)
        places = np.array([each.row for each in alike], "int64")
        fitted, fits = _fitted(alike, cells, header)
        fits &= (cells > len(header.names)) | (places < limits.open)
        for each in itertools.compress(alike, ~fits):
            is_footer = limits.full < each.row < limits.open and _is_footer(each, header)
            reason = FOOTER_REASON if is_footer else cells_reason(cells, len(header.names))
            contents.set_aside(each.row, reason, each.text)
        tables.append(fitted.filter(fits))
        numbers.append(places[fits])
    together, places = pa.concat_tables(tables, promote_options="default"), np.concatenate(numbers)
    return (together.take(np.argsort(places)), np.sort(places)) if len(places) > len(rows) else (table, rows)


def _is_footer(row: _Broken, header: _Header) -> bool:
    return is_footer_row(_cells(row.text, header.delimiter), len(header.names))


def _fitted(alike: Sequence[_Broken], cells: int, header: _Header) -> tuple[pa.Table, np.ndarray]:
    """Return rows of a number of cells in the columns of the header, and which of them lose nothing by it."""
    width = len(header.names)
    table, _ = _parse("\n".join(each.text for each in alike).encode(), cells, header.delimiter)
    if cells < width:
        return table, np.full(len(alike), 2 * cells >= width)
    return table.select(range(width)), _are_empty(table.select(range(width, cells)))


def _are_empty(table: pa.Table) -> np.ndarray:
    return np.logical_and.reduce([pc.equal(column, "").to_numpy() for column in table.columns])
