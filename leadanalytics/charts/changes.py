"""A change of a rate as a waterfall: from before to after, value by value, by its own rate and by its share."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from leadanalytics.charts.captions import definition
from leadanalytics.charts.describing import describe, heading
from leadanalytics.charts.frames import need, titled
from leadanalytics.charts.rows import WIDTH, Rows, bar_height, in_rates, row_axes
from leadanalytics.charts.style import OTHER, OTHER_WORDS, REACHED, RULE, WORDS, house_style
from leadanalytics.charts.words import MINUS, cleaned, column_words, in_percent, in_points

COLUMNS = ["share_before", "rate_before", "rate_effect", "mix_effect"]
MAKER = "decompose_change(before, after, by=...)"
NOTHING = "There is no change to explain"


def plot_change(
    change: pd.DataFrame, *, ax: Axes | None = None, width: float = WIDTH, title: str | None = None
) -> Axes:
    """Return an Axes with a waterfall from the rate before, on top, to the rate after.

    Each value of the breakdown moves the rate twice: by `rate_effect` (blue), because its own rate changed, and by
    `mix_effect` (vermilion), because its share did. A bar begins where the one before ended, and thin lines join
    them. To the right stand both in percentage points. The caption holds the warning where the parts and the whole
    point in opposite directions (Simpson's paradox), the sentence that sums up, and the definition.

    Parameters
    ----------
    change : DataFrame
        Made by `decompose_change`.
    ax : Axes, optional
        Where to draw. By default a figure of its own is made, as high as the values need.
    width : float, default 7.2
        The width of that figure [inches]: 3.6 suits a telephone, 10 a notebook, 13.3 a slide.
    title : str, optional
        By default what the change is broken down by.

    Raises
    ------
    FrameError
        When a column is missing.

    Examples
    --------
    >>> change = pd.DataFrame({
    ...     "country": ["DE", "US"], "share_before": [0.8, 0.2], "rate_before": [0.5, 0.1],
    ...     "rate_effect": [0.05, 0.05], "mix_effect": [-0.12, -0.12],
    ... })
    >>> change.attrs["by"] = ["country"]
    >>> ax = plot_change(change)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['before, 42.0 %', 'DE', 'US', 'after, 28.0 %']
    """
    by = next(iter(change.attrs.get("by", ())), None)
    need(change, [*COLUMNS, *([by] if by is not None else [])], maker=MAKER)
    change = titled(change)
    title = _title(change, by) if title is None else cleaned(title)
    levels = _levels(change)
    rows = _rows(change, levels, change[by] if by is not None else change.index)
    with house_style():
        ax = row_axes(rows, ax=ax, width=width, title=title, caption=_caption(change), nothing=NOTHING)
        _draw(ax, rows.positions, levels)
    describe(ax, heading(title, _words(change, levels)))
    return ax


def _levels(change: pd.DataFrame) -> np.ndarray:
    """Return the rate where each bar begins, two bars to a value, and at last the rate after; none without rows."""
    if change.empty:
        return np.array([])
    before = float((change["share_before"] * change["rate_before"].fillna(0)).sum())
    steps = change[["rate_effect", "mix_effect"]].to_numpy(float).ravel()
    return np.cumsum([before, *steps])


def _rows(change: pd.DataFrame, levels: np.ndarray, values: Sequence[object]) -> Rows:
    if change.empty:
        return Rows([], {}, _scale(change))
    numbers = {
        "own rate": ["", *map(in_points, change["rate_effect"]), ""],
        "mix": ["", *map(in_points, change["mix_effect"]), ""],
    }
    names = [f"before, {in_percent(levels[0])}", *map(cleaned, values), f"after, {in_percent(levels[-1])}"]
    return Rows(names, numbers, _scale(change), colors={"own rate": REACHED, "mix": OTHER_WORDS})


def _scale(change: pd.DataFrame) -> str:
    return f"share that reached {cleaned(change.attrs.get('step', 'the last step'))}; effects in points"


def _draw(ax: Axes, lines: np.ndarray, levels: np.ndarray) -> None:
    if not len(levels):
        return
    starts, ends, height = levels[:-1], levels[1:], bar_height(ax) / 2
    middles = np.repeat(lines[1:-1], 2) + np.tile([-height / 2, height / 2], len(lines) - 2)
    for which, color in enumerate((REACHED, OTHER)):
        mine = slice(which, None, 2)
        ax.barh(middles[mine], (ends - starts)[mine], left=starts[mine], height=height, color=color, zorder=3)
    tops, bottoms = [lines[0], *middles], [*middles, lines[-1]]
    ax.vlines(levels, tops, bottoms, color=RULE, linewidth=0.8, zorder=2)
    ax.plot(levels[[0, -1]], lines[[0, -1]], "o", ms=8, color=WORDS, mec="white", mew=0.8, zorder=4, clip_on=False)
    ax.use_sticky_edges = False
    ax.margins(x=0.05)
    in_rates(ax)


def _title(change: pd.DataFrame, by: str | None) -> str:
    what = "Why the rate changed"
    return f"{what}, by {column_words(by)}" if by else what


def _caption(change: pd.DataFrame) -> list[str]:
    warning = cleaned(change.attrs.get("warning") or "")
    return [warning, re.sub(r"(?<!\w)-(?=\d)", MINUS, cleaned(change.attrs.get("summary", ""))), definition(change)]


def _words(change: pd.DataFrame, levels: np.ndarray) -> str:
    """Return the sentence that sums the change up, and the warning."""
    if not len(levels):
        return f"{NOTHING}."
    ends = f"The rate went from {in_percent(levels[0])} to {in_percent(levels[-1])}."
    return " ".join(filter(None, [change.attrs.get("summary") or ends, change.attrs.get("warning")]))
