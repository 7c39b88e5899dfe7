"""What a person should look at: pairs near the line between one customer and two, the most valuable first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from leadanalytics.identity.comparing import Compared, chance, compare, describe
from leadanalytics.identity.decisions import APART, NO_RULE, rules_against
from leadanalytics.identity.edges import Edges, edges_of
from leadanalytics.identity.flat import first_rows_of_pairs
from leadanalytics.identity.rules import MatchRules, rules_of
from leadanalytics.identity.weak_links import doubtful_links
from leadanalytics.schema import CUSTOMER_FIELDS, TEXT

ONE, TWO = "one customer?", "two customers?"

# However many bits there are, a pair that a rule keeps apart is one person's with even odds at best.
_MOST_DESPITE_A_RULE = 0.5


def review_matches(
    leads: pd.DataFrame, rules: Mapping[str, Any] | None = None, *, most: int | None = None, **changes: Any
) -> pd.DataFrame:
    """Return the pairs of leads that a person should look at, the most valuable first, both people side by side.

    Asked is of two customers whether they are one: the evidence comes near the threshold, or passes it where a rule
    keeps them apart. And of one customer whether it is two: it holds together by a link that is only just above the
    threshold, has more addresses or names than one person has, or holds two leads whose whole names contradict. There
    is one pair for each two customers, the one with the most bits, and one for each customer, its weakest link.

    What an answer is worth (`value`) is the chance that it is yes, times the records that would then move (those of
    the smaller customer, or part), times two where two customers are of different stages, since a funnel changes then.

    Parameters
    ----------
    leads : DataFrame
        Leads with record_id and some of the customer fields, with or without customer_id.
    rules : MatchRules or mapping, optional
        What makes leads one customer's; by default those in `leads.attrs["match_rules"]`, else `MatchRules()`. What
        `same` and `different` answer is not asked again.
    most : int, optional
        How many pairs to return; all by default.
    **changes
        Choices of `MatchRules` and their values, such as review.

    Returns
    -------
    DataFrame
        *question* ("one customer?" or "two customers?"), *value*, *chance*, *bits* and *records_moved*; then of both
        sides *record_id*, *customer_id*, *name*, *email*, *phone*, *country*, *company* and *title*, those of the
        second with `other_` before; *speaks_for*, *speaks_against* and *asked_because* in words. Answer by giving the
        record ids to `identify_customers` in `same` or `different`.

    Raises
    ------
    FrameError
        When there is no column record_id.

    Examples
    --------
    >>> leads = pd.DataFrame({
    ...     "record_id": ["r1", "r2"],
    ...     "first_name": ["Ana", "Ana"],
    ...     "last_name": ["Ruiz", "Ruiz"],
    ...     "country": ["ES", "ES"],
    ... })
    >>> review_matches(leads)[["question", "speaks_for", "asked_because"]].to_numpy().tolist()
    [['one customer?', 'same full name; same country', 'nothing but a name in common']]
    """
    rules = rules_of(leads, rules, changes)
    compared = compare(leads, rules)
    doubts = pd.concat([_to_join(compared), _to_part(compared)], ignore_index=True)
    doubts = doubts[~_are_settled(compared, doubts, rules)]
    order = ["value", "bits", "record_id", "other_record_id"]
    return doubts.sort_values(order, ascending=[False, False, True, True], ignore_index=True).head(most)


def _to_join(compared: Compared) -> pd.DataFrame:
    """Return one pair for each two customers that the evidence brings near each other."""
    matches = compared.matches
    edges = edges_of(compared, np.flatnonzero(matches.decision != APART))
    sides = np.sort(np.stack([compared.customer[edges.one], compared.customer[edges.other]]), axis=0)
    strongest = np.argsort(-matches.evidence.total[edges.pair], kind="stable")
    strongest = strongest[(sides[0] != sides[1])[strongest]]
    pair = first_rows_of_pairs(*sides[:, strongest])
    edges = edges.take(strongest[pair == np.arange(len(pair))])
    has_rule = rules_against(matches.evidence)[edges.pair] != NO_RULE
    likely = chance(matches.evidence.total[edges.pair])
    likely = np.where(has_rule, np.minimum(likely, _MOST_DESPITE_A_RULE), likely)
    moved = np.minimum(*(_count_records(compared)[compared.customer[side]] for side in (edges.one, edges.other)))
    return _side_by_side(compared, edges, ONE, likely, moved)


def _to_part(compared: Compared) -> pd.DataFrame:
    """Return the weakest link of each customer that may be two people."""
    edges, because, moved = doubtful_links(compared)
    likely = 1 - chance(compared.matches.evidence.total[edges.pair])
    return _side_by_side(compared, edges, TWO, likely, moved).assign(asked_because=pd.array(because, dtype=TEXT))


def _side_by_side(
    compared: Compared, edges: Edges, question: str, likely: np.ndarray, moved: np.ndarray
) -> pd.DataFrame:
    described = describe(compared, edges.one, edges.other)
    people = [_persons(compared.people.iloc[rows]) for rows in (edges.one, edges.other)]
    both = pd.concat([people[0], people[1].add_prefix("other_")], axis=1)
    stages = _stages(compared)
    changes = stages[compared.customer[edges.one]] != stages[compared.customer[edges.other]]
    front = pd.DataFrame(
        {
            "question": pd.array([question] * len(both), dtype=TEXT),
            "value": likely * moved * np.where(changes, 2, 1),
            "chance": likely,
            "bits": described["bits"],
            "records_moved": moved,
        }
    )
    back = described[["speaks_for", "speaks_against", "kept_apart_by"]]
    return pd.concat([front, both, back.rename(columns={"kept_apart_by": "asked_because"})], axis=1)


def _persons(leads: pd.DataFrame) -> pd.DataFrame:
    """Return who left leads, in the columns that a person compares."""
    leads = leads.reset_index(drop=True).reindex(columns=["record_id", "customer_id", *CUSTOMER_FIELDS])
    leads = leads.astype(TEXT)
    names = leads["first_name"].fillna("") + " " + leads["last_name"].fillna("")
    leads.insert(2, "name", names.str.strip())
    return leads.drop(columns=["first_name", "last_name"])


def _count_records(compared: Compared) -> np.ndarray:
    """Return how many records each customer left."""
    is_first = compared.record == np.arange(len(compared.record))
    return np.bincount(compared.customer[is_first], minlength=compared.customer.max(initial=-1) + 1)


def _stages(compared: Compared) -> np.ndarray:
    """Return the stages that each customer reached, as the bits of a number."""
    result = np.zeros(compared.customer.max(initial=-1) + 1, "int64")
    if "stage" in compared.people.columns:
        codes, _ = pd.factorize(compared.people["stage"])
        np.bitwise_or.at(result, compared.customer[codes >= 0], 1 << codes[codes >= 0].astype("int64"))
    return result


def _are_settled(compared: Compared, doubts: pd.DataFrame, rules: MatchRules) -> np.ndarray:
    """Return which questions were answered: of one pair that it is one person, of two customers that they are two."""
    customer = dict(zip(compared.people["record_id"], compared.people["customer_id"], strict=True))
    joined = {frozenset(pair) for pair in rules.same}
    parted = {frozenset(map(customer.get, pair)) for pair in rules.different}
    records = zip(doubts["record_id"], doubts["other_record_id"], strict=True)
    customers = zip(doubts["customer_id"], doubts["other_customer_id"], strict=True)
    answered = [
        frozenset(pair) in joined or frozenset(sides) in parted for pair, sides in zip(records, customers, strict=True)
    ]
    return np.array(answered, bool)
