"""Why some records are one customer, and others are not: the records, the links between them, the nearest miss."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from leadanalytics.errors import FrameError
from leadanalytics.identity.comparing import BITS, Compared, chance, compare, describe
from leadanalytics.identity.decisions import LINK
from leadanalytics.identity.edges import Edges, edges_of
from leadanalytics.identity.trees import path_between, strongest_tree
from leadanalytics.schema import CUSTOMER_FIELDS, TEXT, check

Rows = list[tuple[int, int]]

LINKED, TOLD, NOT_LINKED = "linked", "not by evidence", "not linked"
_SHOWN = ("record_id", "created_at", "stage", *CUSTOMER_FIELDS, "customer_id")
_TOLD_OF_A_RECORD = ("email", "phone", "company", "title", "country")
_FIRST = ("outcome", "record_id", "other_record_id", "other_customer_id", "bits")
_MORE_THAN_ANY_BITS = 1e6


@dataclass(frozen=True, eq=False, repr=False)
class Explanation:
    """Why records are one customer, or not; `print` it to read it.

    Attributes
    ----------
    verdict : str
        What is explained, without what anybody typed.
    confidence : float
        The probability that the weakest link between the records is right; 1 where nothing was linked by evidence.
    records : DataFrame
        The records in question, the oldest first: record_id, created_at, stage, the customer fields, customer_id.
    frame : DataFrame
        The reasons, the weakest first: *outcome* ("linked"; "not by evidence", joined because a user or another
        method said so; or "not linked", the nearest that was not merged), *record_id*, *other_record_id*,
        *other_customer_id*, *bits*, the bits of each field, *reason* and *kept_apart_by*.
    """

    verdict: str
    confidence: float
    records: pd.DataFrame
    frame: pd.DataFrame

    def __repr__(self) -> str:
        return f"<Explanation: {self.verdict}>"

    def __str__(self) -> str:
        linked = self.frame[self.frame["outcome"] != NOT_LINKED]
        apart = self.frame[self.frame["outcome"] == NOT_LINKED]
        lines = [self.verdict, *map(_record_line, self.records.to_dict("records"))]
        if len(linked):
            lines += [f"Joined by, the weakest first ({self.confidence:.2%} sure):"]
            lines += map(_reason_line, linked.to_dict("records"))
        if len(apart):
            lines += ["Nearest that was not merged:", *map(_reason_line, apart.to_dict("records"))]
        return "\n".join(lines)


def explain_customer(
    leads: pd.DataFrame, customer_id: str, *, threshold: float = 0.0, review: float = -2.0
) -> Explanation:
    """Return why the records of a customer are one person's, and who came nearest to being the same.

    Parameters
    ----------
    leads : DataFrame
        All leads with customer_id: how rare a value is shows in all of them only.
    customer_id : str
        One of them.
    threshold : float
        The bits from which two leads are one person's, as given to `identify_customers`.
    review : float
        The bits from which two leads are worth a look, likewise.

    Returns
    -------
    Explanation
        Its `frame` holds the strongest tree of reasons, as many links as join the records, the weakest first, and
        then the nearest customer that was not merged, with what keeps it apart.

    Raises
    ------
    FrameError
        When there is no such customer; the message names the most similar id.

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
    C-6e6e1d45d7d2f5ef: 2 records
      r1  Ana Ruiz  ana@example.com
    """
    check(leads, "leads with customer_id", columns=["record_id", "customer_id"])
    _find(customer_id, leads["customer_id"], "customer")
    compared = compare(leads, threshold=threshold, review=review)
    inside = (compared.people["customer_id"] == customer_id).to_numpy("bool")
    records = np.flatnonzero(inside & (compared.record == np.arange(len(inside))))
    edges = _edges_at(compared, inside)
    joined = _joined(compared, edges.take(inside[edges.one] & inside[edges.other]), records)
    nearest = _nearest(compared, edges.take(inside[edges.one] != inside[edges.other]), inside)
    verdict = f"{customer_id}: {len(records):,} record{'s' if len(records) != 1 else ''}"
    return _explain(compared, verdict, records, joined, nearest)


def explain_pair(
    leads: pd.DataFrame, record_id: str, other_record_id: str, *, threshold: float = 0.0, review: float = -2.0
) -> Explanation:
    """Return why two records are one customer's, or why they are not.

    Parameters
    ----------
    leads : DataFrame
        All leads with customer_id: how rare a value is shows in all of them only.
    record_id, other_record_id : str
        Two of them.
    threshold : float
        The bits from which two leads are one person's, as given to `identify_customers`.
    review : float
        The bits from which two leads are worth a look, likewise.

    Returns
    -------
    Explanation
        Its `frame` holds the two compared; where they are one customer's through records between them, the links of
        the strongest way from one to the other as well, the weakest first.

    Raises
    ------
    FrameError
        When there is no such record, it is nobody's (a test lead), or both are the same.

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
    check(leads, "leads with customer_id", columns=["record_id", "customer_id"])
    for asked in (record_id, other_record_id):
        _find(asked, leads["record_id"], "record")
        if leads.loc[leads["record_id"] == asked, "customer_id"].isna().all():
            raise FrameError("a test lead or a referral without a person belongs to no customer")
    if record_id == other_record_id:
        raise FrameError("a record is compared with another one", found="the same record twice")
    compared = compare(leads, threshold=threshold, review=review)
    asked = [np.flatnonzero(compared.people["record_id"] == name) for name in (record_id, other_record_id)]
    direct, links = _strongest_versions(compared, *asked)
    records = np.array([rows[0] for rows in asked])
    if compared.customer[records[0]] != compared.customer[records[1]]:
        return _explain(compared, "two customers", records, [], direct)
    verdict = f"one customer, {compared.people['customer_id'].iloc[records[0]]}"
    if links:
        return _explain(compared, verdict, records, direct, [])
    way = _way(compared, *records)
    return _explain(compared, verdict, records, *((way, direct) if way else (direct, [])))


def _find(name: str, names: pd.Series, what: str) -> None:
    """Raise FrameError with the most similar name unless a name is there."""
    if (names == name).any():
        return
    similar = process.extractOne(name, names.dropna().unique(), scorer=OSA.normalized_similarity, score_cutoff=0.6)
    raise FrameError(
        f"there is no {what} {name!r}",
        found=f"{names.nunique():,} {what}s",
        next_step=f"did you mean {similar[0]!r}?" if similar else None,
    )


def _edges_at(compared: Compared, rows: np.ndarray) -> Edges:
    """Return the edges of every pair that was compared and has a profile of some rows."""
    evidence = compared.matches.evidence
    chosen = np.zeros(len(compared.profiles), bool)
    chosen[compared.profiles.of[rows]] = True
    return edges_of(compared, np.flatnonzero(chosen[evidence.one] | chosen[evidence.other]))


def _joined(compared: Compared, edges: Edges, records: np.ndarray) -> Rows:
    """Return the pairs of rows that join the records of a customer: the strongest tree, links before others."""
    ends = compared.record[edges.one], compared.record[edges.other]
    tree = strongest_tree(*ends, _strength(compared, edges))
    place = np.searchsorted(records, np.stack(ends)[:, tree])
    graph = coo_array((np.ones(len(tree), "int8"), (place[0], place[1])), shape=(len(records), len(records)))
    parts = connected_components(graph, directed=False)[1]
    oldest = records[np.unique(parts, return_index=True)[1]]
    told = [(int(oldest[0]), int(row)) for row in oldest[1:]]
    return [*_rows(edges.take(tree)), *told]


def _nearest(compared: Compared, edges: Edges, inside: np.ndarray) -> Rows:
    """Return the strongest edge from a customer to another, the customer's own record first; none without one."""
    if not len(edges.one):
        return []
    ((one, other),) = _rows(edges.take(np.argmax(_strength(compared, edges), keepdims=True)))
    return [(one, other) if inside[one] else (other, one)]


def _way(compared: Compared, one: int, other: int) -> Rows:
    """Return the links that lead from one record to another of the same customer; none where no evidence does."""
    inside = compared.customer == compared.customer[one]
    edges = _edges_at(compared, inside)
    is_link = compared.matches.decision[edges.pair] == LINK
    edges = edges.take(inside[edges.one] & inside[edges.other] & is_link)
    ends = compared.record[edges.one], compared.record[edges.other]
    tree = strongest_tree(*ends, _strength(compared, edges))
    way = path_between(*(side[tree] for side in ends), compared.record[one], compared.record[other])
    return _rows(edges.take(tree[way]))


def _strength(compared: Compared, edges: Edges) -> np.ndarray:
    """Return by what edges are ranked: what becomes of them, then their bits."""
    return compared.matches.decision[edges.pair] * _MORE_THAN_ANY_BITS + compared.matches.evidence.total[edges.pair]


def _strongest_versions(compared: Compared, one: np.ndarray, other: np.ndarray) -> tuple[Rows, bool]:
    """Return the rows of two records that speak most for one another, and whether they are a link.

    A record that was delivered several times may say something else each time.
    """
    left, right = np.repeat(one, len(other)), np.tile(other, len(one))
    described = describe(compared, left, right)
    best = described.sort_values(["decision", "bits"], kind="stable").index[-1]
    return [(int(left[best]), int(right[best]))], bool(described.loc[best, "decision"] == LINK)


def _rows(edges: Edges) -> Rows:
    return list(zip(edges.one.tolist(), edges.other.tolist(), strict=True))


def _explain(compared: Compared, verdict: str, records: np.ndarray, joined: Rows, apart: Rows) -> Explanation:
    one, other = np.array([*joined, *apart], "int64").reshape(-1, 2).T
    frame = describe(compared, one, other)
    is_joined = np.arange(len(frame)) < len(joined)
    is_link = is_joined & (frame["decision"] == LINK).to_numpy()
    outcome = pd.Categorical.from_codes(np.select([is_link, is_joined], [0, 1], 2), [LINKED, TOLD, NOT_LINKED])
    frame.insert(0, "outcome", outcome)
    frame.insert(3, "other_customer_id", compared.people["customer_id"].astype(TEXT).array.take(other))
    weakest = frame.loc[is_link, "bits"].min()
    order = np.lexsort([frame["bits"], ~is_joined])
    frame = frame.iloc[order].reset_index(drop=True)
    return Explanation(
        verdict=verdict,
        confidence=1.0 if np.isnan(weakest) else float(chance(weakest)),
        records=compared.people.iloc[records].reindex(columns=list(_SHOWN)).reset_index(drop=True),
        frame=frame[[*_FIRST, *BITS, "reason", "kept_apart_by"]],
    )


def _record_line(record: dict[str, object]) -> str:
    time = "" if pd.isna(record["created_at"]) else f"{record['created_at']:%Y-%m-%d}"
    told = [record["first_name"], record["last_name"], *(record[name] for name in _TOLD_OF_A_RECORD)]
    name = " ".join(_clean(part) for part in told[:2] if not pd.isna(part))
    parts = [_clean(record["record_id"]), time, name, *(_clean(part) for part in told[2:] if not pd.isna(part))]
    return "  " + "  ".join(filter(None, parts))


def _reason_line(link: dict[str, object]) -> str:
    ends = f"{_clean(link['record_id'])} and {_clean(link['other_record_id'])}"
    why = f" ({link['kept_apart_by']})" if link["kept_apart_by"] else ""
    told = "not by evidence: " if link["outcome"] == TOLD else ""
    return f"  {link['bits']:+.1f} bits  {told}{link['reason']}{why}  [{ends}]"


def _clean(text: object) -> str:
    """Return text of strangers on one line, without control characters."""
    return "".join(character if character.isprintable() else " " for character in str(text))
