"""Charts in notebooks, with their text alternative: the picture as HTML, which carries it everywhere."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from PIL import Image

from leadanalytics.charts.describing import describe_chart
from leadanalytics.charts.figures import Chart, figure_of
from leadanalytics.charts.style import house_style

# Charts have few colours, and the edges of letters some more: a palette makes a picture a third as large.
COLORS = 64
DOTS = 144  # per inch of the picture: more than a page shows, so that it is sharp on fine screens
PAGE_DOTS = 96  # per inch of a page, as CSS defines it


@dataclass(frozen=True)
class ShownChart:
    """The picture of a chart with its text alternative, shown by a notebook wherever it is the value of a cell."""

    description: str
    png: bytes = field(repr=False)

    def __repr__(self) -> str:
        """Say what the chart shows, where only text can be shown."""
        return self.description

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, Any]:
        """Give the picture as HTML, because notebooks drop the text alternative of a plain picture."""
        picture = base64.b64encode(self.png).decode("ascii")
        text = html.escape(self.description)
        width = _width(self.png) * PAGE_DOTS // DOTS
        image = f'<img alt="{text}" width="{width}" style="max-width: 100%" src="data:image/png;base64,{picture}">'
        return {"text/html": image, "text/plain": self.description}


def show_chart(chart: Chart) -> ShownChart:
    """Return the picture of a chart with its text alternative, as the last value of a notebook cell.

    A screen reader then reads what the chart shows, in JupyterLab, VS Code and exported HTML. The figure is closed in
    pyplot, so that the notebook does not show it a second time; it can still be saved.

    Parameters
    ----------
    chart : Figure, Axes or array of Axes
        What a `plot_` function returned.

    Returns
    -------
    ShownChart
        With *description*, the sentences of `describe_chart`, and *png*, the bytes of the picture.

    Raises
    ------
    ChartError
        When the chart is none.

    Examples
    --------
    >>> import pandas as pd
    >>> from leadanalytics.charts import plot_nowcast
    >>> steps = {"stage": ["Install"], "n": [10], "open": [67], "expected": [1.3], "low": [0.0], "high": [3.0]}
    >>> show_chart(plot_nowcast(pd.DataFrame(steps)))
    What is still to come: 10 reached Install so far, 1.3 (0 to 3) more are expected of 67 open.
    """
    figure = figure_of(chart)
    shown = ShownChart(describe_chart(figure), light_png(figure))
    plt.close(figure)
    return shown


def light_png(figure: Figure) -> bytes:
    """Return a PNG of a figure with a palette of its own, the same for the same figure."""
    drawn = io.BytesIO()
    with house_style():
        figure.savefig(drawn, dpi=DOTS, bbox_inches="tight", pad_inches=0.12, pil_kwargs={"compress_level": 1})
    with Image.open(drawn) as image:
        palette = image.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE)
    light = io.BytesIO()
    palette.save(light, format="png", optimize=True)
    return light.getvalue()


def _width(png: bytes) -> int:
    with Image.open(io.BytesIO(png)) as image:
        return image.width
