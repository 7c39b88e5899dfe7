"""The words of a chart as they were drawn: which lie over one another, which are cut off, how small they are."""

from __future__ import annotations

from itertools import combinations

from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.transforms import Bbox


def drawn_words(ax: Axes) -> list[tuple[str, Bbox]]:
    """Every text of the chart that is not empty, with its place in the picture [pixels]."""
    ax.figure.canvas.draw()
    texts = [text for text in ax.findobj(Text) if text.get_visible() and text.get_text().strip()]
    # An annotation's own extent includes its line.
    return [(text.get_text(), Text.get_window_extent(text)) for text in texts]


def overlapping(ax: Axes) -> list[tuple[str, str]]:
    """The pairs of texts that lie over one another by more than the breath of a letter."""
    return [
        (one, other)
        for (one, place), (other, another) in combinations(drawn_words(ax), 2)
        if (shared := Bbox.intersection(place, another)) is not None and shared.width > 1.5 and shared.height > 3
    ]


def cut_off(ax: Axes) -> list[str]:
    """The texts that reach out of the picture."""
    whole = ax.figure.bbox
    return [
        text
        for text, place in drawn_words(ax)
        if place.x0 < -1 or place.y0 < -1 or place.x1 > whole.x1 + 1 or place.y1 > whole.y1 + 1
    ]


def smallest(ax: Axes) -> float:
    """The size of the smallest words [points]."""
    return min(text.get_fontsize() for text in ax.findobj(Text) if text.get_text().strip())
