"""The shades of a chart of cells: how many things each stands for, and a sample of each with its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection

from leadanalytics.charts.calendars import squares
from leadanalytics.charts.style import ASIDE, QUIET_WORDS, REACHED, RULE, SILENT, words_style

SHADES = ("#CFE3F3", "#86BCE0", "#2F83BF", "#003F6B")
NONE = "white"
SMALL = 7.5  # of the words beside cells [points]
LETTER = 0.52  # how wide such a letter is, as a part of its size
SAMPLE, SPACE = 1.5, 2.2  # a sample with its space, and the space behind its words [cells]
SAMPLE_ROW = 1.6  # from one row of samples to the next [cells]


@dataclass(frozen=True)
class Sample:
    """One cell of the key: where it stands, how it looks and what it stands for."""

    column: float
    row: int
    face: str
    edge: str
    words: str


def shade_tops(numbers: np.ndarray) -> np.ndarray:
    """Return the most of each shade, rising from 0 for none, so that each holds about as many of the numbers.

    Examples
    --------
    >>> shade_tops(np.array([0, 1, 1, 2, 3, 9])).tolist()
    [0, 1, 2, 3, 9]
    """
    some = numbers[numbers > 0]
    if not len(some):
        return np.zeros(1, "int64")
    parts = np.linspace(0, 1, len(SHADES) + 1)[1:-1]
    tops = np.append(np.quantile(some, parts, method="lower"), some.max())
    return np.unique(np.append(0, tops)).astype("int64")


def shades_of(numbers: np.ndarray, tops: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the face and the edge of the cell of each number."""
    place = np.searchsorted(tops, numbers)
    faces = np.array([NONE, *_shades(tops)], dtype=object)[place]
    return faces, np.where(place > 0, REACHED, RULE).astype(object)


def lay_out_key(tops: np.ndarray, *, columns: int, cell: float, has_gap: bool) -> list[Sample]:
    """Return the samples side by side, in as many rows as they need in so many columns of a width [points]."""
    looks = [(NONE, RULE, "no lead")]
    for shade, low, high in zip(_shades(tops), tops[:-1] + 1, tops[1:]):
        words = f"{low:,}" if low == high else f"{low:,} to {high:,}"
        looks.append((shade, REACHED, words if len(looks) > 1 else f"{words} a day"))
    looks += [(ASIDE, SILENT, "silent")] * has_gap
    samples: list[Sample] = []
    left, row = 0.0, 0
    for face, edge, words in looks:
        width = SAMPLE + words_wide_in_cells(words, cell) + SPACE
        if left and left + width > columns:
            left, row = 0.0, row + 1
        samples.append(Sample(left, row, face, edge, words))
        left += width
    return samples


def draw_key(ax: Axes, key: Sequence[Sample], *, top: float) -> None:
    """Draw the samples below a row of cells, each with its words to the right."""
    rows = top + SAMPLE_ROW * np.array([sample.row for sample in key])
    corners = squares(np.array([sample.column for sample in key]), rows, size=1.0)
    for sample, row, square in zip(key, rows, corners):
        ax.add_collection(PolyCollection([square], facecolors=sample.face, edgecolors=sample.edge, linewidths=0.8))
        if sample.edge == SILENT:
            draw_strokes(ax, square[None])
        ax.text(
            sample.column + SAMPLE, row + 0.5, sample.words, va="center", fontsize=SMALL, **words_style(QUIET_WORDS)
        )


def draw_strokes(ax: Axes, corners: np.ndarray) -> None:
    """Draw a stroke through cells, for those who do not tell their colour."""
    ax.add_collection(LineCollection(list(corners[:, [3, 1]]), colors=SILENT, linewidths=0.9))


def words_wide_in_cells(words: str, cell: float) -> float:
    """Return about how wide small words are, in cells of a width [points]."""
    return LETTER * SMALL * len(words) / cell


def _shades(tops: np.ndarray) -> tuple[str, ...]:
    """Return as many shades as there are steps above none, the darkest last."""
    return SHADES[len(SHADES) + 1 - len(tops) :]
