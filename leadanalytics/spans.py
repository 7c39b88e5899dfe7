"""Lengths of time: read from what a caller writes, and spoken in words that pandas reads back."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from leadanalytics.errors import OptionError

__all__ = ["Span", "read_span", "say_span"]

Span = str | timedelta | np.timedelta64


def read_span(argument: str, value: Span, *, zero: bool = False) -> pd.Timedelta:
    """Return a length of time above zero, or also of none where `zero` is allowed.

    Raises
    ------
    OptionError
        When the value is no length of time, has no unit, or is too short.

    Examples
    --------
    >>> read_span("window", "36 hours")
    Timedelta('1 days 12:00:00')
    """
    facts = {"found": repr(value), "argument": argument, "example": "30 days"}
    # A bare number would be read as nanoseconds, which nobody means.
    bare = isinstance(value, str) and not any(letter.isalpha() or letter == ":" for letter in value)
    if bare or not isinstance(value, str | timedelta | np.timedelta64):
        raise OptionError(f"{argument} is a length of time with its unit", **facts)
    try:
        span = pd.Timedelta(value).as_unit("ns")
    except (ValueError, OverflowError) as error:
        raise OptionError(f"{argument} is a length of time", **facts) from error
    least = pd.Timedelta(0)
    if not (span > least or (zero and span == least)):
        short = "not below zero" if zero else "longer than nothing"
        raise OptionError(f"{argument} is {short}", **facts)
    return span


def say_span(span: pd.Timedelta) -> str:
    """Return a length of time in words.

    Examples
    --------
    >>> say_span(pd.Timedelta("30 days")), say_span(pd.Timedelta("90 min")), say_span(pd.Timedelta(0))
    ('30 days', '1 hour 30 minutes', '0 days')
    """
    counts = span.components._asdict().items()
    said = " ".join(f"{count} {name if count != 1 else name.removesuffix('s')}" for name, count in counts if count)
    return said or "0 days"
