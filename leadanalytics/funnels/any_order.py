"""The compiled pass over sorted leads for steps in any order: the most different steps inside one window.

Each lead serves one step, so the leads of a window take as many steps as a matching of leads to steps can hold. A
window that begins with each lead in turn slides over the unit; of each stage it keeps the number of leads, since more
leads of a stage than there are steps add nothing. The cost is leads times the size of the matching, whatever the
window.

Inside the window that is told, each lead that raises the number of steps is the one that takes the next. Sets of
leads that can be matched form a matroid, so no other choice takes as many steps sooner. (J. Edmonds, D. R. Fulkerson,
"Transversals and matroid partition", Journal of Research of the National Bureau of Standards 69B, 1965, 147-153.)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from leadanalytics.funnels.engine import NEVER, no_walks

__all__ = ["walk_any_order"]

NOBODY = -1


class _Desk(NamedTuple):
    """Room to work in, made once for all units."""

    leads: np.ndarray  # [stage]: how many leads of the window
    owners: np.ndarray  # [step]: the stage whose lead takes the step, -1 for none
    asked_by: np.ndarray  # [step]: the stage that asks for it, -1 for none
    leaves: np.ndarray  # [stage]: the step that its lead would leave, -1 for the lead that has none yet
    queue: np.ndarray  # the stages that ask, in order


@njit(cache=True, nogil=True)
def walk_any_order(bounds, times, stages, rules):  # type: ignore[no-untyped-def]
    """Return the `Walks` of units whose leads lie between consecutive bounds, sorted by time.

    Every lead serves a step, and the step numbers are how many steps were taken by then.
    """
    units, (steps, kinds) = len(bounds) - 1, rules.serves.shape
    walks = no_walks(units, steps)
    desk = _Desk(
        np.empty(kinds, np.int64),
        np.empty(steps, np.int64),
        np.empty(steps, np.int64),
        np.empty(kinds, np.int64),
        np.empty(kinds, np.int64),
    )
    for unit in range(units):
        low, high = bounds[unit], bounds[unit + 1]
        first, last = _entry_span(low, high, times, rules)
        if last != NEVER:
            row = _fullest_window(low, high, first, last, times, stages, rules, desk)
            depth = _take_steps(row, high, times, stages, rules, desk, walks.step_times[unit])
            walks.depths[unit], walks.entered_steps[unit], walks.entry_rows[unit] = depth, 1, row
            walks.open[unit] = depth < steps and rules.as_of - last < rules.window
    return walks


@njit(cache=True, nogil=True)
def _entry_span(low, high, times, rules):  # type: ignore[no-untyped-def]
    """Return the first and the last time at which a lead is an entry."""
    first, last = NEVER, NEVER
    for row in range(low, high):
        if rules.entered_from <= times[row] < rules.entered_to:
            first = times[row] if first == NEVER else first
            last = first if rules.first_only else times[row]
    return first, last


@njit(cache=True, nogil=True)
def _fullest_window(low, high, first, last, times, stages, rules, desk):  # type: ignore[no-untyped-def]
    """Return the first lead of the window to tell, of those with the most steps."""
    most, fullest = 0, NOBODY
    desk.leads[:] = 0
    begin, end = low, low
    while begin < high and times[begin] <= last:
        while end < high and times[end] - times[begin] <= rules.window:
            desk.leads[stages[end]] += 1
            end += 1
        begins_group = begin == low or times[begin - 1] != times[begin]
        if begins_group and times[begin] >= first and (rules.latest or most < len(desk.owners)):
            steps = _steps_held(rules, desk)
            if steps > most or (steps == most and rules.latest):
                most, fullest = steps, begin
        desk.leads[stages[begin]] -= 1
        begin += 1
    return fullest


@njit(cache=True, nogil=True)
def _steps_held(rules, desk):  # type: ignore[no-untyped-def]
    """Return how many steps the leads of the window can take."""
    desk.owners[:] = NOBODY
    steps = 0
    for stage in range(len(desk.leads)):
        # What one lead of a stage cannot have, another of it cannot either.
        waiting = desk.leads[stage]
        while waiting > 0 and _take_step(stage, rules, desk):
            steps += 1
            waiting -= 1
    return steps


@njit(cache=True, nogil=True)
def _take_steps(row, high, times, stages, rules, desk, step_times):  # type: ignore[no-untyped-def]
    """Write down when the window that begins with a lead has one step more, and return how many it has."""
    desk.owners[:] = NOBODY
    steps, start = 0, times[row]
    while row < high and steps < len(step_times) and times[row] - start <= rules.window:
        if _take_step(stages[row], rules, desk):
            step_times[steps] = times[row]
            steps += 1
        row += 1
    return steps


@njit(cache=True, nogil=True)
def _take_step(stage, rules, desk):  # type: ignore[no-untyped-def]
    """Give a lead of a stage a step of its own, moving others to another step where that helps.

    An augmenting path of bipartite matching; H. W. Kuhn, "The Hungarian method for the assignment problem", 1955.
    """
    desk.asked_by[:] = NOBODY
    desk.leaves[:] = NOBODY
    desk.queue[0] = stage
    asking, asked = 1, 0
    while asked < asking:
        asker = desk.queue[asked]
        asked += 1
        for step in range(len(desk.owners)):
            if rules.serves[step, asker] and desk.asked_by[step] == NOBODY:
                desk.asked_by[step] = asker
                owner = desk.owners[step]
                if owner == NOBODY:
                    _hand_over(step, stage, desk)
                    return True
                if owner != stage and desk.leaves[owner] == NOBODY:
                    desk.leaves[owner] = step
                    desk.queue[asking] = owner
                    asking += 1
    return False


@njit(cache=True, nogil=True)
def _hand_over(step, stage, desk):  # type: ignore[no-untyped-def]
    """Hand a free step to the stage that asked for it, then the step that this one leaves, down to the new lead."""
    desk.owners[step] = desk.asked_by[step]
    while desk.owners[step] != stage:
        step = desk.leaves[desk.owners[step]]
        desk.owners[step] = desk.asked_by[step]
