"""How sure a curve is: the band around a probability, and the time at which half are through."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from leadanalytics.errors import OptionError, check_option

__all__ = ["BANDS", "band_around", "check_confidence", "median_of"]

BANDS = ("log-log", "plain")
# What rounding may take from nought, a half or one.
_ROUNDING = 1e-12


def band_around(
    probability: np.ndarray, variance: np.ndarray, at_risk: np.ndarray, *, band: str, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of the pointwise interval of a probability of having converted.

    "plain" is probability -+ z sd, cut to [0, 1]. "log-log" is the same on the scale log(-log(1 - probability)),
    which never leaves [0, 1] (J. D. Kalbfleisch and R. L. Prentice, "The Statistical Analysis of Failure Time Data",
    1980). Where none or all have converted neither has any width, and the open end is Wilson's for the units at risk.
    """
    check_option("band", band, BANDS)
    z = ndtri((1 + confidence) / 2)
    deviation, none, every = np.sqrt(variance), probability <= _ROUNDING, probability >= 1 - _ROUNDING
    if band == "plain":
        low, high = probability - z * deviation, probability + z * deviation
    else:
        base = np.where(none | every, 0.5, 1 - probability)
        factor = np.exp(z * deviation / (base * -np.log(base)))
        low, high = 1 - base ** (1 / factor), 1 - base**factor
    reach = z**2 / (np.maximum(at_risk, 0) + z**2)
    low = np.select([none, every], [0.0, 1 - reach], np.maximum(low, 0))
    high = np.select([none, every], [reach, 1.0], np.minimum(high, 1))
    return np.where(np.isnan(probability), np.nan, low), np.where(np.isnan(probability), np.nan, high)


def check_confidence(confidence: float) -> None:
    """Raise OptionError unless a confidence lies between 0 and 1."""
    if not 0 < confidence < 1:
        raise OptionError("confidence is a share between 0 and 1", found=repr(confidence), next_step="confidence=0.95")


def median_of(times: np.ndarray, probability: np.ndarray) -> np.timedelta64:
    """Return the first time [ns] at which half have converted, NaT where fewer ever do."""
    half = np.flatnonzero(probability >= 0.5 - _ROUNDING)
    return np.timedelta64(int(times[half[0]]), "ns") if len(half) else np.timedelta64("NaT", "ns")
