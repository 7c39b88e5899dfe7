"""The frame of charts with one row per thing: its name to the left, its marks on a scale, its numbers to the right.

On a narrow Axes, as on a telephone, the name of a row stands over its marks and the numbers under them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import ScaledTranslation

from leadanalytics.charts.captions import (
    NOTE_SIZE,
    SLOT,
    TITLE_SIZE,
    points_high,
    points_wide,
    say_nothing,
    wrapped_caption,
    write_caption,
)
from leadanalytics.charts.scales import GRID
from leadanalytics.charts.style import QUIET_WORDS, WORDS, words_style
from leadanalytics.charts.words import NO_BREAK, characters, cleaned, points_of, wrapped, wrapped_apart

WIDTH = 7.2  # of a chart [inches]
NAME_SIZE = 9.5  # of the names of rows [points]
NARROW = 330  # the width of a figure under which names stand over the marks [points]
NAMES = 0.3  # the part of a wide figure that names may take
BAR = 0.5  # the part of a row that bars take
NARROW_BAR = 0.24  # the same on a narrow figure, where names and numbers share the row
TWO_LINES = 26  # the height of a row with a name of two lines [points]
GAP = 12  # between two columns of numbers [points]
LINE = 0.17  # the height of a line of words [inches]


@dataclass(frozen=True)
class Rows:
    """What stands around the marks: the first row on top, neighbours of one section under its name."""

    names: Sequence[str]
    columns: Mapping[str, Sequence[str]]  # the numbers of the rows in words, by what they are
    scale: str  # what the marks are measured in, in words
    sections: Sequence[str] = ()
    colors: Mapping[str, str] = field(default_factory=dict)  # of the names of columns

    @property
    def headings(self) -> dict[int, str]:
        """The line on which each section begins, and its name."""
        lines: dict[int, str] = {}
        last = ""
        for row, section in enumerate(self.sections):
            if section and section != last:
                lines[row + len(lines)] = section
            last = section
        return lines

    @property
    def positions(self) -> np.ndarray:
        """The line of each row, where headings take lines of their own."""
        headings = set(self.headings)
        lines = range(len(self.names) + len(headings))
        return np.array([line for line in lines if line not in headings], float)


def row_axes(rows: Rows, *, ax: Axes | None, width: float, title: str, caption: Sequence[str], nothing: str) -> Axes:
    """Return an Axes with all that stands around the marks, made as high as the rows need where none is given.

    Without rows it says that there is nothing, and has no scale.
    """
    points = width * 72 if ax is None else _points_of_figure(ax)
    room = _room(rows, points, lines=_lines_of_a_name(rows, ax))
    if ax is None:
        broken = wrapped_caption(caption, points=room.caption)
        ax = plt.subplots(figsize=(width, _height(rows, room, lines=broken.count("\n") + 1)))[1]
    _set_scale(ax, rows, room, title=title)
    if not len(rows.names):
        say_nothing(ax, nothing)
    elif room.is_narrow:
        _stack(ax, rows, room)
    else:
        _spread(ax, rows, room)
    write_caption(ax, caption, points=room.caption)
    return ax


def bar_height(ax: Axes) -> float:
    """Return the part of a row that bars may take, asked before the figure is laid out."""
    return NARROW_BAR if _points_of_figure(ax) < NARROW else BAR


def in_rates(ax: Axes) -> None:
    """Read the scale in percent."""
    ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda rate, _: f"{100 * rate:.4g}{NO_BREAK}%"))


def in_numbers(ax: Axes) -> None:
    """Read the scale in whole numbers."""
    ax.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:,.0f}"))


def _points_of_figure(ax: Axes) -> float:
    return points_wide(ax) / SLOT


@dataclass(frozen=True)
class _Room:
    """How the width of a figure is shared [points], and the names broken to fit."""

    whole: float
    names: Sequence[str]
    headings: Mapping[int, str]
    beside: float  # of the names to the left of the marks
    columns: Sequence[float]  # from the marks to the right end of each column of numbers

    @property
    def is_narrow(self) -> bool:
        return self.whole < NARROW

    @property
    def caption(self) -> float:
        """It stands under the marks and the numbers."""
        return 0.93 * (self.whole - self.beside) - 16

    @property
    def scale(self) -> float:
        """Its words stand over the marks, beside the names of the columns."""
        return self.caption - (0 if self.is_narrow else max(self.columns, default=0))


def _lines_of_a_name(rows: Rows, ax: Axes | None) -> int:
    """Return how many lines a name may have: two, or one on an Axes of the caller that is low for its rows."""
    lines = max(len(rows.names) + len(rows.headings), 1)
    return 2 if ax is None or points_high(ax) >= TWO_LINES * lines else 1


def _room(rows: Rows, points: float, *, lines: int) -> _Room:
    is_narrow = points < NARROW
    width = characters((0.82 if is_narrow else NAMES) * points, size=NAME_SIZE)
    names = wrapped_apart([cleaned(name) for name in rows.names], width=width, lines=lines)
    sections = wrapped_apart([cleaned(name) for name in rows.headings.values()], width=width, lines=lines)
    headings = dict(zip(rows.headings, sections))
    columns = [
        GAP + max(points_of(words, size=NOTE_SIZE) for words in (column, *cells))
        for column, cells in rows.columns.items()
    ]
    longest = max((points_of(name, size=0.85 * NAME_SIZE) for name in (*names, *headings.values())), default=0)
    return _Room(points, names, headings, 0 if is_narrow else longest, np.cumsum(columns).tolist())


def _height(rows: Rows, room: _Room, *, lines: int) -> float:
    """Give the height of a figure for its rows, its title, its scale and its caption [inches]."""
    lines_of_a_name = 1 + any("\n" in name for name in room.names)
    if room.is_narrow:
        lines_of_a_name += max((_numbers(rows, room, row).count("\n") + 1 for row in range(len(room.names))), default=1)
    row = (0.27 if room.is_narrow else 0.14) + LINE * lines_of_a_name
    return row * max(len(room.names) + len(room.headings), 2) + 1.15 + LINE * lines


def _set_scale(ax: Axes, rows: Rows, room: _Room, *, title: str) -> None:
    ax.spines[:].set_visible(False)
    ax.grid(visible=True, axis="x", color=GRID, linewidth=0.8)
    ax.grid(visible=False, axis="y")
    ax.set_axisbelow(True)
    ax.tick_params(axis="y", length=0, pad=8)
    ax.tick_params(axis="x", length=0, labelbottom=True, labelsize=NOTE_SIZE, labelcolor=QUIET_WORDS)
    words = wrapped(rows.scale, width=characters(room.scale, size=1.15 * NOTE_SIZE))
    _write(ax, words, at=(0, 1), shift=(0, 6), inside="axes", ha="left", va="bottom")
    title = wrapped(title, width=characters(room.caption, size=1.15 * TITLE_SIZE), lines=3)
    ax.set_title(title, loc="left", pad=12 + 12 * (words.count("\n") + 1), **words_style(WORDS))
    last = len(rows.names) + len(rows.headings) - 1
    ax.set_ylim(max(last, 0) + 0.55, -0.55)


def _spread(ax: Axes, rows: Rows, room: _Room) -> None:
    """Write names beside the rows, and numbers as columns to the right."""
    lines, names = [*rows.positions, *room.headings], [*room.names, *room.headings.values()]
    ax.set_yticks(lines, names, fontsize=NAME_SIZE, **words_style(WORDS))
    for line, label in zip(lines, ax.get_yticklabels()):
        if line in room.headings:
            label.set(color=QUIET_WORDS, fontsize=NOTE_SIZE)
            ax.axhline(line + 0.4, color=GRID, linewidth=0.8, zorder=0.5)
    for right, (column, cells) in zip(room.columns, rows.columns.items()):
        color = rows.colors.get(column, QUIET_WORDS)
        _write(ax, column, at=(1, 1), shift=(right, 6), inside="axes", ha="right", va="bottom", color=color)
        for position, cell in zip(rows.positions, cells):
            _write(ax, cell, at=(1, position), shift=(right, 0), ha="right", va="center", color=WORDS)


def _stack(ax: Axes, rows: Rows, room: _Room) -> None:
    """Write names over the marks and numbers under them."""
    ax.set_yticks([])
    for line, name in room.headings.items():
        _write(ax, name, at=(0, line + 0.5), shift=(0, 6), ha="left", va="bottom")
    half = NARROW_BAR / 2
    for row, (position, name) in enumerate(zip(rows.positions, room.names)):
        _write(ax, name, at=(0, position - half), shift=(0, 1), ha="left", va="bottom", color=WORDS, size=NAME_SIZE)
        _write(ax, _numbers(rows, room, row), at=(0, position + half), shift=(0, -2), ha="left", va="top")


def _numbers(rows: Rows, room: _Room, row: int) -> str:
    """Return the numbers of a row with what they are, in lines that fit."""
    numbers = [f"{column}: {cells[row]}".replace(" ", NO_BREAK) for column, cells in rows.columns.items() if cells[row]]
    return wrapped(" · ".join(numbers), width=characters(room.caption, size=1.02 * NOTE_SIZE))


def _write(
    ax: Axes,
    words: str,
    *,
    at: tuple[float, float],
    shift: tuple[float, float],
    ha: str,
    va: str,
    inside: str = "rows",
    color: str = QUIET_WORDS,
    size: float = NOTE_SIZE,
) -> None:
    """Write words at a part of the width and at a row (or a part of the height), shifted [points]."""
    base = ax.transAxes if inside == "axes" else ax.get_yaxis_transform()
    place = base + ScaledTranslation(shift[0] / 72, shift[1] / 72, ax.figure.dpi_scale_trans)
    words_of_row = ax.text(*at, words, transform=place, ha=ha, va=va, fontsize=size, **words_style(color))
    if inside == "rows":
        # The names of the columns reach as far as their numbers; to measure each of many numbers takes long.
        words_of_row.set_in_layout(False)
        words_of_row.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1})
        words_of_row.set_zorder(1.5)
