"""When each lead was made: the best evidence, and what it cost to find.

The order of evidence is the created text, the ticks of a test, the received time when it agrees with the partition's
date, and the partition's date. Whether `3/4/2024` is in March or April is settled, in this order, by the row's own
partition date or received time, by the caller, by the other rows of the same file, and by the layout's custom.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from leadanalytics.decoding.text_columns import arrow_of, clean, encode, pieces_of
from leadanalytics.decoding.written_times import DAY, NOT_A_TIME, Readings, read_times
from leadanalytics.errors import OptionError

__all__ = ["CreationTimes", "DateCustoms", "find_creation_times"]

Mask = npt.NDArray[np.bool_]
Times = npt.NDArray[np.int64]

# No lead is older than the marketplaces; the end only keeps nonsense out, since no clock is read here.
EARLIEST, LATEST = (pd.Timestamp(day).as_unit("ns").value for day in ("2010-01-01", "2100-01-01"))
CLOSE = 2 * DAY  # the two readings of a date lie at least four weeks apart
SLACK = DAY  # a lead may seem to be received before it was made, by clocks and zones


@dataclass(frozen=True)
class DateCustoms:
    """How the dates of each row are written.

    Attributes
    ----------
    groups : array of int
        The rows that were written by one hand: those of one layout and origin.
    day_first : array of bool
        The custom of the row's layout.
    order : str or None
        What the caller says: month_first or day_first.
    zones : Categorical
        The zone of times that are written without one; UTC where missing.
    """

    groups: npt.NDArray[np.intp]
    day_first: Mask
    order: str | None
    zones: pd.Categorical

    @classmethod
    def of(cls, raw: pd.DataFrame, *, order: str | None, time_zone: str | None) -> DateCustoms:
        """Return the customs of the rows of a raw frame; `time_zone` stands in for the zones that it names."""
        layouts, origins = raw["layout"].cat, raw["origin"].cat
        hands = layouts.codes.to_numpy("int64") * (len(origins.categories) + 1) + origins.codes.to_numpy("int64")
        zones = raw["time_zone"].array
        if time_zone is not None:
            _zone(time_zone)
            zones = pd.Categorical.from_codes(np.zeros(len(raw), "int8"), [time_zone])
        return cls(pd.factorize(hands)[0], (raw["date_order"] == "day_first").to_numpy(), order, zones)


@dataclass(frozen=True)
class CreationTimes:
    """The created time of each row (nanoseconds since 1970), where it was found, and with what doubt."""

    created_at: Times
    created_from: pd.Categorical
    is_assumed: Mask
    is_fallback: Mask


def find_creation_times(
    raw: pd.DataFrame, sent_at: Times, *, date_order: str | None = None, time_zone: str | None = None
) -> CreationTimes:
    """Return the best created time of each row; `sent_at` is the time that a test's ticks tell."""
    customs = DateCustoms.of(raw, order=date_order, time_zone=time_zone)
    partition_date = _plausible(_read_partition_dates(raw["partition_key"]))
    received = _in_utc(_read_column(raw["received"]), customs.zones)
    received_at, received_assumed = _settle(received, [partition_date], customs)
    received_at = _plausible(received_at)
    certainly_received = np.where(received_assumed, NOT_A_TIME, received_at)
    readings = _possible(_in_utc(_read_column(raw["created"]), customs.zones), certainly_received)
    created_at, created_assumed = _settle(readings, [partition_date, certainly_received], customs)
    received_agrees = (partition_date == NOT_A_TIME) | _is_close(received_at, partition_date)
    evidence = {
        "created": created_at,
        "test ticks": _plausible(sent_at),
        "received": np.where(received_agrees, received_at, NOT_A_TIME),
        "partition date": partition_date,
    }
    is_known = [times != NOT_A_TIME for times in evidence.values()]
    found_in = pd.Categorical.from_codes(np.select(is_known, range(len(evidence)), -1), list(evidence))
    is_replaced = (found_in != "created") & ~found_in.isna()
    is_replaced[is_replaced] = clean(arrow_of(raw.loc[is_replaced, "created"])).is_valid()
    return CreationTimes(
        np.select(is_known, list(evidence.values()), NOT_A_TIME),
        found_in,
        is_assumed=((found_in == "created") & created_assumed) | ((found_in == "received") & received_assumed),
        is_fallback=is_replaced | (found_in == "partition date"),
    )


def _read_column(column: pd.Series) -> Readings:
    pieces = [read_times(texts) for texts in pieces_of(column)] or [read_times(arrow_of(column))]
    return Readings(*map(np.concatenate, zip(*pieces, strict=True)))


def _settle(readings: Readings, proofs: Iterable[Times], customs: DateCustoms) -> tuple[Times, Mask]:
    """Return the right reading of each row, and whether it is only the custom of the layout that tells."""
    month_first, day_first = readings.month_first, readings.day_first
    use_day = month_first == NOT_A_TIME
    is_open = ~use_day & (day_first != NOT_A_TIME) & (month_first != day_first)
    for proof in proofs:
        for says_day, reading in ((False, month_first), (True, day_first)):
            is_proved = is_open & _is_close(reading, proof)
            use_day[is_proved] = says_day
            is_open &= ~is_proved
    if customs.order is not None:
        use_day[is_open] = customs.order == "day_first"
        is_open[:] = False
    elif is_open.any():
        votes = (month_first != day_first) & ~is_open
        for_day = np.bincount(customs.groups, votes & use_day) > 0
        for_month = np.bincount(customs.groups, votes & ~use_day) > 0
        is_settled = (for_day != for_month)[customs.groups]
        use_day |= is_open & np.where(is_settled, for_day[customs.groups], customs.day_first)
        is_open &= ~is_settled
    return np.where(use_day, day_first, month_first), is_open


def _possible(readings: Readings, received: Times) -> Readings:
    """Return the readings that lie within all plausible times and not well after the lead was received."""
    limit = np.where(received == NOT_A_TIME, LATEST, received + SLACK)
    month_first, day_first = (
        np.where(times > limit, NOT_A_TIME, _plausible(times)) for times in (readings.month_first, readings.day_first)
    )
    return Readings(month_first, day_first, readings.is_naive)


def _plausible(times: Times) -> Times:
    return np.where((times >= EARLIEST) & (times < LATEST), times, NOT_A_TIME)


def _is_close(times: Times, others: Times) -> Mask:
    known = (times != NOT_A_TIME) & (others != NOT_A_TIME)
    return known & (np.abs(times // DAY - others // DAY) <= CLOSE // DAY)


def _read_partition_dates(column: pd.Series) -> Times:
    """Return midnight of the dates that partitions are named for, such as `2:2F27:2F2024`: US order, `/` as :2F."""
    encoded = encode(column)
    decoded = [unquote(re.sub(r":(?=[0-9A-Fa-f]{2})", "%", key)) for key in encoded.dictionary.to_pylist()]
    # An ISO key may hold the colons of a clock, which are no escapes: so each key is read as it is as well.
    readings = [read_times(keys) for keys in (encoded.dictionary, pa.array(decoded, pa.large_string()))]
    dates = np.full(len(decoded) + 1, NOT_A_TIME)  # the last is that of missing keys
    for times in [times for reading in readings for times in (reading.month_first, reading.day_first)]:
        dates[:-1] = np.where(dates[:-1] == NOT_A_TIME, times, dates[:-1])
    dates = np.where(dates == NOT_A_TIME, dates, dates - dates % DAY)
    return dates[encoded.indices.fill_null(len(decoded)).to_numpy(zero_copy_only=False)]


def _in_utc(readings: Readings, zones: pd.Categorical) -> Readings:
    """Turn the wall clocks of each zone into UTC, in place, and return both readings."""
    for code, name in enumerate(zones.categories):
        rows = readings.is_naive & (zones.codes == code)
        if name != "UTC" and rows.any():
            for times in (readings.month_first, readings.day_first):
                times[rows] = _utc_of_wall_clock(times[rows], _zone(name))
    return readings


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise OptionError(
            "time_zone is the name of a time zone", found=repr(name), next_step="write it like 'Europe/Berlin'"
        ) from error


def _utc_of_wall_clock(times: Times, zone: ZoneInfo) -> Times:
    """Return UTC of local times; an hour that a clock shows twice is the first, one that it skips is the next."""
    local = pd.DatetimeIndex(times.view("datetime64[ns]"))
    return local.tz_localize(zone, ambiguous=np.ones(len(times), "bool"), nonexistent="shift_forward").asi8
