"""The words of the report: numbers, rates, times and nouns as a reader in a hurry takes them in."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from leadanalytics.charts.words import NO_BREAK, percent

__all__ = [
    "MONTHS",
    "counted",
    "date",
    "days",
    "instant",
    "interval",
    "listed",
    "number",
    "rate",
    "sentence_case",
    "span_of",
]

# Said here, not by strftime, whose names follow the machine's language.
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
NOTHING = "\N{EN DASH}"


def number(value: float) -> str:
    """Return a number of things, with its thousands apart; a dash where it is not known.

    Examples
    --------
    >>> number(12345), number(2.4), number(float("nan"))
    ('12,345', '2', '–')
    """
    return NOTHING if pd.isna(value) else f"{value:,.0f}"


def counted(value: float, one: str, several: str | None = None) -> str:
    r"""Return a number and what it counts.

    Examples
    --------
    >>> counted(1, "customer"), counted(1200, "lead"), counted(2, "company", "companies")
    ('1\xa0customer', '1,200\xa0leads', '2\xa0companies')
    """
    return f"{number(value)}{NO_BREAK}{one if value == 1 else several or f'{one}s'}"


def rate(value: float, low: float = math.nan, high: float = math.nan, *, of: float = math.nan) -> str:
    r"""Return a rate and the interval in which the true one may lie; a dash where there is no base.

    Nothing at all is said as a word, with its base where that is known: a zero would read as if there were no leads.

    Examples
    --------
    >>> rate(0.18), rate(0.18, 0.142, 0.221), rate(0.003), rate(float("nan"))
    ('18\xa0%', '18\xa0% (14\xa0to\xa022\xa0%)', '<1\xa0%', '–')
    >>> rate(0, of=60), rate(0, 0, 0.06, of=60)
    ('none of\xa060', 'none of\xa060 (0\xa0to\xa06\xa0%)')
    """
    if math.isnan(value):
        return NOTHING
    said = percent(value) if value > 0 or math.isnan(of) else f"none of{NO_BREAK}{number(of)}"
    between = interval(low, high)
    return f"{said} ({between})" if between else said


def interval(low: float, high: float) -> str:
    r"""Return the ends of an interval of rates; nothing where they are not known.

    Examples
    --------
    >>> interval(0.142, 0.221), interval(0, 0.003), interval(float("nan"), 1)
    ('14\xa0to\xa022\xa0%', '0\xa0to\xa0<1\xa0%', '')
    """
    if math.isnan(low) or math.isnan(high) or high <= 0:
        return ""
    return NO_BREAK.join([f"{100 * low:.0f}", "to", percent(high)])


def days(value: float) -> str:
    r"""Return a length of time in days, hours where it is short.

    Examples
    --------
    >>> days(12.04), days(1), days(0.25), days(0.001), days(float("nan"))
    ('12\xa0days', '1\xa0day', '6\xa0hours', 'under 1\xa0hour', '–')
    """
    if math.isnan(value):
        return NOTHING
    if value >= 1:
        rounded = round(value, 1) if value < 10 else round(value)
        return f"{rounded:g}{NO_BREAK}day{'' if rounded == 1 else 's'}"
    hours = round(24 * value)
    return counted(hours, "hour") if hours else f"under 1{NO_BREAK}hour"


def date(moment: pd.Timestamp) -> str:
    r"""Return a day as it is spoken.

    Examples
    --------
    >>> date(pd.Timestamp("2024-06-30", tz="UTC"))
    '30\xa0June\xa02024'
    """
    return NO_BREAK.join([str(moment.day), MONTHS[moment.month - 1], str(moment.year)])


def instant(moment: pd.Timestamp) -> str:
    r"""Return a moment as it is spoken, with its zone.

    Examples
    --------
    >>> instant(pd.Timestamp("2024-06-30 14:05", tz="Europe/Berlin"))
    '30\xa0June\xa02024, 14:05\xa0CEST'
    """
    return f"{date(moment)}, {moment:%H:%M}{NO_BREAK}{moment.tzname()}"


def span_of(first: pd.Timestamp, last: pd.Timestamp) -> str:
    r"""Return the days from one to another, the same month or year said once.

    Examples
    --------
    >>> span_of(pd.Timestamp("2024-01-03"), pd.Timestamp("2024-06-30"))
    '3\xa0January to 30\xa0June\xa02024'
    """
    if first.date() == last.date():
        return date(last)
    parts = [str(first.day), MONTHS[first.month - 1], str(first.year)]
    same = 3 - (first.year == last.year) - ((first.year, first.month) == (last.year, last.month))
    return f"{NO_BREAK.join(parts[:same])} to {date(last)}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Return words as a list of a sentence.

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def sentence_case(text: str) -> str:
    """Return a text with a capital first letter, the others as they are."""
    return text[:1].upper() + text[1:]
