"""The records that the evidence connects: an edge between two records for a pair of profiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from leadanalytics.identity.comparing import BITS, Compared, compare, describe
from leadanalytics.identity.flat import first_rows_of_pairs
from leadanalytics.identity.rules import rules_of


class Edges(NamedTuple):
    """Pairs of records.

    Attributes
    ----------
    one, other : array of int
        Rows of the people; `one` is the older.
    pair : array of int
        The place of each edge's pair of profiles in the evidence.
    """

    one: np.ndarray
    other: np.ndarray
    pair: np.ndarray

    def take(self, chosen: np.ndarray) -> Edges:
        """Return some of the edges."""
        return Edges(*(part[chosen] for part in self))


def matches(leads: pd.DataFrame, rules: Mapping[str, Any] | None = None, **changes: Any) -> pd.DataFrame:
    """Return the evidence that links the records of each customer, one row per link.

    Links lie within customers: those of `customer_id` where the leads have this column, else those that
    `identify_customers` makes of them; they are weighed even where keys joined them. Every record that evidence joined
    to another is in at least one link; records that say the same are each linked to the oldest of them, which stands
    for them all.

    Parameters
    ----------
    leads : DataFrame
        Leads with record_id and some of the customer fields, with or without customer_id.
    rules : MatchRules or mapping, optional
        What makes leads one customer's; by default those in `leads.attrs["match_rules"]`, else `MatchRules()`.
    **changes
        Choices of `MatchRules` and their values, such as threshold.

    Returns
    -------
    DataFrame
        *record_id* (the older lead), *other_record_id*, *bits* (the sum), the bits of *email*, *phone*, *name*,
        *company*, *title*, *country*, *prior* and *caution*, and the *reason* in words; in the order of the leads'
        times. A bit doubles the odds that the two are one person's; docs/matching.md tells where the bits come from.

    Raises
    ------
    FrameError
        When there is no column record_id.

    Examples
    --------
    >>> leads = pd.DataFrame({
    ...     "record_id": ["r1", "r2", "r3"],
    ...     "first_name": ["Ana", "ANA", "Li"],
    ...     "last_name": ["Ruiz", "Ruiz", "Chen"],
    ...     "email": ["ana@example.com", "Ana+azure@example.com", None],
    ... })
    >>> matches(leads)[["record_id", "other_record_id", "reason"]].to_numpy().tolist()
    [['r1', 'r2', 'same e-mail; same full name; same company']]
    """
    compared = compare(leads, rules_of(leads, rules, changes))
    edges = edges_of(compared, compared.matches.links)
    edges = edges.take(compared.customer[edges.one] == compared.customer[edges.other])
    frame = describe(compared, edges.one, edges.other)
    return frame[["record_id", "other_record_id", "bits", *BITS, "reason"]]


def edges_of(compared: Compared, pairs: np.ndarray) -> Edges:
    """Return the edges between records that some pairs of profiles make, each edge once, in the order of the leads.

    A profile of several records is represented by the oldest of them, which the others are tied to by the pair of the
    profile with itself. Where that pair is no link, or a user parted the records, each of them stands for itself.
    """
    of, evidence = compared.profiles.of, compared.matches.evidence
    one, other = evidence.one[pairs], evidence.other[pairs]
    oldest = np.unique(of, return_index=True)[1]
    followers = _find_followers(compared, oldest)
    stands_alone = ~_are_whole(compared)
    itself = one == other
    parts = [
        Edges(oldest[one[~itself]], oldest[other[~itself]], pairs[~itself]),
        followers.tied(one[itself], pairs[itself]),
    ]
    for left, right in ((one, other), (other, one)):
        spread = ~itself & stands_alone[right]
        parts.append(followers.tied(right[spread], pairs[spread], to=oldest[left[spread]]))
    return _each_once(compared, Edges(*map(np.concatenate, zip(*parts, strict=True))))


class _Followers(NamedTuple):
    """The records of each profile but the oldest: a run of rows for each profile, and whom each row follows."""

    rows: np.ndarray
    begins: np.ndarray
    counts: np.ndarray
    leader: np.ndarray

    def tied(self, profiles: np.ndarray, pairs: np.ndarray, *, to: np.ndarray | None = None) -> Edges:
        """Return an edge from each follower of some profiles to its leader, or to a row given for each profile."""
        counts = self.counts[profiles]
        shift = self.begins[profiles] - (np.cumsum(counts) - counts)
        rows = self.rows[np.arange(counts.sum()) + np.repeat(shift, counts)]
        return Edges(self.leader[rows] if to is None else np.repeat(to, counts), rows, np.repeat(pairs, counts))


def _find_followers(compared: Compared, oldest: np.ndarray) -> _Followers:
    of = compared.profiles.of
    places = np.arange(len(of))
    rows = np.flatnonzero((first_rows_of_pairs(of, compared.record) == places) & (oldest[of] != places))
    counts = np.bincount(of[rows], minlength=len(oldest))
    # Records that a user parted follow the oldest of their own customer, and this one follows that of the profile.
    of_customer = first_rows_of_pairs(of, compared.customer)
    leader = np.where(of_customer == places, oldest[of], of_customer)
    return _Followers(rows[np.argsort(of[rows], kind="stable")], np.cumsum(counts) - counts, counts, leader)


def _are_whole(compared: Compared) -> np.ndarray:
    """Return which profiles have their records linked among themselves, in one customer."""
    of, links, evidence = compared.profiles.of, compared.matches.links, compared.matches.evidence
    one, other = evidence.one[links], evidence.other[links]
    linked, parted = np.zeros((2, len(compared.profiles)), bool)
    linked[one[one == other]] = True
    some_customer = np.empty(len(compared.profiles), "int64")
    some_customer[of] = compared.customer
    parted[of[compared.customer != some_customer[of]]] = True
    return linked & ~parted


def _each_once(compared: Compared, edges: Edges) -> Edges:
    """Return edges between different records, the older one first; of several between two records the strongest."""
    older, newer = np.minimum(edges.one, edges.other), np.maximum(edges.one, edges.other)
    records = np.sort(np.stack([compared.record[older], compared.record[newer]]), axis=0)
    bits = compared.matches.evidence.total[edges.pair]
    order = np.lexsort([newer, older, -bits, records[1], records[0]])
    is_new = (np.diff(records[:, order], axis=1, prepend=-1) != 0).any(axis=0)
    chosen = order[is_new & (records[0] != records[1])[order]]
    return Edges(older, newer, edges.pair).take(chosen)
