"""The codes of the leads as delivered and as read, counted so that the parts add up to the whole."""

from __future__ import annotations

import re

import pandas as pd

from leadanalytics import schema

__all__ = ["audit_codes"]

TEST_TICKS = re.compile(r"(MSFT_TEST_)\d{17,19}", re.IGNORECASE)


def audit_codes(leads: pd.DataFrame) -> pd.DataFrame:
    """Return how sources and actions were delivered and read: one row per distinct way, the commonest first.

    From lead_source (the part before the bar; the ticks of tests shortened to <ticks>) and action_code as delivered to
    the columns delivered_source, delivered_action, source, action, stage, known (both codes are in the vocabulary),
    leads, test_leads and do_not_contact. The column leads adds up to the number of leads.

    Raises
    ------
    FrameError
        When `leads` lacks a column that every lead must have.

    Examples
    --------
    >>> leads = pd.DataFrame({
    ...     "record_id": ["1", "2"], "created_at": pd.to_datetime(["2024-02-27", None], utc=True),
    ...     "stage": ["Get it now", None], "lead_source": ["SPZA-INS | contoso.desk", "SPZA-XYZ|contoso.desk"],
    ...     "source": "SPZA", "action": ["INS", "XYZ"], "problem": [None, "unknown action"],
    ... })
    >>> audit_codes(leads)[["delivered_source", "action", "known", "leads"]].values.tolist()
    [['SPZA-INS', 'INS', True, 1], ['SPZA-XYZ', 'XYZ', False, 1]]
    """
    leads = schema.conform(leads, "leads")
    delivered = pd.DataFrame(
        {
            "delivered_source": _as_delivered(leads["lead_source"]),
            "delivered_action": _as_delivered(leads["action_code"]),
            "source": leads["source"].astype(schema.TEXT),
            "action": leads["action"].astype(schema.TEXT),
            "stage": leads["stage"].astype(schema.TEXT),
            "known": ~_is_unknown(leads["problem"]),
            "leads": 1,
            "test_leads": leads["is_test"].astype("int64"),
            "do_not_contact": leads["do_not_contact"].astype("int64"),
        }
    )
    ways = list(delivered.columns[:6])
    codes = delivered.groupby(ways, dropna=False, sort=True, as_index=False)[list(delivered.columns[6:])].sum()
    return codes.sort_values("leads", ascending=False, kind="stable", ignore_index=True)


def _as_delivered(column: pd.Series) -> pd.Series:
    """Return what stands before the bar, tests of all times alike; worked out once per distinct text."""
    codes, texts = pd.factorize(column)
    before = [TEST_TICKS.sub(r"\1<ticks>", text.partition("|")[0].strip()) for text in texts]
    return pd.Series(pd.array([*before, None], dtype=schema.TEXT).take(codes), index=column.index)


def _is_unknown(problem: pd.Series) -> pd.Series:
    categories = problem.cat.categories
    names_unknown = [name for name in categories if "unknown source" in name or "unknown action" in name]
    return problem.isin(names_unknown)
