"""Entities, as JSON has them, become columns of text, a page at a time, and those that are no leads are set aside.

Properties may differ from entity to entity. A cell of any kind costs at most itself: it stays as the text in which it
came.
"""

from __future__ import annotations

import base64
import binascii
import functools
import itertools
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from leadanalytics.reading.choosing import choose_layouts, load_layouts
from leadanalytics.reading.contents import TEXT_TYPE, Contents, Part
from leadanalytics.reading.json_records import to_text
from leadanalytics.reading.layouts import Layout, find_layout

NO_LEAD = "no lead: its properties prove no layout"
_TYPE = "@odata.type"
_KEYS = ("PartitionKey", "RowKey")
# An entity with these of its own keeps its customer elsewhere than in CustomerInfo.
_CUSTOMER = ("UserDetails", "FirstName", "LastName", "Email", "first_name", "last_name")


def to_batch(entities: Sequence[dict[str, Any]]) -> pa.RecordBatch:
    """Return the entities of one page as columns of text, in the order in which properties first appear.

    Numbers and truth values are written as JSON has them, times as the service wrote them, to their seventh digit;
    bytes are text where they are. What the service says about a property is not a property.

    Examples
    --------
    >>> to_batch([{"PartitionKey": "p", "RowKey": "1", "Seats": 5}, {"PartitionKey": "p", "RowKey": "2"}]).to_pylist()
    [{'PartitionKey': 'p', 'RowKey': '1', 'Seats': '5'}, {'PartitionKey': 'p', 'RowKey': '2', 'Seats': None}]
    """
    # Most entities of a page have the same properties, so only the distinct sets are walked.
    names = dict.fromkeys(itertools.chain.from_iterable(dict.fromkeys(map(tuple, entities))))
    columns = {name: _column(entities, name, names) for name in names if "odata." not in name}
    return pa.RecordBatch.from_pydict({_paired(name): column for name, column in columns.items()})


def to_contents(batches: Iterable[pa.RecordBatch]) -> Contents:
    """Return what the pages of a table hold: leads by layout, and the rest set aside with reasons.

    Parameters
    ----------
    batches : iterable of RecordBatch
        The `rows` of pages in the order of the table; their columns may differ.
    """
    tables = [pa.Table.from_batches([batch]) for batch in batches if batch.num_rows]
    contents = Contents(encoding="azure table")
    if not tables:
        return contents
    table = pa.concat_tables(tables, promote_options="default")
    contents.delivered = table.num_rows
    groups, layouts = _layouts_of(table)
    for layout in dict.fromkeys(filter(None, layouts)):
        chosen = np.isin(groups, [place for place, each in enumerate(layouts) if each is layout])
        rows = np.flatnonzero(chosen)
        columns = table if chosen.all() else table.take(rows)
        contents.parts.append(Part(layout, columns, rows + 1))
    is_no_lead = np.array([layout is None for layout in layouts])[groups]
    for place in np.flatnonzero(is_no_lead):
        contents.set_aside(int(place) + 1, NO_LEAD, _as_json(table, int(place)))
    return contents


def _column(entities: Sequence[dict[str, Any]], name: str, names: Iterable[str]) -> pa.Array:
    values = [entity.get(name) for entity in entities]
    if (mark := name + _TYPE) in names:
        types = [entity.get(mark) for entity in entities]
        values = [_decoded(value) if kind == "Edm.Binary" else value for value, kind in zip(values, types)]
    try:
        return pa.array(values, TEXT_TYPE)
    except (pa.ArrowException, TypeError, UnicodeEncodeError):  # a value that is no text, or half a surrogate pair
        return pa.array([value if value is None else _paired(value) for value in values], TEXT_TYPE)


def _decoded(value: Any) -> Any:
    """Return the text that the base64 text of bytes means, and what is no such text as it is."""
    try:
        return base64.b64decode(value, validate=True).decode("utf-8", "replace")
    except (binascii.Error, TypeError, ValueError):
        return value


def _paired(value: Any) -> str:
    """Return a value as text in which half a surrogate pair, which is no character, is the sign for one."""
    text = value if isinstance(value, str) else to_text(value) or ""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _layouts_of(table: pa.Table) -> tuple[np.ndarray, list[Layout | None]]:
    """Return a group number for each row, by the properties that it has, and the layout of each group."""
    groups = np.zeros(table.num_rows, "int64")
    for column in table.columns:
        if column.null_count:
            groups, _ = pd.factorize(2 * groups + column.is_valid().to_numpy())
    _, first_rows = np.unique(groups, return_index=True)
    layouts = [_layout_of(tuple(_present(table, int(row)))) for row in first_rows]
    return groups, layouts


@functools.lru_cache(maxsize=1_024)
def _layout_of(properties: tuple[str, ...]) -> Layout | None:
    layouts = load_layouts()
    found = find_layout(properties, _with_milder(layouts))
    return found and next(layout for layout in layouts if layout.name == found.name)


def _with_milder(layouts: list[Layout]) -> list[Layout]:
    """Return the layouts to try: right after that of a table comes a milder form of it.

    A lead without CustomerInfo, which the service leaves out where it is empty, is still a lead of its table.
    """
    of_a_table = next(layout for layout in layouts if layout.key_plan(_KEYS))
    (any_telling,) = choose_layouts(of_a_table.name, layouts)
    place = layouts.index(of_a_table) + 1
    return [*layouts[:place], replace(any_telling, absent=_CUSTOMER), *layouts[place:]]


def _present(table: pa.Table, row: int) -> dict[str, str]:
    values = {name: column[row].as_py() for name, column in zip(table.column_names, table.columns)}
    return {name: value for name, value in values.items() if value is not None}


def _as_json(table: pa.Table, row: int) -> str:
    return json.dumps(_present(table, row), ensure_ascii=False)
