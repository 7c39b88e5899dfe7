"""Text of lines "key = value", as a web form's fields are written down, becomes records."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from leadanalytics.reading.contents import (
    NUL_REASON,
    UNDECODABLE,
    UNDECODABLE_REASON,
    Collector,
    Contents,
)
from leadanalytics.reading.encodings import Decoded
from leadanalytics.reading.layouts import Layout, find_layout, fold, no_layout

_PAIR = re.compile(r"([A-Za-z_][\w.\-]*)[ \t]*=(?:[ \t]|$)(.*)")
_LINES_SEARCHED = 20
# A form sends it twice.
_REPEATED = "encoding"

Record = list[tuple[str, str]]


def are_key_values(head: str) -> bool:
    """Tell whether the first lines of a text are mostly of the form "key = value", the very first among them."""
    lines = [line for line in head.split("\n") if line.strip()][:_LINES_SEARCHED]
    pairs = [bool(_PAIR.match(line)) for line in lines]
    return len(pairs) > 1 and pairs[0] and 2 * sum(pairs) > len(pairs)


def read_key_values(text: Decoded, layouts: Sequence[Layout], what: str) -> Contents:
    """Return the records of a text of lines "key = value", every one accounted for.

    A key that comes again, or a blank line with a key below it, begins a new record; a line that is no pair goes on
    with the value above it. Set aside are records whose keys prove no layout.

    Raises
    ------
    ReadError
        When no record is a lead.
    """
    contents, collector = Contents(encoding=text.encoding), Collector()
    seen: list[str] = []
    for row, record in enumerate(_records(text.data.decode()), start=1):
        contents.delivered += 1
        keys = [key for key, _ in record]
        seen = seen or keys
        layout = find_layout(keys, layouts)
        written = "\n".join(f"{key} = {value}" for key, value in record)
        if reason := _unusable(written, layout):
            contents.set_aside(row, reason, written)
        elif layout is not None:
            # Of a key that comes twice, the first value serves.
            collector.add(layout, {fold(key): value for key, value in reversed(record)}, row)
    contents.parts = collector.parts()
    if not contents.parts:
        raise no_layout(f"the columns of {what}", seen, layouts)
    return contents


def _records(text: str) -> Iterator[Record]:
    record: Record = []
    is_apart = False  # by a blank line
    for line in [line.removesuffix("\r") for line in text.split("\n")]:
        pair = _PAIR.match(line)
        if pair:
            key, value = pair.groups()
            is_known = key != _REPEATED and key in dict(record)
            if record and (is_apart or is_known):
                yield _trimmed(record)
                record = []
            record.append((key, value))
        elif record:
            record[-1] = (record[-1][0], f"{record[-1][1]}\n{line}")
        is_apart = not line.strip()
    if record:
        yield _trimmed(record)


def _trimmed(record: Record) -> Record:
    """Return a record without the blank lines below it."""
    return [*itertools.islice(record, len(record) - 1), (record[-1][0], record[-1][1].rstrip("\n"))]


def _unusable(written: str, layout: Layout | None) -> str | None:
    if UNDECODABLE in written:
        return UNDECODABLE_REASON
    if "\0" in written:
        return NUL_REASON
    return None if layout else "no lead: its keys prove no layout"
