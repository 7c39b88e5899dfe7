"""What a nowcast would have said in the past, beside what really came: whether it can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd

from leadanalytics.conversion import nowcast
from leadanalytics.errors import OptionError
from leadanalytics.funnels import build_funnels, code_units
from leadanalytics.vocabulary import Vocabulary

__all__ = ["replay_nowcasts"]


def replay_nowcasts(
    leads: pd.DataFrame,
    *,
    months: int = 6,
    funnel: str = "acquisition",
    window: str | pd.Timedelta = "30 days",
    unit: str | Sequence[str] = ("customer_id", "offer_id"),
    entry: str = "best",
    as_of: str | pd.Timestamp | None = None,
    confidence: float = 0.9,
    vocabulary: Vocabulary | None = None,
) -> pd.DataFrame:
    """Return what `nowcast` would have said month by month in the past, beside what really came.

    Each time the leads up to then alone are known. The last time is one window before as_of, so that all that could
    come has come; the others lie whole months before it.

    Parameters
    ----------
    leads : DataFrame
        Leads with customer_id.
    months : int
        How many times to look, one a month.
    funnel : str
        A funnel of funnels.csv, or the steps, as in `build_funnels`.
    window : str or Timedelta
        The longest time from a customer's first step to any later one.
    unit : str or sequence of str
        What is counted once.
    entry : {"best", "first"}
        Which first step of a unit is its entry. Where many units enter again, forecasts from "first" hold better.
    as_of : str or Timestamp, optional
        The instant until which it is known what came; the newest lead by default.
    confidence : float
        Of the intervals: the share of rows that should be inside.
    vocabulary : Vocabulary, optional
        The meaning of the codes; the shipped one by default.

    Returns
    -------
    DataFrame
        One row per time and step after the first, the oldest first: *as_of*, *step*, *stage*, *open* units, *expected*
        further ones, *low* and *high*, how many of the open units really *came*, and *inside*: whether that lies in
        the interval, missing where the interval was unknown. Months before the first entry have no rows.
        `attrs["definition"]` says what the funnel counts.

    Raises
    ------
    FrameError
        When a column is missing, or created_at has no time zone.
    OptionError
        When an argument has a value that is not one of its options.

    Examples
    --------
    >>> import leadanalytics as la
    >>> leads = la.make_leads(customers=100, seed=1).pipe(la.decode_leads).pipe(la.identify_customers)
    >>> replay_nowcasts(leads, months=2, window="14 days")["stage"].tolist()
    ['Get it now', 'Install', 'Get it now', 'Install']
    """
    if not isinstance(months, int | np.integer) or months < 1:
        raise OptionError("months is a number from 1", found=repr(months), next_step="months=6")
    coded = code_units(leads, [unit] if isinstance(unit, str) else unit)
    build = partial(build_funnels, coded, funnel=funnel, window=window, unit=unit, entry=entry, vocabulary=vocabulary)
    now = build(as_of=as_of)
    if now.attrs["window"] is None:
        raise OptionError("a replay needs a window, to know when all has come", next_step="window='30 days'")
    rows = []
    for moment in _moments(now, months):
        then = build(as_of=moment)
        if (then["depth"] > 0).any():
            rows.append(_replayed(then, now, moment, confidence))
    columns = ["as_of", "step", "stage", "open", "expected", "low", "high", "came", "inside"]
    result = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)
    result = result[columns]
    result.attrs = dict(now.attrs)
    return result


def _moments(now: pd.DataFrame, months: int) -> list[pd.Timestamp]:
    """Return the times to look at, the oldest first; the last is one window ago."""
    if now.empty:
        return []
    last = pd.Timestamp(now.attrs["as_of"]).as_unit("ns") - pd.Timedelta(now.attrs["window"])
    return [last - pd.DateOffset(months=months_ago) for months_ago in reversed(range(months))]


def _replayed(then: pd.DataFrame, now: pd.DataFrame, moment: pd.Timestamp, confidence: float) -> pd.DataFrame:
    """Return the nowcast of a time, and what came of the units that were open."""
    forecast = nowcast(then, confidence=confidence)
    unit = then.attrs["unit"]
    waiting = then.loc[then["status"] == "open", [*unit, "depth"]]
    # A chain that was entered later is no answer to what was then open.
    known = now.loc[now["entered_at"] <= moment, [*unit, "depth"]]
    both = waiting.merge(known, on=unit, suffixes=("_then", "_now"))
    came = [int(((both["depth_then"] < step) & (both["depth_now"] >= step)).sum()) for step in forecast["step"]]
    inside = forecast["low"].le(came) & forecast["high"].ge(came)
    return forecast.assign(as_of=moment, came=came, inside=inside.astype("boolean").mask(forecast["low"].isna()))
