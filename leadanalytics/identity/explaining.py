"""Why some records are one customer, and others are not: the records, the links between them, the nearest miss."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from leadanalytics.errors import FrameError
from leadanalytics.identity.comparing import Compared, compare
from leadanalytics.identity.decisions import LINK
from leadanalytics.identity.edges import edges_of
from leadanalytics.identity.explanations import Explanation, Rows, describe_as_ruled, explain
from leadanalytics.identity.flat import first_rows_of_pairs
from leadanalytics.identity.rules import rules_that_made
from leadanalytics.identity.trees import path_between, strongest_tree
from leadanalytics.schema import check

# Ties are ranked by what becomes of them, then by their bits: links before what the user said, then all others.
_MORE_THAN_ANY_BITS = 1e6
_LINKED, _TOLD = LINK * _MORE_THAN_ANY_BITS, (LINK - 0.5) * _MORE_THAN_ANY_BITS
_LEAST_SIMILAR = 0.6


class _Ties(NamedTuple):
    """Pairs of rows that something holds together, and how strongly."""

    one: np.ndarray
    other: np.ndarray
    strength: np.ndarray

    def take(self, chosen: np.ndarray) -> _Ties:
        return _Ties(*(part[chosen] for part in self))


def explain_customer(
    leads: pd.DataFrame, customer_id: str, rules: Mapping[str, Any] | None = None, **changes: Any
) -> Explanation:
    """Return why the records of a customer are one person's, and who came nearest to being the same.

    Parameters
    ----------
    leads : DataFrame
        All leads with customer_id: how rare a value is shows in all of them only.
    customer_id : str
        One of them.
    rules : MatchRules or mapping, optional
        What made the customers; by default those in `leads.attrs["match_rules"]`, where `identify_customers` leaves
        them.
    **changes
        Choices of `MatchRules` and their values, such as threshold.

    Returns
    -------
    Explanation
        Its `frame` holds the strongest tree of reasons, as many links as join the records, the weakest first, and
        then the nearest customer that was not merged, with what keeps it apart.

    Raises
    ------
    FrameError
        When there is no such customer (the message names the most similar id), or the leads have lost their attrs and
        no rules are given.

    Examples
    --------
    >>> import leadanalytics as la
    >>> leads = pd.DataFrame({
    ...     "record_id": ["r1", "r2", "r3"],
    ...     "first_name": ["Ana", "ANA", "Ana"],
    ...     "last_name": ["Ruiz", "Ruiz", "Ruiz"],
    ...     "email": ["ana@example.com", "Ana+azure@example.com", None],
    ... })
    >>> leads = la.identify_customers(leads)
    >>> print(explain_customer(leads, leads["customer_id"][0]))
    C-caa9b88643b8ab18: 2 records
      r1  Ana Ruiz  ana@example.com
      r2  ANA Ruiz  Ana+azure@example.com
    Joined by, the weakest first (99.98% sure):
      +12.5 bits  same e-mail; same full name; same company  [r1 and r2]
    Nearest that was not merged:
      -3.5 bits  same full name; no e-mail, phone or company in common (nothing but a name in common)  [r1 and r3]
    """
    check(leads, "leads with customer_id", columns=["record_id", "customer_id"])
    _find(customer_id, leads["customer_id"], "customer")
    compared = compare(leads, rules_that_made(leads, rules, changes))
    inside = (compared.people["customer_id"] == customer_id).to_numpy("bool")
    records = np.flatnonzero(inside & (compared.record == np.arange(len(inside))))
    ties = _ties_at(compared, inside)
    joined = _joined(compared, ties.take(inside[ties.one] & inside[ties.other]), records)
    nearest = _nearest(ties.take(inside[ties.one] != inside[ties.other]), inside)
    verdict = f"{customer_id}: {len(records):,} record{'s' if len(records) != 1 else ''}"
    return explain(compared, verdict, records=records, joined=joined, apart=nearest)


def explain_pair(
    leads: pd.DataFrame,
    record_id: str,
    other_record_id: str,
    rules: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Explanation:
    """Return why two records are one customer's, or why they are not.

    Parameters
    ----------
    leads : DataFrame
        All leads with customer_id: how rare a value is shows in all of them only.
    record_id, other_record_id : str
        Two of them.
    rules : MatchRules or mapping, optional
        What made the customers; by default those in `leads.attrs["match_rules"]`, where `identify_customers` leaves
        them.
    **changes
        Choices of `MatchRules` and their values, such as threshold.

    Returns
    -------
    Explanation
        Its `frame` holds the two compared; where they are one customer's through records between them, the links of
        the strongest way from one to the other as well, the weakest first.

    Raises
    ------
    FrameError
        When there is no such record, it is nobody's (a test lead), both are the same, or the leads have lost their
        attrs and no rules are given.

    Examples
    --------
    >>> import leadanalytics as la
    >>> leads = pd.DataFrame({
    ...     "record_id": ["r1", "r2"],
    ...     "first_name": ["Ana", "Ana"],
    ...     "last_name": ["Ruiz", "Ruiz"],
    ...     "country": ["ES", "ES"],
    ... }).pipe(la.identify_customers)
    >>> explain_pair(leads, "r1", "r2").frame["kept_apart_by"].tolist()
    ['nothing but a name in common']
    """
    for asked in (record_id, other_record_id):
        customer_of(leads, asked)
    if record_id == other_record_id:
        raise FrameError("a record is compared with another one", found="the same record twice")
    compared = compare(leads, rules_that_made(leads, rules, changes))
    rows = [np.flatnonzero(compared.people["record_id"] == name) for name in (record_id, other_record_id)]
    one, other = (int(each[0]) for each in rows)
    direct, is_link = _strongest_versions(compared, *rows)
    records = np.sort([one, other])
    if compared.customer[one] != compared.customer[other]:
        return explain(compared, "two customers", records=records, joined=[], apart=direct)
    verdict = f"one customer, {compared.people['customer_id'].iloc[one]}"
    way = [] if is_link else _way(compared, one, other)
    joined, apart = (way, direct) if len(way) > 1 else (direct, [])
    return explain(compared, verdict, records=records, joined=joined, apart=apart)


def customer_of(leads: pd.DataFrame, record_id: str) -> str:
    """Return the customer id of a record.

    Parameters
    ----------
    leads : DataFrame
        Leads with customer_id.
    record_id : str
        One of them.

    Raises
    ------
    FrameError
        When there is no such record, or it is nobody's.
    """
    check(leads, "leads with customer_id", columns=["record_id", "customer_id"])
    _find(record_id, leads["record_id"], "record")
    customers = leads.loc[leads["record_id"] == record_id, "customer_id"].dropna()
    if customers.empty:
        raise FrameError("a test lead or a referral without a person belongs to no customer")
    return str(customers.iloc[0])


def _find(name: str, names: pd.Series, what: str) -> None:
    """Raise FrameError with the most similar name unless a name is there."""
    if (names == name).any():
        return
    similar = process.extractOne(
        name, names.dropna().unique(), scorer=OSA.normalized_similarity, score_cutoff=_LEAST_SIMILAR
    )
    raise FrameError(
        f"there is no {what} {name!r}",
        found=f"{len(names):,} {what}{'s' if len(names) != 1 else ''}",
        next_step=f"did you mean {similar[0]!r}?" if similar else None,
    )


def _ties_at(compared: Compared, rows: np.ndarray) -> _Ties:
    """Return what ties some rows to others: every pair that was compared, keys where they decided, the user's word."""
    evidence = compared.matches.evidence
    chosen = np.zeros(len(compared.profiles), bool)
    chosen[compared.profiles.of[rows]] = True
    edges = edges_of(compared, np.flatnonzero(chosen[evidence.one] | chosen[evidence.other]))
    by_keys = compared.rules.method == "keys"
    rank = 0 if by_keys else compared.matches.decision[edges.pair] * _MORE_THAN_ANY_BITS
    one, other = np.sort(compared.rows_of(compared.rules.same), axis=1).T
    ties = [
        _Ties(edges.one, edges.other, rank + evidence.total[edges.pair]),
        _Ties(one, other, np.full(len(one), _TOLD)),
        *(_key_ties(compared) if by_keys else ()),
    ]
    found = _Ties(*map(np.concatenate, zip(*ties, strict=True)))
    found = found.take(rows[found.one] | rows[found.other])
    # Of several ties between two records the strongest counts.
    found = found.take(np.argsort(-found.strength, kind="stable"))
    pairs = np.sort(np.stack([compared.record[found.one], compared.record[found.other]]), axis=0)
    is_first = first_rows_of_pairs(*pairs) == np.arange(len(found.one))
    return found.take(is_first & (pairs[0] != pairs[1]))


def _key_ties(compared: Compared) -> list[_Ties]:
    """Return the ties of each row to the first with the same key, and to the first of its own customer."""
    rows, ties = np.arange(len(compared.customer)), []
    for rank, key in enumerate(compared.keys):
        for first in (key, first_rows_of_pairs(key, compared.customer)):
            tied = np.flatnonzero((first >= 0) & (first != rows))
            ties.append(_Ties(first[tied], tied, np.full(len(tied), _LINKED - rank)))
    return ties


def _joined(compared: Compared, ties: _Ties, records: np.ndarray) -> Rows:
    """Return the pairs of rows that join the records of a customer: the strongest tree, links before others."""
    ends = compared.record[ties.one], compared.record[ties.other]
    tree = strongest_tree(*ends, ties.strength)
    place = np.searchsorted(records, np.stack(ends)[:, tree])
    graph = coo_array((np.ones(len(tree), "int8"), (place[0], place[1])), shape=(len(records), len(records)))
    parts = connected_components(graph, directed=False)[1]
    oldest = records[np.unique(parts, return_index=True)[1]]
    untied = [(int(oldest[0]), int(row)) for row in oldest[1:]]
    return [*_rows(ties.take(tree)), *untied]


def _nearest(ties: _Ties, inside: np.ndarray) -> Rows:
    """Return the strongest tie from a customer to another, the customer's own record first; none without one."""
    if not len(ties.one):
        return []
    ((one, other),) = _rows(ties.take(np.argmax(ties.strength, keepdims=True)))
    return [(one, other) if inside[one] else (other, one)]


def _way(compared: Compared, one: int, other: int) -> Rows:
    """Return the links that lead from one record to another of the same customer; none where no rule does."""
    inside = compared.customer == compared.customer[one]
    ties = _ties_at(compared, inside)
    ties = ties.take(inside[ties.one] & inside[ties.other] & (ties.strength >= _TOLD))
    ends = compared.record[ties.one], compared.record[ties.other]
    tree = strongest_tree(*ends, ties.strength)
    left, right = (side[tree] for side in ends)
    way = path_between(left, right, int(compared.record[one]), int(compared.record[other]))
    return _rows(ties.take(tree[way]))


def _strongest_versions(compared: Compared, one: np.ndarray, other: np.ndarray) -> tuple[Rows, bool]:
    """Return the rows of two records that speak most for one another, and whether they are a link.

    A record that was delivered several times may say something else each time.
    """
    left, right = np.repeat(one, len(other)), np.tile(other, len(one))
    described = describe_as_ruled(compared, left, right)
    best = described.sort_values(["decision", "bits"], kind="stable").index[-1]
    return [(int(left[best]), int(right[best]))], bool(described.loc[best, "decision"] == LINK)


def _rows(ties: _Ties) -> Rows:
    return list(zip(ties.one.tolist(), ties.other.tolist(), strict=True))
