"""The leads of every day on a calendar, and the gaps in which the feed was silent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection

from leadanalytics.charts.calendars import (
    HALF_WEEKS,
    WEEKDAYS,
    YEAR_WEEKS,
    Calendar,
    lay_out,
    month_borders,
    month_names,
    squares,
)
from leadanalytics.charts.captions import (
    CAPTION_LINE,
    SLOT,
    definition,
    inches_high,
    points_left,
    points_wide,
    say_nothing,
    words_wide,
    write_caption,
    write_title,
)
from leadanalytics.charts.describing import describe, heading
from leadanalytics.charts.frames import need
from leadanalytics.charts.periods import MONTHS
from leadanalytics.charts.shades import (
    SAMPLE_ROW,
    SMALL,
    draw_key,
    draw_strokes,
    lay_out_key,
    shade_tops,
    shades_of,
    words_wide_in_cells,
)
from leadanalytics.charts.style import (
    ASIDE,
    QUIET_WORDS,
    SILENT,
    SILENT_WORDS,
    WORDS,
    house_style,
    words_style,
)
from leadanalytics.charts.words import NO_BREAK, cleaned
from leadanalytics.errors import ChartError

COLUMNS = ("day", "leads", "silent")
WIDTH = 7.2  # of a chart [inches]
LEAST_HEIGHT = 12  # of the calendar of a figure of its own [cells]
LEAST_CELL = 8.0  # a year is one block where its cells are at least so wide [points]
CELL = 0.84  # the part of its place that a cell takes
WEEKDAY_ROOM = 42  # beside the days [points]
UNUSED = 0.3  # of the room around a chart, for a calendar has no scale under it [inches]
MOST_GAPS = 4  # said one by one
MOST_YEARS = 6  # drawn with those in which no lead came

NOTHING = "No lead has a date"
Gap = tuple[int, int]  # the places of its first and last day


def plot_days(days: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    r"""Return an Axes with a calendar of the leads of each day: weeks as columns, weekdays as rows, years in blocks.

    The darker a day, the more leads; a day without any is white, and one of a silent gap has an orange edge and a
    stroke. Each gap is named under its week and in the caption. Where there is no room for a year, a block is half one.
    Of more than six years, those without a lead are not drawn, and the caption names them.

    Parameters
    ----------
    days : DataFrame
        Made by `count_days`, without groups.
    ax : Axes, optional
        Where to draw. By default a figure of its own is made.
    title : str, optional
        By default "Leads per day".

    Raises
    ------
    FrameError
        When a column of the days is missing.
    ChartError
        When the days hold several groups.

    Examples
    --------
    >>> every = pd.date_range("2024-03-01", periods=30)
    >>> ax = plot_days(pd.DataFrame({"day": every, "leads": [3] * 20 + [0] * 10, "silent": [False] * 20 + [True] * 10}))
    >>> [text.get_text() for text in ax.texts if "silent" in text.get_text()]
    ['silent 21 to 30\xa0Mar', 'silent']
    """
    need(days, COLUMNS, maker="count_days(leads)")
    if days["day"].duplicated().any():
        raise ChartError(
            "plot_days draws one group",
            found="days of several groups",
            next_step="take the rows of one group, or leave out by in count_days",
        )
    days = days.sort_values("day", ignore_index=True)
    every, gaps = _every_day(days), _gaps(days["silent"].to_numpy(bool))
    said = [_gaps_words(every, gaps), _rule_words(days, gaps)]
    days, empty = _without_empty_years(days)
    every, gaps = _every_day(days), _gaps(days["silent"].to_numpy(bool))
    title = "Leads per day" if title is None else cleaned(title)
    notes = [*said, empty, definition(days)]
    tops = shade_tops(days["leads"].to_numpy())
    with house_style():
        calendar, cell = _fit(every, ax, notes)
        key = lay_out_key(tops, columns=calendar.weeks, cell=cell, has_gap=bool(gaps))
        height = calendar.height + SAMPLE_ROW * (key[-1].row + 1)
        if ax is None:
            high = inches_high(max(height, LEAST_HEIGHT) * cell / 72, notes, width=WIDTH) - UNUSED
            ax = plt.subplots(figsize=(WIDTH, high))[1]
        write_title(ax, title)
        if len(days):
            _frame(ax, calendar, height)
            _draw_days(ax, calendar, days, tops)
            _name_gaps(ax, calendar, gaps, cell)
            draw_key(ax, key, top=calendar.height)
        else:
            say_nothing(ax, NOTHING)
        write_caption(ax, notes, points=words_wide(ax))
    describe(ax, heading(title, _sentence(days, every)), notes[0])
    return ax


def _every_day(days: pd.DataFrame) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(days["day"]).tz_localize(None).normalize()


def _without_empty_years(days: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return the days of the years with a lead, where there are too many years, and which others are left out."""
    years = days["day"].dt.year
    has_lead = days["leads"].groupby(years).transform("sum") > 0
    if years.nunique() <= MOST_YEARS or has_lead.all() or not has_lead.any():
        return days, ""
    empty = years[~has_lead].unique()
    runs = np.split(empty, np.flatnonzero(np.diff(empty) > 1) + 1)
    words = ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)
    kept = days[has_lead].reset_index(drop=True)
    return kept, f"Not drawn, for no lead came: {words}."


def _fit(every: pd.DatetimeIndex, ax: Axes | None, notes: Sequence[str]) -> tuple[Calendar, float]:
    """Return the calendar whose blocks fit into the width, and the width of its cells [points]."""
    wide = (WIDTH * 72 if ax is None else points_wide(ax) / SLOT) - WEEKDAY_ROOM
    calendar = lay_out(every, weeks=YEAR_WEEKS if wide / YEAR_WEEKS >= LEAST_CELL else HALF_WEEKS)
    if ax is None:
        return calendar, wide / calendar.weeks
    # On a low Axes the cells, which are square, are smaller than its width allows.
    high = points_left(ax) - 2 * CAPTION_LINE * len(notes)
    return calendar, min(wide / calendar.weeks, high / (calendar.height + 2 * SAMPLE_ROW))


def _frame(ax: Axes, calendar: Calendar, height: float) -> None:
    """Set the scales of the calendar, and name its weekdays, months and years."""
    ax.set_xlim(0, calendar.weeks)
    ax.set_ylim(height, 0)
    ax.set_aspect("equal", anchor="NW")
    ax.set_xticks([])
    ax.spines[:].set_visible(False)
    rows = [(top + place + 0.5, name) for top in calendar.tops for place, name in ((0, "Mon"), (2, "Wed"), (4, "Fri"))]
    ax.set_yticks([row for row, _ in rows], [name for _, name in rows], fontsize=SMALL, **words_style(QUIET_WORDS))
    ax.tick_params(axis="y", length=0, pad=4)
    for left, top, name in month_names(calendar):
        ax.text(left, top - 0.35, name, fontsize=SMALL, **words_style(QUIET_WORDS))
    firsts = np.unique(calendar.blocks, return_index=True)[1]
    for top, year in zip(calendar.tops, calendar.days.year[firsts]):
        place: dict[str, Any] = {"xy": (0, top - 0.35), "xytext": (-4, 0), "textcoords": "offset points", "ha": "right"}
        ax.annotate(str(year), fontsize=SMALL + 1, **place, **words_style(WORDS))


def _draw_days(ax: Axes, calendar: Calendar, days: pd.DataFrame, tops: np.ndarray) -> None:
    """Draw the cell of each day in its shade, and the borders of the months."""
    faces, edges = shades_of(days["leads"].to_numpy(), tops)
    silent = days["silent"].to_numpy(bool)
    faces[silent], edges[silent] = ASIDE, SILENT
    corners = squares(calendar.columns, calendar.rows, size=CELL)
    ax.add_collection(PolyCollection(list(corners), facecolors=faces, edgecolors=edges, linewidths=0.5))
    draw_strokes(ax, corners[silent])
    ax.add_collection(LineCollection(month_borders(calendar), colors=QUIET_WORDS, linewidths=0.7))


def _name_gaps(ax: Axes, calendar: Calendar, gaps: list[Gap], cell: float) -> None:
    """Write under its week which days were silent, where the words of the gap before leave room."""
    taken: dict[int, float] = {}
    for first, last in gaps:
        block = int(calendar.blocks[first])
        words = f"silent {_dates(calendar.days[first], calendar.days[last], has_year=False)}"
        width = words_wide_in_cells(words, cell)
        left = max(min(float(calendar.columns[first]), calendar.weeks - width), 0)
        if left >= taken.get(block, 0):
            row = calendar.tops[block] + WEEKDAYS + 0.25
            ax.text(left, row, words, va="top", fontsize=SMALL, **words_style(SILENT_WORDS))
            taken[block] = left + width + 1


def _gaps(silent: np.ndarray) -> list[Gap]:
    """Return the first and the last day of each silent gap."""
    edges = np.diff(np.concatenate([[False], silent, [False]]).astype("int8"))
    return [(int(first), int(end) - 1) for first, end in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1))]


def _dates(first: pd.Timestamp, last: pd.Timestamp, *, has_year: bool = True) -> str:
    """Return a span of days in words, each month and year once."""
    parts = [str(first.day)]
    if first.month != last.month or first.year != last.year:
        parts.append(MONTHS[first.month - 1])
    if first.year != last.year and has_year:
        parts.append(str(first.year))
    begin = "" if first == last else f"{NO_BREAK.join(parts)} to "
    end = f"{last.day}{NO_BREAK}{MONTHS[last.month - 1]}"
    return f"{begin}{end}{f'{NO_BREAK}{last.year}' if has_year else ''}"


def _gaps_words(every: pd.DatetimeIndex, gaps: list[Gap]) -> str:
    if not gaps:
        return "No silent gap." if len(every) else ""
    longest = sorted(sorted(gaps, key=lambda gap: gap[0] - gap[1])[:MOST_GAPS])
    words = [
        f"{_dates(every[first], every[last])} ({last - first + 1:,}{NO_BREAK}day{'s' if last > first else ''})"
        for first, last in longest
    ]
    more = f"; and {len(gaps) - MOST_GAPS:,} shorter" if len(gaps) > MOST_GAPS else ""
    return f"Silent: {', '.join(words)}{more}."


def _rule_words(days: pd.DataFrame, gaps: list[Gap]) -> str:
    chance = days.attrs.get("chance")
    if not gaps or not chance:
        return ""
    return f"At the usual pace of those weekdays, so long a gap has a probability below 1 in {1 / chance:,.0f}."


def _sentence(days: pd.DataFrame, every: pd.DatetimeIndex) -> str:
    if days.empty:
        return f"{NOTHING}."
    most = int(days["leads"].to_numpy().argmax())
    best = f"the most are {days['leads'].iloc[most]:,} on {_dates(every[most], every[most])}"
    return f"{days['leads'].sum():,} leads on {len(days):,} days, {_dates(every[0], every[-1])}; {best}."
