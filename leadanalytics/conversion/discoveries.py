"""Many comparisons at once: which of them may be called a difference, and how many of those calls are false."""

from __future__ import annotations

import numpy as np
from scipy.stats import false_discovery_control

from leadanalytics.errors import OptionError

__all__ = ["check_minimum", "check_rate", "discovery_adjusted", "held_at"]


def discovery_adjusted(p: np.ndarray) -> np.ndarray:
    """Return p adjusted for all comparisons shown together, of any shape; NaN (not tested) stays NaN.

    Calling a difference where the adjusted p is at most r keeps the expected share of false ones among the
    differences called at r.

    References
    ----------
    Y. Benjamini, Y. Hochberg, "Controlling the false discovery rate: a practical and powerful approach to multiple
    testing", Journal of the Royal Statistical Society B 57, 1995, 289-300.

    Examples
    --------
    >>> discovery_adjusted(np.array([0.01, np.nan, 0.04])).tolist()
    [0.02, nan, 0.04]
    """
    p = np.asarray(p, "float64")
    adjusted, tested = np.full(p.shape, np.nan), ~np.isnan(p)
    if tested.any():
        adjusted[tested] = false_discovery_control(np.clip(p[tested], 0, 1), method="bh")
    return adjusted


def held_at(rate: float) -> str:
    """Return what a verdict must say with it.

    Examples
    --------
    >>> held_at(0.05)
    'false discoveries held at 5 %'
    """
    return f"false discoveries held at {rate * 100:g} %"


def check_rate(rate: float) -> None:
    """Raise unless a rate of false discoveries lies between 0 and 1."""
    if not 0 < rate < 1:
        raise OptionError(
            "false_discovery_rate is a share between 0 and 1", found=repr(rate), next_step="false_discovery_rate=0.05"
        )


def check_minimum(minimum: int) -> None:
    """Raise unless the fewest units for a verdict is a number from 1."""
    if not isinstance(minimum, int | np.integer) or minimum < 1:
        raise OptionError("minimum is a number of units from 1", found=repr(minimum), next_step="minimum=30")
