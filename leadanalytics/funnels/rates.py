"""Rates of counts, with the interval in which the true rate may lie."""

from __future__ import annotations

import numpy as np
from scipy.stats import beta

from leadanalytics.errors import check_option

__all__ = ["INTERVALS", "rates_of"]

INTERVALS = ("wilson", "jeffreys")
_Z = 1.959963984540054  # 97.5 % of the normal distribution lie below it


def rates_of(n: np.ndarray, of: np.ndarray, *, interval: str = "wilson") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return n / of, and the lower and the upper ends of its 95 % interval; 0 / 0 is unknown, NaN.

    Parameters
    ----------
    n, of : array of int
        How many, of how many.
    interval : {"wilson", "jeffreys"}
        Wilson's score interval, or the equal-tailed Bayesian interval of Jeffreys' prior.

    References
    ----------
    L. D. Brown, T. T. Cai, A. DasGupta, "Interval estimation for a binomial proportion", Statistical Science 16, 2001,
    101-133.

    Examples
    --------
    >>> rate, low, high = rates_of(np.array([2]), np.array([3]))
    >>> rate.round(4), low.round(4), high.round(4)
    (array([0.6667]), array([0.2077]), array([0.9385]))
    """
    check_option("interval", interval, INTERVALS)
    n, of = np.asarray(n, dtype="float64"), np.asarray(of, dtype="float64")
    of = np.where(of > 0, of, np.nan)
    low, high = _wilson(n, of) if interval == "wilson" else _jeffreys(n, of)
    # The ends of the range belong to the interval, to the last digit too.
    return n / of, np.where(n == 0, 0 * of, low), np.where(n == of, 1.0, high)


def _wilson(n: np.ndarray, of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927."""
    rate, square = n / of, _Z**2
    middle = rate + square / (2 * of)
    half = _Z * np.sqrt(rate * (1 - rate) / of + square / (4 * of**2))
    return (middle - half) / (1 + square / of), (middle + half) / (1 + square / of)


def _jeffreys(n: np.ndarray, of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    # The posterior of a rate under Jeffreys' prior is Beta(n + 1/2, of - n + 1/2).
    low, high = (beta.ppf(tail, n + 0.5, of - n + 0.5) for tail in (0.025, 0.975))
    return low, high
