"""Which days without a lead are too many in a row for chance, at the usual pace of a feed."""

from __future__ import annotations

import numpy as np

__all__ = ["find_silence"]

AROUND = 182  # the days before and after a gap that tell the usual pace: half a year [days]
WEEKDAYS = 7


def find_silence(leads: np.ndarray, weekdays: np.ndarray, *, chance: float) -> np.ndarray:
    """Return which days belong to a silent gap: days without a lead whose run is less probable than chance.

    A gap is a run of days without a lead. Its probability is that of so many silent days in a row, at the usual share
    of silent days in the half year before and after it, so a feed that grows is measured by its own time. The share is
    taken twice, and the larger probability counts: each weekday by itself, for a feed may rest on Sundays; and all
    weekdays that are mostly silent together, and all others, for a few weeks tell little of a single weekday. What
    counts of a day is whether it has any lead, so a burst does not raise the pace. A share is not taken for certain:
    after s silent days among n, the next is silent with probability (s + 1) / (n + 2).

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
        # The days that bound a gap have a lead because they do; they tell nothing of the pace.
        before, after = np.arange(max(start - AROUND, 0), start - 1), np.arange(end + 1, min(end + AROUND, len(leads)))
        around = np.concatenate([before, after])
        silent[start:end] = _probability(weekdays[start:end], weekdays[around], is_silent[around]) < chance
    return silent


def _runs(flags: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where each run of true begins, and where it has ended."""
    edges = np.diff(np.concatenate([[False], flags, [False]]).astype("int8"))
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)


def _probability(gap: np.ndarray, days: np.ndarray, was_silent: np.ndarray) -> float:
    """Return the probability of a gap of some weekdays, after other days that were silent or not."""
    known = np.bincount(days, minlength=WEEKDAYS)
    silent = np.bincount(days[was_silent], minlength=WEEKDAYS)
    length = np.bincount(gap, minlength=WEEKDAYS)
    each, rests = np.arange(WEEKDAYS), (2 * silent >= known).astype("int64")
    return max(
        _of_runs(*(np.bincount(kinds, weights=number) for number in (length, silent, known))) for kinds in (each, rests)
    )


def _of_runs(length: np.ndarray, silent: np.ndarray, known: np.ndarray) -> float:
    """Return the probability of so many silent days of each kind, after some were silent of those known."""
    probability = 1.0
    for days, before, among in zip(length, silent, known):
        # Each day of the gap is one more silent day before the next.
        more = np.arange(days)
        probability *= float(np.prod((before + 1 + more) / (among + 2 + more)))
    return probability
