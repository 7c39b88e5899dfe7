"""Whether one group reaches a step sooner than another, when not all have been watched to the end."""

from __future__ import annotations

import numpy as np
from scipy.stats import chi2

__all__ = ["log_rank"]


def log_rank(durations: np.ndarray, reached: np.ndarray, inside: np.ndarray) -> tuple[float, float]:
    """Return how many more of a group reached the step than expected, and the two-sided p of the log-rank test.

    At each time at which d of n units at risk reach the step, a group with m units at risk expects d m / n of them,
    with variance d (m / n) (1 − m / n) (n − d) / (n − 1). The square of observed − expected over the sum of the
    variances is χ² with one degree of freedom. Units that reach the step at a time come before those last seen then.

    Parameters
    ----------
    durations : array of float
        From the entry to the step, or to when the unit was last seen.
    reached : array of bool
        Whether the step was reached then.
    inside : array of bool
        Which units are the group; the others are compared with it.

    Returns
    -------
    tuple of float
        Observed − expected (above zero: sooner), and p; p is NaN where nothing tells them apart.

    References
    ----------
    N. Mantel, "Evaluation of survival data and two new rank order statistics arising in its consideration", Cancer
    Chemotherapy Reports 50, 1966, 163-170.

    Examples
    --------
    >>> durations, reached = np.array([1.0, 2, 3, 4]), np.array([True, True, True, False])
    >>> excess, p = log_rank(durations, reached, np.array([True, True, False, False]))
    >>> round(excess, 4), round(p, 4)
    (1.1667, 0.0896)
    """
    times, events = np.unique(durations[reached], return_counts=True)
    at_risk = _at_risk(durations, times)
    group_at_risk = _at_risk(durations[inside], times)
    share = group_at_risk / at_risk
    excess = float(np.count_nonzero(reached & inside) - (events * share).sum())
    several = at_risk > 1
    spread = events * share * (1 - share) * (at_risk - events)
    variance = float((spread[several] / (at_risk[several] - 1)).sum())
    return excess, float(chi2.sf(excess**2 / variance, 1)) if variance > 0 else np.nan


def _at_risk(durations: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return how many units are still at risk just before each of some times."""
    return len(durations) - np.searchsorted(np.sort(durations), times, side="left")
