"""Trends: what became of those who entered in each period, and which periods are not finished."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from leadanalytics.charts.captions import (
    LINE,
    default_title,
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
from leadanalytics.charts.frames import need, titled
from leadanalytics.charts.lines import (
    Line,
    name_ends,
    name_those_that_fit,
    named_of,
    quiet_words,
    shared_step,
    tell_lines,
)
from leadanalytics.charts.periods import period_scale, period_words, unit_of
from leadanalytics.charts.scales import UNDER_TICKS, percent_scale
from leadanalytics.charts.style import QUIET_WORDS, house_style
from leadanalytics.charts.underneath import row_names, rows_high, write_row
from leadanalytics.charts.words import cleaned, percent, unit_words

COLUMNS = ("period", "complete", "step", "stage", "n", "of_first")
WIDTH, DRAWN = 7.2, 2.2  # of a chart, and the least height of its lines [inches]
MOST_INTERVALS = 3  # lines with intervals; those of more hide one another
MARKER = (2.5, 6.0)  # the least and the most size of a marker [points]

NOTHING = "Nobody entered, so there is no trend"
HOLLOW = "○ The period is not finished: its share can still rise."
TICK = "– Beside it the adjusted share, which carries those still open on to the end of their window."
NO_WINDOW = "Without a window no period is ever finished."


def plot_trend(
    trend: pd.DataFrame,
    *,
    by: str | Sequence[str] | None = None,
    stage: str | None = None,
    ax: Axes | None = None,
    title: str | None = None,
) -> Axes:
    r"""Return an Axes with the share that reached each step, by the period in which the units entered.

    A filled marker is a period that is finished, a hollow one can still rise; beside a hollow one stands the adjusted
    share as a tick, where the frame has it. Up to three lines show their 95 % intervals. Each line is named where it
    ends, with its share in the last finished period. Under the scale stands how many entered.

    Parameters
    ----------
    trend : DataFrame
        Made by `stage_trend` or `adjusted_trend`.
    by : str or sequence of str, optional
        The columns that tell groups apart; by default those of `trend.attrs["by"]`. The six groups with the
        most units at the first step have a colour and a name, any others are thin and grey.
    stage : str, optional
        The step to draw of each group; by default the last. Without groups every step after the entry is drawn.
    ax : Axes, optional
        Where to draw. By default a figure of its own is made.
    title : str, optional
        By default the name of the funnel, from `trend.attrs["funnel"]`.

    Raises
    ------
    FrameError
        When a column of the trend is missing.
    ChartError
        When a column of `by` or the stage is missing, or the groups cannot be told apart.

    Examples
    --------
    >>> trend = pd.DataFrame({
    ...     "period": pd.to_datetime(["2024-05-01", "2024-05-01", "2024-06-01", "2024-06-01"], utc=True),
    ...     "complete": [True, True, False, False], "step": [1, 2, 1, 2], "stage": ["Test drive", "Get it now"] * 2,
    ...     "n": [40, 10, 20, 2], "of_first": [1.0, 0.25, 1.0, 0.1],
    ... })
    >>> trend.attrs["freq"] = "MS"
    >>> ax = plot_trend(trend)
    >>> [text.get_text() for text in ax.texts if "May" in text.get_text()]
    ['Get it now\n25\xa0% in May\xa02024']
    """
    need(trend, COLUMNS, maker="stage_trend(funnels)")
    trend = titled(trend)
    if trend.attrs and trend.attrs.get("window") is None:
        # Without a window nothing can be said of the time to come, and an adjusted share is the share as counted.
        trend = trend.drop(columns=["adjusted", "adjusted_low", "adjusted_high"], errors="ignore")
    lines = tell_lines(trend, by=by, stage=stage, along="period")
    unit = unit_of(trend.attrs.get("freq"))
    title = default_title(trend, after=f" by {unit.lower()}") if title is None else cleaned(title)
    with house_style():
        if ax is None:
            ax = _own_axes(trend, lines)
        units = unit_words(trend.attrs.get("unit"))
        write_title(ax, title, under=f"Share of {units} that reached {shared_step(lines)}")
        lines = name_those_that_fit(lines, lambda some: _write_caption(ax, trend, some))
        high = _write_caption(ax, trend, lines)
        named = named_of(lines)
        ends = [_end_words(line, unit) for line in named]
        if lines:
            starts = list(trend["period"].drop_duplicates().sort_values())
            _draw(ax, lines, starts)
            shown = period_scale(ax, starts, unit=unit, of=_entry(trend))
            _write_entered(ax, _entered(trend, named), starts, shown)
            name_ends(ax, named, [_end(line, starts) for line in named], ends, high=high)
        else:
            say_nothing(ax, NOTHING)
    describe(ax, heading(title, _sentence(named, ends)))
    return ax


def _own_axes(trend: pd.DataFrame, lines: list[Line]) -> Axes:
    """Return an Axes of a figure that has room for all names."""
    drawn, below = max(DRAWN, 0.4 * len(named_of(lines))), _below(trend, lines)
    return plt.subplots(figsize=(WIDTH, inches_high(drawn, _notes(trend, lines), width=WIDTH, below=below)))[1]


def _write_caption(ax: Axes, trend: pd.DataFrame, lines: Sequence[Line]) -> float:
    """Write the caption for lines so named, and return the height that is left for them [points]."""
    below = _below(trend, lines)
    write_caption(ax, _notes(trend, lines), points=words_wide(ax), below=below)
    return points_left(ax, below=below)


def _notes(trend: pd.DataFrame, lines: Sequence[Line]) -> list[str]:
    return [_unfinished_words(trend), quiet_words(lines), definition(trend)]


def _below(trend: pd.DataFrame, lines: Sequence[Line]) -> float:
    """Return the height of the words under the scale [points]."""
    return LINE + rows_high(len(_entered(trend, named_of(lines)))) + 6 if lines else 0


def _draw(ax: Axes, lines: list[Line], starts: list[pd.Timestamp]) -> None:
    has_intervals = len(lines) <= MOST_INTERVALS
    shares = ["of_first", "adjusted"] + ["of_first_high", "adjusted_high"] * has_intervals
    tops = [line.rows[[name for name in shares if name in line.rows]].max().max() for line in lines]
    percent_scale(ax, float(np.nan_to_num(np.nanmax([0.0, *tops]))) or 1.0)
    size = float(np.clip(0.4 * points_wide(ax) / len(starts), *MARKER))
    for line in reversed(lines):
        places = pd.Index(starts).get_indexer(line.rows["period"])
        _draw_line(ax, line, places, size=size)
        if not line.is_quiet:
            _draw_adjusted(ax, line, places)
        if has_intervals:
            _draw_interval(ax, line, places)


def _draw_line(ax: Axes, line: Line, places: np.ndarray, *, size: float) -> None:
    """Draw a line, solid through the finished periods, with filled and hollow markers; a quiet one is only a line."""
    share, complete = line.rows["of_first"].to_numpy(), line.rows["complete"].to_numpy(bool)
    look: dict[str, Any] = {"color": line.color, "zorder": 2 if line.is_quiet else 3}
    if line.is_quiet:
        ax.plot(places, share, linewidth=0.7, label=line.name, **look)
        return
    finished = int(complete.sum())
    joined = max(finished - 1, 0)
    ax.plot(places[:finished], share[:finished], linewidth=1.5, label=line.name, **look)
    ax.plot(places[joined:], share[joined:], linewidth=1.0, linestyle=(0, (3, 2)), **look)
    marks: dict[str, Any] = {
        "linestyle": "none",
        "marker": "o",
        "markersize": size,
        "zorder": 4,
        "markeredgecolor": line.color,
        "clip_on": False,  # a share of 0 or 100 % is a whole mark too
    }
    ax.plot(places[complete], share[complete], markerfacecolor=line.color, **marks)
    ax.plot(places[~complete], share[~complete], markerfacecolor="white", markeredgewidth=1.3, **marks)


def _draw_adjusted(ax: Axes, line: Line, places: np.ndarray) -> None:
    """Draw the adjusted shares of the unfinished periods as ticks beside the raw ones."""
    if "adjusted" not in line.rows:
        return
    is_open = (~line.rows["complete"].astype(bool) & line.rows["adjusted"].notna()).to_numpy()
    share, beside = line.rows["adjusted"].to_numpy()[is_open], places[is_open]
    ax.hlines(share, beside + 0.12, beside + 0.46, color=line.color, linewidth=2.2, zorder=4)


def _draw_interval(ax: Axes, line: Line, places: np.ndarray) -> None:
    if {"of_first_low", "of_first_high"} <= set(line.rows.columns):
        low, high = line.rows["of_first_low"], line.rows["of_first_high"]
        ax.vlines(places, low, high, color=line.color, linewidth=0.9, alpha=0.7, zorder=2)


def _entered(trend: pd.DataFrame, lines: list[Line]) -> list[tuple[str, pd.DataFrame, str]]:
    """Return how many entered in each period: a row for all, or one for each group."""
    first = trend[trend["step"] == 1]
    if not first["period"].duplicated().any():
        return [("Entered", first, QUIET_WORDS)] if len(first) else []
    keys = list(trend.columns[: trend.columns.get_loc("period")])
    rows = [(line, line.rows[[*keys, "period"]].merge(first, on=[*keys, "period"], how="left")) for line in lines]
    return [(line.name, part.dropna(subset=["n"]), line.color) for line, part in rows]


def _write_entered(
    ax: Axes, entered: list[tuple[str, pd.DataFrame, str]], starts: list[pd.Timestamp], named: list[int]
) -> None:
    down = UNDER_TICKS + 2 * LINE + 4
    names = row_names([name for name, _, _ in entered])
    for number, (name, (_, rows, color)) in enumerate(zip(names, entered)):
        places = pd.Index(starts).get_indexer(rows["period"])
        shown = np.isin(places, named)
        numbers = rows["n"].to_numpy()[shown].tolist()
        write_row(ax, name, places[shown].tolist(), numbers, down=down + LINE * number, color=color)


def _end(line: Line, starts: list[pd.Timestamp]) -> tuple[float, float]:
    known = line.rows.dropna(subset=["of_first"])
    if known.empty:
        return len(starts) - 1, 0.0
    return float(pd.Index(starts).get_loc(known["period"].iloc[-1])), float(known["of_first"].iloc[-1])


def _end_words(line: Line, unit: str) -> str:
    """Return the share of the last finished period, or of the last one where none is."""
    known = line.rows.dropna(subset=["of_first"])
    known = known[known["complete"].astype(bool)] if known["complete"].any() else known
    if known.empty:
        return "nobody entered"
    last = known.iloc[-1]
    joint = ", " if unit in ("Day", "Week") else " in "
    return f"{percent(last['of_first'])}{joint}{period_words(last['period'], unit)}"


def _entry(trend: pd.DataFrame) -> str:
    """Return what puts a unit into a period, and where the periods begin."""
    steps = trend.attrs.get("steps")
    entry = cleaned(steps[0]) if steps and trend.attrs.get("start", "first") == "first" else "the entry"
    return f"{entry} ({cleaned(trend.attrs.get('tz', 'UTC'))})"


def _unfinished_words(trend: pd.DataFrame) -> str:
    if trend.empty or trend["complete"].all():
        return ""
    if trend.attrs and trend.attrs.get("window") is None:
        return NO_WINDOW
    return f"{HOLLOW} {TICK}" if "adjusted" in trend else HOLLOW


def _sentence(lines: list[Line], ends: list[str]) -> str:
    words = [f"{line.name}: {end}" for line, end in zip(lines, ends)]
    return f"{'; '.join(words)}." if words else f"{NOTHING}."
