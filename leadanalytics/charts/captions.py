"""What stands around every chart: its title, the names of its axes, its caption, the words where there is nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Annotation

from leadanalytics.charts.style import QUIET_WORDS, WORDS, words_style
from leadanalytics.charts.words import characters, cleaned, wrapped

NOTE_SIZE = 8.5  # of the words beside and under a chart [points]
TITLE_SIZE = 12  # of a chart [points]
LINE = 12.5  # from one line of such words to the next [points]
CAPTION_LINE = 11.5  # from one line of a caption to the next [points]
AROUND = 84  # the height of a title, a line under it and a scale, with the space between them [points]
LEFT = 94  # what the names to the left of a chart take at most [points]
UNDER_TITLE = (0, 1)  # the place of the line under a title, as a part of the Axes
SLOT = 0.77  # the part of its place that an Axes takes before its labels have taken their room


def default_title(frame: pd.DataFrame, *, after: str = "") -> str:
    """Return the name of the funnel as a title, with words after it, or no title."""
    funnel = frame.attrs.get("funnel")
    return f"{cleaned(funnel).capitalize()} funnel{after}" if isinstance(funnel, str) else ""


def definition(frame: pd.DataFrame) -> str:
    """Return the sentence that says what was counted, or nothing."""
    return cleaned(frame.attrs.get("definition", ""))


def write_title(ax: Axes, title: str, *, under: str = "") -> None:
    """Write a title above an Axes, in at most two lines, and a quiet line under it that says what its height means."""
    points = words_wide(ax)
    words = wrapped(title, width=characters(points, size=TITLE_SIZE), lines=2)
    quiet = wrapped(under, width=characters(points, size=NOTE_SIZE), lines=2)
    lines = quiet.count("\n") + 1 if quiet else 0
    ax.set_title(words, loc="left", pad=9 + LINE * lines, **words_style(WORDS))
    if quiet:
        write_beside(ax, quiet, at=UNDER_TITLE, right=0, up=6, va="bottom")


def write_caption(ax: Axes, sentences: Sequence[str], *, points: float, below: float = 0) -> None:
    """Write sentences under an Axes, each from a new line, in lines of at most a width, below other words [points]."""
    words = wrapped_caption(sentences, points=points)
    ax.set_xlabel(words, loc="left", labelpad=10 + below, fontsize=NOTE_SIZE, **words_style(QUIET_WORDS))


def wrapped_caption(sentences: Sequence[str], *, points: float) -> str:
    """Return the sentences that are not empty in lines of at most a width [points], each from a new line."""
    width = characters(points, size=NOTE_SIZE)
    return "\n".join(wrapped(sentence, width=width) for sentence in sentences if sentence)


def write_beside(
    ax: Axes, words: str, *, at: tuple[float, float], right: float = 0, up: float = 0, va: str = "center"
) -> Annotation:
    """Write quiet words at a place of the Axes, each side from 0 to 1, and some points from it."""
    return ax.annotate(
        words,
        xy=at,
        xycoords="axes fraction",
        xytext=(right, up),
        textcoords="offset points",
        va=va,
        fontsize=NOTE_SIZE,
        linespacing=1.2,
        **words_style(QUIET_WORDS),
    )


def say_nothing(ax: Axes, words: str) -> None:
    """Say that there is nothing to draw, on an Axes without scales."""
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    width = characters(0.9 * points_wide(ax), size=NOTE_SIZE)
    place: dict[str, Any] = {"transform": ax.transAxes, "ha": "center", "va": "center"}
    ax.text(0.5, 0.5, wrapped(words, width=width), **place, **words_style(QUIET_WORDS))


def inches_high(drawn: float, sentences: Sequence[str], *, width: float, below: float = 0) -> float:
    """Return the height of a figure that leaves so much for what is drawn, beside its title and all words [inches]."""
    room = characters(SLOT * width * 72, size=NOTE_SIZE)
    lines = sum(wrapped(sentence, width=room).count("\n") + 1 for sentence in sentences if sentence)
    return drawn + (AROUND + below + CAPTION_LINE * lines) / 72


def points_left(ax: Axes, *, below: float = 0) -> float:
    """Return the height of an Axes once its title, caption and the words below it have their room [points]."""
    lines = ax.get_xlabel().count("\n") + 1 if ax.get_xlabel() else 0
    under = sum(text.get_text().count("\n") for text in ax.texts if getattr(text, "xy", None) == UNDER_TITLE)
    more = 1.4 * TITLE_SIZE * ax.get_title(loc="left").count("\n") + LINE * under
    return max(points_high(ax) / SLOT - AROUND - below - more - CAPTION_LINE * lines, LINE)


def points_wide(ax: Axes) -> float:
    """Return the width of an Axes before its labels have taken their room [points]."""
    return ax.get_window_extent().width * 72 / ax.figure.dpi


def words_wide(ax: Axes) -> float:
    """Return the width that a title or a caption may take, which begin where the names to the left end [points]."""
    return min(points_wide(ax), points_wide(ax) / SLOT - LEFT)


def points_high(ax: Axes) -> float:
    """Return the height of an Axes before its labels have taken their room [points]."""
    return ax.get_window_extent().height * 72 / ax.figure.dpi
