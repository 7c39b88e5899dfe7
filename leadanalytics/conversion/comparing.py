"""Each value of a breakdown against the others: rates, times, and how sure it is that they differ."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadanalytics.conversion.discoveries import check_minimum, check_rate, discovery_adjusted, held_at
from leadanalytics.conversion.log_rank import log_rank
from leadanalytics.conversion.outcomes import Outcomes, breakdown, outcomes_at, tally
from leadanalytics.conversion.proportions import contrast
from leadanalytics.errors import check_option
from leadanalytics.schema import TEXT

__all__ = ["compare"]


def compare(
    funnels: pd.DataFrame,
    *,
    by: str,
    step: str | int | None = None,
    against: str | None = None,
    minimum: int = 30,
    false_discovery_rate: float = 0.05,
) -> pd.DataFrame:
    """Return one row per value of a breakdown: its rate, what it differs by from the others, and how sure that is.

    From depth, status, entered_step, entered_at, the time of the step and `by`, to one row per value, the largest
    first. The rates count units whose window has ended; the times count all units, each for as long as it was seen.

    Parameters
    ----------
    funnels : DataFrame
        Made by `build_funnels`, the units of one funnel (`split_funnels` parts those of several). With a window and
        entry="first" all units had the same time to reach the step; without a window the rates are rates so far, and
        only the times are fair to values that came later.
    by : str
        A column of the unit, or carried along by `build_funnels(by=...)`. A missing value counts as "(missing)".
    step : str or int, optional
        The step to reach, its label or number from 2; the last by default. Only units that entered before it count.
    against : str, optional
        The value that all are compared with; all the other values together by default.
    minimum : int
        The fewest units, of the value and of what it is compared with, for a verdict.
    false_discovery_rate : float
        The expected share of false verdicts among the differences called.

    Returns
    -------
    DataFrame
        The value; n, reached, rate with rate_low and rate_high (Wilson, 95 %); others_n, others_reached, others_rate;
        difference with difference_low and difference_high (rate − others_rate, Newcombe, 95 %); p_rate (Fisher's exact
        test, two-sided mid-p) and p_time (log-rank); q_rate and q_time, those adjusted over all that are shown
        (Benjamini and Hochberg); excess, how many more reached the step than if all were alike in time; enough; and
        verdict, in words. p and q are NaN where there are not enough units.

        `attrs` hold the definition of the funnel and `base`, which says who is counted.

    Raises
    ------
    FrameError
        When a column is missing, the frame has lost its `attrs`, or its units are of several funnels.
    OptionError
        When there is no such step or value, or a number is out of its range.

    References
    ----------
    `mid_p_fisher`, `newcombe`, `log_rank` and `discovery_adjusted`, modules of this package, name their sources.

    Examples
    --------
    >>> entered = pd.to_datetime(["2024-06-01"] * 80, utc=True)
    >>> depth = [2] * 30 + [1] * 10 + [2] * 10 + [1] * 30
    >>> funnels = pd.DataFrame({"country": ["DE"] * 40 + ["US"] * 40, "depth": depth, "entered_step": 1})
    >>> funnels = funnels.assign(entered_at=entered, status=funnels["depth"].map({2: "reached", 1: "dropped"}))
    >>> funnels["Get it now"] = funnels["entered_at"].where(funnels["depth"] == 2)
    >>> funnels.attrs = {"steps": ["Test drive", "Get it now"], "window": "7 days", "as_of": "2024-06-30 00:00+00:00"}
    >>> compare(funnels, by="country")[["country", "n", "rate", "others_rate", "verdict"]].to_dict("records")[0]
    {'country': 'DE', 'n': 40, 'rate': 0.75, 'others_rate': 0.25, 'verdict': 'higher rate, sooner than the others ...'}
    """
    check_minimum(minimum)
    check_rate(false_discovery_rate)
    outcomes = outcomes_at(funnels, step)
    counts = tally(outcomes, by)
    if against is not None:
        check_option("against", against, counts.index)
    counts = _beside_others(counts, against)
    enough = (counts[["n", "others_n"]] >= minimum).all(axis=1).to_numpy()
    result = contrast(counts, tested=enough)
    times = _times(outcomes, breakdown(outcomes.units, by), counts.index, against, enough)
    result["p_rate"], result["p_time"], result["excess"] = result.pop("p"), times[:, 1], times[:, 0]
    result[["q_rate", "q_time"]] = discovery_adjusted(result[["p_rate", "p_time"]].to_numpy())
    result["enough"] = enough
    result["verdict"] = pd.array(_verdicts(result, against, minimum, false_discovery_rate), dtype=TEXT)
    result = result.rename_axis(by).reset_index()
    result.attrs = {**funnels.attrs, "by": [by], "step": outcomes.step, "base": outcomes.base()}
    return result


def _beside_others(counts: pd.DataFrame, against: str | None) -> pd.DataFrame:
    """Return counts with those of what each value is compared with; nothing is compared with itself."""
    if against is None:
        others = counts.sum() - counts
    else:
        others = pd.DataFrame([counts.loc[against]] * len(counts), index=counts.index)
        others.loc[against] = 0
    return counts.join(others.add_prefix("others_"))


def _times(
    outcomes: Outcomes, values: pd.Series, shown: pd.Index, against: str | None, enough: np.ndarray
) -> np.ndarray:
    """Return the excess and the p of the log-rank test of each value shown, NaN where there are not enough units."""
    result = np.full((len(shown), 2), np.nan)
    for row in np.flatnonzero(enough):
        inside = (values == shown[row]).to_numpy()
        both = inside | (values == against).to_numpy() if against is not None else np.ones(len(values), bool)
        result[row] = log_rank(outcomes.days[both], outcomes.reached[both], inside[both])
    return result


def _verdicts(result: pd.DataFrame, against: str | None, minimum: int, false_discovery_rate: float) -> list[str]:
    """Return in words what each row shows; a difference is never called without the rate of false ones."""
    them, verdicts = against if against is not None else "the others", []
    for value, row in zip(result.index, result.to_dict("records")):
        found = []
        if row["q_rate"] <= false_discovery_rate:
            found.append("higher rate" if row["difference"] > 0 else "lower rate")
        if row["q_time"] <= false_discovery_rate:
            found.append("sooner" if row["excess"] > 0 else "later")
        if value == against:
            verdicts.append("what the others are compared with")
        elif not row["enough"]:
            verdicts.append(f"not judged: fewer than {minimum}")
        elif found:
            verdicts.append(f"{', '.join(found)} than {them} ({held_at(false_discovery_rate)})")
        else:
            verdicts.append(f"no difference from {them} shown ({held_at(false_discovery_rate)})")
    return verdicts
