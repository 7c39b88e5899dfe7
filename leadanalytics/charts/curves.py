"""Curves: which share has reached each step how long after the entry, how sure that is, how many are still watched."""

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
    say_nothing,
    words_wide,
    write_beside,
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
from leadanalytics.charts.scales import UNDER_TICKS, percent_scale, time_scale
from leadanalytics.charts.style import house_style
from leadanalytics.charts.underneath import row_names, rows_high, write_row
from leadanalytics.charts.words import cleaned, percent, time_words, unit_words

COLUMNS = ("step", "stage", "time", "probability", "low", "high", "at_risk")
WIDTH, DRAWN = 7.2, 2.2  # of a chart, and the least height of its lines [inches]
MOST_BANDS = 4  # more of them are a fog
MOST_POINTS = 1_500  # of a line; more of them are finer than the picture
NEAR = 0.35  # how far from a tick a number of its own time may stand, as a part of the step between two ticks
CLEAR = 0.75  # how far two such numbers stand apart at least, as the same part

NOTHING = "Nobody entered, so there is no curve"


def plot_curve(
    curve: pd.DataFrame,
    *,
    by: str | Sequence[str] | None = None,
    stage: str | None = None,
    ax: Axes | None = None,
    title: str | None = None,
) -> Axes:
    r"""Return an Axes with the share that has reached a step by each time since the entry, a line per step or group.

    Each line is a staircase with its band, named where it ends, with the share reached there and when half had reached
    the step: a dot on the line, or "half not reached". Under the scale stand the units that are watched at a time and
    are not there yet, at their own times: where they are few, the line is a guess.

    Parameters
    ----------
    curve : DataFrame
        Made by `conversion_curve`.
    by : str or sequence of str, optional
        The columns that tell groups apart; by default those of `curve.attrs["by"]`. The six groups with the
        most units at the first step have a colour and a name, any others are thin and grey.
    stage : str, optional
        The step to draw of each group; by default the last. Without groups every step is drawn.
    ax : Axes, optional
        Where to draw. By default a figure of its own is made.
    title : str, optional
        By default the name of the funnel, from `curve.attrs["funnel"]`.

    Raises
    ------
    FrameError
        When a column of the curve is missing.
    ChartError
        When a column of `by` or the stage is missing, or the groups cannot be told apart.

    Examples
    --------
    >>> curve = pd.DataFrame({
    ...     "step": 2, "stage": "Get it now", "time": [0.0, 2.0, 9.0, 30.0], "probability": [0.0, 0.3, 0.6, 0.6],
    ...     "low": [0.0, 0.1, 0.3, 0.3], "high": [0.3, 0.6, 0.8, 0.8], "at_risk": [10, 10, 7, 4],
    ... })
    >>> ax = plot_curve(curve)
    >>> [text.get_text() for text in ax.texts if "half" in text.get_text()]
    ['Get it now\n60\xa0% by day\xa030\nhalf by day\xa09']
    """
    need(curve, COLUMNS, maker="conversion_curve(funnels)")
    curve = titled(curve)
    lines = tell_lines(curve, by=by, stage=stage, along="time") if curve["probability"].notna().any() else []
    title = default_title(curve, after=": time to convert") if title is None else cleaned(title)
    with house_style():
        if ax is None:
            ax = _own_axes(curve, lines)
        unit = unit_words(curve.attrs.get("unit"))
        write_title(ax, title, under=f"Share of {unit} that reached {shared_step(lines)} by then")
        lines = name_those_that_fit(lines, lambda some: _write_caption(ax, curve, some))
        high = _write_caption(ax, curve, lines)
        named = named_of(lines)
        if lines:
            _draw(ax, lines, since=_entry(curve))
            ends = [_end(line) for line in named]
            name_ends(ax, named, ends, [_end_words(line) for line in named], high=high)
        else:
            say_nothing(ax, NOTHING)
    describe(ax, heading(title, _sentence(named)))
    return ax


def _own_axes(curve: pd.DataFrame, lines: list[Line]) -> Axes:
    """Return an Axes of a figure that has room for all names."""
    drawn, below = max(DRAWN, 0.55 * len(named_of(lines))), _below(lines)
    return plt.subplots(figsize=(WIDTH, inches_high(drawn, _notes(curve, lines), width=WIDTH, below=below)))[1]


def _write_caption(ax: Axes, curve: pd.DataFrame, lines: Sequence[Line]) -> float:
    """Write the caption for lines so named, and return the height that is left for them [points]."""
    write_caption(ax, _notes(curve, lines), points=words_wide(ax), below=_below(lines))
    return points_left(ax, below=_below(lines))


def _notes(curve: pd.DataFrame, lines: Sequence[Line]) -> list[str]:
    return [_band_words(curve, lines), quiet_words(lines), definition(curve)]


def _below(lines: Sequence[Line]) -> float:
    """Return the height of the words under the scale [points]."""
    return rows_high(len(named_of(lines)) + 2) + 4 if lines else 0


def _draw(ax: Axes, lines: list[Line], *, since: str) -> None:
    """Draw the lines between their scales, and write how many are watched under them."""
    has_bands = len(lines) <= MOST_BANDS
    known = pd.concat([line.rows for line in lines]).dropna(subset=["probability"])
    percent_scale(ax, float(known["high" if has_bands else "probability"].max() if len(known) else 1))
    ticks = time_scale(ax, float(known["time"].max() if len(known) else 1), since=since)
    for line in reversed(lines):
        _draw_line(ax, line, has_band=has_bands)
    _write_at_risk(ax, named_of(lines), ticks)


def _draw_line(ax: Axes, line: Line, *, has_band: bool) -> None:
    rows = _thinned(line.rows)
    look: dict[str, Any] = {
        "color": line.color,
        "linewidth": 0.7 if line.is_quiet else 1.8,
        "zorder": 2 if line.is_quiet else 3,
    }
    ax.plot(rows["time"], rows["probability"], drawstyle="steps-post", label=line.name, **look)
    if has_band:
        band: dict[str, Any] = {"step": "post", "color": line.color, "alpha": 0.16, "linewidth": 0}
        ax.fill_between(rows["time"], rows["low"], rows["high"], **band)
    half = _half(line)
    if half is not None and not line.is_quiet:
        look |= {"marker": "o", "markersize": 6, "markeredgecolor": "white", "zorder": 4, "clip_on": False}
        ax.plot(half, 0.5, **look)


def _thinned(rows: pd.DataFrame) -> pd.DataFrame:
    """Return no more rows than the picture can show, the last of each moment, so that a line of many stays light."""
    if len(rows) <= MOST_POINTS:
        return rows
    moments = (rows["time"] / rows["time"].max() * MOST_POINTS).astype("int64")
    return rows[~moments.duplicated(keep="last") | (rows["time"] == 0)]


def _write_at_risk(ax: Axes, lines: list[Line], ticks: np.ndarray) -> None:
    """Write how many are watched near the ticks, each number under its own time."""
    down = UNDER_TICKS + LINE + 6
    write_beside(ax, "Watched at that time and not there yet:", at=(0, 0), up=-down, va="top")
    names = row_names([line.name for line in lines])
    for number, (line, name) in enumerate(zip(lines, names), start=1):
        rows = line.rows.iloc[_nearest(line.rows["time"].to_numpy(), ticks)]
        times, watched = rows["time"].tolist(), rows["at_risk"].tolist()
        write_row(ax, name, times, watched, down=down + LINE * number, color=line.color)


def _nearest(times: np.ndarray, ticks: np.ndarray) -> list[int]:
    """Return the places of the times that lie nearest to the ticks, where one is near enough and clear of the last."""
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    places: list[int] = []
    for tick in ticks if len(times) else ():
        place = int(np.argmin(np.abs(times - tick)))
        if abs(times[place] - tick) <= NEAR * step and not (places and times[place] - times[places[-1]] < CLEAR * step):
            places.append(place)
    return places


def _half(line: Line) -> float | None:
    """Return the first time at which half have reached the step, or None."""
    there = line.rows.loc[line.rows["probability"] >= 0.5, "time"]
    return None if there.empty else float(there.iloc[0])


def _end(line: Line) -> tuple[float, float]:
    known = line.rows.dropna(subset=["probability"])
    return (0.0, 0.0) if known.empty else (float(known["time"].iloc[-1]), float(known["probability"].iloc[-1]))


def _end_words(line: Line) -> str:
    time, share = _end(line)
    half = _half(line)
    words = "half not reached"
    if half is not None:
        words = f"half by {time_words(half)}" if half > 0 else "half at once"
    return f"{percent(share)} by {time_words(time)}\n{words}"


def _entry(curve: pd.DataFrame) -> str:
    """Return what the time is counted from."""
    steps = curve.attrs.get("steps")
    return cleaned(steps[0]) if steps and curve.attrs.get("start", "first") == "first" else "the entry"


def _band_words(curve: pd.DataFrame, lines: Sequence[Line]) -> str:
    if not 0 < len(lines) <= MOST_BANDS:
        return ""
    share = percent(curve.attrs.get("confidence", 0.95))
    return f"The bands hold {share} at each time; who is still open counts for as long as they were watched."


def _sentence(lines: list[Line]) -> str:
    words = [f"{line.name}: {_end_words(line)}".replace("\n", ", ") for line in lines]
    return f"{'; '.join(words)}." if words else f"{NOTHING}."
