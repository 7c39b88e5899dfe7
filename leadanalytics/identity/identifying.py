"""Who each lead is: the customer's id and the rule that says so."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from leadanalytics.errors import FrameError
from leadanalytics.identity.clusters import customer_ids, first_of_each, join
from leadanalytics.identity.flat import first_rows, flatten, to_arrow
from leadanalytics.identity.keys import RULES, match_keys
from leadanalytics.identity.ordering import moments, sorted_rows
from leadanalytics.schema import CUSTOMER_FIELDS, check

_NEEDED = ("record_id", "created_at", *CUSTOMER_FIELDS)

TEST_LEAD = "test lead"
NO_PERSON = "no person"
ALONE = "alone"
NO_KEY = "nothing to match on"
SAME_RECORD = "same record"

# The rules that link a lead, as the bits of a number less one: 0 is the first rule, 2 the first and the second.
_LINKED = [
    "; ".join(rule for place, rule in enumerate(RULES) if links >> place & 1) for links in range(1, 1 << len(RULES))
]
_LABELS = [*_LINKED, SAME_RECORD, ALONE, NO_KEY, TEST_LEAD, NO_PERSON]


def identify_customers(leads: pd.DataFrame) -> pd.DataFrame:
    """Return the leads with the customer each belongs to.

    From record_id, the seven customer fields, created_at, is_test and record_kind (all but the first may be absent)
    to customer_id and match_rule; rows, order and all other columns stay as they are.

    Two leads belong to one customer when they have the same e-mail address, phone and name, or name and company, or
    are joined by leads between them. Blanks, placeholders, role mailboxes and addresses that several different
    names share join nobody.

    Parameters
    ----------
    leads : DataFrame
        As made by `decode_leads`, or any frame with record_id and some of the customer fields.

    Returns
    -------
    DataFrame
        The leads and two columns: *customer_id*, missing for test leads and referrals without people, made from the
        record id of the customer's oldest lead, so neither row order nor later leads change it; *match_rule*
        (categorical), the rules that link the lead to another record of the customer, joined by "; ", else "same
        record" (only delivered again), "alone" (no match found), "nothing to match on", "test lead" or "no person".

    Raises
    ------
    FrameError
        When there is no column record_id or a record id is missing.

    Examples
    --------
    >>> leads = pd.DataFrame({
    ...     "record_id": ["r1", "r2", "r3"],
    ...     "first_name": ["Ana", "ANA", "Li"],
    ...     "last_name": ["Ruiz", "Ruiz", "Chen"],
    ...     "email": ["ana@example.com", "Ana+azure@example.com", None],
    ... })
    >>> identify_customers(leads)["match_rule"].tolist()
    ['e-mail', 'e-mail', 'nothing to match on']
    """
    check(leads, "leads", columns=["record_id"])
    missing = int(leads["record_id"].isna().sum())
    if missing:
        raise FrameError(
            "every lead needs a record_id",
            found=f"{missing} without",
            next_step="leads['record_id'] = leads.index.astype(str)",
        )
    nobody, nobody_rules = _nobody(leads)
    people = leads[[name for name in _NEEDED if name in leads.columns]]
    people = people[~nobody] if nobody.any() else people
    record = first_rows(flatten(to_arrow(people["record_id"])))
    keys = match_keys(people)
    places = np.full(len(leads), -1)
    places[~nobody] = np.arange(len(people))
    ids = _customer_ids(people, join([record, *keys.values()]))
    rules = np.where(nobody, nobody_rules, np.append(_rules(keys, record), 0)[places])
    return leads.assign(
        customer_id=pd.Series(ids.array.take(places, allow_fill=True), index=leads.index),
        match_rule=pd.Series(pd.Categorical.from_codes(rules, _LABELS), index=leads.index),
    )


def _nobody(leads: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return which leads are nobody's, and the place in `_LABELS` of what they are instead."""
    tests, referrals = np.zeros(len(leads), bool), np.zeros(len(leads), bool)
    if "is_test" in leads.columns:
        tests = leads["is_test"].to_numpy("bool")
    if "record_kind" in leads.columns:
        referrals = (leads["record_kind"] == "referral").to_numpy("bool")
    return tests | referrals, np.where(tests, _LABELS.index(TEST_LEAD), _LABELS.index(NO_PERSON))


def _customer_ids(leads: pd.DataFrame, clusters: np.ndarray) -> pd.Series:
    """Return the customer id of each lead, given the number of its cluster."""
    times = moments(leads["created_at"]) if "created_at" in leads.columns else np.zeros(len(leads), "int64")
    oldest = first_of_each(clusters, sorted_rows([times], leads["record_id"]))
    customers = np.empty(len(oldest), "int64")
    customers[clusters[oldest]] = np.arange(len(oldest))
    return customer_ids(leads["record_id"].iloc[oldest]).take(customers[clusters])


def _rules(keys: Mapping[str, np.ndarray], record: np.ndarray) -> np.ndarray:
    """Return the place in `_LABELS` of what links each lead to the others of its customer."""
    linking = [_links(key, record) << place for place, key in enumerate(keys.values())]
    usable = np.any([key >= 0 for key in keys.values()], axis=0)
    repeated = np.bincount(record, minlength=len(record))[record] > 1
    unlinked = np.select([repeated, usable], [_LABELS.index(SAME_RECORD), _LABELS.index(ALONE)], _LABELS.index(NO_KEY))
    links = np.bitwise_or.reduce(linking)
    return np.where(links > 0, links - 1, unlinked)


def _links(key: np.ndarray, record: np.ndarray) -> np.ndarray:
    """Return 1 for each lead whose key another record holds too, else 0."""
    differs = (key >= 0) & (record != record[key])
    linking = np.zeros(len(key), "int64")
    linking[key[differs]] = 1
    return np.where(key >= 0, linking[key], 0)
