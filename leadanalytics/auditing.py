"""What is wrong with the leads, counted so that the parts add up to the whole."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from leadanalytics import schema
from leadanalytics.vocabulary import Vocabulary, load_vocabulary

__all__ = ["audit_codes", "audit_leads"]

NO_PROBLEM = "(none)"
TEST_TICKS = re.compile(r"(MSFT_TEST_)\d{17,19}", re.IGNORECASE)


def audit_leads(leads: pd.DataFrame, *, vocabulary: Vocabulary | None = None) -> pd.DataFrame:
    """Return how many leads have each problem: one row per problem, the worst first, after a row '(none)'.

    From the column problem to the columns problem, leads (with that problem, perhaps among others), share (of all
    leads, 0 to 1; missing when there are none), first (leads of which it is the worst problem) and what_to_do.
    The column first adds up to the number of leads.

    Parameters
    ----------
    leads : DataFrame
        One lead per row, as `decode_leads` makes them.
    vocabulary : Vocabulary, optional
        Where the problems and what to do about them are named; the shipped one by default.

    Raises
    ------
    FrameError
        When `leads` has no column problem.

    Examples
    --------
    >>> leads = pd.DataFrame({"problem": ["no action; no offer", "no offer", None]})
    >>> audit = audit_leads(leads)
    >>> audit.loc[audit["leads"] > 0, ["problem", "leads", "first"]].values.tolist()
    [['(none)', 1, 1], ['no action', 1, 1], ['no offer', 2, 1]]
    """
    schema.check(leads, "leads", columns=["problem"])
    problems = (vocabulary or load_vocabulary()).problems.set_index("problem")
    # Each distinct set of problems is taken apart once.
    counts = leads["problem"].astype(schema.TEXT).fillna(NO_PROBLEM).value_counts()
    sets = pd.DataFrame({"problem": counts.index.str.split("; "), "leads": counts.to_numpy()})
    found = sets.explode("problem").groupby("problem")["leads"].sum()
    first = sets.assign(problem=sets["problem"].str[0]).groupby("problem")["leads"].sum()
    unlisted = [problem for problem in sorted(found.index) if problem not in problems.index and problem != NO_PROBLEM]
    order = pd.Index([NO_PROBLEM, *problems.index, *unlisted], name="problem", dtype=schema.TEXT)
    audit = pd.DataFrame(index=order)
    audit["leads"] = found.reindex(order, fill_value=0).astype("int64")
    audit["share"] = audit["leads"] / (len(leads) or np.nan)
    audit["first"] = first.reindex(order, fill_value=0).astype("int64")
    audit["what_to_do"] = problems["what_to_do"].reindex(order).fillna("").astype(schema.TEXT)
    return audit.reset_index()


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
