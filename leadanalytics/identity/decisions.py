"""Whether the evidence of two profiles is enough: the bits, and the few rules that no sum of bits may break."""

from __future__ import annotations

import numpy as np

from leadanalytics.identity.evidence import DIFFERENT, SAME, SIMILAR, Evidence

# What becomes of a pair.
APART, REVIEW, LINK = 0, 1, 2

# What may link two people, in the words of `match_rule`, the most telling first.
FIELDS = ("e-mail", "phone", "name", "company", "title")


def decide(evidence: Evidence, *, threshold: float, review: float) -> np.ndarray:
    """Return what becomes of each pair: LINK, REVIEW or APART.

    Never enough are: no name in common without an address in common; one part of the name that contradicts, unless
    the address is the same; both parts that contradict, unless address and phone are the same. A name and a country
    alone are for somebody to look at.

    Parameters
    ----------
    evidence : Evidence
        As weighed.
    threshold : float
        The bits from which a pair is one person.
    review : float
        The bits from which a pair is worth a look.
    """
    bits = evidence.total
    same_email, same_phone = evidence.email == SAME, evidence.phone == SAME
    whole = evidence.full == SAME
    named = whole | (evidence.first >= SIMILAR) | (evidence.last >= SIMILAR)
    contradicts = ~whole & ((evidence.first == DIFFERENT) | (evidence.last == DIFFERENT))
    all_contradicts = ~whole & (evidence.first == DIFFERENT) & (evidence.last == DIFFERENT)
    impossible = (
        (~named & (evidence.email < SIMILAR))
        | (contradicts & ~same_email)
        | (all_contradicts & ~(same_email & same_phone))
    )
    in_common = (evidence.email >= SIMILAR) | same_phone | (evidence.company >= SIMILAR) | (evidence.title == SAME)
    links = (bits >= threshold) & ~impossible & in_common
    looks = (bits >= review) & (~impossible | same_email)
    return np.select([links, looks], [LINK, REVIEW], APART)


def agreeing(evidence: Evidence) -> np.ndarray:
    """Return the fields that speak for each pair, as bits of a number in the order of `FIELDS`."""
    named = (evidence.full == SAME) | (evidence.first >= SIMILAR) | (evidence.last >= SIMILAR)
    standings = (
        evidence.email >= SIMILAR,
        evidence.phone >= SIMILAR,
        named,
        evidence.company >= SIMILAR,
        evidence.title == SAME,
    )
    return sum(standing.astype("int64") << place for place, standing in enumerate(standings))
