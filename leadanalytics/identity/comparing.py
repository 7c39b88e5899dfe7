"""Leads beside their customers and the evidence, and pairs of them as rows of a frame, in numbers and in words."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import pandas as pd

from leadanalytics.identity.decisions import LINK, decide
from leadanalytics.identity.evidence import Population, measure_population, weigh
from leadanalytics.identity.flat import first_rows, flatten, to_arrow
from leadanalytics.identity.identifying import identify_customers
from leadanalytics.identity.matching import Matches, match_profiles
from leadanalytics.identity.ordering import moments, sorted_rows
from leadanalytics.identity.profiles import Profiles, read_profiles
from leadanalytics.identity.reasons import apart_because, reasons
from leadanalytics.schema import TEXT, check

BITS = ("email", "phone", "name", "company", "title", "country", "prior", "caution")


# What keeps two records apart that the evidence links.
NOT_ALLOWED = "told apart, or one customer would grow too large"


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
    threshold, review : float
        The bits from which a pair is one person, and from which it is worth a look.
    """

    people: pd.DataFrame
    record: np.ndarray
    customer: np.ndarray
    profiles: Profiles
    population: Population
    threshold: float
    review: float

    @functools.cached_property
    def matches(self) -> Matches:
        """All pairs that share a key, weighed when they are first asked for: one pair needs none of them."""
        return match_profiles(
            self.profiles,
            self.population,
            self.people["record_id"],
            threshold=self.threshold,
            review=self.review,
        )


def compare(leads: pd.DataFrame, *, threshold: float, review: float) -> Compared:
    """Return leads to compare; their customers are those of customer_id, else those that the evidence makes.

    Rarity is that of all the leads given, so a part of a list tells another story than the whole.
    """
    check(leads, "leads", columns=["record_id"])
    if "customer_id" not in leads.columns:
        leads = identify_customers(leads, threshold=threshold, review=review)
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
        threshold=threshold,
        review=review,
    )


def describe(compared: Compared, one: np.ndarray, other: np.ndarray) -> pd.DataFrame:
    """Return pairs of rows of the people: record ids, bits, reasons, what becomes of them and what keeps them apart."""
    of = compared.profiles.of
    evidence = weigh(compared.profiles, compared.population, of[one], of[other])
    decision = decide(evidence, threshold=compared.threshold, review=compared.review)
    told = reasons(evidence)
    kept_apart_by = apart_because(evidence, decision, compared.threshold)
    kept_apart_by[(decision == LINK) & (compared.customer[one] != compared.customer[other])] = NOT_ALLOWED
    record_ids = compared.people["record_id"].astype(TEXT)
    return pd.DataFrame(
        {
            "record_id": record_ids.array.take(one),
            "other_record_id": record_ids.array.take(other),
            "bits": evidence.total,
            **{name: evidence.bits[name] for name in BITS},
            "reason": pd.array(told.all, dtype=TEXT),
            "speaks_for": pd.array(told.speaks_for, dtype=TEXT),
            "speaks_against": pd.array(told.speaks_against, dtype=TEXT),
            "decision": decision,
            "kept_apart_by": pd.array(kept_apart_by, dtype=TEXT),
        }
    )


def chance(bits: np.ndarray) -> np.ndarray:
    """Return the probability that two leads are one person's.

    Examples
    --------
    >>> chance(np.array([0.0, 1.0, 10.0])).round(3).tolist()
    [0.5, 0.667, 0.999]
    """
    return 1 / (1 + np.exp2(-bits))
