"""What a chart shows, in words: for readers who do not see it, kept with the chart."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from leadanalytics.charts.figures import Chart, figure_of
from leadanalytics.charts.words import cleaned

UNKNOWN = "A chart without a description."


def describe(drawn: Axes | Figure, *sentences: str) -> None:
    """Keep sentences with what was drawn, where `describe_chart` finds them: in its label (`get_label`).

    Every `plot_` function calls this last, with one to three sentences made of the numbers that it drew. What is
    empty is left out. A figure of many panels is described as a whole, beside its panels.

    Examples
    --------
    >>> ax = Figure().subplots()
    >>> describe(ax, "40 customers took a test drive.", "", "10 of them bought.")
    >>> ax.get_label()
    '40 customers took a test drive. 10 of them bought.'
    """
    drawn.set_label(" ".join(filter(None, map(cleaned, sentences))))


def describe_chart(chart: Chart) -> str:
    """Return what a chart shows, in one to three sentences: its text alternative.

    Parameters
    ----------
    chart : Figure, Axes or array of Axes
        What a `plot_` function returned, or the figure that holds several charts: then the sentences of each.

    Returns
    -------
    str
        Made when the chart was drawn, of the numbers of its frame, and kept as the label of its Axes
        (`Axes.get_label`). For a chart of another maker, its title and the names of its axes.

    Raises
    ------
    ChartError
        When the chart is none.

    Examples
    --------
    >>> ax = Figure().subplots()
    >>> describe(ax, "40 customers took a test drive.")
    >>> describe_chart(ax)
    '40 customers took a test drive.'
    """
    if isinstance(chart, Axes):
        return _own_words(chart)
    figure = figure_of(chart)
    if words := _label(figure):
        return words
    parts = [_own_words(ax) for ax in figure.axes if ax.get_visible() and not _is_scale(ax)]
    return " ".join(dict.fromkeys(parts)) or UNKNOWN


def heading(title: str, words: str) -> str:
    """Return words behind a title, where there is one.

    Examples
    --------
    >>> heading("All offers", "40 took a test drive."), heading("", "40 took a test drive.")
    ('All offers: 40 took a test drive.', '40 took a test drive.')
    """
    return f"{title}: {words}" if title else words


def _own_words(ax: Axes) -> str:
    """Return the description of an Axes, else what stands around it."""
    around = [ax.get_title(loc=place) for place in ("left", "center", "right")] + [ax.get_ylabel(), ax.get_xlabel()]
    return _label(ax) or cleaned(". ".join(filter(None, around))) or UNKNOWN


def _label(drawn: Axes | Figure) -> str:
    return str(drawn.get_label() or "")


def _is_scale(ax: Axes) -> bool:
    """Tell whether an Axes belongs to another one, as a colour bar does."""
    return _label(ax) == "<colorbar>"
