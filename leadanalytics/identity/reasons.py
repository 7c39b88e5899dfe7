"""Evidence and keys in words: what speaks for and against two leads being one person's, and what keeps them apart."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from leadanalytics.identity.decisions import LINK, NO_RULE, RULES, rules_against
from leadanalytics.identity.evidence import DIFFERENT, INITIAL, SAME, SIMILAR, UNKNOWN, Evidence
from leadanalytics.identity.keys import KEYS_IN_WORDS
from leadanalytics.identity.keys import RULES as KEYS

_SHARED = 5  # the same address, but on so many names that it says nothing

YOU_JOINED, YOU_PARTED = "you said that they are one person", "you said that they are two people"
NOT_THESE_RULES = "these leads and rules would make them one customer, so customer_id comes from others"
NO_KEY_SHARED = "not compared, as they share none of the values by which leads are found"
KEY_TOO_COMMON = "not compared, as too many leads share what they have in common"
NO_KEY_AGREES = f"no key agrees: needed is the same {KEYS_IN_WORDS}"

_FOR = {
    "e-mail": {SAME: "same e-mail", SIMILAR: "e-mail similar"},
    "phone": {SAME: "same phone", SIMILAR: "phone similar"},
    "full name": {SAME: "same full name"},
    "first name": {SAME: "same first name", SIMILAR: "first name similar", INITIAL: "same first initial"},
    "last name": {SAME: "same last name", SIMILAR: "last name similar", INITIAL: "same last initial"},
    "company": {SAME: "same company", SIMILAR: "company similar"},
    "title": {SAME: "same title"},
    "country": {SAME: "same country"},
}
_AGAINST = {
    "e-mail": {DIFFERENT: "e-mail differs", _SHARED: "same e-mail, which many names share"},
    "phone": {DIFFERENT: "phone differs"},
    "first name": {DIFFERENT: "first name differs"},
    "last name": {DIFFERENT: "last name differs"},
    "company": {DIFFERENT: "company differs"},
    "title": {DIFFERENT: "title differs"},
    "country": {DIFFERENT: "country differs"},
    "caution": {DIFFERENT: "no e-mail, phone or company in common"},
}


class Reasons(NamedTuple):
    """Of each pair, as arrays of text: what speaks for it, and what speaks against it, joined by "; "."""

    speaks_for: np.ndarray
    speaks_against: np.ndarray

    @property
    def all(self) -> np.ndarray:
        """What speaks for each pair, then what speaks against it."""
        texts = zip(self.speaks_for, self.speaks_against, strict=True)
        return np.array(["; ".join(filter(None, pair)) for pair in texts], object)


def reasons(evidence: Evidence) -> Reasons:
    """Return the evidence of pairs in words."""
    standings = _standings(evidence)
    # There are a few hundred combinations, whatever the number of pairs.
    distinct, place = np.unique(np.stack(list(standings.values())), axis=1, return_inverse=True)
    combinations = [dict(zip(standings, column, strict=True)) for column in distinct.T.tolist()]
    told = (np.array([_phrase(each, phrases) for each in combinations], object) for phrases in (_FOR, _AGAINST))
    return Reasons(*(texts[place.ravel()] for texts in told))


def apart_because(evidence: Evidence, decision: np.ndarray, threshold: float) -> np.ndarray:
    """Return what keeps each pair apart: a rule, or the bits that are missing; empty for a link.

    Parameters
    ----------
    evidence : Evidence
        As weighed.
    decision : array of int
        What becomes of each pair, as from `decide`.
    threshold : float
        The bits from which a pair is one person.
    """
    rules = rules_against(evidence)
    missing = threshold - evidence.total
    return np.array(
        [
            ""
            if is_link
            else RULES[rule]
            if rule != NO_RULE
            else f"{bits:.1f} bits below the threshold of {threshold:g}"
            for is_link, rule, bits in zip(decision == LINK, rules.tolist(), missing.tolist(), strict=True)
        ],
        object,
    )


def too_large_because(needed: float) -> str:
    """Return in words that a link was cut since one customer would grow too large.

    Parameters
    ----------
    needed : float
        The bits that links of the group need since it is so large.
    """
    return (
        f"the size limit: with links below {needed:g} bits the customer would have more names or addresses than one "
        "person has"
    )


def key_reasons(left: np.ndarray, right: np.ndarray) -> Reasons:
    """Return the keys of pairs of leads in words: which agree, which do not, and which one of them lacks.

    Parameters
    ----------
    left, right : arrays of int
        One row per key, one column per pair: the key of each side, -1 for none.
    """
    known = (left >= 0) & (right >= 0)
    same = known & (left == right)
    joined = (
        ["; ".join(words[rule, state] for rule, state in zip(KEYS, states, strict=True) if (rule, state) in words)
         for states in np.select([same, known], [SAME, DIFFERENT], UNKNOWN).T.tolist()]
        for words in (
            {(rule, SAME): f"same {rule}" for rule in KEYS},
            {(rule, DIFFERENT): f"not the same {rule}" for rule in KEYS}
            | {(rule, UNKNOWN): f"no usable {rule}" for rule in KEYS},
        )
    )  # fmt: skip
    return Reasons(*(np.array(texts, object) for texts in joined))


def _standings(evidence: Evidence) -> dict[str, np.ndarray]:
    """Return how each field stands, by the words for it; a name that is the same as a whole hides its parts."""
    whole, bits = evidence.full == SAME, evidence.bits
    is_shared = (evidence.email == SAME) & (bits["email"] <= 0)
    return {
        "e-mail": np.where(is_shared, _SHARED, evidence.email),
        "phone": evidence.phone,
        "full name": np.where(whole, SAME, UNKNOWN),
        "first name": np.where(whole, UNKNOWN, evidence.first),
        "last name": np.where(whole, UNKNOWN, evidence.last),
        "company": evidence.company,
        "title": evidence.title,
        "country": np.select([bits["country"] > 0, bits["country"] < 0], [SAME, DIFFERENT], UNKNOWN),
        "caution": np.where(bits["caution"] < 0, DIFFERENT, UNKNOWN),
    }


def _phrase(standings: dict[str, int], phrases: dict[str, dict[int, str]]) -> str:
    return "; ".join(
        phrases[field][standing] for field, standing in standings.items() if standing in phrases.get(field, {})
    )
