"""Leads beside their customers and the evidence, and pairs of them as rows of a frame, in numbers and in words."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import pandas as pd

from leadanalytics.identity.candidates import share_a_key
from leadanalytics.identity.decisions import APART, LINK, decide
from leadanalytics.identity.evidence import Population, measure_population, weigh
from leadanalytics.identity.flat import first_rows, flatten, to_arrow
from leadanalytics.identity.grouping import limit_sizes, pair_rows
from leadanalytics.identity.identifying import identify_customers
from leadanalytics.identity.keys import match_keys
from leadanalytics.identity.matching import Matches, match_profiles
from leadanalytics.identity.ordering import moments, sorted_rows
from leadanalytics.identity.profiles import Profiles, read_profiles
from leadanalytics.identity.reasons import (
    KEY_TOO_COMMON,
    NO_KEY_AGREES,
    NO_KEY_SHARED,
    NOT_THESE_RULES,
    YOU_PARTED,
    Reasons,
    apart_because,
    key_reasons,
    reasons,
    too_large_because,
)
from leadanalytics.identity.rules import MatchRules, Pairs
from leadanalytics.schema import TEXT, check

BITS = ("email", "phone", "name", "company", "title", "country", "prior", "caution")


@dataclass(frozen=True)
class Compared:
    """Leads of people with their customers, and what the evidence says of them.

    Attributes
    ----------
    people : DataFrame
        The leads that have a customer, the oldest first.
    record : array of int
        The first row of each lead's record.
    customer : array of int
        The number of each lead's customer.
    profiles : Profiles
        Of the people.
    population : Population
        Of the profiles.
    rules : MatchRules
        What made the customers.
    """

    people: pd.DataFrame
    record: np.ndarray
    customer: np.ndarray
    profiles: Profiles
    population: Population
    rules: MatchRules

    @functools.cached_property
    def matches(self) -> Matches:
        """All pairs that share a key, weighed when they are first asked for: one pair needs none of them."""
        return match_profiles(
            self.profiles,
            self.population,
            self.people["record_id"],
            threshold=self.rules.threshold,
            review=self.rules.review,
        )

    @functools.cached_property
    def keys(self) -> np.ndarray:
        """The keys of each row of the people, one row per key, see `match_keys`."""
        return np.stack(list(match_keys(self.people).values()))

    @functools.cached_property
    def needed(self) -> np.ndarray:
        """The bits that each link needs since its customer would be too large without, see `limit_sizes`."""
        return limit_sizes(self.matches)[1]

    def rows_of(self, pairs: Pairs) -> np.ndarray:
        """Return the first rows of pairs of records; pairs of records that are not there are left out."""
        rows = pair_rows(pairs, self.people["record_id"])
        return rows[(rows >= 0).all(axis=1)]


def compare(leads: pd.DataFrame, rules: MatchRules) -> Compared:
    """Return leads to compare; their customers are those of customer_id, else those that the rules make.

    Rarity is that of all the leads given, so a part of a list tells another story than the whole.
    """
    check(leads, "leads", columns=["record_id"])
    if "customer_id" not in leads.columns:
        leads = identify_customers(leads, rules)
    people = leads[leads["customer_id"].notna()]
    times = moments(people["created_at"]) if "created_at" in people.columns else np.zeros(len(people), "int64")
    people = people.iloc[sorted_rows([times], people["record_id"])].reset_index(drop=True)
    profiles = read_profiles(people)
    return Compared(
        people=people,
        record=first_rows(flatten(to_arrow(people["record_id"]))),
        customer=pd.factorize(people["customer_id"])[0],
        profiles=profiles,
        population=measure_population(profiles),
        rules=rules,
    )


def describe(compared: Compared, one: np.ndarray, other: np.ndarray) -> pd.DataFrame:
    """Return pairs of rows of the people: record ids, bits, reasons, what becomes of them and what keeps them apart."""
    of = compared.profiles.of
    evidence = weigh(compared.profiles, compared.population, of[one], of[other])
    decision = decide(evidence, threshold=compared.rules.threshold, review=compared.rules.review)
    because = apart_because(evidence, decision, compared.rules.threshold)
    bits = {"bits": evidence.total, **{name: evidence.bits[name] for name in BITS}}
    return _described(compared, one, other, bits, reasons(evidence), decision, because)


def describe_keys(compared: Compared, one: np.ndarray, other: np.ndarray) -> pd.DataFrame:
    """Return the same by keys: without bits, since they decided nothing."""
    told = key_reasons(compared.keys[:, one], compared.keys[:, other])
    decision = np.where(told.speaks_for != "", LINK, APART)
    because = np.where(decision == LINK, "", NO_KEY_AGREES).astype(object)
    bits = dict.fromkeys(("bits", *BITS), np.full(len(one), np.nan))
    return _described(compared, one, other, bits, told, decision, because)


def _described(
    compared: Compared,
    one: np.ndarray,
    other: np.ndarray,
    bits: dict[str, np.ndarray],
    told: Reasons,
    decision: np.ndarray,
    because: np.ndarray,
) -> pd.DataFrame:
    record_ids = compared.people["record_id"].astype(TEXT)
    return pd.DataFrame(
        {
            "record_id": record_ids.array.take(one),
            "other_record_id": record_ids.array.take(other),
            **bits,
            "reason": pd.array(told.all, dtype=TEXT),
            "speaks_for": pd.array(told.speaks_for, dtype=TEXT),
            "speaks_against": pd.array(told.speaks_against, dtype=TEXT),
            "decision": decision,
            "kept_apart_by": pd.array(_kept_apart_by(compared, one, other, decision, because), dtype=TEXT),
        }
    )


def _kept_apart_by(
    compared: Compared, one: np.ndarray, other: np.ndarray, decision: np.ndarray, because: np.ndarray
) -> np.ndarray:
    """Return what keeps pairs apart: what the user said, else what speaks against a link, else why it was cut."""
    because = because.copy()
    is_apart = compared.customer[one] != compared.customer[other]
    cut = np.flatnonzero(is_apart & (decision == LINK))
    if len(cut):
        because[cut] = _cut_because(compared, one[cut], other[cut])
    parted = {frozenset(pair) for pair in compared.record[compared.rows_of(compared.rules.different)].tolist()}
    pairs = np.stack([compared.record[one], compared.record[other]], axis=1).tolist() if parted else []
    because[[place for place, pair in enumerate(pairs) if is_apart[place] and frozenset(pair) in parted]] = YOU_PARTED
    return because


def _cut_because(compared: Compared, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return why links between two customers were not followed."""
    if compared.rules.method == "keys":
        agrees = key_reasons(compared.keys[:, one], compared.keys[:, other]).speaks_for != ""
        return np.where(agrees, NOT_THESE_RULES, NO_KEY_AGREES)
    ends = compared.profiles.of[one], compared.profiles.of[other]
    place = _places(compared.matches, *ends)
    needed = np.append(compared.needed, -np.inf)[place]
    uncompared = np.where(share_a_key(compared.profiles, *ends), KEY_TOO_COMMON, NO_KEY_SHARED)
    record_ids, customer = compared.people["record_id"].to_numpy(), compared.customer
    parted = {frozenset(customer[rows].tolist()): rows for rows in compared.rows_of(compared.rules.different)}
    sides = (frozenset(pair) for pair in zip(customer[one].tolist(), customer[other].tolist(), strict=True))
    because = []
    for number, customers in enumerate(sides):
        if place[number] < 0:
            because.append(uncompared[number])
        elif needed[number] > -np.inf:
            because.append(too_large_because(needed[number]))
        elif customers in parted:
            because.append("you said that {} and {} are two people".format(*record_ids[parted[customers]]))
        else:
            because.append(NOT_THESE_RULES)
    return np.array(because, object)


def _places(matches: Matches, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the place of pairs of profiles in the evidence, -1 for a pair that was not compared."""
    size = len(matches.profiles)
    compared = np.minimum(matches.evidence.one, matches.evidence.other) * size
    compared += np.maximum(matches.evidence.one, matches.evidence.other)
    return pd.Index(compared).get_indexer(np.minimum(one, other) * size + np.maximum(one, other))


def chance(bits: np.ndarray) -> np.ndarray:
    """Return the probability that two leads are one person's.

    Examples
    --------
    >>> chance(np.array([0.0, 1.0, 10.0])).round(3).tolist()
    [0.5, 0.667, 0.999]
    """
    return 1 / (1 + np.exp2(-bits))
