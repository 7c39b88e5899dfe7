"""The seven customer fields out of one JSON text.

A batch of rows is one parse of Arrow's JSON reader. Where a batch holds something that the reader refuses (a number
for a phone, a raw line break, broken JSON) it is split until the awkward rows are found, and those few are read one
by one, forgivingly.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json

from leadanalytics.decoding.text_columns import arrow_of, clean, first_known, in_one_piece, pieces_of
from leadanalytics.schema import CUSTOMER_FIELDS

__all__ = ["CustomerInfo", "decode_customers", "read_customer_info"]

SPLIT_INTO = 16
FEWEST_ROWS = 256  # below this a batch is read row by row
# Arrow's reader recurses into nested values and crashes some 10,000 levels deep; no honest record is this long.
LONGEST = 4_000
SAMPLED_ROWS = 8
ENCODED_AT_MOST = 5  # how often a JSON text may be wrapped in a JSON string

NOTHING, LINE_END = (pa.scalar(text, pa.large_string()) for text in ("", "\n"))

Fields = dict[str, pa.LargeStringArray]

_FIELD_OF_KEY = {field.replace("_", ""): field for field in CUSTOMER_FIELDS}
# Numbers stay as they are written, and raw line breaks within a text are taken.
_FORGIVING = json.JSONDecoder(strict=False, parse_int=str, parse_float=str, parse_constant=str)
_COMPLETE_PAIR = re.compile(r'"([A-Za-z_ ]{4,12})"\s*:\s*("(?:[^"\\]|\\.)*"|[-+\d][\d.eE+-]*(?=\s*[,}]))', re.DOTALL)


@dataclass(frozen=True)
class CustomerInfo:
    """The seven fields, trimmed, missing where blank; and which texts were not readable as JSON."""

    fields: Fields
    is_broken: npt.NDArray[np.bool_]


def decode_customers(raw: pd.DataFrame) -> CustomerInfo:
    """Return the customer fields of every record: its own columns', else those of its customer info."""
    info = _joined(read_customer_info(texts) for texts in pieces_of(raw["customer_info"]))
    fields = {field: first_known([clean(arrow_of(raw[field])), info.fields[field]]) for field in CUSTOMER_FIELDS}
    return CustomerInfo(fields, info.is_broken)


def read_customer_info(texts: pa.LargeStringArray) -> CustomerInfo:
    """Return the customer fields of JSON texts: any case of key, doubled encoding, and what a cut text still tells."""
    if texts.null_count == len(texts):
        nothing = pa.nulls(len(texts), pa.large_string())
        return CustomerInfo(dict.fromkeys(CUSTOMER_FIELDS, nothing), np.zeros(len(texts), "bool"))
    return _read_batch(texts)


def _joined(parts: Iterable[CustomerInfo]) -> CustomerInfo:
    parts = list(parts) or [read_customer_info(pa.array([], pa.large_string()))]
    return CustomerInfo(
        # Each field of the parts is let go as soon as it is joined: all of them twice would be the peak of memory.
        {field: pa.concat_arrays([part.fields.pop(field) for part in parts]) for field in CUSTOMER_FIELDS},
        np.concatenate([part.is_broken for part in parts]),
    )


def _read_batch(texts: pa.LargeStringArray) -> CustomerInfo:
    length = pc.fill_null(pc.binary_length(texts), 0)
    is_object = pc.and_(pc.starts_with(texts, "{"), pc.ends_with(texts, "}"))
    is_regular = pc.fill_null(pc.and_(is_object, pc.less_equal(length, LONGEST)), False)
    fields = _read_objects(texts if pc.all(is_regular).as_py() else pc.if_else(is_regular, texts, "{}"))
    if fields is None and len(texts) > FEWEST_ROWS:
        size = -(-len(texts) // SPLIT_INTO)
        return _joined(_read_batch(texts.slice(at, size)) for at in range(0, len(texts), size))
    if fields is None:
        is_awkward = pc.greater(length, 0)
        fields = dict.fromkeys(CUSTOMER_FIELDS, pa.nulls(len(texts), pa.large_string()))
    else:
        is_awkward = pc.and_not(pc.greater(length, 0), is_regular)
    return _with_awkward_rows(fields, texts, is_awkward)


def _read_objects(texts: pa.LargeStringArray) -> Fields | None:
    """Return the fields of rows that each begin with `{` and end with `}`, or None when one parse cannot read them.

    Two such rows cannot run into each other: a value cannot follow a `}` without a comma, and the reader refuses a
    raw line break within a text. So as many objects as rows means one object per row, in order.
    """
    lines = pc.binary_join_element_wise(texts, NOTHING, LINE_END).buffers()[2]
    if re.search(b"\0", lines):
        return None  # the reader would take it for the end
    spellings = pa.schema([(key, pa.large_string()) for key in _customer_keys(texts)])
    try:
        table = pyarrow.json.read_json(
            pa.BufferReader(lines),
            read_options=pyarrow.json.ReadOptions(block_size=max(lines.size, 1), use_threads=False),
            parse_options=pyarrow.json.ParseOptions(explicit_schema=spellings),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != len(texts):
        return None
    found = {field: [pa.nulls(len(texts), pa.large_string())] for field in CUSTOMER_FIELDS}
    for key in sorted(table.column_names, reverse=True):
        field = _field_of(key)
        if field is None:
            continue
        values = in_one_piece(table[key])
        if not (pa.types.is_large_string(values.type) or pa.types.is_string(values.type)):
            return None  # a guess of Arrow's, such as a time, would not give back what was written
        found[field].insert(0, clean(values.cast(pa.large_string())))
    return {field: first_known(columns) for field, columns in found.items()}


def _customer_keys(texts: pa.LargeStringArray) -> list[str]:
    """Return the spellings of the customer fields in a few rows spread over the batch."""
    step = max(len(texts) // SAMPLED_ROWS, 1)
    keys: set[str] = set()
    for text in texts.take(pa.array(range(0, len(texts), step))).to_pylist():
        record, _ = _read_one(text)
        keys |= {key for key in record if _field_of(key)}
    return sorted(keys)


def _with_awkward_rows(fields: Fields, texts: pa.LargeStringArray, is_awkward: pa.BooleanArray) -> CustomerInfo:
    """Read the rows that the bulk reader cannot read one by one, which are few, and put them in their places."""
    is_broken = np.zeros(len(texts), "bool")
    awkward = np.flatnonzero(is_awkward.to_numpy(zero_copy_only=False))
    if not len(awkward):
        return CustomerInfo(fields, is_broken)
    records = []
    for row, text in zip(awkward, texts.filter(is_awkward).to_pylist(), strict=True):
        record, is_broken[row] = _read_one(text)
        records.append(_fields_of(record))
    replaced = {}
    for field, values in fields.items():
        read = clean(pa.array([record.get(field) for record in records], pa.large_string()))
        replaced[field] = pc.replace_with_mask(values, is_awkward, read)
    return CustomerInfo(replaced, is_broken)


def _read_one(text: str) -> tuple[dict[str, object], bool]:
    """Return the object that a text holds, and whether it was broken, so that only the complete pairs were read."""
    record: object = text.strip("\ufeff \t\r\n") or "{}"
    try:
        for _ in range(ENCODED_AT_MOST):
            if isinstance(record, str):
                record = _FORGIVING.decode(record)
    except (ValueError, RecursionError):
        return _complete_pairs(text), True
    if record is None:
        return {}, False
    return (record, False) if isinstance(record, dict) else (_complete_pairs(text), True)


def _complete_pairs(text: str) -> dict[str, object]:
    if text.lstrip().startswith('"'):
        text = text.replace('\\"', '"').replace("\\\\", "\\")
    pairs: dict[str, object] = {}
    for key, value in _COMPLETE_PAIR.findall(text):
        try:
            pairs.setdefault(key, _FORGIVING.decode(value))
        except ValueError:
            pairs.setdefault(key, value.strip('"'))
    return pairs


def _fields_of(record: Mapping[str, object]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for key in sorted(record):
        field = _field_of(key)
        value = _text(record[key]) if field else None
        if field and value and value.strip():
            fields.setdefault(field, value)
    return fields


@functools.lru_cache(1_000)
def _field_of(key: str) -> str | None:
    return _FIELD_OF_KEY.get(key.replace("_", "").replace(" ", "").lower())


def _text(value: object) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if text.isascii() else text.encode("utf-8", "replace").decode()  # half a surrogate pair is no text
