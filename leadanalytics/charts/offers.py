"""Offers by rate, as a forest: what is known of each, and how far its raw rate was pulled to the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from leadanalytics.charts.captions import definition
from leadanalytics.charts.describing import describe, heading
from leadanalytics.charts.frames import need, titled
from leadanalytics.charts.rows import WIDTH, Rows, in_rates, row_axes
from leadanalytics.charts.style import REACHED, RULE, house_style
from leadanalytics.charts.words import NO_BREAK, cleaned, column_words, out_of, percent, range_of

COLUMNS = ["n", "reached", "rate", "shrunken", "shrunken_low", "shrunken_high", "in_top"]

NOTHING = "There is nothing to rank"
DOTS: Mapping[str, Any] = {"marker": "o", "linestyle": "none", "clip_on": False}


def plot_offers(
    ranking: pd.DataFrame, *, ax: Axes | None = None, width: float = WIDTH, title: str | None = None
) -> Axes:
    """Return an Axes with one row per offer, the best on top: its rate, with the interval that it lies in.

    The dot and its line are `shrunken` with `shrunken_low` and `shrunken_high`; the small hollow mark is the raw
    `rate`, and a thin line joins the two: the longer it is, the less the raw rate can be relied on. The dashed line is
    the mean that the rates are pulled to. To the right stand `reached` of `n` and `in_top`.

    Parameters
    ----------
    ranking : DataFrame
        Made by `rank_offers`.
    ax : Axes, optional
        Where to draw. By default a figure of its own is made, as high as the offers need.
    width : float, default 7.2
        The width of that figure [inches]: 3.6 suits a telephone, 10 a notebook, 13.3 a slide.
    title : str, optional
        By default what is ranked, and the step.

    Raises
    ------
    FrameError
        When a column of the ranking is missing.

    Examples
    --------
    >>> ranking = pd.DataFrame({
    ...     "offer_id": ["crane", "lift"], "n": [100, 2], "reached": [40, 0], "rate": [0.4, 0.0], "in_top": [0.98, 0.4],
    ...     "shrunken": [0.39, 0.2], "shrunken_low": [0.3, 0.05], "shrunken_high": [0.49, 0.4],
    ... })
    >>> ax = plot_offers(ranking)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['crane', 'lift']
    """
    by = next(iter(ranking.attrs.get("by", ())), "offer_id")
    need(ranking, [by, *COLUMNS], maker="rank_offers(funnels)")
    ranking = titled(ranking)
    step = cleaned(ranking.attrs.get("step", "the last step"))
    title = _title(by, step) if title is None else cleaned(title)
    top = _top_words(ranking)
    rows = Rows(
        names=[cleaned(name) for name in ranking[by]],
        columns={
            "reached": [out_of(reached, n) for reached, n in zip(ranking["reached"], ranking["n"])],
            top: [percent(share) for share in ranking["in_top"]],
        },
        scale=f"share that reached {step}, 95{NO_BREAK}% interval",
    )
    with house_style():
        ax = row_axes(rows, ax=ax, width=width, title=title, caption=_caption(ranking), nothing=NOTHING)
        _draw(ax, rows, ranking)
    describe(ax, heading(title, _words(ranking, rows)))
    return ax


def _draw(ax: Axes, rows: Rows, ranking: pd.DataFrame) -> None:
    lines = rows.positions
    if ranking.empty:
        return
    mean = _mean(ranking)
    if mean is not None:
        ax.axvline(mean, color=RULE, linewidth=1, dashes=(4, 3), zorder=1)
    ax.hlines(lines, ranking["rate"], ranking["shrunken"], color=RULE, linewidth=0.9, zorder=2)
    ax.hlines(lines, ranking["shrunken_low"], ranking["shrunken_high"], color=REACHED, linewidth=2.2, zorder=3)
    ax.plot(ranking["rate"], lines, ms=5, mfc="white", mec=RULE, mew=1.1, zorder=4, **DOTS)
    ax.plot(ranking["shrunken"], lines, ms=7, color=REACHED, mec="white", mew=0.8, zorder=5, **DOTS)
    ax.set_xlim(0, min(1.02 * float(ranking[["shrunken_high", "rate"]].max(axis=None)), 1) or 1)
    in_rates(ax)


def _title(by: str, step: str) -> str:
    what = "Offers" if by in ("offer_id", "offer_name") else column_words(by).capitalize()
    return f"{what} by the share that reached {step}"


def _top_words(ranking: pd.DataFrame) -> str:
    top = ranking.attrs.get("top")
    return f"in top {top}" if top else "in the top"


def _mean(ranking: pd.DataFrame) -> float | None:
    """Return the mean that the rates are pulled to, or None where too few offers told one."""
    prior = ranking.attrs.get("prior", {})
    return prior.get("mean") if not str(prior.get("method", "")).startswith("Jeffreys") else None


def _caption(ranking: pd.DataFrame) -> list[str]:
    """Return how to read the marks, what was counted, and the definition."""
    mean = _mean(ranking)
    to = "the middle, as too few offers tell a mean" if ranking.attrs.get("prior") else "the mean of all"
    to = to if mean is None else f"the mean of all ({percent(mean)}, dashed)"
    marks = f"Filled: the rate, pulled to {to}, the more so the fewer units there are. Hollow: the rate as counted."
    return [marks, cleaned(ranking.attrs.get("base", "")), definition(ranking)]


def _words(ranking: pd.DataFrame, rows: Rows) -> str:
    """Return which is first, which is last, and how sure the first is."""
    if ranking.empty:
        return f"{NOTHING}."
    says = [
        f"{name} {percent(row.shrunken)} ({range_of(row.shrunken_low, row.shrunken_high)})"
        for name, row in zip(rows.names, ranking.itertuples())
    ]
    if len(says) == 1:
        return f"{says[0]}."
    sure = f"{_top_words(ranking)} with a probability of {percent(ranking['in_top'].iloc[0])}"
    return f"the first of {len(says):,} is {says[0]}, {sure}. The last is {says[-1]}."
