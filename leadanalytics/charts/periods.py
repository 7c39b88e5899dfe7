"""Calendar periods along a chart, in words: months, weeks, quarters, years and days."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from leadanalytics.charts.captions import LINE, points_wide, write_beside
from leadanalytics.charts.scales import UNDER_TICKS, show_ticks
from leadanalytics.charts.style import QUIET_WORDS, words_style
from leadanalytics.charts.words import NO_BREAK

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
UNITS = {"D": "Day", "W": "Week", "M": "Month", "Q": "Quarter", "Y": "Year"}
MONTH_STEPS = (1, 2, 3, 6, 12)  # so that a January is always named
PERIOD_ROOM, DATE_ROOM = 38, 54  # the least distance between two names, and between two dates [points]


def unit_of(freq: object) -> str:
    """Return what a period is: 'Month' for "MS".

    Examples
    --------
    >>> unit_of("MS"), unit_of("W-MON"), unit_of(None)
    ('Month', 'Week', 'Period')
    """
    return UNITS.get(str(freq)[:1], "Period")


def period_words(start: pd.Timestamp, unit: str, *, has_year: bool = True) -> str:
    r"""Return a period in words, by its beginning.

    Examples
    --------
    >>> period_words(pd.Timestamp("2024-06-03"), "Month"), period_words(pd.Timestamp("2024-06-03"), "Week")
    ('Jun\xa02024', '3\xa0Jun\xa02024')
    """
    month = MONTHS[start.month - 1]
    quarter = f"Q{(start.month + 2) // 3}" if start.month % 3 == 1 else f"from{NO_BREAK}{month}"
    words = {"Month": month, "Quarter": quarter, "Year": ""}.get(unit, f"{start.day}{NO_BREAK}{month}")
    return NO_BREAK.join(filter(None, (words, str(start.year) if has_year or not words else "")))


def period_scale(ax: Axes, starts: Sequence[pd.Timestamp], *, unit: str, of: str) -> list[int]:
    """Set the scale along to periods side by side, name it, and return the places of those that are named."""
    room = DATE_ROOM if unit in ("Day", "Week") else PERIOD_ROOM
    places = _named(starts, unit, most=max(points_wide(ax) / room, 2))
    words, year = [], None
    for place in places:
        start = starts[place]
        is_new = start.year != year and unit != "Year"
        words.append(period_words(start, unit, has_year=False) + (f"\n{start.year}" if is_new else ""))
        year = start.year
    ax.set_xlim(-0.5, max(len(starts), 1) - 0.5)
    ax.set_xticks(places, words, **words_style(QUIET_WORDS))
    show_ticks(ax)
    write_beside(ax, f"{unit} of {of}", at=(0, 0), up=-UNDER_TICKS - LINE, va="top")
    return places


def _named(starts: Sequence[pd.Timestamp], unit: str, *, most: float) -> list[int]:
    """Return the places of the periods that have room for a name."""
    step = max(math.ceil(len(starts) / most), 1)
    if unit == "Month" and step <= MONTH_STEPS[-1]:
        step = next(wide for wide in MONTH_STEPS if wide >= step)
        return [place for place, start in enumerate(starts) if (start.month - 1) % step == 0] or [0]
    return list(range(0, len(starts), step))
