"""The pictures of some funnels as PNG bytes, each with the words that say what it shows."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import NamedTuple, cast

import ipywidgets
import matplotlib.pyplot as plt
import pandas as pd
import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from leadanalytics.charts import describe_chart, plot_curve, plot_stages, plot_stages_by, plot_trend
from leadanalytics.charts.style import house_style
from leadanalytics.conversion import conversion_curve
from leadanalytics.funnels import count_stages
from leadanalytics.studies import adjusted_trend

__all__ = ["PICTURES", "Picture", "draw"]

WIDTH = 8.0  # of several funnels side by side, which is the width of a notebook's cell [inches]
DOTS_PER_INCH = 144  # sharp on a screen that has two dots where another has one
DOTS_SHOWN = 96
_WIDTH_IN_PNG = slice(16, 20)  # the bytes of a PNG file that hold its width


class PictureWidget(ipywidgets.Image):
    """An image that says its words to whoever does not see it.

    The view of an image takes its tooltip for the title only where the model has a description, which it lacks.
    """

    description = traitlets.Unicode().tag(sync=True)

    def show(self, picture: Picture) -> None:
        """Show another picture."""
        self.tooltip, self.layout.width = picture.words, f"{picture.width}px"
        self.value = picture.png


class Picture(NamedTuple):
    """A picture to show."""

    png: bytes
    words: str  # for whoever does not see it
    width: int  # on the screen [pixels]


def _draw_funnel(funnels: pd.DataFrame, title: str | None) -> list[Axes]:
    counts = count_stages(funnels)
    if counts["step"].duplicated().any():
        return list(plot_stages_by(counts, by="funnel", width=WIDTH, title=title))
    return [plot_stages(counts, title=title)]


PICTURES: Mapping[str, Callable[[pd.DataFrame, str | None], list[Axes]]] = {
    "funnel": _draw_funnel,
    "trend": lambda funnels, title: [plot_trend(adjusted_trend(funnels), title=title)],
    "curve": lambda funnels, title: [plot_curve(conversion_curve(funnels), title=title)],
}


def draw(name: str, funnels: pd.DataFrame, *, title: str | None = None) -> Picture:
    """Return the picture of a name in `PICTURES`; no figure stays behind it, and none appears by itself.

    Parameters
    ----------
    name : {"funnel", "trend", "curve"}
    funnels : DataFrame
        Made by `build_funnels`. Several funnels are drawn side by side; a trend and a curve are of one.
    title : str, optional
        By default that of the chart.
    """
    with plt.ioff():
        axes = PICTURES[name](funnels, title)
        figure = cast(Figure, axes[0].get_figure(root=True))
        try:
            words = " ".join([*map(describe_chart, axes), str(funnels.attrs["definition"])])
            image = io.BytesIO()
            with house_style():
                figure.savefig(image, format="png", dpi=DOTS_PER_INCH, bbox_inches="tight", pad_inches=0.12)
        finally:
            plt.close(figure)
    png = image.getvalue()
    width = int.from_bytes(png[_WIDTH_IN_PNG], "big") * DOTS_SHOWN // DOTS_PER_INCH
    return Picture(png, words, width)
