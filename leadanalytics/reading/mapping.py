"""The columns of a table become the columns of a raw frame, as a layout says; whole columns, never rows."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics import schema
from leadanalytics.reading.contents import TEXT_TYPE, Part
from leadanalytics.reading.layouts import DATE_ORDERS, Layout
from leadanalytics.reading.unpacking import filled, first_filled, take_lead_sources, unpack

_RAW = schema.KINDS["raw"].columns
_TEXTS = tuple(column.name for column in _RAW if column.dtype == schema.TEXT and column.name != "record_id")
_HEXADECIMAL = np.frombuffer(b"0123456789abcdef", dtype="uint8")
# Parts of one record's text are kept apart by a character that no text holds.
_SEPARATOR = pa.scalar("\x1f", TEXT_TYPE)
_EMPTY = pa.scalar("", TEXT_TYPE)
_DOT = pa.scalar(".", TEXT_TYPE)


def to_raw(parts: Sequence[tuple[str, Part]]) -> pd.DataFrame:
    """Return the raw frame of some parts, each with the name of its origin; text is shared with them, not copied."""
    if not parts:
        return schema.empty("raw")
    table = pa.concat_tables([_raw_table(origin, part) for origin, part in parts]).unify_dictionaries()
    # One block per column: text and numbers then keep the memory they were read into.
    frame = table.to_pandas(split_blocks=True)
    frame["origin_row"] = np.concatenate([part.rows for _, part in parts])
    return frame[[column.name for column in _RAW]]


def _raw_table(origin: str, part: Part) -> pa.Table:
    layout, count = part.layout, len(part.rows)
    columns, lead_sources = take_lead_sources(layout, part.columns)
    served = {
        name: first_filled([columns.column(place) for place in places])
        for name, places in layout.plan(columns.column_names).items()
    }
    for name, places in layout.join_plan(columns.column_names).items():
        whole = pc.binary_join_element_wise(*(columns.column(place) for place in places), _DOT)
        served[name] = first_filled([whole, served.get(name, whole)])
    if lead_sources is not None:
        served["lead_source"] = first_filled([lead_sources, served.get("lead_source", lead_sources)])
    plan = unpack(layout, served)
    blank = pa.chunked_array([pa.nulls(count, TEXT_TYPE)])
    texts = {name: plan.get(name, blank) for name in _TEXTS}
    codes = {
        "record_kind": _code(plan.get("record_kind"), layout.record_kind, count, options=schema.RECORD_KINDS),
        "date_order": _code(plan.get("date_order"), layout.date_order, count, options=DATE_ORDERS),
        "time_zone": _code(plan.get("time_zone"), layout.time_zone, count),
        "layout": _constant(layout.name, count),
        "origin": _constant(origin, count),
    }
    identity = _record_id(layout, columns, [plan.get(name) for name in _TEXTS], count)
    return pa.table({"record_id": identity, **texts, **codes})


def _constant(value: str, count: int) -> pa.ChunkedArray:
    codes = pa.array(np.zeros(count, dtype="int32"))
    return pa.chunked_array([pa.DictionaryArray.from_arrays(codes, pa.array([value], TEXT_TYPE))])


def _code(
    values: pa.ChunkedArray | None, default: str, count: int, *, options: Sequence[str] | None = None
) -> pa.ChunkedArray:
    """Return what the file itself says, and the layout's word where it says nothing that is an option."""
    if values is None:
        return _constant(default, count)
    known = pc.is_in(values, pa.array(options, TEXT_TYPE)) if options else filled(values)
    return pc.if_else(known, values, default).cast(TEXT_TYPE).dictionary_encode()


def _record_id(
    layout: Layout, columns: pa.Table, contents: Sequence[pa.ChunkedArray | None], count: int
) -> pa.ChunkedArray:
    """Return the record's own key, its parts joined by '/', and a digest of the contents where a part is blank."""
    parts = [columns.column(place) for place in layout.key_plan(columns.column_names)]
    if not parts:
        return _digest(contents, count)
    own = functools.reduce(pc.and_, [filled(part) for part in parts])
    key = pc.binary_join_element_wise(*parts, pa.scalar("/", TEXT_TYPE)) if len(parts) > 1 else parts[0]
    return key if pc.all(own, min_count=0).as_py() else pc.if_else(own, key, _digest(contents, count))


def _digest(contents: Sequence[pa.ChunkedArray | None], count: int) -> pa.ChunkedArray:
    """Return 16 hexadecimal digits per row: equal rows get equal ones, on every platform and in every run.

    A missing column, a missing value and an empty one are the same, since two files of one record may differ in that.
    """
    present = {str(place): values for place, values in enumerate(contents) if values is not None}
    present = present or {"0": pa.chunked_array([pa.nulls(count, TEXT_TYPE)])}  # a layout may serve no column at all
    batches = pa.table(present).to_batches(max_chunksize=1 << 16) if count else []
    joined = [
        pc.binary_join_element_wise(
            *(batch.column(str(place)) if str(place) in present else _EMPTY for place in range(len(contents))),
            _SEPARATOR,
            null_handling="replace",
            null_replacement="",
        )
        for batch in batches
    ]
    return pa.chunked_array([_hexadecimal(_hash(texts)) for texts in joined], TEXT_TYPE)


def _hash(texts: pa.Array) -> np.ndarray:
    return pd.util.hash_array(texts.to_numpy(zero_copy_only=False), categorize=False)


def _hexadecimal(hashes: np.ndarray) -> pa.Array:
    octets = hashes.astype(">u8").view("uint8").reshape(-1, 8)
    digits = _HEXADECIMAL[np.stack([octets >> 4, octets & 15], axis=-1)]
    offsets = np.arange(0, 16 * len(hashes) + 1, 16, dtype="int64")
    return pa.LargeStringArray.from_buffers(len(hashes), pa.py_buffer(offsets), pa.py_buffer(digits.tobytes()))
