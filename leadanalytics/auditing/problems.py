"""What is wrong with the leads, counted so that the parts add up to the whole."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadanalytics import schema
from leadanalytics.vocabulary import Vocabulary, load_vocabulary

__all__ = ["audit_leads"]

NO_PROBLEM = "(none)"


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
