"""The headline rate under other choices of meaning: how much of an answer is definition, how much identity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from leadanalytics.charts.captions import definition
from leadanalytics.charts.describing import describe, heading
from leadanalytics.charts.frames import need
from leadanalytics.charts.rows import WIDTH, Rows, in_rates, row_axes
from leadanalytics.charts.style import REACHED, RULE, SHADE, WORDS, house_style
from leadanalytics.charts.words import MINUS, NO_BREAK, cleaned, in_percent, in_points, out_of, unit_words

RATE = ["reached", "rate", "rate_low", "rate_high"]
MAKERS = "definition_sensitivity(leads) or identity_sensitivity(leads)"
NOTHING = "No definition was tried"
BASE = "base"
BASE_NAME = "as defined below"

# What each choice of `definition_sensitivity` is about, and what its values mean.
CHOICES: Mapping[str, str] = {
    "entry": "Which first step is the entry",
    "ties": "Steps at the same time",
    "start": "Where a funnel may begin",
    "order": "In which order the steps count",
    "unit": "What is counted once",
    "window": "Longest time from the entry",
    "identity": "Who is one customer",
}
VALUES: Mapping[tuple[str, str], str] = {
    ("entry", "best"): "the one that leads furthest",
    ("entry", "first"): "the earliest",
    ("ties", "forward"): "count in the order of the funnel",
    ("ties", "strict"): "do not follow one another",
    ("start", "first"): "at the first step",
    ("start", "any"): "at any step",
    ("order", "ordered"): "in the order of the funnel",
    ("order", "any"): "in any order",
    ("order", "strict"): "with no other step between two",
    ("window", "none"): "no limit",
    ("identity", "keys"): "equal keys",
}
# The threshold that `identify_customers` has by default [bits].
DEFAULT_THRESHOLD = 0.0


def plot_sensitivity(
    sensitivity: pd.DataFrame, *, ax: Axes | None = None, width: float = WIDTH, title: str | None = None
) -> Axes:
    """Return an Axes with one row per definition: the headline rate that it gives, under what was changed.

    The dot and its line are `rate` with `rate_low` and `rate_high`. The vertical line is the headline, the base of
    `definition_sensitivity` or the default threshold of `identity_sensitivity`, and the band its interval: what lies
    inside is of no matter. To the right stand the difference from it [percentage points] and the numbers.

    Parameters
    ----------
    sensitivity : DataFrame
        Made by `definition_sensitivity` or `identity_sensitivity`.
    ax : Axes, optional
        Where to draw. By default a figure of its own is made, as high as the definitions need.
    width : float, default 7.2
        The width of that figure [inches]: 3.6 suits a telephone, 10 a notebook, 13.3 a slide.
    title : str, optional
        By default what was changed.

    Raises
    ------
    FrameError
        When a column is missing.

    Examples
    --------
    >>> rates = pd.DataFrame({
    ...     "choice": ["base", "window", "unit"], "value": ["", "7 days", "customer_id"], "n": [100, 100, 90],
    ...     "reached": [40, 30, 41], "rate": [0.4, 0.3, 0.456], "rate_low": [0.31, 0.22, 0.36],
    ...     "rate_high": [0.5, 0.4, 0.56],
    ... })
    >>> ax = plot_sensitivity(rates)
    >>> sorted(label.get_text() for label in ax.get_yticklabels())
    ['7 days', 'Longest time from the entry', 'What is counted once', 'as defined below', 'customers']
    """
    is_identity = "method" in sensitivity.columns
    need(
        sensitivity,
        ["method", "threshold", "entered", *RATE] if is_identity else ["choice", "value", "n", *RATE],
        maker=MAKERS,
    )
    about = "Who is one customer" if is_identity else "The definition"
    title = f"{about}, and the rate that it gives" if title is None else cleaned(title)
    headline = _headline(sensitivity, is_identity)
    rows = _rows(sensitivity, headline, is_identity)
    with house_style():
        ax = row_axes(rows, ax=ax, width=width, title=title, caption=_caption(sensitivity, headline), nothing=NOTHING)
        _draw(ax, rows, sensitivity, headline)
    describe(ax, heading(title, _words(sensitivity, rows, headline)))
    return ax


def _headline(sensitivity: pd.DataFrame, is_identity: bool) -> pd.Series | None:
    """Return the row that the others are held against, if there is one."""
    chosen = sensitivity["threshold"] == DEFAULT_THRESHOLD if is_identity else sensitivity["choice"] == BASE
    return sensitivity[chosen].iloc[0] if chosen.any() else None


def _rows(sensitivity: pd.DataFrame, headline: pd.Series | None, is_identity: bool) -> Rows:
    base = np.nan if headline is None else headline["rate"]
    n = sensitivity["entered" if is_identity else "n"]
    names, sections = _identities(sensitivity) if is_identity else _choices(sensitivity)
    numbers = {
        "rate": [in_percent(rate) for rate in sensitivity["rate"]],
        "points": [in_points(rate - base) for rate in sensitivity["rate"]],
        "reached": [out_of(*both) for both in zip(sensitivity["reached"], n)],
    }
    if is_identity and "customers" in sensitivity.columns:
        numbers["customers"] = [f"{number:,}" for number in sensitivity["customers"]]
    return Rows(names, numbers, f"share that reached the last step, 95{NO_BREAK}% interval", sections)


def _choices(sensitivity: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the words for each value, and for what was changed."""
    names, sections = [], []
    for choice, value in zip(sensitivity["choice"], sensitivity["value"]):
        names.append(BASE_NAME if choice == BASE else _value_words(choice, str(value)))
        sections.append("" if choice == BASE else CHOICES.get(choice, cleaned(choice)))
    return names, sections


def _value_words(choice: str, value: str) -> str:
    if choice == "unit":
        return unit_words(value.split(", "))
    if choice == "identity" and value.endswith(" bits"):
        return _bits_words(float(value.removesuffix(" bits")))
    return VALUES.get((choice, value), cleaned(value))


def _identities(sensitivity: pd.DataFrame) -> tuple[list[str], list[str]]:
    names = [
        VALUES["identity", "keys"] if np.isnan(threshold) else _bits_words(threshold)
        for threshold in sensitivity["threshold"]
    ]
    sections = ["By rule" if np.isnan(threshold) else "By evidence" for threshold in sensitivity["threshold"]]
    return names, sections


def _bits_words(threshold: float) -> str:
    return f"from {threshold:g} bits of evidence".replace("-", MINUS)


def _draw(ax: Axes, rows: Rows, sensitivity: pd.DataFrame, headline: pd.Series | None) -> None:
    if sensitivity.empty:
        return
    if headline is not None:
        ax.axvspan(headline["rate_low"], headline["rate_high"], color=SHADE, linewidth=0, zorder=0)
        ax.axvline(headline["rate"], color=RULE, linewidth=1, zorder=1)
    colors = [WORDS if headline is not None and row == headline.name else REACHED for row in sensitivity.index]
    lines = rows.positions
    ax.hlines(lines, sensitivity["rate_low"], sensitivity["rate_high"], color=colors, linewidth=2.2, zorder=3)
    ax.scatter(sensitivity["rate"], lines, s=52, c=colors, edgecolor="white", linewidth=0.8, zorder=4)
    in_rates(ax)


def _caption(sensitivity: pd.DataFrame, headline: pd.Series | None) -> Sequence[str]:
    marks = (
        "" if headline is None else "Line and band: the headline rate and its interval. Points: the difference from it."
    )
    return [marks, definition(sensitivity)]


def _words(sensitivity: pd.DataFrame, rows: Rows, headline: pd.Series | None) -> str:
    """Return the headline rate, and the lowest and the highest under another definition."""
    if sensitivity.empty:
        return f"{NOTHING}."
    rates = sensitivity["rate"].to_numpy(float)
    if np.isnan(rates).all():
        return "no definition has a rate."
    named = [f"{in_percent(rate)} ({name})" for rate, name in zip(rates, rows.names)]
    base = f"{in_percent(headline['rate'])} as it is defined. " if headline is not None else ""
    lowest, highest = int(np.nanargmin(rates)), int(np.nanargmax(rates))
    if in_percent(rates[lowest]) == in_percent(rates[highest]):
        return f"{in_percent(rates[lowest])} under each of {len(rates):,} definitions."
    return f"{base}Over {len(rates):,} definitions the rate goes from {named[lowest]} to {named[highest]}."
