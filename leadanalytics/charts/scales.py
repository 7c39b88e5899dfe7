"""The scales of a chart, in words and with units: percent upwards, time since the entry along."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from leadanalytics.charts.captions import points_wide, write_beside
from leadanalytics.charts.style import QUIET_WORDS, RULE, words_style
from leadanalytics.charts.words import NO_BREAK

GRID = "#E4E4E4"
PERCENT_STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25)
DAY_STEPS = (1, 2, 5, 7, 10, 14, 30, 60, 90, 180, 365, 730, 1825)
HOUR_STEPS = (1, 2, 3, 6, 12)
MOST_LEVELS = 5  # lines across a chart
MOST_TIMES = 8  # along a chart
TICK_ROOM = 44  # the least distance between two times on the scale [points]
UNDER_TICKS = 20  # from the axis down to its name [points]


def percent_scale(ax: Axes, top: float) -> None:
    """Set the upward scale to shares from none up to a share, in percent."""
    top = min(max(top * 1.04, PERCENT_STEPS[0]), 1.0)
    step = next((step for step in PERCENT_STEPS if top / step <= MOST_LEVELS), PERCENT_STEPS[-1])
    levels = np.arange(0, top + step / 100, step)
    digits = 1 if step < 0.01 else 0
    ax.set_ylim(0, top)
    ax.set_yticks(levels, [f"{100 * level:.{digits}f}{NO_BREAK}%" for level in levels], **words_style(QUIET_WORDS))
    ax.tick_params(axis="y", length=0, pad=6)
    ax.yaxis.grid(True, color=GRID, linewidth=0.8)
    ax.set_axisbelow(True)
    _draw_floor(ax)


def time_scale(ax: Axes, days: float, *, since: str) -> np.ndarray:
    """Set the scale along to the time since an event, in hours or days, name it, and return its ticks [days]."""
    unit, per_day, steps = ("Hours", 24, HOUR_STEPS) if days <= 2 else ("Days", 1, DAY_STEPS)
    length = max(days * per_day, 1)
    most = np.clip(points_wide(ax) / TICK_ROOM, 2, MOST_TIMES)
    step = next((step for step in steps if length / step <= most), steps[-1])
    ticks = np.arange(0, length + 1e-9, step)
    ax.set_xlim(0, length / per_day)
    ax.set_xticks(ticks / per_day, [f"{tick:g}" for tick in ticks], **words_style(QUIET_WORDS))
    show_ticks(ax)
    write_beside(ax, f"{unit} since {since}", at=(0, 0), up=-UNDER_TICKS, va="top")
    return ticks / per_day


def show_ticks(ax: Axes) -> None:
    """Show the marks and words of the scale along, which the style of the house leaves out."""
    ax.tick_params(axis="x", bottom=True, labelbottom=True, length=3, color=RULE, pad=3)


def _draw_floor(ax: Axes) -> None:
    ax.spines[["left", "right", "top"]].set_visible(False)
    ax.spines["bottom"].set(visible=True, color=RULE)
