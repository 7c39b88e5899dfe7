"""What is still to come of the open units, and what past forecasts were worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from leadanalytics.charts.captions import definition
from leadanalytics.charts.describing import describe, heading
from leadanalytics.charts.frames import need, titled
from leadanalytics.charts.rows import WIDTH, Rows, bar_height, in_numbers, row_axes
from leadanalytics.charts.style import EDGES, OPEN, OTHER, REACHED, RULE, WORDS, house_style
from leadanalytics.charts.words import cleaned, unit_words

NOWCAST = ["stage", "n", "open", "expected", "low", "high"]
REPLAY = ["as_of", "stage", "expected", "low", "high", "came", "inside"]
NO_STEPS = "There is no step to wait for"
NO_PAST = "There is no past forecast to look at"

# A light fill is seen by its edge.
LIGHT: Mapping[str, Any] = {"color": OPEN, "edgecolor": EDGES[OPEN], "linewidth": 0.8}


def plot_nowcast(
    nowcast: pd.DataFrame, *, ax: Axes | None = None, width: float = WIDTH, title: str | None = None
) -> Axes:
    """Return an Axes with one bar per step: who has reached it, and how many more are expected to.

    The dark part of a bar is `n`; the light one is `expected` of the open units, and the dark line over its end goes
    from `n + low` to `n + high`, where the interval is known. To the right stand the numbers. A breakdown has a
    section per group.

    Parameters
    ----------
    nowcast : DataFrame
        Made by `nowcast`.
    ax : Axes, optional
        Where to draw. By default a figure of its own is made, as high as the steps need.
    width : float, default 7.2
        The width of that figure [inches]: 3.6 suits a telephone, 10 a notebook, 13.3 a slide.
    title : str, optional
        By default what is shown.

    Raises
    ------
    FrameError
        When a column is missing.

    Examples
    --------
    >>> steps = pd.DataFrame({
    ...     "stage": ["Get it now", "Install"], "n": [53, 10], "open": [36, 67], "expected": [3.6, 1.3],
    ...     "low": [1.0, 0.0], "high": [7.0, 3.0],
    ... })
    >>> ax = plot_nowcast(steps)
    >>> [[round(float(bar.get_width()), 1) for bar in part] for part in ax.containers]
    [[53.0, 10.0], [3.6, 1.3]]
    """
    by = list(nowcast.attrs.get("by") or ())
    need(nowcast, [*NOWCAST, *by], maker="nowcast(funnels)")
    nowcast = titled(nowcast)
    title = "What is still to come" if title is None else cleaned(title)
    rows = _steps(nowcast, by)
    with house_style():
        ax = row_axes(rows, ax=ax, width=width, title=title, caption=_nowcast_caption(nowcast), nothing=NO_STEPS)
        _draw_nowcast(ax, rows.positions, nowcast)
    describe(ax, heading(title, _nowcast_words(nowcast, rows)))
    return ax


def plot_replay(
    replay: pd.DataFrame, *, ax: Axes | None = None, width: float = WIDTH, title: str | None = None
) -> Axes:
    """Return an Axes with one row per past forecast: the interval that it gave, and what really came.

    The light bar goes from `low` to `high` with a tick at `expected`; the dot is what `came`, blue `inside` the
    interval, vermilion outside, hollow where there was no interval. There is a section per step.

    Parameters
    ----------
    replay : DataFrame
        Made by `replay_nowcasts`.
    ax : Axes, optional
        Where to draw. By default a figure of its own is made, as high as the forecasts need.
    width : float, default 7.2
        The width of that figure [inches]: 3.6 suits a telephone, 10 a notebook, 13.3 a slide.
    title : str, optional
        By default what is shown.

    Raises
    ------
    FrameError
        When a column is missing.

    Examples
    --------
    >>> replay = pd.DataFrame({
    ...     "as_of": pd.to_datetime(["2024-04-30", "2024-05-31"], utc=True), "stage": "Install",
    ...     "expected": [1.8, 2.3], "low": [0.0, 0.0], "high": [4.0, 5.0], "came": [1, 6], "inside": [True, False],
    ... })
    >>> ax = plot_replay(replay)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['2024-04-30', '2024-05-31', 'Install']
    """
    need(replay, REPLAY, maker="replay_nowcasts(leads)")
    title = "Past forecasts, and what came" if title is None else cleaned(title)
    # Where steps take turns, each has its forecasts together.
    replay = replay.assign(_place=pd.factorize(replay["stage"])[0]).sort_values("_place", kind="stable")
    rows = _forecasts(replay)
    with house_style():
        ax = row_axes(rows, ax=ax, width=width, title=title, caption=_replay_caption(replay), nothing=NO_PAST)
        _draw_replay(ax, rows.positions, replay)
    describe(ax, heading(title, f"{_held(replay)}." if len(replay) else f"{NO_PAST}."))
    return ax


def _steps(nowcast: pd.DataFrame, by: Sequence[str]) -> Rows:
    groups = [
        " · ".join("(missing)" if pd.isna(value) else cleaned(value) for value in values)
        for values in nowcast[list(by)].itertuples(index=False)
    ]
    return Rows(
        [cleaned(stage) for stage in nowcast["stage"]],
        {
            "so far": [f"{number:,}" for number in nowcast["n"]],
            "expected": [_forecast(*row) for row in nowcast[["expected", "low", "high"]].itertuples(index=False)],
            "open": [f"{number:,}" for number in nowcast["open"]],
        },
        f"{unit_words(nowcast.attrs.get('unit'))} that reached the step",
        groups if by else (),
        colors={"so far": REACHED},
    )


def _forecast(expected: float, low: float, high: float) -> str:
    """Return a forecast in words, with its interval where that is known.

    Examples
    --------
    >>> _forecast(3.6, 1, 7), _forecast(0.0, float("nan"), float("nan")), _forecast(120.4, 99, 141)
    ('3.6 (1 to 7)', '0.0', '120 (99 to 141)')
    """
    number = f"{expected:,.1f}" if expected < 10 else f"{expected:,.0f}"
    return number if np.isnan(low) else f"{number} ({low:,.0f} to {high:,.0f})"


def _draw_nowcast(ax: Axes, lines: np.ndarray, nowcast: pd.DataFrame) -> None:
    if nowcast.empty:
        return
    n, height = nowcast["n"].to_numpy(float), bar_height(ax)
    ax.barh(lines, n, height=height, color=REACHED, label="so far")
    # The edge of nothing would be a line.
    light = {**LIGHT, "linewidth": np.where(nowcast["expected"] > 0, LIGHT["linewidth"], 0)}
    ax.barh(lines, nowcast["expected"], left=n, height=height, label="expected", **light)
    known = nowcast["low"].notna().to_numpy() & (nowcast["open"] > 0).to_numpy()
    _draw_spans(ax, lines[known], (n + nowcast["low"])[known], (n + nowcast["high"])[known], height=height)
    ax.set_xlim(0, 1.02 * float(max((n + nowcast["high"].fillna(nowcast["expected"])).max(), 1)))
    in_numbers(ax)


def _draw_spans(ax: Axes, lines: np.ndarray, low: pd.Series, high: pd.Series, *, height: float) -> None:
    """Draw intervals as lines with ends."""
    ax.hlines(lines, low, high, color=WORDS, linewidth=1.3, zorder=3)
    for end in (low, high):
        ax.vlines(end, lines - height / 4, lines + height / 4, color=WORDS, linewidth=1.3, zorder=3)


def _nowcast_caption(nowcast: pd.DataFrame) -> list[str]:
    sure = f"{100 * nowcast.attrs['confidence']:g} % " if "confidence" in nowcast.attrs else ""
    within = nowcast["within"].max() if "within" in nowcast.columns and len(nowcast) else np.nan
    until = "" if np.isnan(within) else f", within {within:,.0f} days of their entry"
    return [f"Light: expected of the units open now{until}, with its {sure}interval.", definition(nowcast)]


def _nowcast_words(nowcast: pd.DataFrame, rows: Rows) -> str:
    """Return what is expected at the last step, of the largest group where there are several."""
    if nowcast.empty:
        return f"{NO_STEPS}."
    groups = list(dict.fromkeys(rows.sections)) or [""]
    last = max(row for row in range(len(rows.names)) if not rows.sections or rows.sections[row] == groups[0])
    number, open_now = nowcast["n"].iloc[last], nowcast["open"].iloc[last]
    more = f"{rows.columns['expected'][last]} more are expected of {open_now:,} open"
    among = f"{len(groups):,} groups; the first is this one. {groups[0]}: " if len(groups) > 1 else ""
    return f"{among}{number:,} reached {rows.names[last]} so far, {more}."


def _forecasts(replay: pd.DataFrame) -> Rows:
    return Rows(
        [f"{moment:%Y-%m-%d}" for moment in replay["as_of"]],
        {
            "expected": [_forecast(*row) for row in replay[["expected", "low", "high"]].itertuples(index=False)],
            "came": [f"{number:,}" for number in replay["came"]],
        },
        "units open at that time that reached the step later",
        [cleaned(stage) for stage in replay["stage"]],
    )


def _draw_replay(ax: Axes, lines: np.ndarray, replay: pd.DataFrame) -> None:
    if replay.empty:
        return
    low, high, height = replay["low"].to_numpy(float), replay["high"].to_numpy(float), bar_height(ax)
    ax.barh(lines, high - low, left=low, height=height, label="interval", **LIGHT)
    expected = replay["expected"].to_numpy(float)
    ax.vlines(expected, lines - height / 2, lines + height / 2, color=WORDS, linewidth=1, zorder=3)
    inside = replay["inside"].astype("boolean")
    edges = np.where(inside.isna(), RULE, np.where(inside.fillna(False), REACHED, OTHER)).tolist()
    faces = ["white" if unknown else edge for unknown, edge in zip(inside.isna(), edges)]
    ax.scatter(replay["came"], lines, s=50, c=faces, edgecolors=edges, linewidth=1.1, zorder=4, clip_on=False)
    ax.set_xlim(0, 1.05 * max(np.nanmax([*high, *expected, *replay["came"]]), 1))
    in_numbers(ax)


def _held(replay: pd.DataFrame) -> str:
    """Return how many forecasts held, in words."""
    known = replay["inside"].dropna()
    return f"In {int(known.sum()):,} of {len(known):,} forecasts what came lay inside the interval"


def _replay_caption(replay: pd.DataFrame) -> list[str]:
    held = f"{_held(replay)} (bar; tick: expected; dot: came)." if len(replay) else ""
    return [held, definition(replay)]
