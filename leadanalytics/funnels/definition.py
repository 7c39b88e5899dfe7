"""What a funnel counts, as one value: every choice of meaning, and the sentence that says them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from leadanalytics.funnels.steps import Steps, serving
from leadanalytics.funnels.times import Range, say_instant
from leadanalytics.spans import say_span

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
    order: str = "ordered"
    gap: pd.Timedelta | None = None
    excluding: tuple[str, ...] = ()
    exclusion: str = "chain"
    anchor: str = "earliest"

    @property
    def labels(self) -> list[str]:
        """What the steps are called: by their labels, or by how many were taken where any order will do."""
        if self.order == "any":
            return [f"{taken} of {len(self.steps)}" for taken in range(1, len(self.steps) + 1)]
        return list(self.steps)

    @property
    def stages(self) -> list[str]:
        """The stages of the leads that take part: those that serve a step, then those that exclude."""
        return [*serving(self.steps)[0], *self.excluding]

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
            "steps": self.labels,
            "unit": list(self.unit),
            "funnel": self.funnel,
            "order": self.order,
            "window": say_span(self.window) if self.window is not None else None,
            "gap": say_span(self.gap) if self.gap is not None else None,
            "as_of": _iso(self.as_of),
            "start": self.start,
            "entry": self.entry,
            "anchor": self.anchor,
            "ties": self.ties,
            "excluding": list(self.excluding),
            "exclusion": self.exclusion,
            "entered": [_iso(instant) for instant in self.entered],
            "by": list(self.by),
            "removed": dict(removed),
        }

    def sentence(self, removed: Mapping[str, int]) -> str:
        """Return what is counted, in one sentence."""
        clauses = (
            self._who(),
            self._what(),
            self._within(),
            self._apart(),
            self._between(),
            self._told(),
            self._entered(),
            self._as_of(),
        )
        said = " ".join(clause for clause in clauses if clause).replace(" ,", ",")
        left_out = _left_out(removed)
        return f"{said}; {left_out} left out." if left_out else f"{said}."

    def _who(self) -> str:
        first, *others = (noun(column) for column in self.unit)
        whose = [_plural(first).capitalize(), *([" and ".join(others)] if others else [])]
        return f"{' per '.join(whose)} {'who' if first == 'customer' else 'that'}"

    def _what(self) -> str:
        labels = list(self.steps)
        if self.order == "any":
            return f"took {_listed(labels)} in any order" if len(labels) > 1 else f"took {labels[0]}"
        if self.start == "first" or len(labels) == 1:
            return f"took {', then '.join(labels)}"
        return f"came in at {', '.join(labels[:-1])} or {labels[-1]} and took the steps after it in this order"

    def _entry(self) -> str:
        return next(iter(self.steps)) if self.start == "first" and self.order != "any" else "step"

    def _within(self) -> str:
        first_only = f"their first {self._entry()}" if self.entry == "first" else ""
        if self.window is not None and len(self.steps) > 1:
            return f"within {say_span(self.window)} of {first_only or self._start()}"
        return f"counting from {first_only}" if first_only else ""

    def _start(self) -> str:
        if self.order == "any":
            return "the first of them"
        return f"their {self._entry()}" if self.start == "first" else "coming in"

    def _apart(self) -> str:
        bounds = ["later than"] if self.ties == "strict" else []
        bounds += [f"at most {say_span(self.gap)} after"] if self.gap is not None else []
        return f", each step {' and '.join(bounds)} the one before" if bounds and len(self.steps) > 1 else ""

    def _between(self) -> str:
        others = ["another step"] if self.order == "strict" else []
        others += self.excluding if self.exclusion == "chain" else []
        without = f", with no lead of {_listed(others, 'or')} between two steps" if others else ""
        if self.excluding and self.exclusion == "unit":
            without += f", those with a lead of {_listed(self.excluding, 'or')} between two steps excluded"
        return without if len(self.steps) > 1 else ""

    def _told(self) -> str:
        return ", the last of equally long ways told" if self.anchor == "latest" else ""

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
    return _listed(parts)


def _listed(words: Sequence[str], last: str = "and") -> str:
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _iso(instant: pd.Timestamp | None) -> str | None:
    return instant.isoformat() if instant is not None else None
