"""What was known of each unit at a landmark: who they are, where they came from, what they had done before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from leadanalytics.schema import TEXT

__all__ = ["DERIVED", "EDUCATION", "PLAIN", "known_properties", "usable_leads"]

MISSING = "(missing)"
PLAIN = ("country", "title", "source", "campaign")
DERIVED = ("company_kind", "earlier_leads", "leads_since_entry", "days_since_first_lead")
_DAY = pd.Timedelta("1 day")
# Academic addresses: anything.edu, anything.edu.au, anything.ac.uk.
EDUCATION = r"\.(?:edu|edu\.[a-z]{2}|ac\.[a-z]{2})$"


def usable_leads(leads: pd.DataFrame) -> pd.DataFrame:
    """Return the leads that may tell something: dated, each record once, no test and none not to be contacted."""
    kept = leads["created_at"].notna().to_numpy()
    for flag in ("is_test", "do_not_contact"):
        if flag in leads.columns:
            kept = kept & ~leads[flag].eq(True).fillna(False).to_numpy(bool)
    rows = np.flatnonzero(kept)
    if "record_id" in leads.columns:
        records = leads["record_id"].iloc[rows]
        rows = rows[~(records.duplicated() & records.notna()).to_numpy()]
    return leads.iloc[rows[leads["created_at"].iloc[rows].argsort(kind="stable")]]


def known_properties(
    units: pd.DataFrame, leads: pd.DataFrame, *, who: str, landmarks: pd.Series, columns: Sequence[str]
) -> pd.DataFrame:
    """Return the properties of each unit as they were known at its landmark, as text, one row per unit.

    Parameters
    ----------
    units : DataFrame
        With `who` and entered_at.
    leads : DataFrame
        From `usable_leads`, with `who` and created_at.
    who : str
        The column that names whose leads they are.
    landmarks : Series
        When to look, one instant per unit; later leads tell nothing.
    columns : sequence of str
        Columns of the leads whose newest value counts, or names in `DERIVED`.
    """
    wanted = [column for column in columns if column not in DERIVED]
    sources = list(dict.fromkeys([*wanted, *(c for c in ("email", "company") if c in leads.columns)]))
    times = pd.DataFrame(
        {
            "unit": np.arange(len(units)),
            who: units[who].array,
            "entered": units["entered_at"].array,
            "landmark": landmarks.array,
        }
    )
    texts = leads[list(dict.fromkeys([who, "created_at", *sources]))].astype(dict.fromkeys(sources, TEXT))
    seen = texts.merge(times, on=who)
    seen = seen[seen["created_at"] <= seen["landmark"]].sort_values(["unit", "created_at"], kind="stable")
    newest = seen.groupby("unit")[sources].last().reindex(times["unit"])
    known = newest.reindex(columns=wanted)
    derived = _derived(seen, newest, times)
    result = pd.DataFrame({column: known[column] if column in known else derived[column] for column in columns})
    return result.astype(TEXT).fillna(MISSING).set_axis(units.index)


def _derived(seen: pd.DataFrame, newest: pd.DataFrame, times: pd.DataFrame) -> pd.DataFrame:
    groups = seen.assign(
        before=seen["created_at"] < seen["entered"], since=seen["created_at"] > seen["entered"]
    ).groupby("unit")
    counts = groups[["before", "since"]].sum().reindex(times["unit"], fill_value=0)
    first = groups["created_at"].min().reindex(times["unit"])
    days = (times.set_index("unit")["entered"] - first) / _DAY
    return pd.DataFrame(
        {
            "company_kind": _company_kind(newest),
            "earlier_leads": _cut(counts["before"], [-1, 0, 1, 4], ["0", "1", "2 to 4", "5 or more"]),
            "leads_since_entry": _cut(counts["since"], [-1, 0, 1], ["0", "1", "2 or more"]),
            "days_since_first_lead": _cut(
                days.clip(lower=0), [-1, 0, 7, 30, 90], ["0", "up to 7", "up to 30", "up to 90", "more than 90"]
            ),
        }
    )


def _company_kind(newest: pd.DataFrame) -> pd.Series:
    """Return what kind of company a unit is of, as far as its address and its company name tell."""
    absent = pd.Series(pd.NA, index=newest.index, dtype=TEXT)
    email, company = newest.get("email", absent), newest.get("company", absent)
    education = email.str.strip().str.lower().str.contains(EDUCATION, regex=True, na=False)
    kinds = [education, company.notna(), email.notna()]
    named = np.select([kind.to_numpy(bool) for kind in kinds], ["education", "named", "not named"], "no personal data")
    return pd.Series(named, index=newest.index)


def _cut(numbers: pd.Series, edges: list[float], labels: list[str]) -> pd.Series:
    return pd.cut(numbers, [*edges, np.inf], labels=labels).astype(TEXT)
