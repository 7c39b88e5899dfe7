"""Trends in which unfinished periods can be compared with finished ones."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from leadanalytics.branches import step_labels
from leadanalytics.conversion.completing import complete_shares
from leadanalytics.funnels import stage_trend
from leadanalytics.funnels.grouping import group_units

__all__ = ["adjusted_trend"]

_COLUMNS = ("adjusted", "adjusted_low", "adjusted_high")


def adjusted_trend(
    funnels: pd.DataFrame,
    *,
    freq: str = "MS",
    by: str | Sequence[str] | None = None,
    top: int | None = None,
    tz: str = "UTC",
) -> pd.DataFrame:
    """Return the funnel by period of entry, with the share that will have reached each step when all windows are over.

    In a period that is not complete the raw rate is too low, for some can still convert. The adjusted one carries each
    open unit on to the end of its window with what all units tell of the days that it has not seen, as `nowcast` does:
    (reached + the sum over the open units of the probability to reach the step in time) / entered. In a complete
    period it is the raw rate, unless somebody came again and is open.

    Parameters
    ----------
    funnels : DataFrame
        Made by `build_funnels`, with a window; the units of one funnel (`split_funnels` parts those of several).
    freq : str
        As in `stage_trend`.
    by : str or sequence of str, optional
        Columns to break down by, as in `stage_trend`. Each group is carried on by its own past alone.
    top : int, optional
        As in `stage_trend`.
    tz : str
        As in `stage_trend`.

    Returns
    -------
    DataFrame
        The columns of `stage_trend` and *adjusted*, *adjusted_low*, *adjusted_high*: of the units that entered in the
        period, the share that reaches the step by the end of the window, and its 95 % interval. It is Wilson's, as if
        the period were finished, made wider by what is not known of the forecast. Missing in a period without units,
        and in one with open units where none (of the group) was ever watched to the end of the window.

    Raises
    ------
    FrameError
        When a column is missing, the frame has lost its `attrs`, or its units are of several funnels.
    OptionError
        When a period or a zone is not known, or `by` names a column of the result.

    Examples
    --------
    Of two who tried in June one bought, of those who tried in July none has yet.

    >>> import leadanalytics as la
    >>> days = pd.to_datetime(["2024-06-01", "2024-06-02", "2024-07-04", "2024-07-05", "2024-06-11"], utc=True)
    >>> leads = pd.DataFrame({"customer_id": ["ann", "bob", "cyd", "dan", "ann"], "offer_id": "crane"})
    >>> leads = leads.assign(created_at=days, stage=["Test drive"] * 4 + ["Get it now"])
    >>> funnels = la.build_funnels(leads, funnel=["Test drive", "Get it now"], window="30 days")
    >>> trend = adjusted_trend(funnels)
    >>> trend.loc[trend["step"] == 2, ["complete", "of_first", "adjusted"]].to_numpy().tolist()
    [[False, 0.5, 0.5], [False, 0.0, 0.5]]
    """
    step_labels(funnels)  # complains of several funnels
    trend = stage_trend(funnels, freq=freq, by=by, top=top, tz=tz)
    groups, group = group_units(funnels, trend.attrs["by"], top=top)
    starts = pd.DatetimeIndex(trend["period"].unique()).sort_values()
    period = starts.searchsorted(pd.DatetimeIndex(funnels["entered_at"]), side="right") - 1
    # The rows of a trend are the steps of each period of each group.
    cells, number = group * len(starts) + period, len(groups) * len(starts)
    for column, values in zip(_COLUMNS, complete_shares(funnels, pools=group, cells=cells, number=number)):
        trend[column] = values.ravel()
    return trend
