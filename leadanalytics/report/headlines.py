"""What comes first: one sentence and a few numbers, each rate with its interval and its base."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from leadanalytics.report.findings import Findings
from leadanalytics.report.stories import Story
from leadanalytics.report.words import counted, days, number, rate, span_of

__all__ = ["Answer", "Tile", "answer", "subtitle", "tiles"]


@dataclass(frozen=True)
class Answer:
    """How many of those who enter a funnel reach its end, as the parts of a sentence."""

    story: str
    place: str
    base: int
    start: str
    end: str
    rate: str
    interval: str
    within: str
    bypass: int


@dataclass(frozen=True)
class Tile:
    """One number: what it is, the number, and what it is a part of."""

    label: str
    figure: str
    note: str


def answer(story: Story) -> Answer:
    """Return the answer of a story: of those who entered, who reaches the end within the window."""
    last = story.rates.iloc[-1]
    share = rate(last["censoring_aware"])
    return Answer(
        story=story.name,
        place=story.place,
        base=story.entered,
        start=story.steps[0],
        end=story.steps[-1],
        rate=share,
        interval=rate(last["censoring_aware"], last["low"], last["high"]).removeprefix(share).strip(" ()"),
        within=days(last["within"]),
        bypass=story.bypass,
    )


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


def tiles(findings: Findings) -> list[Tile]:
    """Return the numbers that come first."""
    todo = findings.follow_ups
    behind = counted(findings.leads - findings.test_leads, "lead")
    first = [Tile("Customers", number(findings.customers), f"behind {behind}, test leads aside")]
    for story in findings.stories:
        first += [_conversion(story), _coming(story)]
    waiting = f"{number(todo.waiting)} wait for an answer within a day" if todo.waiting else "none waits for an answer"
    return [*first, Tile("To follow up", number(todo.listed), f"of {counted(todo.customers, 'customer')}; {waiting}")]


def _conversion(story: Story) -> Tile:
    told = answer(story)
    label = f"{told.end} · {story.name}" if story.storefront else told.end
    if not told.base:
        return Tile(label, told.rate, f"nobody took {told.start}")
    return Tile(
        label, told.rate, f"of {number(told.base)} who took {told.start}, within {told.within}; {told.interval}"
    )


def _coming(story: Story) -> Tile:
    last = story.coming.iloc[-1] if len(story.coming) else pd.Series({"open": 0, "expected": 0, "low": math.nan})
    label = f"Still to come · {story.name}" if story.storefront else "Still to come"
    if not last["open"]:
        return Tile(label, "0", "nobody is open any more")
    figure = f"about {number(last['expected'])}" if last["expected"] >= 0.5 else "under 1"
    interval = "" if math.isnan(last["low"]) else f"; {number(last['low'])} to {number(last['high'])} in 9 cases of 10"
    return Tile(label, figure, f"more {story.steps[-1]} from {number(last['open'])} who can still go on{interval}")
