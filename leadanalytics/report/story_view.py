"""How one funnel is shown: its charts, its tables and what they say in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from leadanalytics.report.headlines import Answer, answer, some_of
from leadanalytics.report.pictures import Picture, draw_story
from leadanalytics.report.step_columns import step_columns
from leadanalytics.report.stories import Story
from leadanalytics.report.tables import Table, table
from leadanalytics.report.words import MONTHS, counted, date, days, number, rate

__all__ = ["StoryView", "view_story"]

PERIOD_NAMES = {"D": "day", "W": "week", "M": "month", "Q": "quarter", "Y": "year"}


@dataclass(frozen=True)
class StoryView:
    """What the page shows of one funnel."""

    key: str
    answer: Answer
    offers: str
    definition: str
    period: str
    recent: str
    rests_on: str
    pictures: dict[str, Picture]
    tables: dict[str, Table]


def view_story(story: Story, *, key: str) -> StoryView:
    """Return the charts, tables and sentences of a story; `key` names its part of the page."""
    return StoryView(
        key=key,
        answer=answer(story),
        offers=f"{counted(len(story.offers), 'offer')}: {some_of(story.offers)}." if story.offers else "",
        definition=str(story.attrs["definition"]),
        period=_period_name(story.trend),
        recent=_recent(story),
        rests_on=_rests_on(story),
        pictures=draw_story(story, key=key),
        tables={
            "steps": _steps(story),
            "trend": _trend(story),
            "curve": _milestones(story),
            "durations": _durations(story),
            "coming": _coming(story),
            **({} if story.open_counts is None else {"anywhere": _anywhere(story, story.open_counts)}),
        },
    )


def _steps(story: Story) -> Table:
    columns = step_columns(story.counts, first=story.steps[0])
    sums = ". Reached, skipped and left out are all with such a lead" if "Left out" in columns else ""
    caption = f"{story.name}: {story.unit} at each step, rates with 95 % intervals{sums}"
    return table(caption, list(columns), zip(*columns.values()))


def _anywhere(story: Story, counts: pd.DataFrame) -> Table:
    base = counts["n"].shift()
    rows = [
        [
            row["stage"],
            number(row["n"]),
            number(row["entered"]),
            rate(row["of_previous"], row["of_previous_low"], row["of_previous_high"], of=before)
            if row["step"] > 1
            else "",
        ]
        for row, before in zip(counts.to_dict("records"), base)
    ]
    heads = ["Step", "Reached it or a later one", "Came in here", "Of the step before"]
    return table(f"{story.name}: the same funnel, entered at any step", heads, rows)


def _trend(story: Story) -> Table:
    end = story.trend[story.trend["stage"] == story.steps[-1]]
    first = story.trend[story.trend["stage"] == story.steps[0]]
    rows = [
        [
            _period(row, story.trend.attrs["freq"]),
            number(entered),
            number(row["n"]),
            rate(row["of_first"], of=entered),
            rate(*(row.get(name, float("nan")) for name in ("adjusted", "adjusted_low", "adjusted_high"))),
            "finished" if row["complete"] else "unfinished",
        ]
        for row, entered in zip(end.to_dict("records"), first["n"])
    ]
    heads = ["Entered in", "Entered", f"Reached {story.steps[-1]}", "Rate so far", "Adjusted", "Windows"]
    caption = f"{story.name}: by {_period_name(story.trend)} of entry, the adjusted rate with its 95 % interval"
    if len(story.steps) == 1:
        heads, rows = heads[:2], [row[:2] for row in rows]
        caption = f"{story.name}: by {_period_name(story.trend)}"
    return table(caption, heads, rows, words=["Windows"])


def _milestones(story: Story) -> Table:
    rows = [
        [stage, *(rate(row["probability"], row["low"], row["high"]) for row in part.to_dict("records"))]
        for stage, part in story.milestones.groupby("stage", sort=False)
    ]
    times = [days(time) for time in story.milestones["time"].unique()]
    return table(f"{story.name}: share that has reached a step, by time since the entry", ["Step", *times], rows)


def _durations(story: Story) -> Table:
    since_entry = story.durations[story.durations["since"] == "entry"]
    rows = [
        [row["stage"], number(row["n"]), *(days(row[name]) for name in ("median", "upper_quartile", "percentile_90"))]
        for row in since_entry.to_dict("records")
    ]
    heads = ["Step", "Reached it", "Half within", "Three in four within", "Nine in ten within"]
    return table(f"{story.name}: time since the entry, of those who reached the step", heads, rows)


def _coming(story: Story) -> Table:
    rows = [
        [
            row["stage"],
            number(row["n"]),
            number(row["open"]),
            f"{row['expected']:,.1f}",
            f"{number(row['low'])} to {number(row['high'])}",
        ]
        for row in story.coming.to_dict("records")
    ]
    heads = ["Step", "Have reached it", "Can still", "Expected to", "In 9 cases of 10"]
    return table(f"{story.name}: who is still to come, of those who have entered", heads, rows)


def _recent(story: Story) -> str:
    """Return what the two latest finished periods came to, as a sentence; nothing without any."""
    end = story.trend[(story.trend["stage"] == story.steps[-1]) & story.trend["complete"]].tail(2)
    if end.empty:
        return ""
    entered = story.trend[story.trend["stage"] == story.steps[0]].set_index("period")["n"]
    said = [
        f"{_period(row, story.trend.attrs['freq'])}: {_reached(row, entered[row['period']], story.steps[-1])}"
        for row in reversed(end.to_dict("records"))
    ]
    before = f" The one before, {said[1]}." if len(said) > 1 else ""
    return f"The last finished {_period_name(story.trend)}, {said[0]}.{before}"


def _reached(row: dict, entered: int, end: str) -> str:
    if not entered:
        return "nobody entered"
    share = rate(row["of_first"], row["of_first_low"], row["of_first_high"])
    return f"none of {number(entered)} reached {end}" if not row["n"] else f"{share} of {number(entered)} reached {end}"


def _rests_on(story: Story) -> str:
    """Return what the nowcast rests on."""
    past, told = number(story.entered), answer(story)
    return (
        f"Rests on the {past} who have entered so far, each counted for as long as it was watched, and supposes that "
        f"those who are open go on as they did. It looks {told.within} from each entry, and counts nobody who has not "
        "entered yet."
    )


def _period_name(trend: pd.DataFrame) -> str:
    return PERIOD_NAMES[str(trend.attrs["freq"])[0]]


def _period(row: dict, freq: str) -> str:
    """Return the name of a period, as its freq makes it."""
    start = row["period"]
    if freq.startswith("MS"):
        return f"{MONTHS[start.month - 1]} {start.year}"
    if freq == "QS":
        return f"Q{start.quarter} {start.year}"
    if freq == "YS":
        return str(start.year)
    return f"the week of {date(start)}" if freq.startswith("W") else date(start)
