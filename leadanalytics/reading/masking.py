"""Records as they may be shown on a screen: enough to recognise a column, too little to recognise a person."""

from __future__ import annotations

import json
import re

import pandas as pd

from leadanalytics.schema import CUSTOMER_FIELDS

_WORD = re.compile(r"\w+")
_HIDDEN = "•"


def mask_people(records: pd.DataFrame) -> pd.DataFrame:
    """Return raw records in which people are masked: of each word the first letter, of each number no digit.

    Masked are the seven customer fields and the description; of the JSON text customer_info only its keys are shown.

    Parameters
    ----------
    records : DataFrame
        Rows of a raw frame.

    Examples
    --------
    >>> mask_people(pd.DataFrame({"email": ["ann.lee@example.com"], "phone": ["+44 20 79"], "created": ["2024-02-27"]}))
                     email      phone     created
    0  a••.l••@e••••••.c••  +•• •• ••  2024-02-27
    """
    shown = {name: records[name].map(_masked, na_action="ignore") for name in _present(records)}
    if "customer_info" in records.columns:
        shown["customer_info"] = records["customer_info"].map(_keys, na_action="ignore")
    return records.assign(**shown)


def _present(records: pd.DataFrame) -> list[str]:
    return [name for name in (*CUSTOMER_FIELDS, "description") if name in records.columns]


def _masked(text: str) -> str:
    return _WORD.sub(lambda word: _masked_word(word.group()), text)


def _masked_word(word: str) -> str:
    first = _HIDDEN if word[0].isdigit() else word[0]
    return first + _HIDDEN * (len(word) - 1)


def _keys(text: str) -> str:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return "(not JSON)"
    return f"{{{', '.join(value)}}}" if isinstance(value, dict) else "(not an object)"
