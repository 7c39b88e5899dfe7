"""Times as people and programs write them, read by whole columns.

A text such as `3/4/2024 1:07:30 PM` has two readings, the 4th of March and the 3rd of April, so every text is read
both ways; which reading is right is settled elsewhere. The reading itself is a compiled pass over the bytes, since
`strptime` depends on the platform and its locale, and reads one form, one way, per pass.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics.decoding.text_columns import bytes_of

__all__ = ["NOT_A_TIME", "Readings", "read_times"]

Times = npt.NDArray[np.int64]
Zones = npt.NDArray[np.int16]

NOT_A_TIME = np.iinfo("int64").min  # what numpy and pandas store for NaT
NAIVE = np.iinfo("int16").min  # no zone is written

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
FIRST_YEAR, LAST_YEAR = 1900, 2199  # well within what 64 bits of nanoseconds hold
# Thailand counts years from the Buddha's death; these are 1900 to 2100, and no other calendar's of today.
BUDDHIST_YEARS, BUDDHIST_AHEAD = (2443, 2643), 543

# Spreadsheets count days from 1899-12-30; their numbers are believed between 2010 and 2100.
SERIAL_EPOCH = -25_569
SERIALS = (40_179, 73_051)

# How clocks are written in some languages, and the signs that the pass over the bytes knows: Finnish "klo 23.59" and
# Danish "kl. 23.59"; morning and afternoon before the clock, in Chinese, Japanese and Korean; Spanish "p. m." after it.
SPELLINGS = (
    (r"\s(?i:klo|kl\.?)\s+([0-9])", r" \1"),
    (r"(?:上午|午前|오전)\s*([0-9][0-9:.,]*)", r" \1 AM"),
    (r"(?:下午|午後|오후)\s*([0-9][0-9:.,]*)", r" \1 PM"),
    (r"([0-9]\s?)(?i:([ap])\.?\s?m\.?)$", r"\1\2M"),
)

# Forms with names of months and days, tried only on what the pass over the bytes leaves unread (RFC 1123 first).
NAMED_FORMS = ("%a, %d %b %Y %H:%M:%S %Z", "%d %b %Y %H:%M:%S", "%d-%b-%Y %H:%M:%S", "%b %d, %Y %I:%M:%S %p")

SLASH, DASH, DOT, COLON, COMMA, PLUS, ZERO, NINE = (ord(sign) for sign in "/-.:,+09")
A, G, M, P, T, U, Z = (ord(letter) for letter in "agmptuz")
LOWER = 32  # the bit that turns an ASCII capital into its small letter
# ASCII blanks, and the bytes of the UTF-8 no-break spaces U+00A0 and U+202F, which many programs put before AM and PM.
BLANKS = (9, 10, 13, 32, 0xC2, 0xA0, 0xE2, 0x80, 0xAF)

_compiled = numba.njit(cache=True)


class Readings(NamedTuple):
    """Every text of a column, read both ways: nanoseconds since 1970, `NOT_A_TIME` where a reading is impossible.

    `is_naive` tells where no zone was written, so that the numbers are a wall clock's and not yet UTC.
    """

    month_first: Times
    day_first: Times
    is_naive: npt.NDArray[np.bool_]


def read_times(texts: pa.LargeStringArray) -> Readings:
    """Return both readings of every text of a column.

    Understood are ISO 8601 dates and times, month, day and year in either order with `/`, `.` or `-`, 12 and 24 hour
    clocks with `:` or `.`, AM and PM also in Chinese, Japanese, Korean and Spanish, fractions of a second of any length
    (cut at the nanosecond), `Z`, `UTC`, `GMT` and numeric offsets, Buddhist years, `20240227`, seconds and milliseconds
    since 1970, spreadsheet day numbers, and a few forms with names of months.
    """
    month_first, day_first, zone_minutes = _read_signs(texts)
    for read in (_read_spellings, _read_rarer_forms):
        unread = (month_first == NOT_A_TIME) & (day_first == NOT_A_TIME) & ~_numpy(pc.is_null(texts))
        if not unread.any():
            break
        month_first[unread], day_first[unread], zone_minutes[unread] = read(texts.filter(pa.array(unread)))
    return Readings(month_first, day_first, zone_minutes == NAIVE)


def _read_signs(texts: pa.LargeStringArray) -> tuple[Times, Times, Zones]:
    """Return both readings, and the minutes ahead of UTC, of texts that the pass over the bytes can read."""
    rows = len(texts)
    columns = np.empty(rows, "int64"), np.empty(rows, "int64"), np.empty(rows, "int16")
    if rows:
        _read_column(*bytes_of(texts), *columns)
    return columns


def _read_spellings(texts: pa.LargeStringArray) -> tuple[Times, Times, Zones]:
    for pattern, plain in SPELLINGS:
        texts = pc.replace_substring_regex(texts, pattern=pattern, replacement=plain)
    return _read_signs(texts)


def _numpy(values: Any) -> npt.NDArray[Any]:
    return values.to_numpy(zero_copy_only=False)


def _read_rarer_forms(texts: pa.LargeStringArray) -> tuple[Times, Times, Zones]:
    """Return times of numbers and of texts with names of months; they have one reading."""
    values = pd.Series(_numpy(texts), dtype=object).str.strip()
    times, zoned = _read_numbers(pd.to_numeric(values, errors="coerce").to_numpy("float64"))
    for form in NAMED_FORMS:
        unread = times == NOT_A_TIME
        if not unread.any():
            break
        read = pd.to_datetime(values[unread], format=form, errors="coerce", utc=True)
        plausible = read.dt.year.between(FIRST_YEAR, LAST_YEAR)
        times[unread] = read.where(plausible).dt.as_unit("ns").to_numpy("datetime64[ns]").view("int64")
        zoned[unread] = "%Z" in form
    return times, times, np.where(zoned, 0, NAIVE).astype("int16")


def _read_numbers(numbers: npt.NDArray[np.float64]) -> tuple[Times, npt.NDArray[np.bool_]]:
    """Spreadsheet days, compact dates, and seconds or milliseconds since 1970; only the last two are UTC."""
    times = np.full(len(numbers), NOT_A_TIME)
    serial = (numbers >= SERIALS[0]) & (numbers < SERIALS[1])
    # A day number has no more than about a millisecond of precision.
    milliseconds = np.round((numbers[serial] + SERIAL_EPOCH) * 86_400_000).astype("int64")
    times[serial] = milliseconds * 1_000_000
    compact = (numbers >= FIRST_YEAR * 10_000) & (numbers <= LAST_YEAR * 10_000 + 1231)
    dates = pd.to_datetime(pd.Series(numbers[compact]).astype("int64").astype(str), format="%Y%m%d", errors="coerce")
    times[compact] = dates.to_numpy("datetime64[ns]").view("int64")
    zoned = np.zeros(len(numbers), "bool")
    for unit in (SECOND, 1_000_000):
        since = (numbers >= 1e18 / unit) & (numbers < 5e18 / unit)
        times[since] = np.round(numbers[since]).astype("int64") * unit
        zoned |= since
    return times, zoned


@_compiled
def _read_column(data, places, month_first, day_first, zone_minutes):  # type: ignore[no-untyped-def]
    for row in range(len(places) - 1):
        month_first[row], day_first[row], zone_minutes[row] = _read_one(data, places[row], places[row + 1])


@_compiled
def _read_one(data, at, end):  # type: ignore[no-untyped-def]
    """Both readings of one text, and the minutes its zone is ahead of UTC."""
    unread = (NOT_A_TIME, NOT_A_TIME, NAIVE)
    at = _after_blanks(data, at, end)
    first, width, at = _number(data, at, end)
    if width not in (1, 2, 4) or at >= end or data[at] not in (SLASH, DASH, DOT):
        return unread
    separator = data[at]
    second, middle_width, at = _number(data, at + 1, end)
    if middle_width not in (1, 2) or at >= end or data[at] != separator:
        return unread
    third, last_width, at = _number(data, at + 1, end)
    year_first = width == 4 and last_width in (1, 2)
    year_last = width != 4 and (last_width == 4 or (last_width == 2 and separator != DASH))
    if not year_first and not year_last:
        return unread
    if at < end and data[at] in (PLUS, DASH):  # an offset belongs to a clock
        return unread
    clock, at = _clock(data, at, end)
    zone, at = _zone(data, at, end)
    if clock < 0 or at != end:
        return unread
    if year_first:
        month_first = day_first = _moment(first, second, third, clock)
    else:
        year = third if last_width == 4 else 2000 + third
        month_first = _moment(year, first, second, clock)
        day_first = _moment(year, second, first, clock)
    if zone != NAIVE:
        if month_first != NOT_A_TIME:
            month_first -= zone * 60 * SECOND
        if day_first != NOT_A_TIME:
            day_first -= zone * 60 * SECOND
    return month_first, day_first, zone


@_compiled
def _after_blanks(data, at, end):  # type: ignore[no-untyped-def]
    while at < end and data[at] in BLANKS:
        at += 1
    return at


@_compiled
def _number(data, at, end):  # type: ignore[no-untyped-def]
    """Return the number that starts here, how many digits it has (of which nine count), and the place after it."""
    value, start = 0, at
    while at < end and ZERO <= data[at] <= NINE:
        if at - start < 9:
            value = value * 10 + (data[at] - ZERO)
        at += 1
    return value, at - start, at


@_compiled
def _clock(data, at, end):  # type: ignore[no-untyped-def]
    """Nanoseconds since midnight (0 where only a date is written, -1 where it is no clock), and the place after it."""
    start = at
    if at < end and (data[at] | LOWER == T or data[at] == COMMA):
        at += 1
    at = _after_blanks(data, at, end)
    if at == end or not ZERO <= data[at] <= NINE:
        return 0, at
    hour, width, at = _number(data, at, end)
    if at - width == start or width > 2 or at >= end or data[at] not in (COLON, DOT):
        return -1, at
    separator = data[at]
    minute, width, at = _number(data, at + 1, end)
    if width != 2:
        return -1, at
    second, fraction = 0, 0
    if at < end and data[at] == separator:
        second, width, at = _number(data, at + 1, end)
        if width != 2:
            return -1, at
        if at < end and data[at] in (DOT, COMMA):
            fraction, width, at = _number(data, at + 1, end)
            for _ in range(width, 9):
                fraction *= 10
    at = _after_blanks(data, at, end)
    if at < end and data[at] | LOWER in (A, P):
        if data[at] | LOWER == P and hour < 12:
            hour += 12
        elif data[at] | LOWER == A and hour == 12:
            hour = 0
        at += 1
        while at < end and (data[at] == DOT or data[at] | LOWER == M):
            at += 1
    if hour > 23 or minute > 59 or second > 60:
        return -1, at
    return ((hour * 60 + minute) * 60 + second) * SECOND + fraction, at


@_compiled
def _zone(data, at, end):  # type: ignore[no-untyped-def]
    """Return the minutes ahead of UTC, `NAIVE` where no zone is written, and the place after it and any blanks."""
    zone = NAIVE
    at = _after_blanks(data, at, end)
    if at < end and data[at] | LOWER == Z:
        zone, at = 0, at + 1
    elif at + 2 < end and data[at] | LOWER in (U, G):  # UTC, GMT
        zone, at = 0, at + 3
    if at < end and data[at] in (PLUS, DASH):
        sign = 1 if data[at] == PLUS else -1
        hours, width, at = _number(data, at + 1, end)
        minutes = 0
        if width == 4:
            hours, minutes = hours // 100, hours % 100
        elif at < end and data[at] == COLON:
            minutes, _, at = _number(data, at + 1, end)
        if width not in (2, 4) or hours > 14 or minutes > 59:
            return NAIVE, -1
        zone = sign * (hours * 60 + minutes)
    return zone, _after_blanks(data, at, end)


@_compiled
def _moment(year, month, day, clock):  # type: ignore[no-untyped-def]
    """Nanoseconds since 1970 of a civil date and a clock; `NOT_A_TIME` for a date that no calendar has.

    The count of days is that of Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
    """
    if BUDDHIST_YEARS[0] <= year <= BUDDHIST_YEARS[1]:
        year -= BUDDHIST_AHEAD
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and day >= 1):
        return NOT_A_TIME
    leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0
    longest = 28 + leap if month == 2 else 30 if month in (4, 6, 9, 11) else 31
    if day > longest:
        return NOT_A_TIME
    march_year = year - (month <= 2)
    century, of_century = march_year // 400, march_year % 400
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    days = century * 146_097 + of_century * 365 + of_century // 4 - of_century // 100 + of_year - 719_468
    return days * DAY + clock
