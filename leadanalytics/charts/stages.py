"""One funnel as bars: who reached each step, who can still reach it, who never will."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Annotation

from leadanalytics import schema
from leadanalytics.charts.captions import (
    LINE,
    NOTE_SIZE,
    default_title,
    definition,
    points_wide,
    say_nothing,
    words_wide,
    write_caption,
    write_title,
)
from leadanalytics.charts.describing import describe, heading
from leadanalytics.charts.style import (
    DROPPED,
    EDGES,
    FONTS,
    OPEN,
    QUIET_WORDS,
    REACHED,
    WORDS,
    house_style,
    outlined,
    words_style,
)
from leadanalytics.charts.words import characters, cleaned, none_in_order, of_previous, percent, unit_words, wrapped
from leadanalytics.errors import ChartError

WIDTH = 7.2  # of a chart [inches]
ROW = 0.78  # the height of a step: its bar and two lines of words [inches]
BAR = 0.38  # the part of a row that the bar takes

LABEL_WIDTH = 16  # of a stage's name beside its bar [characters]

NOTHING = "Nobody took any of these steps"


def plot_stages(counts: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Return an Axes with one bar per step of a funnel, the first on top.

    The dark part of a bar is `n`, the units that reached the step. The rest, up to the bar above, are those that
    reached the step before and not this one: `open` of that step (light, they can still go on) and its `dropped`
    (grey). Under each bar stand `n`, `of_previous` with its interval, and both parts in words; under the chart,
    the units of `bypass` and the sentence of `counts.attrs["definition"]`.

    Parameters
    ----------
    counts : DataFrame
        A counts frame of one funnel without groups; `counts.attrs["unit"]` says what is counted.
    ax : Axes, optional
        Where to draw. By default a figure of its own is made.
    title : str, optional
        By default the name of the funnel, from `counts.attrs["funnel"]`.

    Raises
    ------
    FrameError
        When a column of counts is missing.
    ChartError
        When the counts hold several groups.

    Examples
    --------
    >>> counts = pd.DataFrame({
    ...     "step": [1, 2], "stage": ["Test drive", "Get it now"], "n": [40, 10], "of_first": [1.0, 0.25],
    ...     "of_previous": [1.0, 0.25], "open": [12, 0], "dropped": [18, 0], "entered": [40, 0], "bypass": [0, 3],
    ... })
    >>> ax = plot_stages(counts)
    >>> [bar.get_width() for bar in ax.containers[0]]
    [np.int64(40), np.int64(10)]
    """
    steps = schema.conform(counts, "counts").sort_values("step", kind="stable")
    if steps["step"].duplicated().any():
        raise ChartError(
            "plot_stages draws one funnel",
            found="counts of several groups",
            next_step=f"plot_stages_by(counts, by={_told_apart_by(counts)!r}), or take the rows of one group",
        )
    title = default_title(counts) if title is None else cleaned(title)
    with house_style():
        if ax is None:
            ax = plt.subplots(figsize=_figure_size(steps))[1]
        draw_funnel(ax, steps, title=title)
        write_caption(ax, [bypass_words(steps), definition(counts)], points=words_wide(ax))
    describe(ax, heading(title, stages_words(steps)))
    return ax


def _told_apart_by(counts: pd.DataFrame) -> str:
    """Return the column by which the groups of counts can be drawn."""
    by = [column for column in counts.attrs.get("by", ()) if column in counts.columns]
    return by[0] if by else "funnel" if "funnel" in counts.columns else "offer_id"


def draw_funnel(
    ax: Axes, steps: pd.DataFrame, *, title: str, longest: int | None = None, most_steps: int | None = None
) -> None:
    """Draw the steps of one funnel, in order, on an Axes as long and as high as the largest funnel of the figure."""
    write_title(ax, title)
    ax.set_xlim(0, max(longest or 0, int(steps["n"].max()) if len(steps) else 0, 1))
    ax.set_xticks([])
    ax.spines[:].set_visible(False)
    if not steps[["n", "bypass"]].any(axis=None):
        say_nothing(ax, NOTHING)
        return
    ax.set_ylim(max(most_steps or 0, len(steps)) - 1 + 0.64, -BAR / 2 - 0.04)
    names = [wrapped(cleaned(stage), width=LABEL_WIDTH, lines=3) for stage in steps["stage"]]
    ax.set_yticks(range(len(steps)), names, **words_style(WORDS))
    ax.tick_params(axis="y", length=0, pad=6)
    before = steps[["open", "dropped"]].shift(fill_value=0)
    _draw_bars(ax, steps["n"].to_numpy(), before["open"].to_numpy(), before["dropped"].to_numpy())
    unit = unit_words(steps.attrs.get("unit"))
    for position, (step, left) in enumerate(zip(steps.to_dict("records"), before.to_dict("records"))):
        _label_step(ax, position, step, left, unit=unit)


def stages_words(steps: pd.DataFrame) -> str:
    """Return how many units stand at each step, of those before, as a sentence."""
    if steps.empty:
        return f"{NOTHING}."
    unit = unit_words(steps.attrs.get("unit"))
    return f"{', '.join(_at_step(step, unit=unit) for step in steps.to_dict('records'))}."


def _at_step(step: Mapping[Hashable, Any], *, unit: str) -> str:
    number, stage, rate = f"{step['n']:,}", step["stage"], step["of_previous"]
    if step["step"] == 1:
        return f"{number} {unit} at {stage}"
    if not step["n"] and step["with_lead"]:
        return f"{number} at {stage} ({none_in_order(step['skipped'], step['left_out'])})"
    return f"{number} at {stage}{f' ({percent(rate)})' if rate == rate else ''}"


def bypass_words(steps: pd.DataFrame) -> str:
    """Return a sentence on the units that skipped the first step, by where they were seen; nothing without any."""
    seen = steps[steps["bypass"] > 0]
    if seen.empty:
        return ""
    places = ", ".join(f"{number:,} seen at {cleaned(stage)}" for stage, number in zip(seen["stage"], seen["bypass"]))
    return f"{seen['bypass'].sum():,} more skipped {cleaned(steps['stage'].iloc[0])} ({places})."


def _figure_size(steps: pd.DataFrame) -> tuple[float, float]:
    """Give the size of a figure for one funnel with its title and its caption [inches]."""
    room = characters(0.77 * WIDTH * 72, size=NOTE_SIZE)
    lines = 1 + len(definition(steps)) / room + bool(steps["bypass"].any())
    return WIDTH, ROW * max(len(steps), 1) + 0.5 + 0.17 * lines


def _draw_bars(ax: Axes, reached: np.ndarray, still_open: np.ndarray, dropped: np.ndarray) -> None:
    parts = [
        (reached, np.zeros_like(reached), REACHED, "reached"),
        (still_open, reached, OPEN, "still open"),
        (dropped, reached + still_open, DROPPED, "dropped"),
    ]
    for width, left, color, label in parts:
        # The edge of nothing would be a line.
        edge = np.where(width > 0, 0.8, 0.0)
        look: dict[str, Any] = {"color": color, "edgecolor": EDGES[color], "linewidth": edge, "label": label}
        ax.barh(np.arange(len(width)), width, left=left, height=BAR, **look)


def _label_step(
    ax: Axes, position: int, step: Mapping[Hashable, Any], left: Mapping[Hashable, int], *, unit: str
) -> None:
    """Write the count and the rate under a bar, and under them what the lighter parts are."""
    share = of_previous(step["of_previous"], step["of_previous_low"], step["of_previous_high"])
    if not step["n"] and step["with_lead"]:
        share = none_in_order(step["skipped"], step["left_out"])
        if len(share) > characters(points_wide(ax), size=NOTE_SIZE) - len("0  "):
            share = f"none in order, {step['with_lead']:,} otherwise"
    count = _write(ax, f"{step['n']:,}", beside=None, at=(0, position + BAR / 2), down=3, color=WORDS)
    # Some fonts of the house have no bold face; figures need only the first.
    count.set(fontfamily=FONTS[0], fontweight="bold", fontsize=NOTE_SIZE + 1)
    _write(ax, unit if position == 0 else share, beside=count, gap=5)
    parts = [
        (f"{left['open']:,} still open", left["open"], OPEN),
        (f"{left['dropped']:,} dropped", left["dropped"], DROPPED),
        (f"{step['entered']:,} entered here", step["entered"] if position else 0, REACHED),
    ]
    last = None
    for words, number, color in parts:
        if number:
            last = _write(ax, "■", beside=last, at=(0, position + BAR / 2), down=3 + LINE, gap=9, color=color)
            last.set_path_effects(outlined(color))
            last = _write(ax, words, beside=last, gap=3)


def _write(
    ax: Axes,
    words: str,
    *,
    beside: Annotation | None,
    at: tuple[float, float] = (0, 0),
    down: float = 0,
    gap: float = 0,
    color: str = QUIET_WORDS,
) -> Annotation:
    """Write words at a place of the data, or to the right of other words."""
    place: dict[str, Any] = {"xy": at, "xytext": (0, -down), "va": "top"}
    if beside is not None:
        place = {"xy": (1, 0), "xycoords": beside, "xytext": (gap, 0), "va": "bottom"}
    return ax.annotate(words, textcoords="offset points", ha="left", fontsize=NOTE_SIZE, **place, **words_style(color))
