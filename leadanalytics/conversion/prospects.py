"""What each open unit may still do: the probability to reach each step, given how long it has stood where it does."""

from __future__ import annotations

import numpy as np

from leadanalytics.conversion.spells import Spells
from leadanalytics.conversion.transitions import Moves, chances

__all__ = ["open_ages", "prospects"]


def open_ages(spells: Spells) -> tuple[np.ndarray, np.ndarray]:
    """Return which units are open, and the age [ns since the entry] of each.

    A unit that is open although the window of its chain has ended has entered again. When, funnels do not tell: the
    middle of the window stands for it.
    """
    units = np.flatnonzero(spells.is_open & (spells.depth < len(spells.labels) - 1))
    ages = spells.ages[units]
    if spells.window is not None:
        ages = np.where(ages >= spells.window, spells.window // 2, ages)
    return units, ages


def prospects(spells: Spells, moves: Moves) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the open units, their ages, and as [unit, step] the probability that each still reaches a step in time.

    In time is by the end of the window, or by the longest time that any unit was watched. The probability to reach a
    step that the unit has reached is 1.
    """
    units, ages = open_ages(spells)
    return units, ages, chances(moves, ages, spells.depth[units])
