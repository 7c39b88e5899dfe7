"""The charts of the report, each drawn as wide as the page and once more as a telephone is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pandas as pd
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from leadanalytics.charts import describe_chart, plot_curve, plot_days, plot_nowcast, plot_stages, plot_trend
from leadanalytics.charts.style import house_style
from leadanalytics.charts.words import NO_BREAK
from leadanalytics.report.inline_svg import inline_svg
from leadanalytics.report.stories import Story

__all__ = ["Picture", "draw_days", "draw_offers", "draw_story"]

WIDE = 8.4  # of a chart beside the table of contents [inches]
NARROW = 3.5  # of a chart on a telephone, and of one among others [inches]
FOR_DATA = 0.72  # of the width of a chart; the rest is for labels
# What is more than a chart needs is cut away [inches].
STEP = 0.74  # the height of a step of a funnel
LINES = 3.8  # the height of lines with the numbers under them
YEAR, HALF_YEAR = 1.7, 1.2  # the heights of a year on a wide calendar, and of half of one on a narrow calendar
CAPTION, EDGE = 0.5, 0.1  # what stands under a funnel: a sentence on those who skipped, or nothing
AROUND = 1.5  # the height of what stands around a chart
Draw = Callable[[Axes], object]


@dataclass(frozen=True)
class Picture:
    """One chart.

    Attributes
    ----------
    words : str
        What it shows, for readers who do not see it.
    narrow, wide : Markup, Markup or None
        The drawings for a narrow and a wide page; without the second, the first is for both.
    is_as_drawn : bool
        Whether it keeps its colours in the dark, because light and dark have a meaning in it.
    """

    words: str
    narrow: Markup
    wide: Markup | None = None
    is_as_drawn: bool = False


def draw_story(story: Story, *, key: str) -> dict[str, Picture]:
    """Return the charts of one funnel by name; `key` tells its ids from those of others."""
    steps, rows = STEP * len(story.steps) + 0.6, len(story.coming)
    charts: dict[str, tuple[Draw, tuple[float, float]]] = {
        "funnel": (lambda ax: plot_stages(plain(story.counts), ax=ax, title=""), (steps, steps)),
    }
    if story.entered and len(story.steps) > 1:
        charts |= {
            "trend": (lambda ax: plot_trend(plain(story.trend), ax=ax, title=""), (LINES, LINES)),
            "curve": (lambda ax: plot_curve(plain(story.curve), ax=ax, title=""), (LINES, LINES)),
            "coming": (
                lambda ax: plot_nowcast(plain(story.coming), ax=ax, title=""),
                (0.5 * rows + 0.8, 0.9 * rows + 1),
            ),
        }
    return {name: picture(draw, heights, key=f"{key}-{name}") for name, (draw, heights) in charts.items()}


def draw_offers(counts: pd.DataFrame, *, key: str) -> list[tuple[str, Picture]]:
    """Return a chart for each offer and funnel of some counts, in their order and on one scale, with its label."""
    longest = max(int(counts["n"].max()) if len(counts) else 0, 1)
    panels = []
    for number, (_, part) in enumerate(counts.groupby(["offer_id", "funnel"], sort=False), 1):
        part.attrs = {name: value for name, value in counts.attrs.items() if name != "funnels"}

        def draw(ax: Axes, part: pd.DataFrame = part) -> None:
            plot_stages(plain(part), ax=ax, title="").set_xlim(0, longest)

        below = CAPTION if part["bypass"].any() else EDGE
        words, drawing = _draw(draw, (NARROW, STEP * len(part) + below), key=f"{key}-{number}")
        panels.append((str(part["label"].iloc[0]), Picture(words, drawing)))
    return panels


def draw_days(days: pd.DataFrame, *, key: str) -> Picture:
    """Return the calendar of the leads of some days."""
    years = days["day"].dt.year.nunique()
    heights = (years * YEAR + AROUND, 2 * years * HALF_YEAR + AROUND)
    drawn = picture(lambda ax: plot_days(plain(days), ax=ax, title=""), heights, key=key)
    return replace(drawn, is_as_drawn=True)


def picture(draw: Draw, heights: Sequence[float], *, key: str) -> Picture:
    """Return a chart drawn wide and narrow, so that its words are as large on a telephone as on a desk.

    Each drawing has a height of its own [inches].
    """
    words, wide = _draw(draw, (WIDE, heights[0]), key=f"{key}-wide")
    _, narrow = _draw(draw, (NARROW, heights[1]), key=f"{key}-narrow")
    return Picture(words, narrow, wide)


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame without the sentence of its definition, which stands on the page once."""
    shown = frame.copy()
    shown.attrs = {**frame.attrs, "definition": ""}
    return shown


def _draw(draw: Draw, size: tuple[float, float], *, key: str) -> tuple[str, Markup]:
    """Return the words and the drawing of a chart of a size [inches]."""
    with house_style():
        # A figure of no window: nothing is left behind, whatever the notebook around does with its own.
        figure = Figure(figsize=size, layout="constrained")
        # As wide as it will be beside its labels, for the words that are wrapped to it before the layout.
        ax = figure.subplots(gridspec_kw={"left": 1 - FOR_DATA, "right": 1})
        draw(ax)
        _start_at_nothing(ax)
    return describe_chart(ax), inline_svg(figure, prefix=f"{key}-")


def _start_at_nothing(ax: Axes) -> None:
    """Write the foot of a scale of rates without its sign, so that it is not read as a rate that was found."""
    labels = [label.get_text() for label in ax.get_yticklabels()]
    if labels and labels[0].endswith("%") and not float(labels[0].rstrip(f"%{NO_BREAK}")):
        ax.set_yticks(ax.get_yticks(), ["0", *labels[1:]])
