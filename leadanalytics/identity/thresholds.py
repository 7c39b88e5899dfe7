"""The customers at several thresholds, from evidence that is weighed once."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from leadanalytics.identity.decisions import decide
from leadanalytics.identity.grouping import group_leads, pairs_among
from leadanalytics.identity.matching import match_leads
from leadanalytics.identity.rules import ATTR, rules_of
from leadanalytics.schema import TEXT, check


def identify_at(
    leads: pd.DataFrame, thresholds: Sequence[float], rules: Mapping[str, Any] | None = None
) -> Iterator[pd.DataFrame]:
    """Yield for each threshold the leads with the customers that it makes.

    Parameters
    ----------
    leads : DataFrame
        Leads with customer_id, by any method: who has none, such as a test lead, gets none.
    thresholds : sequence of float
        The bits from which two leads are one person's.
    rules : MatchRules or mapping, optional
        What else makes leads one customer's; by default those in `leads.attrs["match_rules"]`, else `MatchRules()`.
        They are weighed, whatever the method.

    Yields
    ------
    DataFrame
        The leads with another customer_id, a number as text: it names a customer at this threshold only. The rules
        that made it are in `attrs["match_rules"]`.

    Examples
    --------
    >>> leads = pd.DataFrame({
    ...     "record_id": ["r1", "r2"],
    ...     "first_name": ["Ana", "Ana"],
    ...     "last_name": ["Ruiz", "Ruiz"],
    ...     "email": ["ana@example.com", "ana@example.com"],
    ...     "customer_id": ["C-1", "C-1"],
    ... })
    >>> [each["customer_id"].tolist() for each in identify_at(leads, [0, 100])]
    [['0', '0'], ['0', '1']]
    """
    check(leads, "leads with customer_id", columns=["record_id", "customer_id"])
    rules = rules_of(leads, rules, {"method": "evidence"})
    is_person = leads["customer_id"].notna()
    people = leads[is_person]
    same, different = (pairs_among(pairs, people["record_id"]) for pairs in (rules.same, rules.different))
    lowest = min(thresholds, default=0.0)
    matches = match_leads(people, threshold=lowest, review=lowest)
    for threshold in thresholds:
        decision = decide(matches.evidence, threshold=threshold, review=threshold)
        decided = dataclasses.replace(matches, decision=decision)
        groups = group_leads(decided, people["record_id"], same=same, different=different)
        customers = np.full(len(leads), -1)
        customers[is_person] = groups
        identified = leads.assign(customer_id=pd.Series(customers, index=leads.index).astype(TEXT).where(is_person))
        identified.attrs[ATTR] = rules.changed(threshold=threshold, review=threshold)
        yield identified
