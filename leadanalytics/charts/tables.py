"""Frames as tables for reading: rates in percent, times in UTC, text that stays text in a browser."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Callable
from datetime import datetime
from functools import partial
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types
from pandas.io.formats.style import Styler

from leadanalytics.charts.frames import titled
from leadanalytics.charts.words import NO_BREAK, NONE, in_percent, in_points, range_of
from leadanalytics.errors import FrameError

# The first words of the columns that hold rates, and the last words of those that hold differences of rates.
RATES = (
    "rate",
    "share",
    "of_first",
    "of_previous",
    "others_rate",
    "shrunken",
    "in_top",
    "naive",
    "mature_only",
    "censoring_aware",
    "adjusted",
    "probability",
    "chance",
)
DIFFERENCES = ("effect", "difference")
LOW, HIGH, INTERVAL = "low", "high", "interval"

# JupyterLab and MathJax leave elements of these classes alone: a price in dollars is no formula.
NO_MATHEMATICS = "tex2jax_ignore mathjax_ignore"

Format = Callable[[object], str]


def style_table(frame: pd.DataFrame) -> Styler:
    """Return a pandas Styler that shows a frame as a table for reading, safe in a browser.

    Rates are shown in percent, effects and differences in percentage points, counts with thousands separators, times
    as UTC, what is missing as a dash. The columns `rate_low` and `rate_high` become one, `rate_interval`. Whatever
    text a cell, a header or the name of an index holds is shown as it is: it is never HTML and never mathematics.
    The definition of the frame stands under the table. The same frame gives the same HTML.

    Parameters
    ----------
    frame : DataFrame
        Any frame; it is not changed. A long one is better cut before: `style_table(customers.head(20))`.

    Returns
    -------
    Styler
        To be shown as the value of a notebook cell, or taken further (`.bar(subset="rate")`). A further `.format` of
        a column of text has to say `escape="html"` again.

    Raises
    ------
    FrameError
        When it is no frame.

    Examples
    --------
    >>> rates = pd.DataFrame({"offer": ["<b>", "vm"], "n": [1200, 8], "rate": [0.0912, 0.5]})
    >>> table = style_table(rates).to_html()
    >>> "&lt;b&gt;" in table, "1,200" in table, "9.1" in table
    (True, True, True)
    """
    if not isinstance(frame, pd.DataFrame):
        raise FrameError("a table is made of a frame", found=type(frame).__name__, next_step="style_table(counts)")
    shown = _with_intervals(titled(frame))
    formats = [_format_of(shown.iloc[:, place], str(name)) for place, name in enumerate(shown.columns)]
    styler = Styler(shown, uuid=_digest(shown), cell_ids=False)
    styler.set_table_attributes(f'class="{NO_MATHEMATICS}"').set_table_styles(_looks(shown))
    styler.format(dict(zip(shown.columns, formats)), na_rep=NONE)
    for axis in (0, 1):
        styler.format_index(_as_text, axis=axis).format_index_names(_as_text, axis=axis)
    definition = frame.attrs.get("definition")
    return styler.set_caption(_as_text(definition)) if definition else styler


def _with_intervals(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame in which each pair of a low and a high end is one column of words."""
    if not frame.columns.is_unique:
        return frame
    shown = frame
    for low in [name for name in frame.columns if isinstance(name, str) and name.split("_")[-1] == LOW]:
        stem = low.removesuffix(LOW)
        if (high := stem + HIGH) in frame.columns and stem + INTERVAL not in frame.columns:
            say = range_of if _is_rate(stem.rstrip("_")) else _numbers_of
            words = pd.Series([say(*ends) for ends in zip(frame[low], frame[high])], frame.index, dtype=object)
            shown = shown.assign(**{low: words}).drop(columns=high).rename(columns={low: stem + INTERVAL})
    return shown


def _numbers_of(low: float, high: float) -> str:
    """Return an interval of numbers in words; nothing where it is unknown."""
    return "" if pd.isna(low) or pd.isna(high) else f"{_shortest(low)} to {_shortest(high)}"


def _format_of(column: pd.Series, name: str) -> Format:
    """Return how the cells of a column are said; each way takes any value, as a frame may have a name twice."""
    if types.is_bool_dtype(column.dtype):
        return _as_yes_or_no
    if types.is_float_dtype(column.dtype):
        if name.rsplit("_", maxsplit=1)[-1] in DIFFERENCES:
            return partial(_as_number, say=lambda value: in_points(value) + f"{NO_BREAK}points")
        return partial(_as_number, say=in_percent if _is_rate(name) else _shortest)
    if types.is_integer_dtype(column.dtype):
        return partial(_as_number, say="{:,}".format)
    if types.is_datetime64_any_dtype(column.dtype):
        times = column.dropna()
        whole_days = bool((times == times.dt.normalize()).all())
        return partial(_as_time, pattern="%Y-%m-%d" if whole_days else "%Y-%m-%d %H:%M")
    return _as_text


def _is_rate(name: str) -> bool:
    return name.startswith(RATES)


def _shortest(value: float) -> str:
    """Return a number with as many decimals as it needs, two at the most."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _as_number(value: object, *, say: Callable[[Any], str]) -> str:
    return say(value) if isinstance(value, Real) else _as_text(value)


def _as_time(value: object, *, pattern: str) -> str:
    return value.strftime(pattern) if isinstance(value, datetime) else _as_text(value)


def _as_yes_or_no(value: object) -> str:
    if not isinstance(value, bool | np.bool_):
        return _as_text(value)
    return "yes" if value else "no"


def _as_text(value: object) -> str:
    """Return whatever a value says as text of HTML."""
    return html.escape(str(value))


def _looks(shown: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rules of the look: numbers and intervals to the right, text to the left, the definition below."""
    left = [
        f".col{place}"
        for place, (name, dtype) in enumerate(zip(shown.columns, shown.dtypes))
        if not types.is_numeric_dtype(dtype) and not str(name).endswith(INTERVAL)
    ]
    return [
        {
            "selector": "th,td",
            "props": "text-align: right; padding: 0.2em 0.6em; font-variant-numeric: tabular-nums;",
        },
        {"selector": ",".join([*left, ".row_heading"]), "props": "text-align: left;"},
        {"selector": "caption", "props": "caption-side: bottom; text-align: left;"},
    ]


def _digest(shown: pd.DataFrame) -> str:
    """Return a name for a table that is the same for the same table."""
    return hashlib.sha256(shown.to_csv().encode("utf-8", "replace")).hexdigest()[:8]
