"""When each lead was made: the best evidence, and what it cost to find.

The order of evidence is the created text, the ticks of a test, the received time when it agrees with the partition's
date, and the partition's date. A time that lies more than a day after the data was read is no evidence. Whether
`3/4/2024` is in March or April is settled, in this order, by the row's own partition date or received time, by the
caller, by the other rows of the same file, by the moment of reading, and by the order that the raw frame names. Month
first is assumed where a frame made by hand names no order, and where that order is unknown but all such dates of the
file are written as Azure writes them. Else the caller is asked, as for the times of a zone that no file tells.
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

EARLIEST = pd.Timestamp("2010-01-01").as_unit("ns").value  # no lead is older than the marketplaces
CLOSE = 2 * DAY  # the two readings of a date lie at least four weeks apart
# The zone of times whose writer's zone no file tells.
LOCAL = "local"
# As the American English of Azure and .NET writes a time; spreadsheets write another form, or the zeros of their user.
AMERICAN = "\\s*[1-9][0-9]?/[1-9][0-9]?/[0-9]{4} [1-9][0-9]?:[0-9]{2}:[0-9]{2}[ \u00a0\u202f][AP]M\\s*"
SLACK = DAY  # a lead may seem to be received or read before it was made, by clocks and zones


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
        Where the raw frame says day first.
    is_unknown : array of bool
        Where the raw frame says that the order is not known.
    is_unsaid : array of bool
        Where the raw frame says nothing of the order.
    order : str or None
        What the caller says: month_first or day_first.
    zones : Categorical
        The zone of times that are written without one; UTC where missing, "local" for one that no file tells.
    """

    groups: npt.NDArray[np.intp]
    origins: pd.Series
    day_first: Mask
    is_unknown: Mask
    is_unsaid: Mask
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
            orders.isna().to_numpy(),
            order,
            pd.Categorical(zones),
        )


@dataclass(frozen=True)
class CreationTimes:
    """The created time of each row (nanoseconds since 1970), where it was found, and with what doubt.

    Attributes
    ----------
    is_assumed : array of bool
        Where nothing tells the day from the month.
    is_fallback : array of bool
        Where the created text is of no use, or only the partition's date is known.
    is_future : array of bool
        Where better evidence than the one taken is a time later than the moment of reading.
    """

    created_at: Times
    created_from: pd.Categorical
    is_assumed: Mask
    is_fallback: Mask
    is_future: Mask


def find_creation_times(
    raw: pd.DataFrame,
    sent_at: Times,
    *,
    read_at: pd.Timestamp,
    date_order: str | None = None,
    tz: str | None = None,
) -> CreationTimes:
    """Return the best created time of each row.

    Parameters
    ----------
    raw : DataFrame
        Delivered records.
    sent_at : array of int
        The time that a test's ticks tell.
    read_at : Timestamp
        When the data was read; no time is later by more than a day.
    date_order, tz : str, optional
        As in `decode_leads`.

    Raises
    ------
    OptionError
        When times are of a zone, or dates in an order, that neither the data nor the caller tells.
    """
    customs = DateCustoms.of(raw, order=date_order, tz=tz)
    latest = read_at.as_unit("ns").value + SLACK
    partition_date, partition_is_late = _without_future(_plausible(_read_partition_dates(raw["partition_key"])), latest)
    sent_at, sent_is_late = _without_future(_plausible(sent_at), latest)
    received, _, received_is_late = _read_evidence(raw["received"], customs, latest)
    received_at, received_assumed = _settle(received, [partition_date], customs, latest, raw["received"])
    received_at, is_late = _without_future(_plausible(received_at), latest)
    received_is_late |= is_late
    certainly_received = np.where(received_assumed, NOT_A_TIME, received_at)
    created, is_day, created_is_late = _read_evidence(raw["created"], customs, latest)
    readings = _possible(created, certainly_received)
    proofs = [partition_date, certainly_received]
    created_at, created_assumed = _settle(readings, proofs, customs, latest, raw["created"])
    created_at, is_late = _without_future(created_at, latest)
    created_is_late |= is_late
    received_agrees = (partition_date == NOT_A_TIME) | _is_close(received_at, partition_date)
    evidence = {
        "created": np.where(is_day, NOT_A_TIME, created_at),
        "created day": np.where(is_day, created_at, NOT_A_TIME),
        "test ticks": sent_at,
        "received": np.where(received_agrees, received_at, NOT_A_TIME),
        "partition date": partition_date,
    }
    is_known = [times != NOT_A_TIME for times in evidence.values()]
    found_in = pd.Categorical.from_codes(np.select(is_known, range(len(evidence)), -1), list(evidence))
    is_late_in = {
        "created": created_is_late,
        "test ticks": sent_is_late,
        "received": received_is_late,
        "partition date": partition_is_late,
    }
    ranks = np.where(found_in.codes < 0, len(evidence), found_in.codes)
    is_future = [is_late & (ranks > found_in.categories.get_loc(name)) for name, is_late in is_late_in.items()]
    is_created = np.isin(found_in, ["created", "created day"])
    is_replaced = ~is_created & ~found_in.isna()
    is_replaced[is_replaced] = clean(arrow_of(raw.loc[is_replaced, "created"])).is_valid()
    return CreationTimes(
        np.select(is_known, list(evidence.values()), NOT_A_TIME),
        found_in,
        is_assumed=(is_created & created_assumed) | ((found_in == "received") & received_assumed),
        is_fallback=is_replaced | (found_in == "partition date"),
        is_future=np.logical_or.reduce(is_future),
    )


def _read_evidence(column: pd.Series, customs: DateCustoms, latest: int) -> tuple[Readings, Mask, Mask]:
    """Return both readings of each text in UTC, where only a day is written, and where the text is of the future.

    A time of the future must not tell how the other rows of its file are written. So what is later even by the wall
    clock that is furthest ahead of UTC goes first.
    """
    readings, is_far = _past_only(_read_column(column), latest + DAY)
    readings, is_day = _in_utc(readings, customs)
    readings, is_near = _past_only(readings, latest)
    return readings, is_day, is_far | is_near


def _past_only(readings: Readings, latest: int) -> tuple[Readings, Mask]:
    """Return the readings without the texts of which each reading is too late, and where those are."""
    month_first, day_first, is_naive = readings
    last = np.maximum(month_first, day_first)
    if not (last > latest).any():
        return readings, np.zeros(len(last), "bool")
    is_past = [(times != NOT_A_TIME) & (times <= latest) for times in (month_first, day_first)]
    is_late = (last > latest) & ~np.logical_or(*is_past)
    month_first, day_first = (np.where(is_late, NOT_A_TIME, times) for times in (month_first, day_first))
    return Readings(month_first, day_first, is_naive), is_late


def _without_future(times: Times, latest: int) -> tuple[Times, Mask]:
    is_late = times > latest
    return np.where(is_late, NOT_A_TIME, times), is_late


def _read_column(column: pd.Series) -> Readings:
    pieces = [read_times(texts) for texts in pieces_of(column)] or [read_times(arrow_of(column))]
    return Readings(*map(np.concatenate, zip(*pieces, strict=True)))


def _settle(
    readings: Readings, proofs: Iterable[Times], customs: DateCustoms, latest: int, texts: pd.Series
) -> tuple[Times, Mask]:
    """Return the right reading of each row, and whether nothing tells that it is."""
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
        has_two = month_first != day_first
        _follow_the_file(use_day, is_open, has_two, customs)
        # The moment of reading rules out one of the two readings, but never against the other rows of the file.
        is_told = is_open & ((month_first > latest) != (day_first > latest))
        use_day[is_told] = month_first[is_told] > latest
        is_open &= ~is_told
        contradicts_itself = _follow_the_file(use_day, is_open, has_two, customs)
        is_unknown = is_open & customs.is_unknown
        if is_unknown.any():
            is_american = _written_in_american(texts, is_unknown, customs) & ~contradicts_itself
            _ask_for_order(is_unknown & ~is_american, customs)
        use_day[is_open] = customs.day_first[is_open]
        is_open &= customs.is_unsaid | customs.is_unknown | contradicts_itself
    return np.where(use_day, day_first, month_first), is_open


def _follow_the_file(use_day: Mask, is_open: Mask, has_two: Mask, customs: DateCustoms) -> Mask:
    """Settle, in place, open rows as the settled ones of their file; return the rows of files that say both."""
    votes = has_two & ~is_open
    for_day = (np.bincount(customs.groups, votes & use_day) > 0)[customs.groups]
    for_month = (np.bincount(customs.groups, votes & ~use_day) > 0)[customs.groups]
    is_settled = is_open & (for_day != for_month)
    use_day[is_settled] = for_day[is_settled]
    is_open &= ~is_settled
    return for_day & for_month


def _written_in_american(texts: pd.Series, rows: Mask, customs: DateCustoms) -> Mask:
    """Return the rows of files of which all texts in some rows are written as American English writes a time."""
    is_other = np.zeros(len(texts), "bool")
    is_other[rows] = ~texts[rows].str.fullmatch(AMERICAN).to_numpy("bool")
    return (np.bincount(customs.groups, is_other) == 0)[customs.groups]


def _possible(readings: Readings, received: Times) -> Readings:
    """Return the readings that are plausible and not well after the lead was received."""
    month_first, day_first = (
        np.where((received != NOT_A_TIME) & (times > received + SLACK), NOT_A_TIME, _plausible(times))
        for times in (readings.month_first, readings.day_first)
    )
    return Readings(month_first, day_first, readings.is_naive)


def _plausible(times: Times) -> Times:
    return np.where(times >= EARLIEST, times, NOT_A_TIME)


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
