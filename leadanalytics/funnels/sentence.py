"""The one sentence that says what a funnel counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from leadanalytics.funnels.times import say_instant

__all__ = ["Sentence", "about_people", "noun"]

# What was left out, in the words of the sentence: one, several.
_LEFT_OUT: Mapping[str, tuple[str, str]] = {
    "test leads": ("test lead", "test leads"),
    "referrals": ("referral without a person", "referrals without people"),
    "do not contact": ("do-not-contact lead", "do-not-contact leads"),
    "no created time": ("lead without a created time", "leads without a created time"),
    "repeated records": ("repeated record", "repeated records"),
    "after as_of": ("later lead", "later leads"),
}
# Leads of other stages are no loss, and the range of entries is said already.
_UNSAID = ("of an offer with another funnel", "in no step", "outside the entry range")


@dataclass(frozen=True)
class Sentence:
    """What rules mean, in words.

    Attributes
    ----------
    rules : mapping
        The choices of `FunnelRules`, as plain values.
    steps : sequence of str
        The labels of the steps; none where each offer has its own.
    unshown : sequence of str
        The steps that are left out, since the offers show no lead of them.
    as_of : Timestamp, optional
        The instant that the rules mean.
    """

    rules: Mapping[str, Any]
    steps: Sequence[str] = ()
    unshown: Sequence[str] = ()
    as_of: pd.Timestamp | None = None

    def say(self, removed: Mapping[str, int] | None = None) -> str:
        """Return what is counted, in one sentence, and which steps are left out, in another."""
        clauses = (
            self._who(),
            self._what(),
            self._within(),
            self._apart(),
            self._between(),
            self._preferred(),
            self._dates(),
            self._as_of(),
        )
        said = " ".join(clause for clause in clauses if clause).replace(" ,", ",")
        left_out = _left_out(removed or {})
        counted = f"{said}; {left_out} left out." if left_out else f"{said}."
        return f"{counted} No lead of these offers shows {_listed(self.unshown, 'or')}." if self.unshown else counted

    def _who(self) -> str:
        first, *others = (noun(column) for column in self.rules["unit"])
        whose = [_plural(first).capitalize(), *([" and ".join(others)] if others else [])]
        return f"{' per '.join(whose)} {'who' if first == 'customer' else 'that'}"

    def _what(self) -> str:
        labels = list(self.steps)
        if not labels:
            funnel, in_order = self.rules["funnel"], "" if self.rules["order"] != "any" else " in any order"
            whose = f"the funnel {funnel!r}" if funnel else "their offer"
            return f"took the steps of {whose}{in_order}"
        if self.rules["order"] == "any":
            return f"took {_listed(labels)} in any order" if len(labels) > 1 else f"took {labels[0]}"
        if self.rules["start"] == "first" or len(labels) == 1:
            return f"took {', then '.join(labels)}"
        return f"came in at {', '.join(labels[:-1])} or {labels[-1]} and took the steps after it in this order"

    @property
    def _is_one_step(self) -> bool:
        return len(self.steps) == 1

    def _entry(self) -> str:
        if self.rules["start"] == "any" or self.rules["order"] == "any":
            return "step"
        return next(iter(self.steps), "entry")

    def _within(self) -> str:
        first_only = f"their first {self._entry()}" if self.rules["entry"] == "first" else ""
        window = self.rules["window"]
        if window is not None and not self._is_one_step:
            return f"within {window} of {first_only or self._start()}"
        return f"counting from {first_only}" if first_only else ""

    def _start(self) -> str:
        if self.rules["order"] == "any":
            return "the first of them"
        return f"their {self._entry()}" if self.rules["start"] == "first" else "coming in"

    def _apart(self) -> str:
        gap, bounds = self.rules["gap"], ["later than"] if self.rules["ties"] == "strict" else []
        bounds += [f"at most {gap} after"] if gap is not None else []
        return f", each step {' and '.join(bounds)} the one before" if bounds and not self._is_one_step else ""

    def _between(self) -> str:
        excluding = self.rules["excluding"]
        others = ["another step"] if self.rules["order"] == "strict" else []
        others += excluding if self.rules["policy"] == "chain" else []
        without = f", with no lead of {_listed(others, 'or')} between two steps" if others else ""
        if excluding and self.rules["policy"] == "unit":
            without += f", those with a lead of {_listed(excluding, 'or')} between two steps excluded"
        return "" if self._is_one_step else without

    def _preferred(self) -> str:
        return ", by the last of equally long ways" if self.rules["prefer"] == "latest" else ""

    def _dates(self) -> str:
        since, until = (None if instant is None else pd.Timestamp(instant) for instant in self.rules["dates"])
        bounds = [f"on or after {say_instant(since)}"] if since is not None else []
        bounds += [f"before {say_instant(until)}"] if until is not None else []
        return f", entered {' and '.join(bounds)}" if bounds else ""

    def _as_of(self) -> str:
        as_of = self.as_of
        if as_of is None and self.rules["as_of"] is not None:
            as_of = pd.Timestamp(self.rules["as_of"])
        return f", as of {say_instant(as_of)}" if as_of is not None else ""


def noun(column: str) -> str:
    """Return what a column of a unit names.

    Examples
    --------
    >>> noun("customer_id"), noun("company")
    ('customer', 'company')
    """
    return column.removesuffix("_id").replace("_", " ")


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}s"


def about_people(people: int) -> list[str]:
    """Return what a funnel cannot know of people whose CRM keeps no events, as a sentence where there are any."""
    if not people:
        return []
    several = f"{people:,} records are of people, not of events"
    records = "1 record is of a person, not of an event" if people == 1 else several
    return [f"{records}: which steps they took before, and how often, is not known."]


def _left_out(removed: Mapping[str, int]) -> str:
    parts = []
    for reason, count in removed.items():
        one, several = _LEFT_OUT.get(reason, (f"lead with {reason}", f"leads with {reason}"))
        if count and reason not in _UNSAID:
            parts.append(f"{count:,} {one if count == 1 else several}")
    return _listed(parts)


def _listed(words: Sequence[str], last: str = "and") -> str:
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
