"""Instants and date ranges: read from what a caller writes, and spoken in words."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from leadanalytics.errors import FrameError, OptionError
from leadanalytics.schema import TIME

__all__ = ["Instant", "Range", "created_times", "read_instant", "read_range", "read_zone", "say_instant"]

Instant = str | date | np.datetime64 | None
Range = tuple[pd.Timestamp | None, pd.Timestamp | None]

UTC = ZoneInfo("UTC")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def created_times(leads: pd.DataFrame) -> np.ndarray:
    """Return created_at as nanoseconds of UTC, `int64`; a missing time is the least number.

    Raises
    ------
    FrameError
        When created_at holds no times, or times without a zone.
    """
    created = leads["created_at"]
    if not pd.api.types.is_datetime64_any_dtype(created.dtype):
        raise FrameError(
            "the leads column 'created_at' needs times with a zone",
            found=str(created.dtype),
            next_step="leads['created_at'] = pd.to_datetime(leads['created_at'], utc=True)",
        )
    if created.dt.tz is None:
        raise FrameError(
            "the leads column 'created_at' needs times with a zone",
            found=str(created.dtype),
            next_step="leads['created_at'] = leads['created_at'].dt.tz_localize('UTC'), or the zone of its writer",
        )
    return created.astype(TIME).to_numpy("datetime64[ns]").view(np.int64)


def read_zone(argument: str, value: object) -> ZoneInfo:
    """Return a time zone by its name."""
    try:
        return ZoneInfo(value)  # type: ignore[arg-type]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise OptionError(
            f"{argument} is the name of a time zone", found=repr(value), next_step=f"{argument}='Europe/Berlin'"
        ) from error


def read_instant(
    argument: str, value: Instant, *, zone: ZoneInfo = UTC, end_of_day: bool = False
) -> pd.Timestamp | None:
    """Return an instant in UTC, or None for none. A plain date is its first instant in a zone, or its last.

    Examples
    --------
    >>> read_instant("as_of", "2024-07-01 02:00+02:00")
    Timestamp('2024-07-01 00:00:00+0000', tz='UTC')
    >>> read_instant("as_of", "2024-07-01", zone=ZoneInfo("Europe/Berlin"), end_of_day=True)
    Timestamp('2024-07-01 21:59:59.999999999+0000', tz='UTC')
    """
    if value is None:
        return None
    example = f"{argument}='2024-06-30', or {argument}='2024-06-30 00:00+00:00'"
    if not isinstance(value, str | date | np.datetime64):
        raise OptionError(f"{argument} is a date, or a time with its zone", found=repr(value), next_step=example)
    try:
        instant = pd.Timestamp(value).as_unit("ns")
    except (ValueError, OverflowError) as error:
        raise OptionError(
            f"{argument} is a date, or a time with its zone", found=repr(value), next_step=example
        ) from error
    if instant is pd.NaT:
        raise OptionError(f"{argument} is a date, or a time with its zone", found="no time", next_step=example)
    if _is_date(value):
        return _of_day(instant, zone, end=end_of_day)
    if instant.tzinfo is None:
        zoned = f"{argument}=pd.Timestamp({str(value)!r}, tz='UTC')"
        raise OptionError(
            f"{argument} needs a time zone", found=repr(str(value)), next_step=f"{zoned}, or your own zone"
        )
    return instant.tz_convert("UTC")


def _is_date(value: Instant) -> bool:
    if isinstance(value, np.datetime64):
        return np.datetime_data(value)[0] == "D"
    return bool(_DATE.fullmatch(value.strip())) if isinstance(value, str) else not isinstance(value, datetime)


def _of_day(day: pd.Timestamp, zone: ZoneInfo, *, end: bool) -> pd.Timestamp:
    """Return the first instant of a day in a zone, or the last; a clock that changes at midnight begins it at one."""
    wall = day + pd.Timedelta(1, "D") if end else day
    first = wall.tz_localize(zone, ambiguous=True, nonexistent="shift_forward").tz_convert("UTC")
    return first - pd.Timedelta(1, "ns") if end else first


def read_range(argument: str, value: tuple[Instant, Instant], *, zone: ZoneInfo = UTC) -> Range:
    """Return the half-open range [from, to) of two instants, either of which may be None."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise OptionError(
            f"{argument} is a pair (from, to)", found=repr(value), next_step=f"{argument}=(from, None) has no end"
        )
    start, end = (read_instant(argument, instant, zone=zone) for instant in value)
    if start is not None and end is not None and not start < end:
        raise OptionError(f"{argument} begins before it ends", found=f"{say_instant(start)} to {say_instant(end)}")
    return start, end


def say_instant(instant: pd.Timestamp) -> str:
    """Return an instant in UTC to the second; midnight is the day alone, the last instant the end of the day.

    Examples
    --------
    >>> say_instant(pd.Timestamp("2024-06-30", tz="UTC")), say_instant(pd.Timestamp("2024-06-30 08:05", tz="UTC"))
    ('2024-06-30', '2024-06-30 08:05 UTC')
    """
    if instant == instant.normalize():
        return f"{instant:%Y-%m-%d}"
    if instant == instant.ceil("D") - pd.Timedelta(1, "ns"):
        return f"the end of {instant:%Y-%m-%d}"
    return f"{instant:%Y-%m-%d %H:%M:%S} UTC" if instant.second else f"{instant:%Y-%m-%d %H:%M} UTC"
