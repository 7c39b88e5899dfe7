"""The leads of every calendar day, and the days on which the feed was silent."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from leadanalytics import schema
from leadanalytics.auditing.silence import find_silence
from leadanalytics.errors import FrameError, OptionError
from leadanalytics.schema import TEXT

__all__ = ["count_days"]

MISSING = "(missing)"
YEARS = 6  # without a lead, which part the leads of a feed from those with a wrong date
FAR = f"more than {YEARS} years from the others"
_COLUMNS = ("day", "leads", "silent")


def count_days(
    leads: pd.DataFrame,
    *,
    by: str | Sequence[str] | None = None,
    tz: str = "UTC",
    as_of: str | pd.Timestamp | None = None,
    chance: float = 0.001,
) -> pd.DataFrame:
    """Return how many leads each calendar day has, and on which days the feed was silent.

    One row per day, or per group and day, from the first lead to as_of, days without a lead too: the columns of `by`,
    *day* (its beginning in the zone), *leads* and *silent*. A day is silent where it belongs to a run of days without
    a lead that is too long for chance: so many silent days in a row have, at the usual pace of such weekdays in the
    half year before and after, a probability below `chance`. Test leads do not count. Neither do leads that more than
    six years without any lead part from most others, such as one that is dated 2099.

    Parameters
    ----------
    leads : DataFrame
        One lead per row, with created_at.
    by : str or sequence of str, optional
        Columns to count apart, each with its own pace: "publisher_id", or "offer_id". The group with the most leads
        comes first; a missing value counts as "(missing)".
    tz : str
        The zone whose days are counted.
    as_of : str or Timestamp, optional
        The last day; by default that of the newest lead, so that groups which fell silent before it are seen. Where it
        is more than six years after that, the days end with the newest lead.
    chance : float
        How improbable a gap has to be. A year has 365 days on which one can begin, so at 1 in 1,000 fewer than one gap
        in two years is found where there is none.

    Returns
    -------
    DataFrame
        `attrs` hold by, tz, as_of, chance, totals (leads, counted in the rows), removed (test leads, undated, after
        as_of, more than 6 years from the others) and definition.

    Raises
    ------
    FrameError
        When a column is missing.
    OptionError
        When tz is no zone, as_of no time, or chance no probability.

    References
    ----------
    W. Feller, "An Introduction to Probability Theory and Its Applications", volume 1, 3rd edition 1968, chapter XIII.7
    on runs. After a half year without a silent day on both sides, two silent days in a row are a gap, and one is not.

    Examples
    --------
    >>> made = pd.to_datetime(["2024-06-01 09:00", "2024-06-01 23:30", "2024-06-03 10:00", None], utc=True)
    >>> days = count_days(pd.DataFrame({"created_at": made}))
    >>> days["leads"].tolist(), days["silent"].any(), days.attrs["removed"]["undated"]
    ([2, 0, 1], np.False_, 1)
    """
    columns = _read_by(leads, by)
    zone = _read_options(tz, chance)
    is_test = leads["is_test"].fillna(False).to_numpy(bool) if "is_test" in leads else np.zeros(len(leads), bool)
    is_dated = leads["created_at"].notna().to_numpy()
    days = _days_of(leads["created_at"], zone)
    given = pd.NaT if as_of is None else _day_of(as_of, zone)
    is_late = is_dated & (days > given)
    kept = is_dated & ~is_test & ~is_late
    first, newest = _span_of_most(days[kept])
    is_far = kept & ((days < first) | (days > newest))
    kept &= ~is_far
    last = newest if pd.isna(given) or given > newest + pd.DateOffset(years=YEARS) else given
    removed = {
        "test leads": int(is_test.sum()),
        "undated": int((~is_dated & ~is_test).sum()),
        "after as_of": int((is_late & ~is_test).sum()),
        FAR: int(is_far.sum()),
    }
    counts = _count(leads.loc[kept, columns], days[kept], last, zone, chance)
    attrs = {"by": columns, "tz": tz, "as_of": None if pd.isna(last) else str(last.date()), "chance": chance}
    totals = {"leads": int(kept.sum())}
    definition = _sentence(counts, tz, removed, days[is_far])
    counts.attrs = {**attrs, "totals": totals, "removed": removed, "definition": definition}
    return counts


def _read_by(leads: pd.DataFrame, by: str | Sequence[str] | None) -> list[str]:
    columns = [by] if isinstance(by, str) else list(by or ())
    schema.check(leads, "leads", columns=["created_at", *columns])
    if not isinstance(leads["created_at"].dtype, pd.DatetimeTZDtype):
        raise FrameError(
            "created_at needs times with a zone",
            found=str(leads["created_at"].dtype),
            next_step="leads['created_at'].dt.tz_localize('UTC')",
        )
    clash = [column for column in columns if column in _COLUMNS]
    if clash:
        raise OptionError("by names a column that the result has already", found=repr(clash[0]))
    return columns


def _read_options(tz: str, chance: float) -> ZoneInfo:
    if not 0 < chance < 1:
        raise OptionError("chance is a probability", found=repr(chance), next_step="chance=0.001")
    try:
        return ZoneInfo(tz)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise OptionError("tz is the name of a time zone", found=repr(tz), next_step="tz='Europe/Berlin'") from error


def _days_of(times: pd.Series, zone: ZoneInfo) -> pd.DatetimeIndex:
    """Return the days of times on the wall clock of the zone, where a day is a day."""
    return pd.DatetimeIndex(times).tz_convert(zone).tz_localize(None).normalize()


def _day_of(as_of: str | pd.Timestamp, zone: ZoneInfo) -> pd.Timestamp:
    try:
        time = pd.Timestamp(as_of)
    except (ValueError, TypeError) as error:
        raise OptionError("as_of is a time", found=repr(as_of), next_step="as_of='2024-06-30'") from error
    return (time if time.tz is None else time.tz_convert(zone).tz_localize(None)).normalize()


def _span_of_most(days: pd.DatetimeIndex) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last day of the most leads that no six years without a lead part."""
    every = days.sort_values()
    if every.empty:
        return pd.NaT, pd.NaT
    parts = np.cumsum(np.append(False, every[1:] > every[:-1] + pd.DateOffset(years=YEARS)))
    most = every[parts == np.bincount(parts).argmax()]
    return most[0], most[-1]


def _count(
    groups: pd.DataFrame, days: pd.DatetimeIndex, last: pd.Timestamp, zone: ZoneInfo, chance: float
) -> pd.DataFrame:
    """Return every day of each group, the largest group first."""
    keys = {column: groups[column].astype(TEXT).fillna(MISSING).to_numpy() for column in groups}
    table = pd.DataFrame(keys | {"day": days})
    parts = table.groupby(list(keys), sort=False) if keys else [((), table)] if len(table) else []
    by_size = sorted(parts, key=lambda part: -len(part[1]))
    frames = [_days_of_group(part["day"], last, chance).assign(**dict(zip(keys, key))) for key, part in by_size]
    empty = _days_of_group(table["day"].iloc[:0], last, chance).assign(**dict.fromkeys(keys, ""))
    counts = pd.concat(frames or [empty], ignore_index=True)[[*keys, *_COLUMNS]]
    # A clock that changes at midnight begins the day at one.
    walls = pd.DatetimeIndex(counts["day"])
    counts["day"] = walls.tz_localize(zone, ambiguous=np.ones(len(walls), bool), nonexistent="shift_forward")
    return counts.astype(dict.fromkeys(keys, TEXT))


def _days_of_group(days: pd.Series, last: pd.Timestamp, chance: float) -> pd.DataFrame:
    every = pd.date_range(days.min(), last, unit="ns") if len(days) else pd.DatetimeIndex([], dtype="datetime64[ns]")
    leads = days.value_counts().reindex(every, fill_value=0).to_numpy("int64")
    silent = find_silence(leads, every.day_of_week.to_numpy(), chance=chance)
    return pd.DataFrame({"day": every, "leads": leads, "silent": silent})


def _sentence(counts: pd.DataFrame, tz: str, removed: dict[str, int], far: pd.DatetimeIndex) -> str:
    reasons = removed | ({f"{FAR} ({_span(far)})": removed[FAR], FAR: 0} if len(far) else {})
    out = ", ".join(f"{number:,} {reason}" for reason, number in reasons.items() if number)
    span = f", {counts['day'].min():%Y-%m-%d} to {counts['day'].max():%Y-%m-%d}" if len(counts) else ""
    return f"{counts['leads'].sum():,} leads by day of creation ({tz}){span}{f'; left out: {out}' if out else ''}."


def _span(days: pd.DatetimeIndex) -> str:
    first, last = f"{days.min():%Y-%m-%d}", f"{days.max():%Y-%m-%d}"
    return first if first == last else f"{first} to {last}"
