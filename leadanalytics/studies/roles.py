"""What part a lead has in its unit's funnel: the step that it served, or why it served none, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import pandas as pd

from leadanalytics.funnels.definition import Definition
from leadanalytics.spans import say_span
from leadanalytics.studies.chains import Chain, Lead, Question

SERVES = "serves"
_UNITS = {"days": "d", "hours": "h", "minutes": "min", "seconds": "s"}


class Role(NamedTuple):
    """The part of a lead: a name for it, and the sentence."""

    name: str
    why: str


class Rules(NamedTuple):
    """What the rules of a funnel mean for a lead."""

    labels: list[str]
    window: pd.Timedelta | None
    as_of: pd.Timestamp | None
    start: str
    entry: str
    ties: str
    dates: tuple[pd.Timestamp | None, pd.Timestamp | None]
    order: str
    gap: pd.Timedelta | None
    excluding: list[str]

    @classmethod
    def of(cls, question: Question) -> Rules:
        """Return what is asked of leads."""
        asked = question.rules
        definition = Definition(asked, question.plan.steps)
        return cls(
            labels=definition.labels,
            window=None if asked.window is None else pd.Timedelta(asked.window),
            as_of=None if asked.as_of is None else pd.Timestamp(asked.as_of),
            start=asked.start,
            entry=asked.entry,
            ties=asked.ties,
            dates=definition.dates,
            order=asked.order,
            gap=None if asked.gap is None else pd.Timedelta(asked.gap),
            excluding=question.excluding,
        )

    @property
    def any_order(self) -> bool:
        """Whether the steps may be taken in any order."""
        return self.order == "any"

    def place(self, step: int) -> str:
        """Return a step and how many there are."""
        return self.named(step) if self.any_order else f"step {step} of {len(self.labels)}, {self.labels[step - 1]}"

    def named(self, step: int) -> str:
        """Return a step in words."""
        return f"{self.labels[step - 1]} steps" if self.any_order else f"step {step}, {self.labels[step - 1]}"

    def may_enter(self, lead: Lead) -> bool:
        """Return whether a lead serves a step at which a unit may enter."""
        return bool(lead.steps) if self.start == "any" or self.any_order else 1 in lead.steps

    def in_range(self, instant: pd.Timestamp) -> bool:
        """Return whether an instant lies in the range of entries."""
        since, until = self.dates
        return (since is None or since <= instant) and (until is None or instant < until)


def tell_role(
    lead: Lead,
    chain: Chain | None,
    rules: Rules,
    depth_from: Callable[[pd.Timestamp], int],
    *,
    others: Sequence[Lead] = (),
) -> Role:
    """Return the part of a lead that may take part in a funnel.

    Parameters
    ----------
    lead : Lead
        It serves a step, and nothing keeps it out.
    chain : Chain or None
        What was counted of its unit; None where the unit has no row, as it entered outside the range.
    rules : Rules
        What was asked.
    depth_from : callable
        How deep the unit gets from an entry at an instant.
    others : sequence of Lead
        The leads of the unit that serve steps or exclude: what may stand in the way of this one.
    """
    if chain is None:
        return Role("outside the range", "no entry lies inside the range of entries")
    if lead.row in chain.serving:
        return _serves(lead, chain, rules)
    if chain.status == "excluded":
        return Role(
            "excluded", f"a lead of {' or '.join(rules.excluding)} lies between the steps, which excludes all of them"
        )
    if chain.status == "bypass":
        return _bypasses(lead, chain, rules)
    if rules.may_enter(lead) and not rules.in_range(lead.at):
        return Role("outside the range", "no entry, as it lies outside the range of entries")
    if lead.at < chain.entered_at:
        return _comes_before(lead, chain, rules, depth_from)
    if rules.any_order:
        return _adds_no_step(lead, chain, rules)
    return (
        _fails_to_go_on(lead, chain, rules, others)
        or _enters_later(lead, chain, rules, depth_from)
        or _comes_too_early(lead, chain, rules)
        or _repeats(lead, chain, rules, others)
        or Role("earlier step", f"the counted chain came in later, at {rules.named(chain.entered_step)}")
    )


def tell_excluding(lead: Lead, chain: Chain | None, part: Sequence[Lead]) -> Role:
    """Return the part of a lead that excludes; `part` are the leads of its unit that serve steps."""
    if not any(other.at < lead.at for other in part):
        return Role("excludes", "excludes nothing, as no lead of a step lies before it")
    if chain is not None and chain.status == "excluded":
        return Role("excludes", "excludes all steps, if it lies between two of them")
    return Role("excludes", "excludes what comes after it from what lies before it: no chain passes")


def lasting(span: pd.Timedelta) -> str:
    """Return a length of time by its two largest units.

    Examples
    --------
    >>> lasting(pd.Timedelta("52 h")), lasting(pd.Timedelta("75 s"))
    ('2 d 4 h', '1 min 15 s')
    """
    counts = span.components._asdict()
    parts = [f"{counts[name]} {unit}" for name, unit in _UNITS.items() if counts[name]]
    return " ".join(parts[:2]) or "less than 1 s"


def _serves(lead: Lead, chain: Chain, rules: Rules) -> Role:
    step = chain.serving[lead.row]
    if lead.row == chain.entry:
        return Role(SERVES, f"{rules.named(step)}: the entry")
    after = lead.at - chain.entered_at
    when = f"{lasting(after)} after the entry" if after else "at the same time as the entry"
    return Role(SERVES, f"{rules.named(step)}: {when}")


def _bypasses(lead: Lead, chain: Chain, rules: Rules) -> Role:
    if lead.row == chain.entry:
        return Role("first seen", f"first seen here, without {rules.labels[0]}")
    return Role("no entry", f"no {rules.labels[0]} comes before it")


def _comes_before(lead: Lead, chain: Chain, rules: Rules, depth_from: Callable[[pd.Timestamp], int]) -> Role:
    if not rules.may_enter(lead):
        return Role("before the entry", f"{lasting(chain.entered_at - lead.at)} before the entry")
    furthest = rules.named(depth_from(lead.at))
    return Role("earlier chain", f"an earlier entry, from which the chain gets no further than {furthest}")


def _fails_to_go_on(lead: Lead, chain: Chain, rules: Rules, others: Sequence[Lead]) -> Role | None:
    """Tell why a lead of the step after the furthest one did not take the unit there."""
    step = chain.depth + 1
    if step not in lead.steps:
        return None
    return (
        _out_of_window(lead, chain, rules, rules.named(step))
        or _out_of_gap(lead, chain, rules, step)
        or _not_after(lead, chain, chain.depth, rules, others)
    )


def _out_of_window(lead: Lead, chain: Chain, rules: Rules, what: str) -> Role | None:
    if rules.window is None or lead.at - chain.entered_at <= rules.window:
        return None
    late = lasting(lead.at - chain.entered_at - rules.window)
    allowed = f"within {say_span(rules.window)} of the entry"
    return Role("out of the window", f"out of the window by {late}: {what}, had to come {allowed}")


def _out_of_gap(lead: Lead, chain: Chain, rules: Rules, step: int) -> Role | None:
    before = chain.times[step - 1]
    if rules.gap is None or lead.at - before <= rules.gap:
        return None
    allowed = f"within {say_span(rules.gap)} of {rules.named(step - 1)}"
    late = lasting(lead.at - before - rules.gap)
    return Role("out of the gap", f"out of the gap by {late}: {rules.named(step)}, had to come {allowed}")


def _adds_no_step(lead: Lead, chain: Chain, rules: Rules) -> Role:
    """Tell why a lead took no further step where they may be taken in any order."""
    late = _out_of_window(lead, chain, rules, "every step")
    return late or Role("repeat", "other leads take the steps that it serves")


def _enters_later(lead: Lead, chain: Chain, rules: Rules, depth_from: Callable[[pd.Timestamp], int]) -> Role | None:
    if not rules.may_enter(lead) or lead.at == chain.entered_at:
        return None
    if rules.entry == "first":
        return Role("not the first", "only the first entry counts (entry='first')")
    furthest = rules.named(depth_from(lead.at))
    return Role("later chain", f"a later entry, from which the chain gets no further: {furthest}")


def _comes_too_early(lead: Lead, chain: Chain, rules: Rules) -> Role | None:
    missing = chain.depth + 1
    if max(lead.steps) <= missing:
        return None
    return Role("too early", f"{rules.named(missing)}, is missing before it")


def _repeats(lead: Lead, chain: Chain, rules: Rules, others: Sequence[Lead]) -> Role | None:
    step = max((step for step in lead.steps if step in chain.times), default=None)
    if step is None:
        return None
    if lead.at > chain.times[step]:
        before = lasting(lead.at - chain.times[step])
        return Role("repeat", f"{rules.named(step)}, was taken already, {before} before")
    if lead.at == chain.times[step]:
        return Role("tie", f"at the same time as the lead that served {rules.named(step)}")
    return _not_after(lead, chain, step - 1, rules, others)


def _not_after(lead: Lead, chain: Chain, step: int, rules: Rules, others: Sequence[Lead]) -> Role:
    """Tell why a lead did not follow a step, though its own step is the next."""
    if lead.at < chain.times[step]:
        return Role("too early", f"{lasting(chain.times[step] - lead.at)} before {rules.named(step)}, was taken")
    if lead.at > chain.times[step]:
        stopped = _stopped(lead, chain.times[step], step, rules, others)
        return stopped or Role("no further", f"a chain from {rules.named(step)}, through it gets no further")
    because = "ties='strict'" if rules.ties == "strict" else "one lead serves one step"
    return Role("tie", f"at the same time as {rules.named(step)} ({because})")


def _stopped(lead: Lead, since: pd.Timestamp, step: int, rules: Rules, others: Sequence[Lead]) -> Role | None:
    """Tell which lead kept one from following a step that was taken: it excludes, or it breaks a strict order."""
    between = sorted((other for other in others if since < other.at < lead.at), key=lambda other: other.at)
    excluding = [other for other in between if not other.steps]
    breaking = [other for other in between if other.steps and step not in other.steps]
    if excluding:
        last = excluding[-1]
        return Role("excluded", f"excluded by the {last.stage} {lasting(lead.at - last.at)} before")
    if breaking and rules.order == "strict":
        last = breaking[-1]
        return Role("broken", f"broken by the {last.stage} {lasting(lead.at - last.at)} before")
    return None
