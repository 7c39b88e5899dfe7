"""What a funnel counts, as one value: every choice of meaning, and the sentence that says them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from leadanalytics.funnels.steps import Steps
from leadanalytics.funnels.times import Range, say_instant, say_span

__all__ = ["Definition", "noun"]

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
_UNSAID = ("in no step", "outside the entry range")


@dataclass(frozen=True)
class Definition:
    """Every choice of meaning that `build_funnels` was given."""

    unit: tuple[str, ...]
    funnel: str | None
    steps: Steps
    window: pd.Timedelta | None
    as_of: pd.Timestamp | None
    start: str
    entry: str
    ties: str
    entered: Range
    by: tuple[str, ...]

    def facts(self, removed: Mapping[str, int], *, people: int = 0) -> dict[str, object]:
        """Return the choices and what was removed as plain values, for `DataFrame.attrs`.

        Parameters
        ----------
        removed : mapping of str to int
            Leads left out, by reason.
        people : int
            Records of people instead of events.
        """
        return {
            "definition": " ".join([self.sentence(removed), *_unknown(people)]),
            "people": people,
            "steps": list(self.steps),
            "unit": list(self.unit),
            "funnel": self.funnel,
            "window": say_span(self.window) if self.window is not None else None,
            "as_of": _iso(self.as_of),
            "start": self.start,
            "entry": self.entry,
            "ties": self.ties,
            "entered": [_iso(instant) for instant in self.entered],
            "by": list(self.by),
            "removed": dict(removed),
        }

    def sentence(self, removed: Mapping[str, int]) -> str:
        """Return what is counted, in one sentence."""
        clauses = (self._who(), self._what(), self._within(), self._apart(), self._entered(), self._as_of())
        said = " ".join(clause for clause in clauses if clause).replace(" ,", ",")
        left_out = _left_out(removed)
        return f"{said}; {left_out} left out." if left_out else f"{said}."

    def _who(self) -> str:
        first, *others = (noun(column) for column in self.unit)
        whose = [_plural(first).capitalize(), *([" and ".join(others)] if others else [])]
        return f"{' per '.join(whose)} {'who' if first == 'customer' else 'that'}"

    def _what(self) -> str:
        labels = list(self.steps)
        if self.start == "first" or len(labels) == 1:
            return f"took {', then '.join(labels)}"
        return f"came in at {', '.join(labels[:-1])} or {labels[-1]} and took the steps after it in this order"

    def _entry(self) -> str:
        return next(iter(self.steps)) if self.start == "first" else "step"

    def _within(self) -> str:
        first_only = f"their first {self._entry()}" if self.entry == "first" else ""
        if self.window is not None and len(self.steps) > 1:
            entry = first_only or (f"their {self._entry()}" if self.start == "first" else "coming in")
            return f"within {say_span(self.window)} of {entry}"
        return f"counting from {first_only}" if first_only else ""

    def _apart(self) -> str:
        return ", each step later than the one before" if self.ties == "strict" and len(self.steps) > 1 else ""

    def _entered(self) -> str:
        since, until = self.entered
        bounds = [f"on or after {say_instant(since)}"] if since is not None else []
        bounds += [f"before {say_instant(until)}"] if until is not None else []
        return f", entered {' and '.join(bounds)}" if bounds else ""

    def _as_of(self) -> str:
        return f", as of {say_instant(self.as_of)}" if self.as_of is not None else ""


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


def _unknown(people: int) -> list[str]:
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
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _iso(instant: pd.Timestamp | None) -> str | None:
    return instant.isoformat() if instant is not None else None
