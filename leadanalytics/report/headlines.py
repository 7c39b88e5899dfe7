"""What comes first: a sentence for each funnel and a few numbers, each rate with its interval and its base."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from leadanalytics.report.findings import Findings
from leadanalytics.report.stories import Story, Tally
from leadanalytics.report.words import counted, days, interval, listed, number, rate, span_of

__all__ = ["MOST_NAMED", "Answer", "Tile", "answer", "some_of", "subtitle", "tiles", "untold"]

MOST_NAMED = 8  # offers that a sentence names; the table of offers holds all


@dataclass(frozen=True)
class Answer:
    """How many of those who enter a funnel reach its end, as the parts of a sentence.

    Attributes
    ----------
    story, unit : str
        What the funnel is called, and what it counts.
    base : int
        How many entered.
    entry : str
        What they did, such as "took Test drive".
    start, end : str
        The first step and the last.
    is_single : bool
        Whether these are one, so that there is no rate.
    is_none : bool
        Whether nobody reached the end.
    rate, interval, within : str
    skipped : int
        How many came without the first step.
    all_the_same : str
        What leads of the last step there are where nobody reached it.
    """

    story: str
    unit: str
    base: int
    entry: str
    start: str
    end: str
    is_single: bool
    is_none: bool
    rate: str
    interval: str
    within: str
    skipped: int
    all_the_same: str


@dataclass(frozen=True)
class Tile:
    """One number: what it is, the number, and what it is a part of."""

    label: str
    figure: str
    note: str


def answer(story: Story) -> Answer:
    """Return the answer of a story: of those who entered, who reaches the end within the window."""
    last, end = story.rates.iloc[-1], story.counts.iloc[-1]
    is_none = bool(story.entered) and not end["n"]
    return Answer(
        story=story.name,
        unit=story.unit,
        base=story.entered,
        entry="came in at any step" if story.attrs["start"] == "any" else f"took {story.steps[0]}",
        start=story.steps[0],
        end=story.steps[-1],
        is_single=len(story.steps) == 1,
        is_none=is_none,
        rate=rate(last["censoring_aware"]),
        interval="" if is_none else interval(last["low"], last["high"]),
        within=days(last["within"]),
        skipped=story.skipped,
        all_the_same=_all_the_same(end, story) if is_none else "",
    )


def _all_the_same(end: pd.Series, story: Story) -> str:
    """Return how many have a lead of the last step although nobody reached it, and why they did not."""
    if not end.get("with_lead", 0):
        return ""
    parts = [(end["skipped"], f"skipped {story.steps[0]}"), (end["left_out"], "left out: too early, or too late")]
    said = listed([f"{number(count)} {words}" for count, words in parts if count])
    return f"{number(end['with_lead'])} have such a lead all the same: {said}"


def subtitle(findings: Findings) -> str:
    """Return what the report is about: how many leads, of whom, for what, of when."""
    parts = [
        counted(findings.leads, "lead"),
        counted(findings.customers, "customer"),
        counted(findings.offers, "offer"),
    ]
    if findings.first is not None and findings.last is not None:
        parts.append(span_of(findings.first, findings.last))
    return " · ".join(parts)


def some_of(names: Sequence[str]) -> str:
    """Return names as a list of a sentence, the last of many as a number.

    Examples
    --------
    >>> some_of(["a", "b"]), some_of([str(number) for number in range(10)])
    ('a and b', '0, 1, 2, 3, 4, 5, 6, 7 and 2 more')
    """
    return listed([*names[:MOST_NAMED], *([f"{len(names) - MOST_NAMED:,} more"] if len(names) > MOST_NAMED else [])])


def untold(findings: Findings) -> str:
    """Return which funnels have no part of their own, how many units they have, and of which offers."""
    others: Sequence[Tally] = findings.tallies[len(findings.stories) :]
    if not others:
        return ""
    names = "; ".join(f"{each.name} ({some_of(each.offers) or 'all offers'})" for each in others)
    who = f"{number(sum(each.units for each in others))} {others[0].unit}"
    whose = "its" if len(others) == 1 else "their"
    have = counted(len(others), "more funnel has", "more funnels have")
    return f"{have} no part of {whose} own here, with {who}: {names}. The table of every offer has {whose} numbers."


def tiles(findings: Findings) -> list[Tile]:
    """Return the numbers that come first."""
    todo = findings.follow_ups
    behind = counted(findings.leads - findings.test_leads, "lead")
    first = [Tile("Customers", number(findings.customers), f"behind {behind}, test leads aside")]
    first += map(_conversion, findings.stories)
    if len(findings.stories) == 1:
        # With more of them, each funnel's own part says it.
        first += [_coming(story) for story in findings.stories if len(story.steps) > 1 and story.entered]
    waits = f"{number(todo.waiting)} {'waits' if todo.waiting == 1 else 'wait'} for an answer within a day"
    waiting = waits if todo.waiting else "none waits for an answer"
    return [*first, Tile("To follow up", number(todo.listed), f"of {counted(todo.customers, 'customer')}; {waiting}")]


def _conversion(story: Story) -> Tile:
    told = answer(story)
    skipped = f"; {number(told.skipped)} skipped it" if told.skipped else ""
    if not told.base:
        return Tile(told.story, rate(math.nan), f"nobody {told.entry}{skipped}")
    if told.is_single:
        return Tile(told.story, number(told.base), f"{told.unit}; there is no other step")
    if told.is_none:
        return Tile(told.story, "none", f"of {number(told.base)} who {told.entry}{skipped}")
    note = f"of {number(told.base)} who {told.entry} reach {told.end} within {told.within}; {told.interval}"
    return Tile(told.story, told.rate, note)


def _coming(story: Story) -> Tile:
    last = story.coming.iloc[-1] if len(story.coming) else pd.Series({"open": 0, "expected": 0, "low": math.nan})
    label = "Still to come"
    if not last["open"]:
        return Tile(label, "0", "nobody is open any more")
    figure = f"about {number(last['expected'])}" if last["expected"] >= 0.5 else "under 1"
    between = "" if math.isnan(last["low"]) else f"; {number(last['low'])} to {number(last['high'])} in 9 cases of 10"
    return Tile(label, figure, f"more {story.steps[-1]} from {number(last['open'])} who can still go on{between}")
