"""What makes leads one customer's, as one value: the method, its thresholds, and the pairs that a user knows better."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, ClassVar, TypeGuard

import pandas as pd

from leadanalytics.errors import FrameError, OptionError, check_option
from leadanalytics.identity.keys import KEYS_IN_WORDS
from leadanalytics.rules import Rules

Pairs = Iterable[Sequence[str]]

METHODS = ("evidence", "keys")
PAIRS = ("same", "different")  # the choices that name records
ATTR = "match_rules"  # where `DataFrame.attrs` of leads hold the rules that made their customers


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class MatchRules(Rules):
    """What one customer means: frozen, made of plain values, said as one sentence by `str`.

    `identify_customers` takes them and writes them into `leads.attrs["match_rules"]`, where explanations read them.

    Parameters
    ----------
    method : {"evidence", "keys"}
        Weigh what speaks for and against two leads being one person's, in bits; or join those with the same e-mail
        address, phone and name, or name and company.
    threshold : float
        The bits from which two leads are one person's; each bit more halves the wrong merges and misses some right
        ones. Method "evidence" only.
    review : float
        The bits from which two leads are worth a look, see `review_matches`. Method "evidence" only.
    same : iterable of pairs of str
        Record ids that are one person's, whatever the evidence says. Method "evidence" only.
    different : iterable of pairs of str
        Record ids that are two people's, whatever the evidence says. Method "evidence" only.

    Raises
    ------
    OptionError
        When a choice has no such value.

    Examples
    --------
    >>> rules = MatchRules(threshold=4, different=[("r1", "r2")])
    >>> rules
    MatchRules(threshold=4.0, different=[['r1', 'r2']])
    >>> print(rules)
    One customer is who has leads that at least 4 bits of evidence link, except 1 pair of records known as two people's.
    >>> print(rules.changed(method="keys", different=[]))
    One customer is who has leads with the same e-mail, phone and name, or name and company.
    """

    section: ClassVar[str] = "match"

    method: str = "evidence"
    threshold: float = 0.0
    review: float = -2.0
    same: Pairs = ()
    different: Pairs = ()

    def _checked(self) -> dict[str, Any]:
        check_option("method", self.method, METHODS)
        values = {
            "method": self.method,
            "threshold": _bits("threshold", self.threshold),
            "review": _bits("review", self.review),
            **{name: _pairs(name, getattr(self, name)) for name in PAIRS},
        }
        if self.method == "keys" and any(values[name] for name in PAIRS):
            raise OptionError("same and different need the evidence", found="method='keys'", next_step="leave them out")
        return values

    def __str__(self) -> str:
        if self.method == "keys":
            return f"One customer is who has leads with the same {KEYS_IN_WORDS}."
        told = [
            f"{word} {len(pairs):,} pair{'s' if len(pairs) != 1 else ''} of records known as {whose}"
            for word, pairs, whose in (
                ("or", self["same"], "one person's"),
                ("except", self["different"], "two people's"),
            )
            if pairs
        ]
        linked = f"One customer is who has leads that at least {self.threshold:g} bits of evidence link"
        return ", ".join([linked, *told]) + "."


def rules_of(leads: pd.DataFrame, rules: Mapping[str, Any] | None, changes: Mapping[str, Any]) -> MatchRules:
    """Return the rules that are given, else those in the attrs of leads, else the default ones; with some changes."""
    return MatchRules.read(leads.attrs.get(ATTR) if rules is None else rules, **changes)


def rules_that_made(leads: pd.DataFrame, rules: Mapping[str, Any] | None, changes: Mapping[str, Any]) -> MatchRules:
    """Return the same where nothing may be assumed.

    Raises
    ------
    FrameError
        When nothing is given and the leads have no rules in their attrs.
    """
    if rules is None and not changes and ATTR not in leads.attrs:
        raise FrameError(
            "the leads have lost their attrs, which hold the match rules",
            next_step="pass rules=la.MatchRules() or the ones you used",
        )
    return rules_of(leads, rules, changes)


def _bits(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        raise OptionError(f"{name} is a number of bits", found=repr(value), next_step=f"{name}=4", argument=name)
    return float(value)


def _pairs(name: str, pairs: object) -> list[list[str]]:
    found = [_parts(pair) for pair in pairs] if _is_list(pairs) else [[]]
    if not all(len(parts) == 2 and all(isinstance(part, str) for part in parts) for parts in found):
        raise OptionError(
            f"{name} holds pairs of record ids",
            found="something else than pairs",
            next_step=f"{name}=[(one_record_id, other_record_id)]",
        )
    if any(one == other for one, other in found):
        raise OptionError(f"{name} holds pairs of different records", found="a record paired with itself")
    return [[str(part) for part in parts] for parts in found]  # texts of numpy are not plain


def _parts(pair: object) -> list[Any]:
    return list(pair) if _is_list(pair) else []


def _is_list(value: object) -> TypeGuard[Iterable[Any]]:
    return isinstance(value, Iterable) and not isinstance(value, str)
