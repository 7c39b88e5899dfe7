"""Leads written as in the rules: "u: TD@1 GET@5; v: TD@2" are the leads of u and v, times in seconds."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

STAGES = {"TD": "Test drive", "GET": "Get it now", "CON": "Contact me", "INS": "Install"}
TD, GET, CON, INS = STAGES.values()
ZERO = pd.Timestamp("2024-06-01", tz="UTC")

# Stage@seconds, then perhaps /offer, then perhaps (record id).
_LEAD = re.compile(r"(\w+)@(\d+)(?:/(\w+))?(?:\((\w+)\))?")


def at(seconds: float) -> pd.Timestamp:
    """The instant so many seconds after the beginning of all cases."""
    return ZERO + pd.Timedelta(seconds=seconds)


def leads_of(text: str) -> pd.DataFrame:
    """The leads of a text; leads without an offer are of the offer "crane", one without a record id has its own."""
    rows = []
    for number, unit in enumerate(text.split(";")):
        name, _, written = unit.rpartition(":")
        for stage, seconds, offer, record in _LEAD.findall(written):
            key = record or f"{number}.{len(rows)}"
            rows.append((key, name.strip() or "u", offer or "crane", STAGES.get(stage, stage), at(int(seconds))))
    return _frame(rows)


def leads_of_units(units: Iterable[Iterable[tuple[int, str]]]) -> pd.DataFrame:
    """The leads of many units, each a list of (seconds, stage); units are named by their number."""
    return _frame(
        [
            (f"{unit}.{number}", f"{unit:06d}", "crane", stage, at(seconds))
            for unit, leads in enumerate(units)
            for number, (seconds, stage) in enumerate(leads)
        ]
    )


def _frame(rows: list[tuple[str, str, str, str, pd.Timestamp]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["record_id", "customer_id", "offer_id", "stage", "created_at"])
    return frame.astype({"created_at": "datetime64[ns, UTC]", "stage": "category"})
