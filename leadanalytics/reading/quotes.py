"""Quotes of delimited text that do not pair up: where they stand, so that no row vanishes in a cell left open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

_QUOTE = ord('"')
_BLOCK = 1 << 22
# What follows an opening quote, up to the closing one; a quote in the text is written twice.
_QUOTED = re.compile(rb'(?:[^"]++|"")*+"')
_LINE_END = re.compile(rb"[\r\n]")


class OpenLine(NamedTuple):
    """The place of a line, from the beginning of its row, with a quoted cell that is never closed."""

    start: int
    stop: int
    is_last: bool  # no quote below can close it


def find_open_lines(data: bytes, start: int, delimiter: str) -> list[OpenLine]:
    r"""Return the lines of delimited text that begin a quoted cell which is never closed.

    A cell that goes over several lines counts as never closed when text follows its closing quote: that quote then
    opened a cell of a later row. A parser would take the rows between for a part of the cell.

    Parameters
    ----------
    data : bytes
        The text in UTF-8.
    start : int
        Where its first row begins.
    delimiter : str
        What stands between two cells.

    Examples
    --------
    >>> text = b'a,"x\nb,"y"\nc,"z"\n'
    >>> [text[line.start : line.stop] for line in find_open_lines(text, 0, ",")]
    [b'a,"x']
    """
    borders = f"\r\n{delimiter}".encode()
    if _all_pair_up(data, start, borders):
        return []
    return list(_open_lines(data, start, borders))


def find_row_end(data: bytes, delimiter: str) -> int:
    r"""Return where the last row ends of which it is sure that it is whole, 0 where there is none.

    What stands after it is the beginning of a row, or a row with a quoted cell that more text may close.

    Parameters
    ----------
    data : bytes
        Delimited text in UTF-8, from the beginning of a row; more may follow.
    delimiter : str
        What stands between two cells.

    Examples
    --------
    >>> text = b'a,b\nc,"d\ne'
    >>> text[: find_row_end(text, ",")]
    b'a,b\n'
    """
    borders = f"\r\n{delimiter}".encode()
    if _all_pair_up(data, 0, borders, may_end_open=True):
        return _last_line_end(data, is_in_quotes=bool(data.count(b'"') % 2))
    last = next((line for line in _open_lines(data, 0, borders) if line.is_last), None)
    return last.start if last else _last_line_end(data)


def _last_line_end(data: bytes, *, is_in_quotes: bool = False) -> int:
    """Return the place after the last line end that stands outside of quotes, where all quotes pair up."""
    stop = len(data)
    while (place := max(data.rfind(b"\n", 0, stop), data.rfind(b"\r", 0, stop))) >= 0:
        is_in_quotes ^= bool(data.count(b'"', place, stop) % 2)
        if not is_in_quotes:
            return place + 1
        stop = place
    return 0


def _all_pair_up(data: bytes, start: int, borders: bytes, *, may_end_open: bool = False) -> bool:
    """Tell whether every quote that opens follows a border and every one that closes stands before a border.

    The two alternate, for a quote within a cell is written twice: it closes the cell and opens it again.
    """
    text = np.frombuffer(data, "uint8")
    is_border = np.zeros(256, bool)
    is_border[[*borders, _QUOTE]] = True
    is_open = 0
    for begin in range(start, len(data), _BLOCK):
        quotes = np.flatnonzero(text[begin : begin + _BLOCK] == _QUOTE) + begin
        opening, closing = quotes[is_open::2], quotes[1 - is_open :: 2]
        before = text[opening[opening > start] - 1]
        after = text[closing[closing < len(data) - 1] + 1]
        if not (is_border[before].all() and is_border[after].all()):
            return False
        is_open ^= len(quotes) & 1
    return may_end_open or not is_open


def _open_lines(data: bytes, start: int, borders: bytes) -> Iterator[OpenLine]:
    # One step per quoted cell: whether a quote opens or closes depends on all that came before it.
    row = position = start
    while (opening := data.find(b'"', position)) >= 0:
        last_break = max(data.rfind(b"\n", position, opening), data.rfind(b"\r", position, opening))
        row = last_break + 1 if last_break >= 0 else row
        position = opening + 1
        if opening > start and data[opening - 1] not in borders:
            continue  # a quote amid a cell is text
        quoted = _QUOTED.match(data, position)
        stop = quoted.end() if quoted else len(data)
        line_end = _LINE_END.search(data, position, stop)
        if quoted and (line_end is None or stop == len(data) or data[stop] in borders):
            position = stop
        else:
            position = line_end.start() if line_end else stop
            yield OpenLine(row, position, is_last=quoted is None)
