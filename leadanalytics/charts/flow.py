"""The flow of units through the steps: who went on, who left, and who came in without the first step."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation

from leadanalytics import schema
from leadanalytics.charts.captions import (
    LINE,
    NOTE_SIZE,
    SLOT,
    default_title,
    definition,
    inches_high,
    points_wide,
    say_nothing,
    words_wide,
    write_caption,
    write_title,
)
from leadanalytics.charts.describing import describe, heading
from leadanalytics.charts.ribbons import Span, draw_ribbon
from leadanalytics.charts.stages import LABEL_WIDTH, NOTHING, bypass_words, stages_words
from leadanalytics.charts.style import (
    ASIDE,
    DROPPED,
    FONTS,
    ONWARD,
    OPEN,
    QUIET_WORDS,
    REACHED,
    SILENT,
    SILENT_WORDS,
    WORDS,
    house_style,
    outlined,
    words_style,
)
from leadanalytics.charts.words import cleaned, of_previous, unit_words, wrapped
from leadanalytics.errors import ChartError

WIDTH = 7.2  # of a chart [inches]
ROW = 1.05  # from one step down to the next [inches]
LEVEL = 0.11  # the height of the bar at which a stream arrives at a step [rows]
LEAVING = 0.62  # how far down those who leave flow [rows]
ABOVE = 0.36  # over the first step, where the stream beside it is named [rows]
NARROW = 330  # a chart is narrow, and says less, below this width [points]
NARROW_WIDTH = 10  # of a stage's name on a narrow chart [characters]
NAME_WIDTH = 16  # of the words on the stream to the left [characters]
ASIDE_ROOM, WORDS_ROOM = 80, 190  # for these words, and for those on both sides of the streams [points]
ASIDE_GAP, LEAVE_GAP = 0.05, 0.03  # between the streams [part of the widest]


def plot_flow(counts: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Return an Axes with the flow of units through the steps of a funnel, the first on top.

    Every width is a number of units. From the dark bar of a step flow those who reach the next (`n` of it), those who
    still can (`open`) and those who cannot any more (`dropped`); together they are as wide as the bar. To the left runs
    the stream of those who never took the first step (`bypass`), each up to the step at which they were first seen.

    Parameters
    ----------
    counts : DataFrame
        A counts frame of one funnel without groups, made by `count_stages`.
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
    >>> ax = plot_flow(counts)
    >>> [ribbon.get_label() for ribbon in ax.patches if "Get it now" in ribbon.get_label()]
    ['without Test drive to Get it now', 'Test drive to Get it now']
    """
    steps = schema.conform(counts, "counts").sort_values("step", kind="stable", ignore_index=True)
    if steps["step"].duplicated().any():
        raise ChartError(
            "plot_flow draws one funnel",
            found="counts of several groups",
            next_step="take the rows of one group, or leave out by in count_stages",
        )
    is_empty = steps.empty or not (steps["n"].any() or steps["bypass"].any())
    title = default_title(counts, after=": the flow") if title is None else cleaned(title)
    note = definition(counts)
    with house_style():
        if ax is None:
            drawn = ROW * (max(len(steps), 1) + ABOVE) + 0.1
            ax = plt.subplots(figsize=(WIDTH, inches_high(drawn, [note], width=WIDTH)))[1]
        write_title(ax, title, under="" if is_empty else f"Widths are {unit_words(counts.attrs.get('unit'))}")
        if is_empty:
            say_nothing(ax, NOTHING)
        else:
            _draw(ax, steps)
        write_caption(ax, [note], points=words_wide(ax))
    describe(ax, heading(title, stages_words(steps)), bypass_words(steps))
    return ax


def _draw(ax: Axes, steps: pd.DataFrame) -> None:
    most, beside = max(int(steps["n"].max()), 1), int(steps["bypass"].sum())
    gap, shift = ASIDE_GAP * (most + beside), LEAVE_GAP * (most + beside)
    left = _room_beside(ax, beside + gap, most + 2 * shift) if beside else 0.0
    ax.set_xlim(-left, most + 2 * shift)
    ax.set_ylim(len(steps) - 1 + 0.55, -ABOVE)
    ax.set_xticks([])
    ax.spines[:].set_visible(False)
    is_narrow = points_wide(ax) < NARROW
    width = LABEL_WIDTH if not is_narrow else NARROW_WIDTH
    names = [wrapped(cleaned(stage), width=width, lines=3) for stage in steps["stage"]]
    ax.set_yticks(range(len(steps)), names, va="top", linespacing=1.1, **words_style(WORDS))
    ax.tick_params(axis="y", length=0, pad=8)
    if beside:
        _draw_beside(ax, steps, right=-gap)
    for row in range(len(steps)):
        _draw_step(ax, steps, row, shift=shift, is_narrow=is_narrow)


def _room_beside(ax: Axes, needed: float, others: float) -> float:
    """Return the room for the stream to the left, so wide that its words have room as well [units]."""
    words = ASIDE_ROOM / max(points_wide(ax) / SLOT - WORDS_ROOM, 2 * ASIDE_ROOM)
    return max(needed, others * words / (1 - words))


def _draw_step(ax: Axes, steps: pd.DataFrame, row: int, *, shift: float, is_narrow: bool) -> None:
    """Draw a step as a bar, and what flows from it: on, and out to the right."""
    step = steps.iloc[row]
    reached, stage = int(step["n"]), cleaned(step["stage"])
    _draw_bar(ax, (0, reached), row, REACHED)
    following = steps.iloc[row + 1] if row + 1 < len(steps) else None
    on = int(following["n"]) if following is not None else 0
    if following is not None and on:
        label = f"{stage} to {cleaned(following['stage'])}"
        draw_ribbon(ax, (0, on), row + LEVEL, (0, on), row + 1, color=ONWARD, label=label)
    left, parts = on, list[tuple[str, str]]()
    for number, words, color in ((int(step["open"]), "still open", OPEN), (int(step["dropped"]), "dropped", DROPPED)):
        if number:
            out = left + shift * (1 + bool(parts))
            span, top = (left, left + number), row + LEVEL
            label = f"{stage} {words}"
            draw_ribbon(ax, span, top, (out, out + number), row + LEAVING, color=color, label=label)
            parts.append((f"{number:,} {words}", color))
            left += number
    _name_step(ax, step, row, is_narrow=is_narrow)
    _name_leaving(ax, parts, at=(left + shift * len(parts), row + LEAVING))


def _draw_beside(ax: Axes, steps: pd.DataFrame, *, right: float) -> None:
    """Draw the stream of those without the first step: who is seen first at the next step leaves it on the left."""
    first, total = cleaned(steps["stage"].iloc[0]), int(steps["bypass"].sum())
    _draw_bar(ax, (right - total, right), 0, SILENT)
    name = first if wrapped(first, width=NAME_WIDTH) == first else "the first step"
    _write(ax, f"{total:,} without\n{name}", at=(right, 0), up=3, color=SILENT_WORDS).set(ha="right", va="bottom")
    left = right - total
    for row, number in enumerate(steps["bypass"].tolist()):
        if number:
            span: Span = (left, left + number)
            name = f"without {first} to {cleaned(steps['stage'].iloc[row])}"
            draw_ribbon(ax, span, LEVEL, span, max(row, 2 * LEVEL), color=ASIDE, label=name)
            _draw_bar(ax, span, row, SILENT)
            seen = _write(ax, f"{number:,} seen here", at=(span[1], row + LEVEL), up=-3, color=SILENT_WORDS)
            seen.set(ha="right", va="top")
            left += number


def _draw_bar(ax: Axes, span: Span, row: float, color: str) -> None:
    ax.add_patch(Rectangle((span[0], row), span[1] - span[0], LEVEL, color=color, linewidth=0.8, label=""))


def _name_step(ax: Axes, step: pd.Series, row: int, *, is_narrow: bool) -> None:
    """Write the count of a step and its rate to the right of its bar."""
    interval = (np.nan, np.nan) if is_narrow else (step["of_previous_low"], step["of_previous_high"])
    share = of_previous(step["of_previous"], *interval)
    words = "" if not row else share.split(" of ")[0] if is_narrow else share
    count = _write(ax, f"{step['n']:,}", at=(step["n"], row + LEVEL / 2), right=5, color=WORDS)
    # Some fonts of the house have no bold face; figures need only the first.
    count.set(fontfamily=FONTS[0], fontweight="bold", fontsize=NOTE_SIZE + 1)
    _write(ax, words, beside=count, right=5)


def _name_leaving(ax: Axes, parts: list[tuple[str, str]], *, at: Span) -> None:
    """Write who leaves, to the right of where they end, one under the other."""
    for number, (words, color) in enumerate(parts):
        up = LINE * ((len(parts) - 1) / 2 - number) + 4
        swatch = _write(ax, "■", at=at, right=5, up=up, color=color)
        swatch.set_path_effects(outlined(color))
        _write(ax, words, beside=swatch, right=4)


def _write(
    ax: Axes,
    words: str,
    *,
    at: Span = (0, 0),
    beside: Annotation | None = None,
    right: float = 0,
    up: float = 0,
    color: str = QUIET_WORDS,
) -> Annotation:
    """Write words at a place of the data, or to the right of other words."""
    place: dict[str, Any] = {"xy": at, "va": "center"}
    if beside is not None:
        place = {"xy": (1, 0), "xycoords": beside, "va": "bottom"}
    look = {"fontsize": NOTE_SIZE, "annotation_clip": False, **words_style(color)}
    return ax.annotate(words, xytext=(right, up), textcoords="offset points", **place, **look)
