"""From funnels to a nowcast: how many of the units that are open now will still convert."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import gamma

from leadanalytics.conversion.bands import check_confidence
from leadanalytics.conversion.prospects import prospects
from leadanalytics.conversion.spells import DAY, Spells, tell_groups
from leadanalytics.conversion.transitions import carry, find_moves
from leadanalytics.schema import TEXT

__all__ = ["nowcast"]

# What rounding may leave of no variance.
_ROUNDING = 1e-9


def nowcast(funnels: pd.DataFrame, *, by: str | Sequence[str] | None = None, confidence: float = 0.9) -> pd.DataFrame:
    """Return how many of the units that are open now are expected to still reach each step, with an interval.

    From a funnels frame to one row per (group and) step after the first: step, stage, n that have reached it, open
    units that have not, expected further ones with low and high, and within [days].

    Parameters
    ----------
    funnels : DataFrame
        Made by `build_funnels`; where each offer has its own funnel, the rows of each stand behind a column `funnel`.
    by : str or sequence of str, optional
        Columns to break down by, the largest group first. Each group is judged by its own past alone.
    confidence : float
        Of the interval, for the number that will really come.

    Returns
    -------
    DataFrame
        expected is the sum over the open units of the probability to reach the step given their step and age, from
        the estimate behind `conversion_curve`. It looks as far as *within*: the end of each unit's window, or the age
        of the oldest unit where there is no window or none that old. Units that have not entered yet are not in it.
        low and high span chance (a sum of unlike coin throws, the Poisson binomial) and what is not known of the
        curve (Aalen-Johansen, with the Greenwood-type variance carried along). They are whole numbers, and unknown
        (NaN) where no unit ever reached the step from where the open ones stand, or every one did.

    Raises
    ------
    FrameError
        When a column is missing, or the frame has lost its `attrs`.
    OptionError
        When confidence is not between 0 and 1.

    Examples
    --------
    One of the two who were watched long enough converted on day 20, so one in two of the youngest may.

    >>> day = pd.to_datetime(["2024-06-01", "2024-06-01", "2024-07-01"], utc=True)
    >>> funnels = pd.DataFrame({"depth": [2, 1, 1], "status": ["reached", "dropped", "open"], "entered_step": 1})
    >>> funnels = funnels.assign(entered_at=day, tried=day, bought=pd.to_datetime(["2024-06-21", None, None], utc=True))
    >>> funnels.attrs = {"steps": ["tried", "bought"], "window": "30 days", "as_of": "2024-07-11T00:00:00+00:00"}
    >>> nowcast(funnels)[["stage", "n", "open", "expected", "low", "high"]]
        stage  n  open  expected  low  high
    0  bought  1     1       0.5  0.0   1.0
    """
    check_confidence(confidence)
    result = tell_groups(funnels, by=by, tell=lambda spells: _forecast(spells, confidence))
    result.attrs.update(confidence=confidence)
    return result


def _forecast(spells: Spells, confidence: float) -> pd.DataFrame:
    """Return the nowcast of one group."""
    moves = find_moves(spells)
    units, ages, chance = prospects(spells, moves)
    depth, steps = spells.depth[units], np.arange(1, len(spells.labels))
    waiting = np.array([np.count_nonzero(depth < step) for step in steps], np.int64)
    _, variance = carry(moves, ages, depth)
    expected = np.where(depth[:, None] < steps, chance[:, steps], 0).sum(axis=0)
    spread = (chance * (1 - chance)).sum(axis=0)[steps] + variance[steps]
    low, high = _whole_interval(expected, spread, waiting, confidence)
    return pd.DataFrame(
        {
            "step": steps + 1,
            "stage": pd.array(spells.labels[1:], dtype=TEXT),
            "n": [np.count_nonzero(spells.reached(int(step))) for step in steps],
            "open": waiting,
            "expected": expected,
            "low": low,
            "high": high,
            "within": spells.horizon / DAY,
        }
    )


def _whole_interval(
    mean: np.ndarray, variance: np.ndarray, most: np.ndarray, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the whole numbers that leave at most half of the rest on either side.

    The number is taken as gamma distributed with its mean and variance, read at halves (continuity correction): it
    is skewed as a count is, and never below 0.
    """
    known = (mean > 0) & (variance > _ROUNDING)
    mean, variance = np.where(known, mean, 1), np.where(known, variance, 1)
    ends = []
    for share in ((1 - confidence) / 2, (1 + confidence) / 2):
        end = np.ceil(gamma.ppf(share, mean**2 / variance, scale=variance / mean) - 0.5)
        ends.append(np.where(known, np.clip(end, 0, most), np.where(most == 0, 0, np.nan)))
    return ends[0], ends[1]
