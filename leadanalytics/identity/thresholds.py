"""The customers at several thresholds, from evidence that is weighed once."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from leadanalytics.identity.decisions import decide
from leadanalytics.identity.grouping import group_leads
from leadanalytics.identity.matching import match_leads
from leadanalytics.schema import TEXT, check


def identify_at(leads: pd.DataFrame, thresholds: Sequence[float]) -> Iterator[pd.DataFrame]:
    """Yield for each threshold the leads with the customers that it makes.

    Parameters
    ----------
    leads : DataFrame
        Leads with customer_id, by any method: who has none, such as a test lead, gets none.
    thresholds : sequence of float
        The bits from which two leads are one person's.

    Yields
    ------
    DataFrame
        The leads with another customer_id, a number as text: it names a customer at this threshold only.

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
    is_person = leads["customer_id"].notna()
    people = leads[is_person]
    lowest = min(thresholds, default=0.0)
    matches = match_leads(people, threshold=lowest, review=lowest)
    for threshold in thresholds:
        decision = decide(matches.evidence, threshold=threshold, review=threshold)
        groups = group_leads(dataclasses.replace(matches, decision=decision), people["record_id"])
        customers = np.full(len(leads), -1)
        customers[is_person] = groups
        yield leads.assign(customer_id=pd.Series(customers, index=leads.index).astype(TEXT).where(is_person))
