"""Lengths of time: read from what a caller writes, and spoken in words."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from leadanalytics.errors import OptionError

__all__ = ["Span", "read_span", "say_span"]

Span = str | timedelta


def read_span(argument: str, value: Span) -> pd.Timedelta:
    """Return a length of time, not below zero.

    Examples
    --------
    >>> read_span("at", "36 hours")
    Timedelta('1 days 12:00:00')
    """
    example = f"{argument}='7 days'"
    # A bare number would be read as nanoseconds, which nobody means.
    bare = isinstance(value, str) and not any(letter.isalpha() or letter == ":" for letter in value)
    if bare or not isinstance(value, str | timedelta):
        raise OptionError(f"{argument} is a length of time with its unit", found=repr(value), next_step=example)
    try:
        span = pd.Timedelta(value)
    except ValueError as error:
        raise OptionError(f"{argument} is a length of time", found=repr(value), next_step=example) from error
    if not span >= pd.Timedelta(0):
        raise OptionError(f"{argument} is not below zero", found=repr(value), next_step=example)
    return span


def say_span(span: pd.Timedelta) -> str:
    """Return a length of time in words.

    Examples
    --------
    >>> say_span(pd.Timedelta("27 days")), say_span(pd.Timedelta("90 min")), say_span(pd.Timedelta(0))
    ('27 days', '1 hour 30 minutes', '0 days')
    """
    counts = span.components._asdict().items()
    said = " ".join(f"{count} {name if count != 1 else name.removesuffix('s')}" for name, count in counts if count)
    return said or "0 days"
