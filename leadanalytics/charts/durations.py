"""How long the steps took: a bar for each length of time, and beside them those who did not take the step."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Annotation

from leadanalytics.charts.captions import (
    NOTE_SIZE,
    default_title,
    definition,
    inches_high,
    say_nothing,
    words_wide,
    write_caption,
    write_title,
)
from leadanalytics.charts.describing import describe, heading
from leadanalytics.charts.frames import need
from leadanalytics.charts.style import (
    DROPPED,
    OPEN,
    QUIET_WORDS,
    REACHED,
    SILENT,
    WORDS,
    house_style,
    outlined,
    words_style,
)
from leadanalytics.charts.words import characters, cleaned, length_words, span_words, unit_words, wrapped
from leadanalytics.errors import ChartError

COLUMNS = ("step", "stage", "from_days", "to_days", "n", "median", "open", "dropped")
WIDTH = 7.2  # of a chart [inches]
ROW = 0.235  # the height of a bar with its space [inches]
BAR = 0.72  # the part of a row that the bar takes
HEAD, FOOT, GAP = 1.0, 1.0, 0.5  # the words over the bars of a step, those under them, the space between steps [rows]

NOTHING = "The funnel has no step after the entry"


def plot_durations(histogram: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    r"""Return an Axes with the units of each step after the entry, by how long they took to it.

    One bar per length of time, with its count; the bar that holds the median says it. Over the bars stand the step and
    the units that took it, under them those who did not: still open, or dropped.

    Parameters
    ----------
    histogram : DataFrame
        Made by `duration_histogram`, without groups.
    ax : Axes, optional
        Where to draw. By default a figure of its own is made.
    title : str, optional
        By default the name of the funnel, from `histogram.attrs["funnel"]`.

    Raises
    ------
    FrameError
        When a column of the histogram is missing.
    ChartError
        When the histogram holds several groups.

    Examples
    --------
    >>> histogram = pd.DataFrame({
    ...     "step": 2, "stage": "Get it now", "from_days": [0.0, 1.0], "to_days": [1.0, 7.0], "n": [4, 5],
    ...     "median": 1.5, "open": 2, "dropped": 7,
    ... })
    >>> ax = plot_durations(histogram)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['under 1\xa0day', '1 to 7\xa0days']
    """
    need(histogram, COLUMNS, maker="duration_histogram(funnels)")
    if histogram.duplicated(["step", "from_days"]).any():
        raise ChartError(
            "plot_durations draws one group",
            found="a histogram of several groups",
            next_step="take the rows of one group, or leave out by in duration_histogram",
        )
    steps = [rows.sort_values("from_days") for _, rows in histogram.groupby("step")]
    title = default_title(histogram, after=": how long it took") if title is None else cleaned(title)
    notes = [_medians(steps), definition(histogram)]
    rows = sum(len(step) + HEAD + FOOT + GAP for step in steps)
    with house_style():
        if ax is None:
            ax = plt.subplots(figsize=(WIDTH, inches_high(ROW * max(rows, 6), notes, width=WIDTH)))[1]
        write_title(ax, title, under=_meaning(histogram))
        if steps:
            _draw(ax, steps, rows=rows)
        else:
            say_nothing(ax, NOTHING)
        write_caption(ax, notes, points=words_wide(ax))
    describe(ax, heading(title, " ".join(map(_sentence, steps)) or f"{NOTHING}."))
    return ax


def _draw(ax: Axes, steps: list[pd.DataFrame], *, rows: float) -> None:
    """Draw the steps under one another, their bars on one scale."""
    ax.set_xlim(0, max(*(int(step["n"].max()) for step in steps), 1))
    ax.set_ylim(rows - GAP, -0.2)
    ax.set_xticks([])
    ax.spines[:].set_visible(False)
    places: list[float] = []
    top = 0.0
    for step in steps:
        middles = [top + HEAD + 0.5 + number for number in range(len(step))]
        _draw_step(ax, step, middles)
        places += middles
        top = middles[-1] + 0.5 + FOOT + GAP
    names = [span_words(start, end) for step in steps for start, end in zip(step["from_days"], step["to_days"])]
    ax.set_yticks(places, names, fontsize=NOTE_SIZE, **words_style(WORDS))
    ax.tick_params(axis="y", length=0, pad=6)


def _draw_step(ax: Axes, step: pd.DataFrame, middles: list[float]) -> None:
    ax.barh(middles, step["n"], height=BAR, color=REACHED)
    taken = f": {step['n'].sum():,} took it"
    room = max(characters(words_wide(ax), size=NOTE_SIZE + 1) - len(taken), 8)
    name = wrapped(cleaned(step["stage"].iloc[0]), width=room, lines=1)
    _write(ax, name + taken, y=middles[0] - 0.5 - 0.5 * HEAD, color=WORDS, size=NOTE_SIZE + 1)
    for middle, number, holds in zip(middles, step["n"], _holds_median(step)):
        count = _write(ax, f"{number:,}", y=middle, x=number, right=4)
        if holds:
            mark = _write(ax, "◂", beside=count, right=6, color=SILENT)
            _write(ax, f"half within {length_words(step['median'].iloc[0])}", beside=mark, right=3, color=WORDS)
    last = None
    for number, words, color in (
        (int(step["open"].iloc[0]), "still open", OPEN),
        (int(step["dropped"].iloc[0]), "dropped", DROPPED),
    ):
        if number:
            last = _write(ax, "■", y=middles[-1] + 0.5 + 0.5 * FOOT, beside=last, right=9 if last else 0, color=color)
            last.set_path_effects(outlined(color))
            last = _write(ax, f"{number:,} {words}", beside=last, right=4)


def _write(
    ax: Axes,
    words: str,
    *,
    x: float = 0,
    y: float = 0,
    beside: Annotation | None = None,
    right: float = 0,
    color: str = QUIET_WORDS,
    size: float = NOTE_SIZE,
) -> Annotation:
    """Write words to the right of a place of the data, or of other words."""
    place: dict[str, Any] = {"xy": (x, y), "va": "center"}
    if beside is not None:
        place = {"xy": (1, 0), "xycoords": beside, "va": "bottom"}
    return ax.annotate(
        words, xytext=(right, 0), textcoords="offset points", fontsize=size, **place, **words_style(color)
    )


def _holds_median(step: pd.DataFrame) -> pd.Series:
    """Tell which bin holds the median; the end of a bin belongs to the next, that of the last to itself."""
    starts = step["from_days"] <= step["median"]
    return starts & ~starts.shift(-1, fill_value=False)


def _meaning(histogram: pd.DataFrame) -> str:
    steps, since = histogram.attrs.get("steps"), histogram.attrs.get("since", "entry")
    is_first = since == "entry" and steps and histogram.attrs.get("start", "first") == "first"
    start = cleaned(steps[0]) if is_first and steps else f"the {since}"
    return f"{unit_words(histogram.attrs.get('unit')).capitalize()} by the time since {start}"


def _medians(steps: list[pd.DataFrame]) -> str:
    return "The half is of those who took the step; who is still open would take longer." if steps else ""


def _sentence(step: pd.DataFrame) -> str:
    first = step.iloc[0]
    half = f", half of them within {length_words(first['median'])}" if first["median"] == first["median"] else ""
    beside = f"{first['open']:,} are still open, {first['dropped']:,} dropped"
    return f"{first['stage']}: {step['n'].sum():,} took it{half}; {beside}."
