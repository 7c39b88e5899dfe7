"""The lines of a chart: what each one is, its colour, and its name where it ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from leadanalytics.charts.captions import LINE, NOTE_SIZE, points_wide
from leadanalytics.charts.style import LINES, RULE, words_style
from leadanalytics.charts.words import characters, cleaned, wrapped_apart
from leadanalytics.errors import ChartError, near_miss

LEAST_HIGH = 4 * LINE  # of what is drawn, for the sake of which names are left out [points]
NAME_ROOM = 0.3  # the part of a chart's width that the names beside it may take
LEAST_WIDTH, NAME_WIDTH = 16, 26  # of a line's name [characters]
MISSING, OTHER = "(missing)", "(other)"


@dataclass(frozen=True)
class Line:
    """One line: its name, its rows in order, and its colour; beyond the first few it is quiet and has no name."""

    name: str
    rows: pd.DataFrame
    color: str = RULE
    is_quiet: bool = False


def tell_lines(frame: pd.DataFrame, *, by: str | Sequence[str] | None, stage: str | None, along: str) -> list[Line]:
    """Return a line per step, or per group at one step, the largest group first; the entry itself is no line.

    A group is as large as the units at its first step. Where the frame does not count them, as one of curves, its rows
    come in that order; so a group has the same colour in every chart.

    Parameters
    ----------
    frame : DataFrame
        With columns step and stage, and one row per line and value of `along`.
    by : str or sequence of str, optional
        The columns that tell the groups apart; by default those in `frame.attrs["by"]`.
    stage : str, optional
        The step of the groups; by default the last.
    along : str
        The column that runs along the lines.

    Raises
    ------
    ChartError
        When a column or stage is missing, or the lines cannot be told apart.
    """
    columns = _group_columns(frame, by)
    rows = frame[frame["step"] > 1]
    if stage is not None:
        rows = _rows_of(rows, stage)
    elif columns and len(rows):
        rows = rows[rows["step"] == rows["step"].max()]
    keys = columns or ["step"]
    if rows.duplicated([*keys, along]).any():
        raise ChartError(
            f"the frame has several rows per {along} and {' and '.join(keys)}",
            next_step="name every column that tells the groups apart in by",
        )
    parts = list(rows.groupby(keys, sort=not columns, dropna=False, observed=True))
    if columns and "n" in frame:
        parts = _largest_first(parts, frame, columns)
    named = [(_name(key, part, grouped=bool(columns)), part.sort_values(along)) for key, part in parts]
    few = [Line(name, part, color) for (name, part), color in zip(named, LINES)]
    return few + [Line(name, part, is_quiet=True) for name, part in named[len(LINES) :]]


def named_of(lines: Sequence[Line]) -> list[Line]:
    """Return the lines that have a name."""
    return [line for line in lines if not line.is_quiet]


def shared_step(lines: Sequence[Line]) -> str:
    """Return the step that all lines are of, or "the step" where they are of several."""
    stages = {cleaned(stage) for line in lines for stage in line.rows["stage"].iloc[:1]}
    return stages.pop() if len(stages) == 1 else "the step"


def quiet_words(lines: Sequence[Line]) -> str:
    """Return a sentence on the lines without a name, or nothing."""
    number = sum(line.is_quiet for line in lines)
    what = "later step" if shared_step(lines) == "the step" else "smaller group"
    return f"{number:,} {what}{'s are' if number > 1 else ' is'} drawn in grey, without a name." if number else ""


def name_those_that_fit(lines: Sequence[Line], high: Callable[[Sequence[Line]], float]) -> list[Line]:
    """Return the lines, of which only so many of the first keep their names as find room beside a low chart.

    `high` gives the height that is left for lines so named [points]. One keeps its name in any case.
    """
    fewer = list(lines)
    for most in range(len(named_of(lines)), 0, -1):
        fewer = [*lines[:most], *(replace(line, color=RULE, is_quiet=True) for line in lines[most:])]
        if high(fewer) >= max(LINE * most, LEAST_HIGH):
            break
    return fewer


def name_ends(
    ax: Axes, lines: Sequence[Line], ends: Sequence[tuple[float, float]], words: Sequence[str], *, high: float
) -> None:
    """Write the name of each line, and words under it, to the right of where it ends, none over another.

    `high` is the height of the Axes once all labels have their room [points].
    """
    texts = _texts(ax, lines, words, most=high / LINE)
    low, top = ax.get_ylim()
    heights = np.array([text.count("\n") + 1 for text in texts]) * LINE * (top - low) / high
    places = spread([end[1] for end in ends], heights, low=low, high=top)
    for line, text, end, place in zip(lines, texts, ends, places):
        ax.annotate(
            text,
            xy=end,
            xytext=(1.02, place),
            textcoords=ax.get_yaxis_transform(),
            va="center",
            fontsize=NOTE_SIZE,
            linespacing=1.15,
            annotation_clip=False,
            # Dotted and grey, since a line in its own colour would go on with the data.
            arrowprops={
                "arrowstyle": "-",
                "color": RULE,
                "linewidth": 0.8,
                "linestyle": ":",
                "shrinkA": 1,
                "shrinkB": 4,
            }
            | {"relpos": (0, 0.5)},
            **words_style(line.color),
        )


def spread(wanted: Sequence[float], heights: Sequence[float] | np.ndarray, *, low: float, high: float) -> np.ndarray:
    """Return the places nearest to those wanted, at which things of some heights stand in that order without overlap.

    The least sum of squared moves, by pooling neighbours that would overlap; all between low and high where they fit.

    Examples
    --------
    >>> spread([0.5, 0.5, 0.9], [0.2, 0.2, 0.2], low=0, high=1).round(2).tolist()
    [0.4, 0.6, 0.9]
    """
    order = np.argsort(wanted, kind="stable")
    height = np.asarray(heights, dtype="float64")[order]
    # Stacked without a gap, each stands so far above the first; the rest of its place may only rise.
    offset = np.cumsum(height) - height[:1] / 2 - height / 2
    pools: list[list[float]] = []
    for place in np.asarray(wanted, dtype="float64")[order] - offset:
        pools.append([place])
        while len(pools) > 1 and np.mean(pools[-2]) >= np.mean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    rising = np.array([float(np.mean(pool)) for pool in pools for _ in pool])
    first = low + height[:1] / 2
    bounded = np.clip(rising, first, np.maximum(high - height.sum() + height[:1] / 2, first))
    places = np.empty(len(order))
    places[order] = bounded + offset
    return places


def _texts(ax: Axes, lines: Sequence[Line], words: Sequence[str], *, most: float) -> list[str]:
    """Return the names with the words under them, or shorter where that makes more lines than fit."""
    room = float(np.clip(characters(NAME_ROOM * points_wide(ax), size=NOTE_SIZE), LEAST_WIDTH, NAME_WIDTH))
    texts: list[str] = []
    for parts, rows in ((3, 2), (2, 2), (2, 1), (1, 1)):
        names = wrapped_apart([line.name for line in lines], width=room, lines=rows)
        texts = ["\n".join([name, *more.split("\n")[: parts - 1]]) for name, more in zip(names, words)]
        if sum(text.count("\n") + 1 for text in texts) <= most:
            break
    return texts


def _group_columns(frame: pd.DataFrame, by: str | Sequence[str] | None) -> list[str]:
    if by is None:
        return [column for column in frame.attrs.get("by", ()) if column in frame.columns]
    columns = [by] if isinstance(by, str) else list(by)
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        close = near_miss(missing[0], map(str, frame.columns))
        raise ChartError(f"the frame has no column {missing[0]!r} to draw by", found=repr(close) if close else None)
    return columns


def _rows_of(rows: pd.DataFrame, stage: str) -> pd.DataFrame:
    stages = rows["stage"].astype(str).unique().tolist()
    if len(rows) and stage not in stages:
        raise ChartError(f"the frame has no stage {stage!r} after the entry", found=", ".join(map(repr, stages)))
    return rows[rows["stage"] == stage]


def _largest_first(parts: list[tuple], frame: pd.DataFrame, columns: list[str]) -> list[tuple]:
    """Return the groups by their units at the first step, those of one size by name, those put together at last."""
    first = frame[frame["step"] == 1].groupby(columns, dropna=False, observed=True)["n"].sum()
    names = [_name(key, first, grouped=True) for key in first.index]
    place = {name: (-size, rank) for rank, (name, size) in enumerate(zip(names, first))}
    together = " · ".join([OTHER] * len(columns))

    def order(part: tuple) -> tuple:
        name = _name(part[0], part[1], grouped=True)
        return name == together, place.get(name, (0, len(place)))

    return sorted(parts, key=order)


def _name(key: object, rows: pd.DataFrame, *, grouped: bool) -> str:
    if not grouped:
        return cleaned(rows["stage"].iloc[0])
    values = key if isinstance(key, tuple) else (key,)
    return " · ".join(MISSING if pd.isna(value) else cleaned(value) for value in values)
