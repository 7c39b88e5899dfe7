"""Whether the evidence of two profiles is enough: the bits, and the few rules that no sum of bits may break."""

from __future__ import annotations

import numpy as np

from leadanalytics.identity.evidence import DIFFERENT, SAME, SIMILAR, Evidence

# What becomes of a pair.
APART, REVIEW, LINK = 0, 1, 2

# The rules that no sum of bits overrules.
NO_RULE, NO_NAME, PART_OF_NAME, WHOLE_NAME, ONLY_A_NAME, GENERATION = range(6)
RULES = (
    "",
    "neither a name nor an address in common",
    "a part of the name contradicts, and the address is not the same",
    "the whole name contradicts, and address and phone are not both the same",
    "nothing but a name in common",
    "another generation, father and son for example",
)

# What may link two people, in the words of `match_rule`, the most telling first.
FIELDS = ("e-mail", "phone", "name", "company", "title")


def decide(evidence: Evidence, *, threshold: float, review: float) -> np.ndarray:
    """Return what becomes of each pair: LINK, REVIEW or APART.

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
    rules = rules_against(evidence)
    may_be = (rules == NO_RULE) | (rules == ONLY_A_NAME) | ((evidence.email == SAME) & (rules != GENERATION))
    links = (bits >= threshold) & (rules == NO_RULE)
    looks = (bits >= review) & may_be
    return np.select([links, looks], [LINK, REVIEW], APART)


def rules_against(evidence: Evidence) -> np.ndarray:
    """Return the rule that keeps each pair apart whatever its bits, as a place in `RULES`.

    Never enough are: no name in common without an address in common; one part of the name that contradicts, unless
    the address is the same; both parts that contradict, unless address and phone are the same; father and son, where
    both names say which. A name and a country alone are for somebody to look at.
    """
    same_email, same_phone = evidence.email == SAME, evidence.phone == SAME
    whole = evidence.full == SAME
    named = whole | (evidence.first >= SIMILAR) | (evidence.last >= SIMILAR)
    contradicts = ~whole & ((evidence.first == DIFFERENT) | (evidence.last == DIFFERENT))
    all_contradicts = ~whole & (evidence.first == DIFFERENT) & (evidence.last == DIFFERENT)
    in_common = (evidence.email >= SIMILAR) | same_phone | (evidence.company >= SIMILAR) | (evidence.title == SAME)
    return np.select(
        [
            evidence.generation == DIFFERENT,
            all_contradicts & ~(same_email & same_phone),
            contradicts & ~same_email,
            ~named & (evidence.email < SIMILAR),
            ~in_common,
        ],
        [GENERATION, WHOLE_NAME, PART_OF_NAME, NO_NAME, ONLY_A_NAME],
        NO_RULE,
    )


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
