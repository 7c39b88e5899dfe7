"""Rates and what they differ by: intervals and a test that keep their meaning with few units."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import hypergeom, norm

__all__ = ["contrast", "mid_p_fisher", "newcombe", "wilson"]

# Tables as likely as the observed one differ from it by rounding alone.
_ROUNDING = 1 + 1e-7
_Z = float(norm.ppf(0.975))


def wilson(reached: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of Wilson's 95 % interval of reached / n; NaN for n = 0.

    References
    ----------
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
    Statistical Association 22, 1927, 209-212.

    Examples
    --------
    >>> low, high = wilson(np.array([0, 2]), np.array([5, 3]))
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0, 0.2077], [0.4345, 0.9385])
    """
    n = np.where(np.asarray(n) > 0, n, np.nan)
    rate = np.asarray(reached) / n
    middle = rate + _Z**2 / (2 * n)
    half = _Z * np.sqrt(rate * (1 - rate) / n + _Z**2 / (4 * n**2))
    scale = 1 + _Z**2 / n
    # At none and at all the ends are 0 and 1, which rounding would miss.
    return np.where(rate == 0, 0, (middle - half) / scale), np.where(rate == 1, 1, (middle + half) / scale)


def newcombe(
    reached: np.ndarray, n: np.ndarray, others_reached: np.ndarray, others_n: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of Newcombe's 95 % interval of reached / n − others_reached / others_n.

    With the rates p and q, their Wilson intervals [l, u] and [m, v], and d = p − q, the ends are
    d − √((p − l)² + (v − q)²) and d + √((u − p)² + (q − m)²).

    References
    ----------
    R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven
    methods", Statistics in Medicine 17, 1998, 873-890, method 10.

    Examples
    --------
    >>> low, high = newcombe(np.array([56]), np.array([70]), np.array([48]), np.array([80]))
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0524], [0.3339])
    """
    low, high = wilson(reached, n)
    others_low, others_high = wilson(others_reached, others_n)
    rate, others = _rate(reached, n), _rate(others_reached, others_n)
    down = np.sqrt((rate - low) ** 2 + (others_high - others) ** 2)
    up = np.sqrt((high - rate) ** 2 + (others - others_low) ** 2)
    return rate - others - down, rate - others + up


def mid_p_fisher(reached: int, n: int, others_reached: int, others_n: int) -> float:
    """Return the two-sided mid-p of Fisher's exact test of two rates; NaN where either has no units.

    Given both totals, the number reached among the n is hypergeometric. The p is the probability of every number that
    is no more likely than the one observed, less half the probability of that one:
    p = Σ P(x) over P(x) ≤ P(reached), − P(reached) / 2.

    References
    ----------
    H. O. Lancaster, "Significance tests in discrete distributions", Journal of the American Statistical Association
    56, 1961, 223-234. S. Lydersen, M. W. Fagerland, P. Laake, "Recommended tests for association in 2 × 2 tables",
    Statistics in Medicine 28, 2009, 1159-1175.

    Examples
    --------
    >>> round(mid_p_fisher(3, 4, 1, 4), 4)  # the lady tasting tea: 34/70 - 16/140
    0.3714
    """
    if n == 0 or others_n == 0:
        return np.nan
    every = reached + others_reached
    possible = np.arange(max(0, every - others_n), min(n, every) + 1)
    likelihood = hypergeom.pmf(possible, n + others_n, every, n)
    observed = likelihood[reached - possible[0]]
    return float(min(1.0, likelihood[likelihood <= observed * _ROUNDING].sum() - observed / 2))


def contrast(counts: pd.DataFrame, *, tested: np.ndarray) -> pd.DataFrame:
    """Return the rates of values and of the others, their difference with its interval, and p where it is tested.

    From n, reached, others_n and others_reached to those, rate, rate_low, rate_high, others_rate, difference,
    difference_low, difference_high and p.
    """
    n, reached = counts["n"].to_numpy(), counts["reached"].to_numpy()
    others_n, others_reached = counts["others_n"].to_numpy(), counts["others_reached"].to_numpy()
    low, high = wilson(reached, n)
    difference_low, difference_high = newcombe(reached, n, others_reached, others_n)
    # Row by row: each test sums over its own range of tables, and there are few rows.
    tables = zip(reached, n, others_reached, others_n, tested)
    p = [mid_p_fisher(*map(int, table)) if test else np.nan for *table, test in tables]
    return counts.assign(
        rate=_rate(reached, n),
        rate_low=low,
        rate_high=high,
        others_rate=_rate(others_reached, others_n),
        difference=_rate(reached, n) - _rate(others_reached, others_n),
        difference_low=difference_low,
        difference_high=difference_high,
        p=np.array(p, "float64"),
    )


def _rate(reached: np.ndarray, n: np.ndarray) -> np.ndarray:
    return np.asarray(reached) / np.where(np.asarray(n) > 0, n, np.nan)
