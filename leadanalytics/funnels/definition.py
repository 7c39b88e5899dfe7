"""What one funnel counts: its rules with the steps and the instant that they mean, and the sentence that says them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from leadanalytics.funnels.rules import FunnelRules
from leadanalytics.funnels.sentence import Sentence, about_people
from leadanalytics.funnels.steps import Steps, serving
from leadanalytics.funnels.times import Range

__all__ = ["Definition"]


@dataclass(frozen=True)
class Definition:
    """The rules of one funnel, and what they mean for some leads.

    Attributes
    ----------
    rules : FunnelRules
    steps : dict of str to tuple of str
        Label to the stages that serve it; empty where each offer has its own.
    funnel : str or None
        The name of the funnel.
    unshown : tuple of str
        The steps of the funnel that are left out, since its offers show no lead of them.
    excluding : tuple of str
        What excludes, but for what serves a step.
    as_of : Timestamp or None
        The instant that the rules name, else the newest lead.
    by : tuple of str
        The columns that are carried along.
    """

    rules: FunnelRules
    steps: Steps = field(default_factory=dict)
    funnel: str | None = None
    unshown: tuple[str, ...] = ()
    excluding: tuple[str, ...] = ()
    as_of: pd.Timestamp | None = None
    by: tuple[str, ...] = ()

    @property
    def labels(self) -> list[str]:
        """What the steps are called: by their labels, or by how many were taken where any order will do."""
        if self.rules.order == "any":
            return [f"{taken} of {len(self.steps)}" for taken in range(1, len(self.steps) + 1)]
        return list(self.steps)

    @property
    def stages(self) -> list[str]:
        """The stages of the leads that take part: those that serve a step, then those that exclude."""
        return [*serving(self.steps)[0], *self.excluding]

    @property
    def dates(self) -> Range:
        """The range of entries."""
        since, until = (None if instant is None else pd.Timestamp(instant) for instant in self.rules.dates)
        return since, until

    @property
    def sentence(self) -> Sentence:
        """What is counted, in words."""
        return Sentence({**self.rules, "excluding": list(self.excluding)}, list(self.steps), self.unshown, self.as_of)

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
            **{name: value for name, value in self.rules.items() if name != "zone"},
            "rules": self.rules,
            "definition": " ".join([self.sentence.say(removed), *about_people(people)]),
            "people": people,
            "steps": self.labels,
            "unshown": list(self.unshown),
            "funnel": self.funnel,
            "as_of": self.as_of.isoformat() if self.as_of is not None else None,
            "by": list(self.by),
            "removed": dict(removed),
        }
