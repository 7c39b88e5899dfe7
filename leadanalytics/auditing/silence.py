"""Which days without a lead are too many in a row for chance, at the usual pace of a feed."""

from __future__ import annotations

import numpy as np

__all__ = ["find_silence"]

AROUND = 182  # the days before and after a gap that tell the usual pace: half a year [days]
WEEKDAYS = 7


def find_silence(leads: np.ndarray, weekdays: np.ndarray, *, chance: float) -> np.ndarray:
    """Return which days belong to a silent gap: days without a lead whose run is less probable than chance.

    A gap is a run of days without a lead. Its probability is that of so many silent days in a row, each with the usual
    share of silent days on that weekday in the half year before and after the gap; so a feed that rests on Sundays is
    not silent on them, a burst of leads does not raise the pace, and a feed that grows is measured by its own time. The
    share is not taken for certain: after s silent days among n, the next is silent with probability (s + 1) / (n + 2).

    Parameters
    ----------
    leads : array of int
        The leads of each day, day after day.
    weekdays : array of int
        The weekday of each day, from 0 to 6.
    chance : float
        The probability below which a gap is no chance.

    References
    ----------
    W. Feller, "An Introduction to Probability Theory and Its Applications", volume 1, 3rd edition 1968: chapter XIII.7
    on runs, chapter V.2 on Laplace's law of succession.

    Examples
    --------
    >>> leads = np.array([3] * 28 + [0] * 7 + [3] * 28)
    >>> find_silence(leads, np.arange(63) % 7, chance=0.001).sum()
    np.int64(7)
    """
    is_silent = leads == 0
    silent = np.zeros(len(leads), bool)
    for start, end in zip(*_runs(is_silent)):
        before, after = slice(max(start - AROUND, 0), start), slice(end, end + AROUND)
        days = np.concatenate([weekdays[before], weekdays[after]])
        was_silent = np.concatenate([is_silent[before], is_silent[after]])
        silent[start:end] = _probability(weekdays[start:end], days, was_silent) < chance
    return silent


def _runs(flags: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where each run of true begins, and where it has ended."""
    edges = np.diff(np.concatenate([[False], flags, [False]]).astype("int8"))
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)


def _probability(gap: np.ndarray, days: np.ndarray, was_silent: np.ndarray) -> float:
    """Return the probability of a gap of some weekdays, of other days that were silent or not.

    Each day of the gap is one more silent day before the next, as the law of succession wants it.
    """
    known = np.bincount(days, minlength=WEEKDAYS)
    silent = np.bincount(days[was_silent], minlength=WEEKDAYS)
    probability = 1.0
    for weekday, length in enumerate(np.bincount(gap, minlength=WEEKDAYS)):
        more = np.arange(length)
        probability *= float(np.prod((silent[weekday] + 1 + more) / (known[weekday] + 2 + more)))
    return probability
