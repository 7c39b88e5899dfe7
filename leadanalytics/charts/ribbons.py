"""Ribbons: a part of a stream that flows from one level to another."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from leadanalytics.charts.style import EDGES

Span = tuple[float, float]  # from left to right


def draw_ribbon(ax: Axes, start: Span, top: float, end: Span, bottom: float, *, color: str, label: str) -> PathPatch:
    """Draw a part of a stream that flows from a span at one level to a span at another, and return its patch.

    Its sides are cubic curves that leave and arrive upright; its edge has the contrast that a light fill lacks.
    """
    middle = (top + bottom) / 2
    (left, right), (to_left, to_right) = start, end
    corners = [
        (Path.MOVETO, (left, top)),
        (Path.CURVE4, (left, middle)),
        (Path.CURVE4, (to_left, middle)),
        (Path.CURVE4, (to_left, bottom)),
        (Path.LINETO, (to_right, bottom)),
        (Path.CURVE4, (to_right, middle)),
        (Path.CURVE4, (right, middle)),
        (Path.CURVE4, (right, top)),
        (Path.CLOSEPOLY, (left, top)),
    ]
    codes, points = zip(*corners)
    look = {"facecolor": color, "edgecolor": EDGES[color], "linewidth": 0.7}
    patch = PathPatch(Path(points, codes), label=label, **look)
    ax.add_patch(patch)
    return patch
