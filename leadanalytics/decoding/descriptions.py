"""The description, which holds a campaign, the listing URL's parameters or the customer's own note.

Read in this order: the mark of a test, a JSON object (URL parameters), a query string such as `?mktcmpid=q3`, the
prefix `Campaigns:` (with either of them or the name of a campaign), else a note. A note may follow each of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl

import orjson
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics.decoding.text_columns import encode
from leadanalytics.vocabulary.connection_tests import TEST_MARK

__all__ = ["Descriptions", "read_descriptions"]

_PREFIX = "Campaigns:"
# The URL parameters that name a campaign: Microsoft's own, then everybody's.
_CAMPAIGN_PARAMETERS = ("mktcmpid", "utm_campaign")
# Without its question mark a query string is believed only where it has a parameter of a campaign.
_QUERY = r"(?i)^(?:\?[a-z0-9_.%-]+=|\??(?:[a-z0-9_.%-]+=[^\s&]*&)*(?:mktcmpid|utm_[a-z_]+)=)"


class Descriptions(NamedTuple):
    """The parts of descriptions, one value a row, missing where a description has no such part."""

    campaign: pa.LargeStringArray
    utm_source: pa.LargeStringArray
    utm_medium: pa.LargeStringArray
    url_parameters: pa.LargeStringArray
    note: pa.LargeStringArray


class _Parts(NamedTuple):
    campaign: str | None = None
    utm_source: str | None = None
    utm_medium: str | None = None
    url_parameters: str | None = None
    note: str | None = None


def read_descriptions(column: pd.Series) -> Descriptions:
    """Return the campaign, its source and medium, the URL parameters (JSON, keys sorted) and the note of each row."""
    encoded = encode(column)
    distinct = pc.utf8_trim_whitespace(encoded.dictionary)
    is_test = pc.match_substring(distinct, TEST_MARK)
    forms = (
        (pc.starts_with(distinct, "{"), _read_parameters),
        (pc.match_substring_regex(distinct, _QUERY), _read_query),
        (pc.starts_with(distinct, _PREFIX, ignore_case=True), _read_campaigns),
    )
    is_note = pc.and_not(pc.greater(pc.binary_length(distinct), 0), is_test)
    for is_form, _ in forms:
        is_note = pc.and_not(is_note, is_form)
    nothing = pa.scalar(None, pa.large_string())
    parts = dict.fromkeys(Descriptions._fields, pc.if_else(False, distinct, nothing))
    parts["note"] = pc.if_else(is_note, distinct, nothing)
    # Campaigns and URL parameters have few distinct values, so these loops are short.
    for is_form, read in forms:
        mask = pc.and_not(is_form, is_test)
        read_parts = [read(text) for text in distinct.filter(mask).to_pylist()]
        for name in Descriptions._fields:
            values = pa.array([getattr(part, name) for part in read_parts], pa.large_string())
            parts[name] = pc.replace_with_mask(parts[name], mask, values)
    return Descriptions(*(values.take(encoded.indices) for values in parts.values()))


def _read_parameters(text: str) -> _Parts:
    first_line, _, rest = text.partition("\n")
    for json, note in ((text, ""), (first_line, rest)):
        try:
            return _parts_of(orjson.loads(json), note)
        except (orjson.JSONDecodeError, orjson.JSONEncodeError):
            continue
    return _Parts(note=text)


def _read_query(text: str) -> _Parts:
    query, *note = text.split(maxsplit=1)
    # Of a parameter that is there twice the first counts.
    return _parts_of(dict(reversed(parse_qsl(query.removeprefix("?")))), *note)


def _read_campaigns(text: str) -> _Parts:
    campaign, _, note = text[len(_PREFIX) :].partition("\n")
    campaign, note = campaign.strip(), note.strip()
    if campaign.startswith("{") or re.match(_QUERY, campaign):
        read = _read_parameters if campaign.startswith("{") else _read_query
        parts = read(f"{campaign}\n{note}".strip())
        if parts.url_parameters:
            return parts
    return _Parts(campaign=campaign or None, note=note or None)


def _parts_of(parameters: Mapping[str, object], note: str = "") -> _Parts:
    compact = orjson.dumps(parameters, option=orjson.OPT_SORT_KEYS).decode() if parameters else None
    campaigns = (_find(parameters, name) for name in _CAMPAIGN_PARAMETERS)
    return _Parts(
        campaign=next(filter(None, campaigns), None),
        utm_source=_find(parameters, "utm_source"),
        utm_medium=_find(parameters, "utm_medium"),
        url_parameters=compact,
        note=note.strip() or None,
    )


def _find(parameters: object, name: str) -> str | None:
    """Return the first text or number under a name, at any depth."""
    if not isinstance(parameters, dict):
        return None
    for key, value in parameters.items():
        found = str(value).strip() if key.lower() == name and isinstance(value, str | int) else _find(value, name)
        if found:
            return found
    return None
