"""The description, which holds a campaign, the listing URL's parameters or the customer's own note.

Read in this order: the mark of a test, a JSON object (URL parameters), the prefix `Campaigns:`, else a note.
"""

from __future__ import annotations

from typing import NamedTuple

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


class Descriptions(NamedTuple):
    """The parts of descriptions, one value a row, missing where a description has no such part."""

    campaign: pa.LargeStringArray
    url_parameters: pa.LargeStringArray
    note: pa.LargeStringArray


class _Parts(NamedTuple):
    campaign: str | None
    url_parameters: str | None
    note: str | None


def read_descriptions(column: pd.Series) -> Descriptions:
    """Return the campaign, the URL parameters (compact JSON, keys sorted) and the note of every description."""
    encoded = encode(column)
    distinct = pc.utf8_trim_whitespace(encoded.dictionary)
    is_test = pc.match_substring(distinct, TEST_MARK)
    is_json = pc.and_not(pc.starts_with(distinct, "{"), is_test)
    is_campaign = pc.and_not(pc.starts_with(distinct, _PREFIX, ignore_case=True), is_test)
    is_note = pc.invert(pc.or_(is_test, pc.or_(is_json, is_campaign)))
    is_note = pc.and_(is_note, pc.greater(pc.binary_length(distinct), 0))
    nothing = pa.scalar(None, pa.large_string())
    parts = Descriptions(
        campaign=pc.if_else(False, distinct, nothing),
        url_parameters=pc.if_else(False, distinct, nothing),
        note=pc.if_else(is_note, distinct, nothing),
    )
    # Campaigns and URL parameters have few distinct values, so these two loops are short.
    for mask, read in ((is_json, _read_parameters), (is_campaign, _read_campaigns)):
        read_parts = [read(text) for text in distinct.filter(mask).to_pylist()]
        for name in Descriptions._fields:
            values = pa.array([getattr(part, name) for part in read_parts], pa.large_string())
            parts = parts._replace(**{name: pc.replace_with_mask(getattr(parts, name), mask, values)})
    return Descriptions(*(values.take(encoded.indices) for values in parts))


def _read_parameters(text: str) -> _Parts:
    try:
        parameters = orjson.loads(text)
        compact = orjson.dumps(parameters, option=orjson.OPT_SORT_KEYS).decode()
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return _Parts(None, None, text)
    if not parameters:
        return _Parts(None, None, None)
    campaigns = (_find(parameters, name) for name in _CAMPAIGN_PARAMETERS)
    return _Parts(next(filter(None, campaigns), None), compact, None)


def _find(parameters: object, name: str) -> str | None:
    """Return the first text or number under a name, at any depth."""
    if not isinstance(parameters, dict):
        return None
    for key, value in parameters.items():
        found = str(value).strip() if key.lower() == name and isinstance(value, str | int) else _find(value, name)
        if found:
            return found
    return None


def _read_campaigns(text: str) -> _Parts:
    campaign, _, note = text[len(_PREFIX) :].partition("\n")
    return _Parts(campaign.strip() or None, None, note.strip() or None)
