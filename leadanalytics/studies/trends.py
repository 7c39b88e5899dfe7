"""Trends in which unfinished periods can be compared with finished ones."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadanalytics.conversion import conversion_rates
from leadanalytics.funnels import stage_trend

# The rate of each period that is aware of the unfinished, as `conversion_rates` names it, and as the trend does.
_ADJUSTED = {"censoring_aware": "adjusted", "low": "adjusted_low", "high": "adjusted_high"}


def adjusted_trend(funnels: pd.DataFrame, *, freq: str = "MS", tz: str = "UTC") -> pd.DataFrame:
    """Return the funnel by period of entry, with the rate of each period that is aware of the unfinished beside it.

    In a period that is not complete the raw rate is too low, for some can still convert. The adjusted one counts each
    unit for as long as it was watched; in a complete period the two differ little.

    Parameters
    ----------
    funnels : DataFrame
        Made by `build_funnels`, with a window.
    freq : str
        As in `stage_trend`.
    tz : str
        As in `stage_trend`.

    Returns
    -------
    DataFrame
        The columns of `stage_trend` and *adjusted*, *adjusted_low*, *adjusted_high*: of the units that entered in the
        period, the share that reaches the step; missing in a period without any.

    Raises
    ------
    FrameError
        When a column is missing, or the frame has lost its `attrs`.
    OptionError
        When a period or a zone is not known.

    Examples
    --------
    >>> import leadanalytics as la
    >>> leads = la.make_leads(customers=100, seed=1).pipe(la.decode_leads).pipe(la.identify_customers)
    >>> trend = adjusted_trend(la.build_funnels(leads, window="30 days"), freq="QS")
    >>> bool((trend["adjusted"].dropna() >= 0).all())
    True
    """
    trend = stage_trend(funnels, freq=freq, tz=tz)
    starts = trend["period"].drop_duplicates(ignore_index=True)
    # Groups go by their text, so a period goes by its number.
    numbers = np.searchsorted(starts, funnels["entered_at"].dt.tz_convert(tz), side="right") - 1
    by_period = funnels.assign(period=numbers.astype(str))
    by_period.attrs = dict(funnels.attrs)
    rates = conversion_rates(by_period, by="period")[["period", "step", *_ADJUSTED]].rename(columns=_ADJUSTED)
    rates["period"] = starts.array[rates["period"].astype("int64")]
    result = trend.merge(rates, on=["period", "step"], how="left")
    result.attrs = dict(trend.attrs)
    return result
