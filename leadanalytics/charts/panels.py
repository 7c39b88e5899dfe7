"""Many funnels side by side, one small chart per group, all on one scale."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from leadanalytics import schema
from leadanalytics.charts.captions import NOTE_SIZE, default_title, definition, write_caption
from leadanalytics.charts.describing import describe, heading
from leadanalytics.charts.frames import titled
from leadanalytics.charts.stages import ROW, bypass_words, draw_funnel, stages_words
from leadanalytics.charts.style import QUIET_WORDS, WORDS, house_style, words_style
from leadanalytics.charts.words import characters, cleaned, wrapped, wrapped_apart
from leadanalytics.errors import ChartError, near_miss

WIDTH = 10.0  # of the figure [inches]
PANEL = 3.3  # the least width of a panel [inches]
TITLE_SIZE = 10  # of a panel [points]
MOST_PANELS = 200  # more are a picture that nobody reads and few programs open

Group = tuple[str, pd.DataFrame]


def plot_stages_by(
    counts: pd.DataFrame,
    *,
    by: str | Sequence[str] = "offer_id",
    columns: int | None = None,
    width: float = WIDTH,
    title: str | None = None,
) -> np.ndarray:
    """Return a flat array of Axes, one funnel per group in the order of the rows, all on one scale.

    Each panel is drawn as by `plot_stages`, under the names of its group; offers stand under their titles. The groups
    may have different steps. Where a column `funnel` tells several branches of a group apart, each has its own panel.

    Parameters
    ----------
    counts : DataFrame
        A counts frame with group columns.
    by : str or sequence of str, default "offer_id"
        The columns that tell the groups apart.
    columns : int, optional
        How many panels stand side by side; by default as many as fit.
    width : float, default 10
        The width of the figure [inches]: 3.6 suits a telephone, 10 a notebook, 13.3 a slide.
    title : str, optional
        By default the name of the funnel, from `counts.attrs["funnel"]`.

    Raises
    ------
    FrameError
        When a column of counts is missing.
    ChartError
        When a column of `by` is missing, the groups repeat a step, or there are more than 200 groups.

    Examples
    --------
    >>> counts = pd.DataFrame({
    ...     "offer_id": ["app", "vm"], "step": 1, "stage": "Test drive", "n": [40, 8], "of_first": 1.0,
    ...     "of_previous": 1.0, "open": 0, "dropped": 0, "entered": [40, 8], "bypass": 0,
    ... })
    >>> [ax.get_title(loc="left") for ax in plot_stages_by(counts)]
    ['app', 'vm']
    """
    groups = _groups(counts, [by] if isinstance(by, str) else list(by))
    side_by_side = min(columns or max(int(width / PANEL), 1), max(len(groups), 1))
    rows = max(math.ceil(len(groups) / side_by_side), 1)
    longest = int(counts["n"].max()) if len(counts) else 0
    in_rows = [groups[row * side_by_side :][:side_by_side] for row in range(rows)]
    most_steps = [max(1, *(len(steps) for _, steps in in_row)) for in_row in in_rows]
    title = default_title(counts) if title is None else cleaned(title)
    with house_style():
        words = wrapped(definition(counts), width=characters(0.96 * width * 72, size=NOTE_SIZE))
        height = sum(map(_panel_height, in_rows)) + 0.5 + 0.17 * (words.count("\n") + 1)
        figure, grid = plt.subplots(
            rows, side_by_side, figsize=(width, height), squeeze=False, height_ratios=most_steps
        )
        figure.set_layout_engine("constrained", h_pad=0.1, w_pad=0.08, hspace=0.04)
        panels, points = grid.ravel(), 0.75 * width * 72 / side_by_side
        names = wrapped_apart([name for name, _ in groups], width=characters(points, size=TITLE_SIZE), lines=2)
        for number, (ax, name, (_, steps)) in enumerate(zip(panels, names, groups)):
            draw_funnel(ax, steps, title="", longest=longest, most_steps=most_steps[number // side_by_side])
            ax.set_title(name, loc="left", fontsize=TITLE_SIZE, fontweight="normal", **words_style(WORDS))
            write_caption(ax, [bypass_words(steps)], points=points)
        for ax in panels[len(groups) :]:
            ax.set_visible(False)
        _name_stages_once(panels[: len(groups)], side_by_side)
        _frame_figure(figure, title=title, words=words)
    _describe_panels(figure, panels, groups, title=title)
    return panels[: len(groups)]


def _groups(counts: pd.DataFrame, by: list[str]) -> list[Group]:
    """Give the words that name each group, and its steps."""
    steps = schema.conform(titled(counts), "counts")
    # Within an offer, a customer and an offer are a customer.
    steps.attrs["unit"] = [column for column in steps.attrs.get("unit", ()) if column not in by]
    missing = [name for name in by if name not in steps.columns]
    if missing or not by:
        close = near_miss(missing[0], map(str, steps.columns)) if missing else None
        raise ChartError(
            f"the counts have no column {missing[0]!r} to draw by" if missing else "by names no column",
            found=f"{close!r}" if close else None,
            next_step=f"count_stages(funnels, by={missing or ['offer_id']})",
        )
    keys = by if "funnel" in by or steps["funnel"].isna().all() else [*by, "funnel"]
    if steps.duplicated([*keys, "step"]).any():
        raise ChartError(
            f"the counts have several rows per step and {' and '.join(by)}",
            next_step="name every column that tells the groups apart in by",
        )
    groups = [
        _group(list(names), part.sort_values("step", kind="stable"), keys)
        for names, part in steps.groupby(keys, sort=False, dropna=False, observed=True)
    ]
    if keys is not by:
        groups = _branches(groups)
    if len(groups) > MOST_PANELS:
        raise ChartError(
            f"a figure has room for {MOST_PANELS} funnels",
            found=f"{len(groups):,} groups",
            next_step="take the rows of the groups to show",
        )
    return groups or [("", steps)]


def _group(names: list[object], steps: pd.DataFrame, keys: list[str]) -> Group:
    """Return the words that name a group, and its steps; a funnel is named by its steps, which tell it best."""
    words = [
        " → ".join(map(cleaned, steps["stage"])) if key == "funnel" else _group_name(name)
        for key, name in zip(keys, names)
    ]
    return " · ".join(words), steps


def _branches(groups: Sequence[Group]) -> list[Group]:
    """Return groups without the steps in their names; those with several branches say to which step each leads."""
    names = [name.rpartition(" · ")[0] for name, _ in groups]
    times = Counter(names)
    return [
        (f"{name}: to {cleaned(steps['stage'].iloc[-1])}" if times[name] > 1 else name, steps)
        for name, (_, steps) in zip(names, groups)
    ]


def _group_name(value: object) -> str:
    return "(missing)" if pd.isna(value) else cleaned(value)


def _panel_height(groups: Sequence[Group]) -> float:
    """Give the height that the longest funnel needs, with its name and who is beside it [inches]."""
    beside = any(steps["bypass"].any() for _, steps in groups)
    return ROW * max(1, *(len(steps) for _, steps in groups)) + 0.6 + 0.45 * beside


def _name_stages_once(panels: np.ndarray, side_by_side: int) -> None:
    """Take the names of the stages away where the panel to the left has the same."""
    names = [[label.get_text() for label in ax.get_yticklabels()] for ax in panels]
    for number, ax in enumerate(panels):
        if number % side_by_side and names[number] == names[number - 1]:
            ax.tick_params(axis="y", labelleft=False)


def _describe_panels(figure: Figure, panels: np.ndarray, groups: Sequence[Group], *, title: str) -> None:
    """Describe each panel, and the figure by the largest of its groups."""
    words = [heading(name, stages_words(steps)) for name, steps in groups]
    for ax, sentence in zip(panels, words):
        describe(ax, sentence)
    most = [int(steps["n"].max()) if len(steps) else 0 for _, steps in groups]
    number = "one funnel." if len(groups) == 1 else f"{len(groups):,} funnels side by side; the largest is this one."
    describe(figure, heading(title, number), words[int(np.argmax(most))])


def _frame_figure(figure: Figure, *, title: str, words: str) -> None:
    if title:
        figure.suptitle(title, x=0.01, ha="left", **words_style(WORDS))
    if words:
        figure.supxlabel(words, x=0.01, ha="left", fontsize=NOTE_SIZE, **words_style(QUIET_WORDS))
