"""The same units, grouped by when they entered: what each period came to, and whether it is finished."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from leadanalytics import schema
from leadanalytics.errors import OptionError
from leadanalytics.funnels.counting import count_groups, known_window
from leadanalytics.funnels.grouping import group_units, read_by

__all__ = ["stage_trend"]

_PERIODS = (
    pd.offsets.Day,
    pd.offsets.Week,
    pd.offsets.MonthBegin,
    pd.offsets.QuarterBegin,
    pd.offsets.YearBegin,
)
_COLUMNS = ("period", "period_end", "complete")


def stage_trend(
    funnels: pd.DataFrame,
    *,
    freq: str = "MS",
    by: str | Sequence[str] | None = None,
    top: int | None = None,
    tz: str = "UTC",
    interval: str = "wilson",
) -> pd.DataFrame:
    """Return the counts of the funnel by the period in which its units entered, and which periods are finished.

    One row per period and step, or per group, period and step: the columns of `by`, *period* (its beginning) and
    *period_end* (the beginning of the next, both in the zone), *complete*, then the columns of counts: *step*, *stage*,
    *n*, the rates, *open*, *dropped* and so on. Every period from the first entry to the last is there, empty ones too.
    The periods add up to the funnel in every count; a bypass belongs to the period in which it was first seen.

    Parameters
    ----------
    funnels : DataFrame
        Made by `build_funnels`.
    freq : str
        What a period is, as pandas writes it: "D" (day), "W-MON" (week from Monday), "MS" (month), "QS" (quarter),
        "YS" (year), "YS-JUL" (year from July).
    by : str or sequence of str, optional
        Columns to break down by, as in `count_stages`.
    top : int, optional
        Keep this many groups with the most units; the others count together as "(other)".
    tz : str
        The zone in which the periods begin. It changes no unit, only the period to which it belongs.
    interval : {"wilson", "jeffreys"}
        The 95 % intervals of the rates.

    Returns
    -------
    DataFrame
        *complete* says that the end of the period and the window after it lie no later than as_of: every window that
        began in it has ended, and only a unit that came again can be open. Without a window no period ever is.

    Raises
    ------
    FrameError
        When a column is missing, or the frame has lost its `attrs`.
    OptionError
        When `freq` is no period, `tz` no zone, or `by` names a column of the result.

    Examples
    --------
    >>> leads = pd.DataFrame(
    ...     {
    ...         "customer_id": ["ann", "ann", "bob"],
    ...         "offer_id": ["crane"] * 3,
    ...         "stage": ["Test drive", "Get it now", "Test drive"],
    ...         "created_at": pd.to_datetime(["2024-06-01", "2024-06-03", "2024-07-20"], utc=True),
    ...     }
    ... )
    >>> from leadanalytics.funnels import build_funnels
    >>> trend = stage_trend(build_funnels(leads, funnel=["Test drive", "Get it now"], window="14 days"))
    >>> trend[["period", "complete", "stage", "n", "open"]].astype({"period": str})
                          period  complete       stage  n  open
    0  2024-06-01 00:00:00+00:00      True  Test drive  1     0
    1  2024-06-01 00:00:00+00:00      True  Get it now  1     0
    2  2024-07-01 00:00:00+00:00     False  Test drive  1     1
    3  2024-07-01 00:00:00+00:00     False  Get it now  0     0
    """
    schema.check(funnels, "funnels")
    columns = read_by(funnels, by, taken=(*schema.KINDS["counts"].names, *_COLUMNS))
    edges = _edges(funnels["entered_at"], _offset(freq), _zone(tz))
    period = edges.searchsorted(pd.DatetimeIndex(funnels["entered_at"]), side="right") - 1
    groups, group = group_units(funnels, columns, top=top)
    number = max(len(edges) - 1, 0)
    cells = _cells(groups, edges, complete=_complete(edges, funnels))
    trend = count_groups(funnels, cells, group * number + period, interval=interval)
    trend.attrs = {**funnels.attrs, "by": columns, "freq": freq, "tz": tz}
    return trend


def _cells(groups: pd.DataFrame, edges: pd.DatetimeIndex, *, complete: np.ndarray) -> pd.DataFrame:
    """Return every period of every group, group by group."""
    number = len(complete)
    cells = groups.loc[groups.index.repeat(number)].reset_index(drop=True)
    places = np.tile(np.arange(number), len(groups))
    cells["period"], cells["period_end"] = edges[places], edges[places + 1]
    cells["complete"] = complete[places]
    return cells


def _complete(edges: pd.DatetimeIndex, funnels: pd.DataFrame) -> np.ndarray:
    """Return in which periods every window that began has ended."""
    known = known_window(funnels)
    if known is None:
        return np.zeros(max(len(edges) - 1, 0), bool)
    window, as_of = known
    return np.asarray(edges[1:] <= as_of - window)


def _edges(entered_at: pd.Series, offset: pd.offsets.BaseOffset, zone: ZoneInfo) -> pd.DatetimeIndex:
    """Return where the periods from the first entry to the last begin, and where the last one ends."""
    if entered_at.empty:
        return pd.DatetimeIndex([], dtype=f"datetime64[ns, {zone.key}]")
    # On the wall clock of the zone, where a day is a day; a clock that changes at midnight begins the day at one.
    first, last = (
        offset.rollback(time.tz_convert(zone).tz_localize(None).normalize())
        for time in (entered_at.min(), entered_at.max())
    )
    walls = pd.date_range(first, last + offset, freq=offset, unit="ns")
    return walls.tz_localize(zone, ambiguous=np.ones(len(walls), bool), nonexistent="shift_forward")


def _offset(freq: str) -> pd.offsets.BaseOffset:
    try:
        offset = pd.tseries.frequencies.to_offset(freq)
    except (ValueError, TypeError):
        offset = None
    if not isinstance(offset, _PERIODS) or offset.n != 1:
        raise OptionError(
            "freq is a day, week, month, quarter or year by its beginning", found=repr(freq), next_step="freq='MS'"
        )
    # A week without a weekday begins with the hour of its entry, which is no period.
    if isinstance(offset, pd.offsets.Week) and offset.weekday is None:
        raise OptionError("a week begins on a weekday", found=repr(freq), next_step="freq='W-MON'")
    return offset


def _zone(tz: str) -> ZoneInfo:
    try:
        return ZoneInfo(tz)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise OptionError("tz is the name of a time zone", found=repr(tz), next_step="tz='Europe/Berlin'") from error
