"""How units move from step to step with the time since their entry: the multi-state estimate of Aalen and Johansen.

Every unit stands at one step at each time that it is watched. At each time at which any unit moves, the share of the
units at a step that move on from it is the increment of a hazard; the product of these increments carries any mass of
units along. Units that move and units that are watched no longer at the same time: the moves come first.

O. O. Aalen and S. Johansen, "An empirical transition matrix for non-homogeneous Markov chains based on censored
observations", Scandinavian Journal of Statistics 5, 1978, 141-150. The covariance is the Greenwood-type one of
P. K. Andersen, O. Borgan, R. D. Gill and N. Keiding, "Statistical Models Based on Counting Processes", 1993, section
IV.4. That the probabilities of standing at a step hold without the Markov property: S. Datta and G. A. Satten,
"Validity of the Aalen-Johansen estimators of stage occupation probabilities and Nelson-Aalen estimators of integrated
transition hazards for non-Markov models", Statistics & Probability Letters 55, 2001, 403-411.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from leadanalytics.conversion.spells import Spells

__all__ = ["Moves", "carry", "chances", "find_moves", "occupy"]


class Moves(NamedTuple):
    """The times at which units move, how many then stand at each step, and which share of them goes where."""

    times: np.ndarray  # [time]: nanoseconds since the entry, rising
    standing: np.ndarray  # [time, step]: units at the step just before
    shares: np.ndarray  # [time, from, to]: the share of them that goes there, or stays


def find_moves(spells: Spells) -> Moves:
    """Return the moves of some units."""
    moved_at, sources, targets = _jumps(spells.entered, spells.depth, spells.arrivals)
    order, leaving = np.argsort(moved_at, kind="stable"), np.argsort(spells.watched, kind="stable")
    times = np.unique(moved_at)
    standing = np.bincount(spells.entered, minlength=len(spells.labels)).astype(np.float64)
    return _count(
        times,
        standing,
        (moved_at[order], sources[order], targets[order]),
        (spells.watched[leaving], spells.depth[leaving]),
    )


def occupy(moves: Moves, spells: Spells) -> tuple[np.ndarray, np.ndarray]:
    """Return, as [time, step], the probability to have reached a step or a later one, and its variance.

    The first row is the time of the entry, before any move; the others are the times of the moves.
    """
    units = len(spells.rows)
    share = np.bincount(spells.entered, minlength=len(spells.labels)) / max(units, 1)
    # Where a unit enters is itself a matter of chance, in an open funnel.
    covariance = (np.diag(share) - np.outer(share, share)) / max(units, 1)
    nobody = np.empty(0, np.int64)
    reached, variance = _carry(moves, share, covariance, nobody, nobody)
    return np.minimum(reached, 1), variance


def carry(moves: Moves, ages: np.ndarray, steps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how many of some units will stand at a step or a later one after the last move, and the variance of that.

    Each of them has waited at its step until its age. The variance is the one of the moves' shares alone.
    """
    order, states = np.argsort(ages, kind="stable"), moves.standing.shape[1]
    nobody = np.zeros(states)
    mass, variance = _carry(moves, nobody, np.zeros((states, states)), ages[order], steps[order])
    late = steps[ages >= moves.times[-1]] if len(moves.times) else steps
    # Whoever is older than the last move is carried nowhere.
    return mass[-1] + np.bincount(late, minlength=states)[::-1].cumsum()[::-1], variance[-1]


def chances(moves: Moves, ages: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Return, as [unit, step], the probability to reach a step after the age up to which a unit stood where it does."""
    return _ahead(moves)[np.searchsorted(moves.times, ages, side="right"), steps]


@njit(cache=True, nogil=True)
def _jumps(entered, depth, arrivals):  # type: ignore[no-untyped-def]
    """Return the moves of all units; steps taken at the same time are one move."""
    most = 0
    for unit in range(len(depth)):
        most += depth[unit] - entered[unit]
    times, sources, targets = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64)
    made = 0
    for unit in range(len(depth)):
        step = entered[unit]
        while step < depth[unit]:
            target = step + 1
            while target < depth[unit] and arrivals[unit, target + 1] == arrivals[unit, target]:
                target += 1
            times[made], sources[made], targets[made] = arrivals[unit, target], step, target
            made += 1
            step = target
    return times[:made], sources[:made], targets[:made]


@njit(cache=True, nogil=True)
def _count(times, standing, moving, leaving):  # type: ignore[no-untyped-def]
    """Return the `Moves` of moves and ends in the order of time."""
    moved_at, sources, targets = moving
    left_at, left_from = leaving
    states = len(standing)
    stood, shares = np.empty((len(times), states)), np.zeros((len(times), states, states))
    moved, left = 0, 0
    for place in range(len(times)):
        while left < len(left_at) and left_at[left] < times[place]:
            standing[left_from[left]] -= 1
            left += 1
        stood[place] = standing
        for state in range(states):
            shares[place, state, state] = standing[state]
        while moved < len(moved_at) and moved_at[moved] == times[place]:
            source, target = sources[moved], targets[moved]
            for state, change in ((source, -1), (target, 1)):
                shares[place, source, state] += change
                standing[state] += change
            moved += 1
        for state in range(states):
            if stood[place, state] > 0:
                shares[place, state] /= stood[place, state]
            else:
                shares[place, state, state] = 1
    return Moves(times, stood, shares)


@njit(cache=True, nogil=True)
def _carry(moves, mass, covariance, ages, steps):  # type: ignore[no-untyped-def]
    """Carry a mass along, to which units are added at their ages; return it and its variance, from each step on."""
    states = len(mass)
    masses, variances = np.empty((len(moves.times) + 1, states)), np.empty((len(moves.times) + 1, states))
    _note(mass, covariance, masses[0], variances[0])
    added = 0
    for place in range(len(moves.times)):
        mass = mass.copy()
        while added < len(ages) and ages[added] < moves.times[place]:
            mass[steps[added]] += 1
            added += 1
        mass, covariance = _move(moves.shares[place], moves.standing[place], mass, covariance)
        _note(mass, covariance, masses[place + 1], variances[place + 1])
    return masses, variances


@njit(cache=True, nogil=True)
def _move(shares, standing, mass, covariance):  # type: ignore[no-untyped-def]
    """Return a mass and its covariance after the moves of one time.

    With S the shares, the covariance C becomes S' C S; on top comes what the shares themselves are unsure of, as
    those of a multinomial: mass(h)^2 (diag(S_h) - S_h' S_h) / standing(h) for each step h that units leave.
    """
    states = len(mass)
    moved, half, spread = np.zeros(states), np.zeros((states, states)), np.zeros((states, states))
    for source in range(states):
        for target in range(source, states):
            moved[target] += mass[source] * shares[source, target]
            for other in range(states):
                half[other, target] += covariance[other, source] * shares[source, target]
    for source in range(states):
        for target in range(source, states):
            for other in range(states):
                spread[target, other] += shares[source, target] * half[source, other]
        if shares[source, source] < 1:
            scale = mass[source] ** 2 / standing[source]
            for target in range(source, states):
                spread[target, target] += scale * shares[source, target]
                for other in range(source, states):
                    spread[target, other] -= scale * shares[source, target] * shares[source, other]
    return moved, spread


@njit(cache=True, nogil=True)
def _note(mass, covariance, reached, variance):  # type: ignore[no-untyped-def]
    """Write down the mass at each step or a later one, and its variance."""
    total, spread = 0.0, 0.0
    for step in range(len(mass) - 1, -1, -1):
        total += mass[step]
        spread += covariance[step, step]
        for later in range(step + 1, len(mass)):
            spread += covariance[step, later] + covariance[later, step]
        reached[step], variance[step] = total, max(spread, 0.0)


@njit(cache=True, nogil=True)
def _ahead(moves):  # type: ignore[no-untyped-def]
    """Return, as [move, from, step], the chance to reach a step with this move or a later one."""
    moved, states = len(moves.times), moves.standing.shape[1]
    ahead = np.zeros((moved + 1, states, states))
    for state in range(states):
        ahead[moved, state, : state + 1] = 1
    for place in range(moved - 1, -1, -1):
        for source in range(states):
            for target in range(source, states):
                ahead[place, source] += moves.shares[place, source, target] * ahead[place + 1, target]
    return ahead
