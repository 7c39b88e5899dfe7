"""When each lead was made: the best evidence, and what it cost to find.

The order of evidence is the created text, the ticks of a test, the received time when it agrees with the partition's
date, and the partition's date. Whether `3/4/2024` is in March or April is settled, in this order, by the row's own
partition date or received time, by the caller, by the other rows of the same file, and by the layout's custom. Where
the layout has no custom, or its times are of a zone that no file tells, the caller is asked.
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
# The zone of times whose writer's zone no file tells.
LOCAL = "local"
SLACK = DAY  # a lead may seem to be received before it was made, by clocks and zones


@dataclass(frozen=True)
class DateCustoms:
    """How the dates of each row are written.

    Attributes
    ----------
    groups : array of int
        The rows that were written by one hand: those of one layout and origin.
    origins : Series
        Where each row was read.
    day_first : array of bool
        The custom of the row's layout.
    has_no_order : array of bool
        Where the layout has no custom.
    order : str or None
        What the caller says: month_first or day_first.
    zones : Categorical
        The zone of times that are written without one; UTC where missing, "local" for one that no file tells.
    """

    groups: npt.NDArray[np.intp]
    origins: pd.Series
    day_first: Mask
    has_no_order: Mask
    order: str | None
    zones: pd.Categorical

    @classmethod
    def of(cls, raw: pd.DataFrame, *, order: str | None, tz: str | None) -> DateCustoms:
        """Return the customs of the rows of a raw frame; `tz` is the zone of those whose zone no file tells."""
        layouts, origins = raw["layout"].cat, raw["origin"].cat
        hands = layouts.codes.to_numpy("int64") * (len(origins.categories) + 1) + origins.codes.to_numpy("int64")
        zones = raw["time_zone"].array
        if tz is not None:
            _zone(tz)
            if LOCAL in zones.categories:
                zones = zones.map({name: tz if name == LOCAL else name for name in zones.categories})
        orders = raw["date_order"]
        return cls(
            pd.factorize(hands)[0],
            raw["origin"],
            (orders == "day_first").to_numpy(),
            (orders == "unknown").to_numpy(),
            order,
            pd.Categorical(zones),
        )


@dataclass(frozen=True)
class CreationTimes:
    """The created time of each row (nanoseconds since 1970), where it was found, and with what doubt."""

    created_at: Times
    created_from: pd.Categorical
    is_assumed: Mask
    is_fallback: Mask


def find_creation_times(
    raw: pd.DataFrame, sent_at: Times, *, date_order: str | None = None, tz: str | None = None
) -> CreationTimes:
    """Return the best created time of each row; `sent_at` is the time that a test's ticks tell.

    Raises
    ------
    OptionError
        When times are of a zone, or dates in an order, that neither the data nor the caller tells.
    """
    customs = DateCustoms.of(raw, order=date_order, tz=tz)
    partition_date = _plausible(_read_partition_dates(raw["partition_key"]))
    received, _ = _in_utc(_read_column(raw["received"]), customs)
    received_at, received_assumed = _settle(received, [partition_date], customs)
    received_at = _plausible(received_at)
    certainly_received = np.where(received_assumed, NOT_A_TIME, received_at)
    created, is_day = _in_utc(_read_column(raw["created"]), customs)
    readings = _possible(created, certainly_received)
    created_at, created_assumed = _settle(readings, [partition_date, certainly_received], customs)
    received_agrees = (partition_date == NOT_A_TIME) | _is_close(received_at, partition_date)
    evidence = {
        "created": np.where(is_day, NOT_A_TIME, created_at),
        "created day": np.where(is_day, created_at, NOT_A_TIME),
        "test ticks": _plausible(sent_at),
        "received": np.where(received_agrees, received_at, NOT_A_TIME),
        "partition date": partition_date,
    }
    is_known = [times != NOT_A_TIME for times in evidence.values()]
    found_in = pd.Categorical.from_codes(np.select(is_known, range(len(evidence)), -1), list(evidence))
    is_created = np.isin(found_in, ["created", "created day"])
    is_replaced = ~is_created & ~found_in.isna()
    is_replaced[is_replaced] = clean(arrow_of(raw.loc[is_replaced, "created"])).is_valid()
    return CreationTimes(
        np.select(is_known, list(evidence.values()), NOT_A_TIME),
        found_in,
        is_assumed=(is_created & created_assumed) | ((found_in == "received") & received_assumed),
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
        _ask_for_order(is_open & customs.has_no_order, customs)
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


def _in_utc(readings: Readings, customs: DateCustoms) -> tuple[Readings, Mask]:
    """Turn the wall clocks of each zone into UTC, in place; return both readings, and where only a day is written.

    In a file without a single time of day a date is a day and no midnight, so it is the same day in UTC.
    """
    is_clock = readings.is_naive & (_has_clock(readings.month_first) | _has_clock(readings.day_first))
    has_clocks = (np.bincount(customs.groups, is_clock) > 0)[customs.groups]
    for code, name in enumerate(customs.zones.categories):
        rows = readings.is_naive & has_clocks & (customs.zones.codes == code)
        if name != "UTC" and rows.any():
            if name == LOCAL:
                _ask_for_zone(rows, customs)
            for times in (readings.month_first, readings.day_first):
                times[rows] = _utc_of_wall_clock(times[rows], _zone(name))
    return readings, readings.is_naive & ~has_clocks


def _has_clock(times: Times) -> Mask:
    return (times != NOT_A_TIME) & (times % DAY != 0)


def _ask_for_zone(rows: Mask, customs: DateCustoms) -> None:
    raise OptionError(
        f"the times of {_origin(rows, customs)} are those of a zone that the file does not tell",
        next_step="say which it is: tz='Europe/Berlin', or --tz Europe/Berlin",
    )


def _ask_for_order(rows: Mask, customs: DateCustoms) -> None:
    if rows.any():
        raise OptionError(
            f"the dates of {_origin(rows, customs)} can be read in two ways, and none of them settles which",
            found=f"{int(rows.sum()):,} such as 3/4/2024",
            next_step="say which it is: date_order='day_first' or 'month_first', or --date-order day_first",
        )


def _origin(rows: Mask, customs: DateCustoms) -> str:
    origin = customs.origins.iloc[int(rows.argmax())]
    return repr(origin) if isinstance(origin, str) else "the records"


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise OptionError(
            "tz is the name of a time zone", found=repr(name), next_step="write it like 'Europe/Berlin'"
        ) from error


def _utc_of_wall_clock(times: Times, zone: ZoneInfo) -> Times:
    """Return UTC of local times; an hour that a clock shows twice is the first, one that it skips is the next."""
    local = pd.DatetimeIndex(times.view("datetime64[ns]"))
    return local.tz_localize(zone, ambiguous=np.ones(len(times), "bool"), nonexistent="shift_forward").asi8
