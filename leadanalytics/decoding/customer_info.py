"""The seven customer fields out of one JSON text.

Nearly all are flat objects, which one compiled pass reads, if need be after they are taken out of a JSON string. The
few that are not (nested values, broken JSON) are read one by one, forgivingly.
"""

from __future__ import annotations

import contextlib
import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import orjson
import pandas as pd
import pyarrow as pa

from leadanalytics.decoding.flat_objects import FlatObjects
from leadanalytics.decoding.text_columns import GrowingText, arrow_of, clean, first_known, pieces_of
from leadanalytics.schema import CUSTOMER_FIELDS

__all__ = ["CustomerInfo", "decode_customers", "read_customer_info"]

ENCODED_AT_MOST = 5  # how often a JSON text may be wrapped in a JSON string

Fields = dict[str, pa.LargeStringArray]

NAMES = [field.replace("_", "") for field in CUSTOMER_FIELDS]
_FIELD_OF_KEY = dict(zip(NAMES, CUSTOMER_FIELDS, strict=True))
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
    fields = {field: clean(arrow_of(raw[field])) for field in CUSTOMER_FIELDS}
    is_broken = np.zeros(len(raw), "bool")
    if raw["customer_info"].isna().all():
        return CustomerInfo(fields, is_broken)
    read = {field: GrowingText(len(raw)) for field in CUSTOMER_FIELDS}
    row = 0
    for texts in pieces_of(raw["customer_info"]):
        info = read_customer_info(texts)
        is_broken[row : row + len(texts)] = info.is_broken
        row += len(texts)
        for field, column in info.fields.items():
            read[field].append(column)
    return CustomerInfo({field: first_known([fields[field], read.pop(field).column()]) for field in fields}, is_broken)


def read_customer_info(texts: pa.LargeStringArray) -> CustomerInfo:
    """Return the customer fields of JSON texts: any case of key, doubled encoding, and what a cut text still tells."""
    objects = FlatObjects(texts, NAMES)
    is_broken = np.zeros(len(texts), "bool")
    if not objects.is_read.all():
        objects.rewrite([_unwrapped(text) for text in objects.unread()])
    if not objects.is_read.all():
        records, is_broken[~objects.is_read] = zip(*map(_read_one, objects.unread()), strict=True)
        objects.rewrite([orjson.dumps(_fields_of(record)) for record in records])
    return CustomerInfo(dict(zip(CUSTOMER_FIELDS, objects.columns(), strict=True)), is_broken)


def _unwrapped(text: str) -> str:
    """Return the object that a JSON string holds, else the text itself."""
    if text.startswith('"{'):
        with contextlib.suppress(orjson.JSONDecodeError):
            return orjson.loads(text)
    return text


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
