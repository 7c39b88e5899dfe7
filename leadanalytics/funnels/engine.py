"""The compiled pass over sorted leads that finds each unit's deepest chain of steps.

A *chain* is a run of different leads that serve consecutive steps, in the order of time. A *group* is the leads of
one unit at one instant. Two facts make one pass exact:

- From a given entry, taking each step as early as possible is best: a group never carries a chain that stands at a
  lower step past one that stands at a higher step. So all entries of a unit can be carried along together, and an
  earlier entry never stands behind a later one.
- Therefore the first entry that reaches a step inside its window is the earliest one that ever does.

The cost is leads times steps, and steps times that where a unit may enter at any step; the window does not matter.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

__all__ = ["NEVER", "Rules", "Walks", "order_by", "walk_units"]

# No such time: what numpy and pandas read as NaT.
NEVER = np.iinfo(np.int64).min


class Rules(NamedTuple):
    """What the pass must know of a funnel's definition; times in nanoseconds."""

    serves: np.ndarray  # [step, stage]: does a lead of this stage serve this step
    window: int  # from the entry to any later step, inclusive
    entered_from: int  # entries before this time are none
    entered_to: int  # nor are entries at this time or after
    any_step: bool  # a unit may enter at any step, not only the first
    first_only: bool  # only the first entry counts
    strict: bool  # time must increase from step to step


class Walks(NamedTuple):
    """How far each unit went; steps are numbered from 1."""

    depths: np.ndarray  # the furthest step reached, 0 for none
    entered_steps: np.ndarray  # the step of the entry, 0 for none
    entry_rows: np.ndarray  # the lead of the entry, -1 for none
    last_entries: np.ndarray  # the time of the last entry that could still lead on
    step_times: np.ndarray  # [unit, step]: when the chain took the step


class _Desk(NamedTuple):
    """Room to work in, made once for all units."""

    starts: np.ndarray  # the times of the unit's entries, in order
    passed: np.ndarray  # [step]: how many of them have got as far as this step
    found: np.ndarray  # [step]: the earliest of them that did so inside its window
    free: np.ndarray  # [stage]: how many leads of the group serve no step yet
    seats: np.ndarray  # [step]: the stage whose lead serves the step, -1 for none
    asked_by: np.ndarray  # [stage]: the step that asks it for a lead, -1 for none
    queue: np.ndarray  # the stages asked, in order


@njit(cache=True, nogil=True)
def order_by(codes, order, distinct):  # type: ignore[no-untyped-def]
    """Return an order of rows sorted by codes in [0, distinct), equal codes left in their order (a counting sort)."""
    places = np.zeros(distinct + 1, np.int64)
    for code in codes:
        places[code + 1] += 1
    places = np.cumsum(places)
    result = np.empty_like(order)
    for row in order:
        result[places[codes[row]]] = row
        places[codes[row]] += 1
    return result


@njit(cache=True, nogil=True)
def walk_units(bounds, times, stages, rules):  # type: ignore[no-untyped-def]
    """Return the `Walks` of units whose leads lie between consecutive bounds, sorted by time."""
    units, steps = len(bounds) - 1, len(rules.serves)
    walks = Walks(
        np.zeros(units, np.int64),
        np.zeros(units, np.int64),
        np.full(units, -1, np.int64),
        np.full(units, NEVER, np.int64),
        np.full((units, steps), NEVER, np.int64),
    )
    desk = _make_desk(bounds, rules)
    entry_steps = steps if rules.any_step else 1
    for unit in range(units):
        low, high = bounds[unit], bounds[unit + 1]
        took_entry_step, first, last = _entry_span(low, high, times, stages, rules)
        if not took_entry_step:
            if rules.entered_from <= times[low] < rules.entered_to:
                step, row = _first_seen(low, high, times, stages, rules)
                walks.entered_steps[unit], walks.entry_rows[unit] = step + 1, row
            continue
        if last == NEVER:
            continue
        depth, start, entry_step = 0, NEVER, 0
        for step in range(entry_steps):
            reached, began = _deepest(step, low, high, first, last, times, stages, rules, desk)
            if reached > depth or (reached == depth > 0 and began < start):
                depth, start, entry_step = reached, began, step
        walks.depths[unit], walks.entered_steps[unit], walks.last_entries[unit] = depth, entry_step + 1, last
        walks.entry_rows[unit] = _follow(
            entry_step, start, low, high, times, stages, rules, desk, walks.step_times[unit]
        )
    return walks


@njit(cache=True, nogil=True)
def _make_desk(bounds, rules):  # type: ignore[no-untyped-def]
    steps, stages = rules.serves.shape
    most = 0
    for unit in range(len(bounds) - 1):
        most = max(most, bounds[unit + 1] - bounds[unit])
    return _Desk(
        np.empty(most, np.int64),
        np.empty(steps + 1, np.int64),
        np.empty(steps + 1, np.int64),
        np.empty(stages, np.int64),
        np.empty(steps, np.int64),
        np.empty(stages, np.int64),
        np.empty(stages, np.int64),
    )


@njit(cache=True, nogil=True)
def _entry_span(low, high, times, stages, rules):  # type: ignore[no-untyped-def]
    """Return whether any lead serves an entry step, and the first and last time at which one is an entry."""
    entry_steps = len(rules.serves) if rules.any_step else 1
    took_entry_step, first, last = False, NEVER, NEVER
    for row in range(low, high):
        for step in range(entry_steps):
            if rules.serves[step, stages[row]]:
                took_entry_step = True
                if rules.entered_from <= times[row] < rules.entered_to:
                    first = times[row] if first == NEVER else first
                    last = first if rules.first_only else times[row]
                break
    return took_entry_step, first, last


@njit(cache=True, nogil=True)
def _first_seen(low, high, times, stages, rules):  # type: ignore[no-untyped-def]
    """Return the step at which a unit that never took the first step is first seen, and the lead that shows it."""
    end = _group_end(low, high, times)
    for step in range(len(rules.serves)):
        for row in range(low, end):
            if rules.serves[step, stages[row]]:
                return step, row
    return 0, -1


@njit(cache=True, nogil=True)
def _deepest(step, low, high, first, last, times, stages, rules, desk):  # type: ignore[no-untyped-def]
    """Return the depth of the deepest chain that enters at a step in [first, last], and its earliest start."""
    steps = len(rules.serves)
    desk.passed[:] = 0
    desk.found[:] = NEVER
    group = low
    while group < high and desk.found[steps] == NEVER:
        end = _group_end(group, high, times)
        now = times[group]
        if first <= now <= last and _is_served(step, group, end, stages, rules):
            desk.starts[desk.passed[step]] = now
            desk.passed[step] += 1
        # From the deepest step up, so that one group moves each entry once.
        for depth in range(steps - 1, step - 1, -1):
            if desk.passed[depth] > desk.passed[depth + 1]:
                furthest = _advance(depth, group, end, stages, rules, desk)
                for reached in range(depth + 1, furthest + 1):
                    _pass(reached, desk.passed[depth], now, rules, desk)
        group = end
    depth = steps
    while depth > 0 and desk.found[depth] == NEVER:
        depth -= 1
    return depth, desk.found[depth]


@njit(cache=True, nogil=True)
def _pass(reached, entries, now, rules, desk):  # type: ignore[no-untyped-def]
    """Note that the first so many entries have now reached a step."""
    for entry in range(desk.passed[reached], entries):
        if desk.found[reached] == NEVER and now - desk.starts[entry] <= rules.window:
            desk.found[reached] = desk.starts[entry]
    desk.passed[reached] = max(desk.passed[reached], entries)


@njit(cache=True, nogil=True)
def _follow(step, start, low, high, times, stages, rules, desk, step_times):  # type: ignore[no-untyped-def]
    """Write down when the chain that enters at a step and time took each step, and return the lead of its entry."""
    group = low
    while times[group] < start:
        group += 1
    depth, entry_row = step, -1
    while group < high and depth < len(rules.serves) and times[group] - start <= rules.window:
        end = _group_end(group, high, times)
        furthest = _advance(depth, group, end, stages, rules, desk)
        step_times[depth:furthest] = times[group]
        if depth == step:
            entry_row = group
            while stages[entry_row] != desk.seats[step]:
                entry_row += 1
        depth, group = furthest, end
    return entry_row


@njit(cache=True, nogil=True)
def _group_end(group, high, times):  # type: ignore[no-untyped-def]
    end = group + 1
    while end < high and times[end] == times[group]:
        end += 1
    return end


@njit(cache=True, nogil=True)
def _is_served(step, group, end, stages, rules):  # type: ignore[no-untyped-def]
    for row in range(group, end):  # noqa: SIM110 - compiled code has no any()
        if rules.serves[step, stages[row]]:
            return True
    return False


@njit(cache=True, nogil=True)
def _advance(depth, group, end, stages, rules, desk):  # type: ignore[no-untyped-def]
    """Return how far a chain that stands at a depth gets with the leads of one group, each serving one step."""
    desk.seats[:] = -1
    if end - group == 1:
        if not rules.serves[depth, stages[group]]:
            return depth
        desk.seats[depth] = stages[group]
        return depth + 1
    desk.free[:] = 0
    for row in range(group, end):
        desk.free[stages[row]] += 1
    limit = depth + 1 if rules.strict else len(rules.serves)
    while depth < limit and _seat(depth, rules, desk):
        depth += 1
    return depth


@njit(cache=True, nogil=True)
def _seat(step, rules, desk):  # type: ignore[no-untyped-def]
    """Give a step a lead of its own, moving steps that have one to another stage where that helps.

    An augmenting path of bipartite matching; H. W. Kuhn, "The Hungarian method for the assignment problem", 1955.
    """
    desk.asked_by[:] = -1
    asked = _ask(step, 0, rules, desk)
    answered = 0
    while answered < asked:
        stage = desk.queue[answered]
        if desk.free[stage] > 0:
            desk.free[stage] -= 1
            _move_up(stage, desk)
            return True
        for other in range(len(desk.seats)):
            if desk.seats[other] == stage:
                asked = _ask(other, asked, rules, desk)
        answered += 1
    return False


@njit(cache=True, nogil=True)
def _ask(step, asked, rules, desk):  # type: ignore[no-untyped-def]
    """Ask every stage that serves a step and was not asked before, and return how many have been asked by now."""
    for stage in range(len(desk.free)):
        if rules.serves[step, stage] and desk.asked_by[stage] == -1:
            desk.asked_by[stage] = step
            desk.queue[asked] = stage
            asked += 1
    return asked


@njit(cache=True, nogil=True)
def _move_up(stage, desk):  # type: ignore[no-untyped-def]
    """Seat the step that asked for a stage, then the step that asked for the seat it left, up to the new one."""
    while stage != -1:
        step = desk.asked_by[stage]
        stage, desk.seats[step] = desk.seats[step], stage
