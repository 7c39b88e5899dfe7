"""The charts of the report, each drawn as wide as the page and once more as a telephone is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from leadanalytics.charts import describe_chart, plot_curve, plot_stages
from leadanalytics.charts.style import house_style
from leadanalytics.report.inline_svg import inline_svg
from leadanalytics.report.stories import Story

__all__ = ["Picture", "draw_offers", "draw_story"]

WIDE = 8.4  # of a chart beside the table of contents [inches]
NARROW = 3.5  # of a chart on a telephone, and of one among others [inches]
LEFT_FOR_DATA = 0.72  # of the width of a chart
ROW = 0.74  # the height of a step of a funnel [inches]
CURVE = 3.6  # the height of a curve with who is watched under it [inches]
Draw = Callable[[Axes], object]


@dataclass(frozen=True)
class Picture:
    """One chart: what it shows in words, and the drawings for a wide and a narrow page; either may be for both."""

    words: str
    narrow: Markup
    wide: Markup | None = None


def draw_story(story: Story, *, key: str) -> dict[str, Picture]:
    """Return the charts of one storefront by name; `key` tells its ids from those of others."""
    height = ROW * len(story.steps) + 0.5
    drawn = {
        "funnel": picture(lambda ax: plot_stages(plain(story.counts), ax=ax, title=""), height, key=f"{key}-funnel")
    }
    if story.entered:
        drawn["curve"] = picture(lambda ax: plot_curve(plain(story.curve), ax=ax, title=""), CURVE, key=f"{key}-curve")
    return drawn


def draw_offers(offers: pd.DataFrame, *, key: str) -> list[tuple[str, Picture]]:
    """Return a chart for each offer of counts per offer, in their order and on one scale, with its name."""
    longest = max(int(offers["n"].max()) if len(offers) else 0, 1)
    panels = []
    for number, (_, counts) in enumerate(offers.groupby("offer_id", sort=False), 1):
        counts.attrs = {**offers.attrs, "unit": ["customer_id"]}
        words, drawing = _draw(
            lambda ax, counts=counts: plot_stages(plain(counts), ax=ax, title="").set_xlim(0, longest),
            NARROW,
            ROW * len(counts) + 0.3 + 0.2 * bool(counts["bypass"].any()),
            key=f"{key}-{number}",
        )
        panels.append((str(counts["offer_name"].iloc[0]), Picture(words, drawing)))
    return panels


def picture(draw: Draw, height: float, *, key: str, narrow_height: float | None = None) -> Picture:
    """Return a chart drawn twice, so that its words are as large on a telephone as on a desk."""
    words, wide = _draw(draw, WIDE, height, key=f"{key}-wide")
    _, narrow = _draw(draw, NARROW, narrow_height or height, key=f"{key}-narrow")
    return Picture(words, narrow, wide)


def plain(counts: pd.DataFrame) -> pd.DataFrame:
    """Return counts without the sentence of their definition, which stands on the page once."""
    shown = counts.copy()
    shown.attrs = {**counts.attrs, "definition": ""}
    return shown


def _draw(draw: Draw, width: float, height: float, *, key: str) -> tuple[str, Markup]:
    """Return the words and the drawing of a chart of a size [inches]."""
    with house_style():
        # A figure of no window: nothing is left behind, whatever the notebook around does with its own.
        figure = Figure(figsize=(width, height), layout="constrained")
        # As wide as it will be beside its labels, for the words that are wrapped to it before the layout.
        ax = figure.subplots(gridspec_kw={"left": 1 - LEFT_FOR_DATA, "right": 1})
        draw(ax)
    return describe_chart(ax), inline_svg(figure, prefix=f"{key}-")
