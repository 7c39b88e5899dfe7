"""From funnels to rates: what is counted now, what the finished units say, and what all of them say together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from leadanalytics.conversion.bands import band_around, check_confidence, median_of
from leadanalytics.conversion.spells import DAY, Spells, tell_groups
from leadanalytics.conversion.transitions import find_moves, occupy
from leadanalytics.schema import TEXT

__all__ = ["conversion_rates"]


def conversion_rates(
    funnels: pd.DataFrame, *, by: str | Sequence[str] | None = None, band: str = "log-log", confidence: float = 0.95
) -> pd.DataFrame:
    """Return three rates for each step side by side: naive, of the mature units only, and aware of the unfinished.

    From a funnels frame to one row per (group and) step: step, stage, n, naive, mature, mature_only, within [days],
    censoring_aware with low and high, and median.

    Parameters
    ----------
    funnels : DataFrame
        Made by `build_funnels`; where each offer has its own funnel, the rows of each stand behind a column `funnel`.
    by : str or sequence of str, optional
        Columns to break down by, the largest group first.
    band : {"log-log", "plain"}
        How the interval is made, as in `conversion_curve`.
    confidence : float
        Of the interval.

    Returns
    -------
    DataFrame
        n counts the units that reached the step, as `count_stages` does, and naive is n of the first step's: it counts
        who can still convert as lost. mature_only is the same share among the *mature* units, those whose window had
        ended by as_of and that have not entered again since; without a window there are none, and it is NaN.
        censoring_aware is `conversion_curve` at the time *within*: the end of the window, or the longest time that any
        unit was watched where that is shorter. median is the time at which half of all that entered have reached the
        step; NaT says that it is not reached.

    Raises
    ------
    FrameError
        When a column is missing, or the frame has lost its `attrs`.
    OptionError
        When an argument has a value that is not one of its options.

    Examples
    --------
    >>> day = pd.to_datetime(["2024-06-01", "2024-06-01", "2024-07-01"], utc=True)
    >>> funnels = pd.DataFrame({"depth": [2, 1, 1], "status": ["reached", "dropped", "open"], "entered_step": 1})
    >>> funnels = funnels.assign(entered_at=day, tried=day, bought=pd.to_datetime(["2024-06-21", None, None], utc=True))
    >>> funnels.attrs = {"steps": ["tried", "bought"], "window": "30 days", "as_of": "2024-07-11T00:00:00+00:00"}
    >>> conversion_rates(funnels).loc[1, ["n", "naive", "mature_only", "censoring_aware"]].tolist()
    [1.0, 0.3333333333333333, 0.5, 0.5]
    """
    check_confidence(confidence)
    rates = tell_groups(funnels, by=by, tell=lambda spells: _rates(spells, band, confidence))
    rates.attrs.update(band=band, confidence=confidence)
    return rates


def _rates(spells: Spells, band: str, confidence: float) -> pd.DataFrame:
    """Return the rates of one group."""
    steps = range(len(spells.labels))
    moves = find_moves(spells)
    probability, variance = occupy(moves, spells)
    if not len(spells.rows):
        probability = np.full_like(probability, np.nan)
    evidence = np.array([spells.evidence(step, np.array([spells.horizon]))[0] for step in steps])
    low, high = band_around(probability[-1], variance[-1], evidence, band=band, confidence=confidence)
    low[0] = high[0] = probability[-1, 0]
    times = np.append(0, moves.times)
    mature = spells.of(spells.is_mature)
    return pd.DataFrame(
        {
            "step": np.arange(1, len(spells.labels) + 1),
            "stage": pd.array(spells.labels, dtype=TEXT),
            "n": [np.count_nonzero(spells.reached(step)) for step in steps],
            "naive": [_share(spells, step) for step in steps],
            "mature": len(mature.rows),
            "mature_only": [_share(mature, step) for step in steps],
            "within": spells.horizon / DAY,
            "censoring_aware": probability[-1],
            "low": low,
            "high": high,
            "median": np.array([median_of(times, probability[:, step]) for step in steps]),
        }
    )


def _share(spells: Spells, step: int) -> float:
    return float(spells.reached(step).mean()) if len(spells.rows) else np.nan
