"""What one file or table holds before it becomes raw records: tables of text columns, and what was set aside."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from leadanalytics.reading.layouts import Layout

TEXT_TYPE = pa.large_string()
# Stands for bytes that are not valid in a file's encoding: a code point that no text may use.
UNDECODABLE = "\ufdd0"
LONGEST_TEXT = 10_000
WHOLE_FILE = 0  # the row of a reject that is a whole file

UNDECODABLE_REASON = "bytes that are not valid in the file's encoding"
NUL_REASON = "a NUL byte in a cell"


class Reject(NamedTuple):
    """One record that was set aside."""

    row: int
    reason: str
    text: str


class Part(NamedTuple):
    """Records of one layout: a table of text columns and the number of each record in its origin."""

    layout: Layout
    columns: pa.Table
    rows: np.ndarray


@dataclass
class Contents:
    """What one file or table holds, or one block of it.

    Beside the records it keeps how they were found: the encoding, the delimiter, the sheet, and the number of the line
    or row that names the columns (0 where none does). Assumptions are sentences on what the file does not tell, each
    with the number of values that it concerns, for which "{count}" stands in it.
    """

    delivered: int = 0
    parts: list[Part] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_row: int = 0
    notes: list[str] = field(default_factory=list)
    assumptions: Counter[str] = field(default_factory=Counter)
    truncated: bool = False

    def set_aside(self, row: int, reason: str, text: str) -> None:
        """Set one delivered record aside; its text is kept up to a length, readable and without marks."""
        readable = text[:LONGEST_TEXT].replace(UNDECODABLE, "\ufffd")
        self.rejects.append(Reject(row, reason, readable))


class Collector:
    """Gathers single records, as mappings of folded names to text, into tables of text columns."""

    _BATCH = 20_000

    def __init__(self) -> None:
        self._waiting: dict[Layout, tuple[list[Mapping[str, str | None]], list[int]]] = {}
        self._tables: dict[Layout, list[pa.Table]] = {}
        self._rows: dict[Layout, list[int]] = {}

    def add(self, layout: Layout, record: Mapping[str, str | None], row: int) -> None:
        """Take one record of a layout."""
        records, rows = self._waiting.setdefault(layout, ([], []))
        records.append(record)
        rows.append(row)
        if len(records) >= self._BATCH:
            self._flush(layout)

    def parts(self) -> list[Part]:
        """Return the tables gathered so far."""
        for layout in list(self._waiting):
            self._flush(layout)
        return [
            Part(
                layout,
                tables[0] if len(tables) == 1 else pa.concat_tables(tables, promote_options="default"),
                np.array(self._rows[layout], "int64"),
            )
            for layout, tables in self._tables.items()
        ]

    def _flush(self, layout: Layout) -> None:
        records, rows = self._waiting.pop(layout)
        self._tables.setdefault(layout, []).append(_table(records))
        self._rows.setdefault(layout, []).extend(rows)


def _table(records: list[Mapping[str, str | None]]) -> pa.Table:
    names = dict.fromkeys(itertools.chain.from_iterable(dict.fromkeys(map(tuple, records))))
    structure = pa.array(records, pa.struct([(name, TEXT_TYPE) for name in names]))
    return pa.Table.from_struct_array(structure)
