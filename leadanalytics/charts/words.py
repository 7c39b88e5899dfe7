"""The words of a chart: numbers, rates and sentences, cleaned and wrapped to fit."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

# A no-break space between a number and its sign keeps them on one line.
NO_BREAK = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
NONE = "\N{EN DASH}"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

# How wide an ordinary character is, as a part of the font size; East Asian characters are twice as wide.
NARROW = 0.5
DIGIT = 0.65

# Where a word may be broken rather than anywhere.
BREAKS = "-_./"

# How many of a unit of time make a day, the longest unit first.
PER_DAY = (("day", 1), ("hour", 24), ("minute", 1440))

# What the unit's columns count, in words.
UNITS: Mapping[tuple[str, ...], str] = {
    ("customer_id",): "customers",
    ("customer_id", "offer_id"): "customers per offer",
    ("offer_id", "customer_id"): "customers per offer",
    ("account_id",): "companies",
    ("account_id", "offer_id"): "companies per offer",
}


def unit_words(unit: object) -> str:
    """Return what a unit counts: 'customers per offer' for its columns, 'units' where nothing is known.

    Examples
    --------
    >>> unit_words(["customer_id", "offer_id"])
    'customers per offer'
    """
    if isinstance(unit, str):
        return UNITS.get((unit,), unit)
    return UNITS.get(tuple(unit), "units") if isinstance(unit, Sequence) else "units"


def column_words(name: object) -> str:
    """Return the name of a column as a word for what it holds.

    Examples
    --------
    >>> column_words("offer_id"), column_words("first_campaign")
    ('offer', 'first campaign')
    """
    return cleaned(str(name).removesuffix("_id").replace("_", " "))


def percent(rate: float) -> str:
    r"""Return a rate in whole percent, never rounded to none or all of it; a rate of nothing is "none".

    Examples
    --------
    >>> percent(0.534), percent(0.001), percent(0.9999), percent(1), percent(0)
    ('53\xa0%', '<1\xa0%', '>99\xa0%', '100\xa0%', 'none')
    """
    if rate == 0:
        return "none"
    if 0 < rate <= 0.005:
        return f"<1{NO_BREAK}%"
    if 0.995 <= rate < 1:
        return f">99{NO_BREAK}%"
    return f"{100 * rate:.0f}{NO_BREAK}%"


def range_of(low: float, high: float) -> str:
    r"""Return an interval of rates in words, in percent with as many decimals as tell its ends apart.

    Examples
    --------
    >>> range_of(0.134, 0.24), range_of(0.0004, 0.0041), range_of(float("nan"), 1)
    ('13 to 24\xa0%', '0.0 to 0.4\xa0%', '')
    """
    if math.isnan(low) or math.isnan(high):
        return ""
    decimals = 0 if high - low >= 0.02 else 1
    return f"{100 * low:.{decimals}f} to {100 * high:.{decimals}f}{NO_BREAK}%"


def in_percent(rate: float) -> str:
    r"""Return a rate in percent with one decimal, for rates that lie close together.

    Examples
    --------
    >>> in_percent(0.0912), in_percent(float("nan"))
    ('9.1\xa0%', '–')
    """
    return NONE if math.isnan(rate) else f"{100 * rate:.1f}{NO_BREAK}%"


def in_points(difference: float) -> str:
    """Return a difference of two rates in percentage points, with its sign; none at all is 0.

    Examples
    --------
    >>> in_points(0.0386), in_points(-0.03), in_points(0.0001)
    ('+3.9', '−3.0', '0.0')
    """
    if math.isnan(difference):
        return NONE
    rounded = round(100 * difference, 1)
    return f"{rounded:+.1f}".replace("-", MINUS) if rounded else "0.0"


def out_of(reached: int, n: int) -> str:
    """Return how many of how many.

    Examples
    --------
    >>> out_of(37, 1204)
    '37 of 1,204'
    """
    return f"{reached:,} of {n:,}"


def of_previous(rate: float, low: float, high: float) -> str:
    r"""Return a step's rate and its interval in words; nothing where there is no rate.

    Examples
    --------
    >>> of_previous(0.54, 0.48, 0.6)
    '54\xa0% of previous (48 to 60\xa0%)'
    """
    if math.isnan(rate):
        return ""
    words = f"{percent(rate)} of previous"
    if math.isnan(low) or math.isnan(high):
        return words
    return f"{words} ({100 * low:.0f} to {100 * high:.0f}{NO_BREAK}%)"


def none_in_order(skipped: int, left_out: int) -> str:
    """Return what is said of a step that nobody reached although its leads exist, in place of a rate of nothing.

    Examples
    --------
    >>> none_in_order(3, 0), none_in_order(1, 2)
    ('none in order: 3 skipped the first step', 'none in order: 1 skipped the first step, 2 came too early or late')
    """
    ways = [(skipped, "skipped the first step"), (left_out, "came too early or late")]
    return "none in order: " + ", ".join(f"{number:,} {words}" for number, words in ways if number)


def time_words(days: float) -> str:
    r"""Return a time since an event in words: the day, or the hour where it is on the first two days.

    Examples
    --------
    >>> time_words(9.04), time_words(0.25), time_words(0.004)
    ('day\xa09', 'hour\xa06', 'minute\xa06')
    """
    for unit, per_day, least in (("day", 1, 2.0), ("hour", 24, 1 / 24)):
        if days >= least or days == 0:
            return f"{unit}{NO_BREAK}{days * per_day:,.{1 if days * per_day < 10 else 0}f}".replace(".0", "")
    return f"minute{NO_BREAK}{days * 1440:.0f}"


def length_words(days: float) -> str:
    r"""Return a length of time in words, in the unit that suits it.

    Examples
    --------
    >>> length_words(3.14), length_words(1), length_words(0.25), length_words(0)
    ('3.1\xa0days', '1\xa0day', '6\xa0hours', '0\xa0minutes')
    """
    unit, number = next(((name, days * per) for name, per in PER_DAY if days * per >= 1), ("minute", days * 1440))
    rounded = round(number, 0 if number >= 10 else 1)
    return f"{rounded:,g}{NO_BREAK}{unit}{'' if rounded == 1 else 's'}"


def span_words(start: float, end: float) -> str:
    r"""Return the lengths of time between two [days] in words; the first from 0, the last without an end.

    Examples
    --------
    >>> span_words(0, 1 / 24), span_words(0.25, 1), span_words(2, 4), span_words(30, float("inf"))
    ('under 1\xa0hour', '6 to 24\xa0hours', '2 to 4\xa0days', 'over 30\xa0days')
    """
    if math.isinf(end):
        return f"over {length_words(start)}"
    if start == 0:
        return f"under {length_words(end)}"
    unit, per = PER_DAY[1] if start < 1 else PER_DAY[0]
    return f"{start * per:,.4g} to {end * per:,.4g}{NO_BREAK}{unit}s"


def cleaned(text: object) -> str:
    """Return text from data on one line, without characters that cannot be shown or stored in an image."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in str(text)).split(" ")).strip()


def wrapped(text: str, *, width: float, lines: int | None = None) -> str:
    r"""Return text broken into lines of at most a width, the last one ending in an ellipsis if more was to come.

    Parameters
    ----------
    text : str
    width : float
        The room for a line, in ordinary characters.
    lines : int, optional
        The most lines; no limit by default.

    Examples
    --------
    >>> wrapped("Install or contact me", width=12)
    'Install or\ncontact me'
    >>> wrapped("Contoso document management for hospitals", width=16, lines=2)
    'Contoso document\nmanagement for…'
    """
    broken = _lines(text, width)
    if lines is not None and len(broken) > lines:
        broken = [*broken[: lines - 1], _shortened(broken[lines - 1], width)]
    return "\n".join(broken)


def wrapped_apart(names: Sequence[str], *, width: float, lines: int | None = None) -> list[str]:
    r"""Return names broken as by `wrapped`; those that would read alike are cut in the middle instead of the end.

    Examples
    --------
    >>> wrapped_apart(["Planning accelerator north", "Planning accelerator south", "Other"], width=12, lines=2)
    ['Planning…\nnorth', 'Planning…\nsouth', 'Other']
    """
    broken = {name: wrapped(name, width=width, lines=lines) for name in names}
    times = Counter(broken.values())
    return [
        _middle_cut(name, width=width, lines=lines) if lines is not None and times[broken[name]] > 1 else broken[name]
        for name in names
    ]


def characters(points: float, *, size: float) -> float:
    """Return how many ordinary characters of a font size [points] fit into a width [points]."""
    return max(points / (NARROW * size), 8)


def points_of(text: str, *, size: float) -> float:
    """Return how wide a text of digits and words is in a font size [points], rather too wide than too narrow.

    Examples
    --------
    >>> points_of("37 of 204", size=10)
    58.5
    """
    return DIGIT * size * max(map(_width, text.split("\n")))


def _lines(text: str, width: float) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and _width(f"{lines[-1]} {word}") > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
        while _width(lines[-1]) > width:
            # A word longer than the line, as Chinese sentences and identifiers are.
            head = _head(lines[-1], width)
            head = head[: max(map(head.rfind, BREAKS)) + 1] or head
            lines[-1:] = [head, lines[-1][len(head) :]]
    return lines


def _shortened(line: str, width: float) -> str:
    return (line if _width(line) < width else _head(line, width - 1)).rstrip(" .,;:") + ELLIPSIS


def _middle_cut(name: str, *, width: float, lines: int) -> str:
    """Return the beginning and the end of a name, as much of both as fits."""
    for kept in range(len(name) // 2 - 1, 2, -1):
        head, tail = name[:kept], name[-kept:]
        if name[kept] != " ":
            head = head.rpartition(" ")[0] or head
        if name[-kept - 1] != " ":
            tail = tail.partition(" ")[2] or tail
        ends = f"{head.rstrip()}{ELLIPSIS} {tail.lstrip()}"
        if len(_lines(ends, width)) <= lines:
            return wrapped(ends, width=width)
    return wrapped(name, width=width, lines=lines)


def _head(text: str, width: float) -> str:
    """As many first characters of a text as fit, at least one."""
    end = 1
    while end < len(text) and _width(text[: end + 1]) <= width:
        end += 1
    return text[:end]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
