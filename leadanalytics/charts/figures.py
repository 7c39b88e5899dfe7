"""Where a chart is drawn: the figure that holds it."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from leadanalytics.errors import ChartError

# What the functions that take a chart accept: an Axes, the array of Axes of small multiples, or the whole figure.
Chart = Figure | Axes | np.ndarray


def figure_of(chart: Chart) -> Figure:
    """Return the whole figure of a chart, also of one in a part of a figure.

    Raises
    ------
    ChartError
        When the chart is none.

    Examples
    --------
    >>> figure = Figure()
    >>> figure_of(figure.subplots()) is figure
    True
    """
    first = chart.flat[0] if isinstance(chart, np.ndarray) and chart.size else chart
    root = getattr(first, "figure", None)
    while isinstance(root, SubFigure):
        root = root.figure
    if not isinstance(root, Figure):
        raise ChartError("a chart is a figure or its Axes", found=type(chart).__name__, next_step="pass on the Axes")
    return root
