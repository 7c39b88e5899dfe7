"""What a nowcast would have said in the past, beside what really came: whether it can be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from leadanalytics.branches import in_each_funnel, split_funnels
from leadanalytics.conversion import nowcast
from leadanalytics.errors import OptionError
from leadanalytics.funnels import FunnelRules, build_funnels, code_units, plan_funnels
from leadanalytics.schema import check
from leadanalytics.vocabulary import Vocabulary

__all__ = ["replay_nowcasts"]

_COLUMNS = ["as_of", "step", "stage", "open", "expected", "low", "high", "came", "inside"]


def replay_nowcasts(
    leads: pd.DataFrame,
    rules: FunnelRules | Mapping[str, Any] | None = None,
    *,
    months: int = 6,
    confidence: float = 0.9,
    vocabulary: Vocabulary | None = None,
    **changes: Any,
) -> pd.DataFrame:
    """Return what `nowcast` would have said month by month in the past, beside what really came.

    Each time the leads up to then alone are known; the steps of each offer's funnel are those that all leads show. The
    last time is one window before as_of, so that all that could come has come; the others lie whole months before it.

    Parameters
    ----------
    leads : DataFrame
        Leads with customer_id.
    rules : FunnelRules or mapping, optional
        What the funnels mean, as in `build_funnels`, with a window. as_of is the instant until which it is known what
        came. Where many units enter again, forecasts from entry="first" hold better.
    months : int
        How many times to look, one a month.
    confidence : float
        Of the intervals: the share of rows that should be inside.
    vocabulary : Vocabulary, optional
        The meaning of the codes; the shipped one by default.
    **changes
        Choices of `FunnelRules` that differ from `rules`, such as window="14 days".

    Returns
    -------
    DataFrame
        One row per time and step after the first, the oldest first: *as_of*, *step*, *stage*, *open* units, *expected*
        further ones, *low* and *high*, how many of the open units really *came*, and *inside*: whether that lies in
        the interval, missing where the interval was unknown. Months before the first entry have no rows. Where each
        offer has its own funnel, the rows of each funnel stand behind a column *funnel*. `attrs["definition"]` says
        what the funnels count.

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
    >>> replay_nowcasts(leads, months=2, funnel="acquisition", window="14 days")["stage"].tolist()
    ['Get it now', 'Install', 'Get it now', 'Install']
    """
    if not isinstance(months, int | np.integer) or months < 1:
        raise OptionError("months is a number from 1", found=repr(months), next_step="months=6")
    rules = FunnelRules.read(rules, **changes)
    if rules.window is None:
        raise OptionError("a replay needs a window, to know when all has come", next_step="window='30 days'")
    check(leads, "leads with customer_id" if "customer_id" in rules.unit else "leads", columns=rules.unit)
    coded = code_units(leads, rules.unit)
    plans = plan_funnels(coded, rules, vocabulary=vocabulary)
    build = partial(build_funnels, coded, rules, plans=plans, vocabulary=vocabulary)
    now = build()
    then = [build(as_of=moment) for moment in _moments(now, months)]
    result = in_each_funnel(now, lambda part: _replayed(part, then, confidence))
    result.attrs = dict(now.attrs)
    return result


def _moments(now: pd.DataFrame, months: int) -> list[pd.Timestamp]:
    """Return the times to look at, the oldest first; the last is one window ago."""
    if now.empty:
        return []
    last = pd.Timestamp(now.attrs["as_of"]).as_unit("ns") - pd.Timedelta(now.attrs["window"])
    return [last - pd.DateOffset(months=months_ago) for months_ago in reversed(range(months))]


def _replayed(now: pd.DataFrame, then: Sequence[pd.DataFrame], confidence: float) -> pd.DataFrame:
    """Return the nowcasts of one funnel, and what came of the units that were open."""
    rows = []
    for funnels in then:
        known = dict(split_funnels(funnels)).get(now.attrs["funnel"])
        if known is not None and (known["depth"] > 0).any():
            rows.append(_beside_what_came(known, now, confidence))
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=_COLUMNS)


def _beside_what_came(then: pd.DataFrame, now: pd.DataFrame, confidence: float) -> pd.DataFrame:
    forecast = nowcast(then, confidence=confidence)
    moment, unit = pd.Timestamp(then.attrs["as_of"]), then.attrs["unit"]
    waiting = then.loc[then["status"] == "open", [*unit, "depth"]]
    # A chain that was entered later is no answer to what was then open.
    known = now.loc[now["entered_at"] <= moment, [*unit, "depth"]]
    both = waiting.merge(known, on=unit, suffixes=("_then", "_now"))
    came = [int(((both["depth_then"] < step) & (both["depth_now"] >= step)).sum()) for step in forecast["step"]]
    inside = forecast["low"].le(came) & forecast["high"].ge(came)
    inside = inside.astype("boolean").mask(forecast["low"].isna())
    return forecast.assign(as_of=moment, came=came, inside=inside)[_COLUMNS]
