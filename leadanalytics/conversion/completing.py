"""What the units of some periods come to by the end of their window: what is seen, and a forecast of what is not."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtri

from leadanalytics.conversion.prospects import prospects
from leadanalytics.conversion.spells import Spells, read_spells
from leadanalytics.conversion.transitions import carry, find_moves

__all__ = ["Completed", "complete_shares"]

_Z = float(ndtri(0.975))
_ROUNDING = 1e-9


class Completed(NamedTuple):
    """As [cell, step], the share of the units that reaches the step by the end of the window, and its interval."""

    share: np.ndarray
    low: np.ndarray
    high: np.ndarray


class _Forecast(NamedTuple):
    """As [cell, step], what is told of the units that are open."""

    expected: np.ndarray  # how many of them will have reached the step
    variance: np.ndarray  # of expected, by what is not known of the shares that it was made from
    is_known: np.ndarray  # whether any unit was watched to the end of the window


def complete_shares(funnels: pd.DataFrame, *, pools: np.ndarray, cells: np.ndarray, number: int) -> Completed:
    """Return the share of each cell's units that reaches each step by the end of the window.

    It is (reached + the sum over the open units of the probability to reach the step in time) / all. The probability,
    given step and age, is the one of `nowcast`, told by all units of the cell's pool. It is unknown (NaN) where units
    are open and none of the pool was ever watched to the end of the window, or there is none.

    The 95 % interval is Wilson's, as if all units had been seen to the end, for fewer units: as many fewer as the
    forecast makes the share more unsure. So it is `count_stages`' own where nobody is open.

    Parameters
    ----------
    funnels : DataFrame
        Made by `build_funnels`.
    pools : array of int
        Which units tell of one another's unseen days: a number from 0 for each row.
    cells : array of int
        The cell of each row, each within one pool.
    number : int
        How many cells there are.
    """
    spells = read_spells(funnels)
    pools, cells = pools[spells.rows], cells[spells.rows]
    units = np.bincount(cells, minlength=number)[:, None]
    seen = np.zeros((number, len(spells.labels)))
    forecast = _Forecast(seen.copy(), seen.copy(), np.ones_like(seen, bool))
    for pool in np.unique(pools):
        _tell_pool(spells.of(pools == pool), cells[pools == pool], seen, forecast)
    with np.errstate(invalid="ignore"):
        share = np.where(forecast.is_known, (seen + forecast.expected) / units, np.nan)
        return Completed(share, *_interval(share, units, forecast.variance))


def _tell_pool(spells: Spells, cells: np.ndarray, seen: np.ndarray, forecast: _Forecast) -> None:
    """Write down what is seen of the units of a pool, and what is forecast of those that are open."""
    moves = find_moves(spells)
    units, ages, chance = prospects(spells, moves)
    steps, is_settled = np.arange(len(spells.labels)), np.ones(len(cells), bool)
    is_settled[units] = False
    np.add.at(seen, cells[is_settled], spells.depth[is_settled, None] >= steps)
    has_seen_all = spells.window is not None and spells.horizon >= spells.window
    evidence = np.array([spells.evidence(step, np.array([spells.horizon]))[0] for step in range(len(steps))])
    for cell in np.unique(cells[units]):
        own = cells[units] == cell
        depth = spells.depth[units][own]
        waiting = np.count_nonzero(depth[:, None] < steps, axis=0)
        expected = chance[own].sum(axis=0)
        forecast.expected[cell] = expected
        forecast.is_known[cell] = has_seen_all | (waiting == 0)
        variance = carry(moves, ages[own], depth)[1]
        forecast.variance[cell] = _unsure(variance, expected - (len(depth) - waiting), waiting, evidence)


def _unsure(variance: np.ndarray, coming: np.ndarray, waiting: np.ndarray, evidence: np.ndarray) -> np.ndarray:
    """Return the variance of what is coming; where none or all come it shows none, and the few that told it count."""
    rate = (np.where(coming > waiting / 2, evidence, 0) + 2) / (evidence + 4)
    few = waiting**2 * rate * (1 - rate) / np.maximum(evidence, 1)
    is_certain = (coming < _ROUNDING) | (coming > waiting - _ROUNDING)
    return np.where(is_certain, few, variance)


def _interval(share: np.ndarray, units: np.ndarray, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return Wilson's interval for as many units as would leave a share so unsure."""
    middle = (share * units + 2) / (units + 4)
    own = middle * (1 - middle) / units
    told = units * own / (own + variance / units**2)
    centre = (share + _Z**2 / (2 * told)) / (1 + _Z**2 / told)
    reach = _Z * np.sqrt(np.maximum(share * (1 - share), 0) / told + _Z**2 / (4 * told**2)) / (1 + _Z**2 / told)
    low, high = np.maximum(centre - reach, 0), np.minimum(centre + reach, 1)
    return low, high
