"""Rows of numbers under the scale of a chart, each under its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from leadanalytics.charts.captions import LINE, NOTE_SIZE
from leadanalytics.charts.style import words_style
from leadanalytics.charts.words import wrapped_apart

ROW_NAME = 11  # of a row's name beside it [characters]


def write_row(
    ax: Axes, name: str, places: Sequence[float], numbers: Sequence[float], *, down: float, color: str
) -> None:
    """Write numbers under their places along, so many points below the axis, and a name to their left."""
    look: dict[str, Any] = {"fontsize": NOTE_SIZE, "va": "top", "textcoords": "offset points", **words_style(color)}
    ax.annotate(
        name,
        xy=(0, 0),
        xycoords="axes fraction",
        xytext=(-20, -down),
        ha="right",
        annotation_clip=False,
        **look,
    )
    for place, number in zip(places, numbers):
        xy: dict[str, Any] = {"xy": (place, 0), "xycoords": ax.get_xaxis_transform(), "xytext": (0, -down)}
        ax.annotate(f"{number:,.0f}", **xy, ha="center", annotation_clip=False, **look)


def row_names(names: Sequence[str]) -> list[str]:
    """Return names so short that they stand beside rows, each another than the others."""
    return wrapped_apart(names, width=ROW_NAME, lines=1)


def rows_high(rows: int) -> float:
    """Return the height of some rows [points]."""
    return LINE * rows
