"""The leads of every day on a calendar, and the gaps in which the feed was silent."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection

from leadanalytics.charts.calendars import (
    FOOT,
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
from leadanalytics.charts.style import (
    ASIDE,
    QUIET_WORDS,
    REACHED,
    RULE,
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
LEAST_CELL = 8.0  # a year is one block where its cells are at least so wide [points]
SMALL = 7.5  # of the words on the calendar [points]
LETTER = 0.52  # how wide such a letter is, as a part of its size
WEEKDAY_ROOM = 30  # to the left of the days [points]
MOST_GAPS = 4  # said one by one
SHADES = ("#CFE3F3", "#86BCE0", "#2F83BF", "#003F6B")

NOTHING = "No lead has a date"
Gap = tuple[int, int]  # the places of its first and last day


def plot_days(days: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    r"""Return an Axes with a calendar of the leads of each day: weeks as columns, weekdays as rows, years in blocks.

    The darker a day, the more leads; a day without any is white, and one of a silent gap has an orange edge and a
    stroke. Each gap is named under its week and in the caption. Where there is no room for a year, a block is half one.

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
    every = pd.DatetimeIndex(days["day"]).tz_localize(None).normalize()
    gaps = _gaps(days["silent"].to_numpy(bool))
    title = "Leads per day" if title is None else cleaned(title)
    notes = [_gaps_words(every, gaps), _rule_words(days, gaps), definition(days)]
    with house_style():
        wide = WIDTH * 72 if ax is None else points_wide(ax) / 0.8
        calendar = lay_out(every, weeks=YEAR_WEEKS if (wide - WEEKDAY_ROOM) / YEAR_WEEKS >= LEAST_CELL else HALF_WEEKS)
        cell = (wide - WEEKDAY_ROOM - 12) / calendar.weeks
        if ax is not None:
            cell = min(cell, (points_left(ax) - 2 * CAPTION_LINE * len(notes)) / (calendar.height + 3.2))
        classes = _classes(days["leads"].to_numpy())
        key = _key_places(classes, calendar, cell, has_gap=bool(gaps))
        height = calendar.height + 1.6 * (key[-1][1] + 1 if key else 0)
        if ax is None:
            drawn = max(height, 12) * cell / 72
            ax = plt.subplots(figsize=(WIDTH, inches_high(drawn, notes, width=WIDTH) - 0.3))[1]
        write_title(ax, title)
        if len(days):
            _frame(ax, calendar, height)
            _draw_days(ax, calendar, days, classes)
            _name_gaps(ax, calendar, gaps, cell)
            _draw_key(ax, calendar, key)
        else:
            say_nothing(ax, NOTHING)
        write_caption(ax, notes, points=words_wide(ax))
    describe(ax, heading(title, _sentence(days, every)), notes[0])
    return ax


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


def _draw_days(ax: Axes, calendar: Calendar, days: pd.DataFrame, classes: np.ndarray) -> None:
    """Draw the cell of each day in the shade of its class, and the borders of the months."""
    shade = np.searchsorted(classes, days["leads"].to_numpy())
    faces = np.array(["white", *SHADES[-len(classes) :]], dtype=object)[shade]
    edges = np.where(shade > 0, REACHED, RULE).astype(object)
    silent = days["silent"].to_numpy(bool)
    faces[silent], edges[silent] = ASIDE, SILENT
    corners = squares(calendar.columns, calendar.rows, size=0.84)
    ax.add_collection(PolyCollection(list(corners), facecolors=faces, edgecolors=edges, linewidths=0.5))
    ax.add_collection(LineCollection(corners[silent][:, [3, 1]], colors=SILENT, linewidths=0.9))
    ax.add_collection(LineCollection(month_borders(calendar), colors=QUIET_WORDS, linewidths=0.7))


def _name_gaps(ax: Axes, calendar: Calendar, gaps: list[Gap], cell: float) -> None:
    """Write under its week which days were silent, where the words of the gap before leave room."""
    taken: dict[int, float] = {}
    for first, last in gaps:
        block = int(calendar.blocks[first])
        words = f"silent {_dates(calendar.days[first], calendar.days[last], has_year=False)}"
        width = LETTER * SMALL * len(words) / cell
        left = max(min(float(calendar.columns[first]), calendar.weeks - width), 0)
        if left >= taken.get(block, 0):
            row = calendar.tops[block] + WEEKDAYS + 0.25
            ax.text(left, row, words, va="top", fontsize=SMALL, **words_style(SILENT_WORDS))
            taken[block] = left + width + 1


def _classes(leads: np.ndarray) -> np.ndarray:
    """Return the most leads of each shade, rising, so that each shade has about as many days; none for no lead."""
    some = leads[leads > 0]
    if not len(some):
        return np.array([], dtype="int64")
    shares = np.linspace(0, 1, len(SHADES) + 1)[:-1]
    tops = np.unique(np.append(np.quantile(some, shares[1:], method="lower"), some.max()))
    return np.concatenate([[0], tops.astype("int64")])


def _key_places(
    classes: np.ndarray, calendar: Calendar, cell: float, *, has_gap: bool
) -> list[tuple[float, int, str, str, str]]:
    """Return the column, row, face, edge and words of each sample of the key."""
    entries = [("white", RULE, "no lead")]
    for shade, low, high in zip(SHADES[-max(len(classes) - 1, 1) :], classes[:-1] + 1, classes[1:]):
        entries.append((shade, REACHED, f"{low:,}" if low == high else f"{low:,} to {high:,}"))
    if has_gap:
        entries.append((ASIDE, SILENT, "silent"))
    places: list[tuple[float, int, str, str, str]] = []
    left, row = 0.0, 0
    for face, edge, words in entries:
        words = f"{words} a day" if len(places) == 1 else words
        width = 2.2 + LETTER * (SMALL + 0.5) * len(words) / cell + 1.2
        if left and left + width > calendar.weeks:
            left, row = 0.0, row + 1
        places.append((left, row, face, edge, words))
        left += width
    return places


def _draw_key(ax: Axes, calendar: Calendar, key: list[tuple[float, int, str, str, str]]) -> None:
    """Draw a sample of each shade under the calendar, with the number of leads that it stands for."""
    columns = np.array([place[0] for place in key])
    rows = calendar.height - FOOT + 2.2 + 1.6 * np.array([place[1] for place in key])
    corners = squares(columns, rows, size=1.0)
    looks: dict[str, Any] = {"facecolors": [place[2] for place in key], "edgecolors": [place[3] for place in key]}
    ax.add_collection(PolyCollection(list(corners), linewidths=0.8, **looks))
    for (left, _, _, edge, words), row, square in zip(key, rows, corners):
        if edge == SILENT:
            ax.add_collection(LineCollection([square[[3, 1]]], colors=SILENT, linewidths=0.9))
        ax.text(left + 1.5, row + 0.5, words, va="center", fontsize=SMALL, **words_style(QUIET_WORDS))


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
