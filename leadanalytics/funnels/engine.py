"""The compiled pass over sorted leads that finds each unit's deepest chain of steps.

A *chain* is a run of different leads that serve consecutive steps, in the order of time. A *group* is the leads of
one unit at one instant. The groups are read from the last to the first, and one fact makes that exact: whatever the
window, the gap and the leads that break a chain, of all the later leads from which a chain can get to its goal the
nearest one is best. Every hop that goes further allows the nearer one, and the nearer one gets to the goal no later:
where two chains cross, the earlier may go on as the later does. So each step needs to remember one lead only.

The goal is a depth, or the future: a unit is open if a lead just after `as_of` could still lengthen one of its chains.
The cost is leads times steps for each goal, and there are not more goals than steps; nothing else matters.

The steps that a lead serves are the bits of one number, and what the functions share lies in few arrays: compiled code
counts the references to each array that it hands on, which took more than half of the time when each table was an
array of its own (0.12 instead of 0.05 s for 900,000 leads).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from leadanalytics.funnels.seating import make_table, seat_steps, seated

__all__ = ["MOST_STEPS", "NEVER", "Rules", "Walks", "no_walks", "order_by", "walk_units"]

# No such time: what numpy and pandas read as NaT.
NEVER = np.iinfo(np.int64).min
NOBODY = -1
# A step is a bit, the first the lowest; the bit above them all marks a lead that excludes.
MOST_STEPS = 62
_EXCLUDES = 1 << MOST_STEPS
# The rows of the roles of stages, and of the tables of a desk.
_SERVED, _BROKEN = 0, 1
_TIME, _ROW, _END = 0, 1, 2
_HOP_STEP, _HOP_ROW = 0, 1


class Rules(NamedTuple):
    """What the pass must know of a funnel's definition; times in nanoseconds."""

    serves: np.ndarray  # [step, stage]: does a lead of this stage serve this step
    breaks: np.ndarray  # [step, stage]: does one break a chain between the step before and this step
    excludes: np.ndarray  # [stage]: does one break a chain between any two steps, or exclude its unit
    excludes_unit: bool  # the unit leaves, not the chain only
    window: int  # from the entry to any later step, inclusive
    gap: int  # from a step to the next, inclusive
    as_of: int  # when the question is asked; no lead is later
    entered_from: int  # entries before this time are none
    entered_to: int  # nor are entries at this time or after
    any_step: bool  # a unit may enter at any step, not only the first
    first_only: bool  # only the first entry counts
    latest: bool  # of equally deep chains the one that begins last is told, not first
    strict: bool  # time must increase from step to step


class Walks(NamedTuple):
    """How far each unit went; steps are numbered from 1."""

    depths: np.ndarray  # the furthest step reached, 0 for none
    entered_steps: np.ndarray  # the step of the entry, 0 for none
    entry_rows: np.ndarray  # the lead of the entry, -1 for none
    open: np.ndarray  # can it still go on
    excluded: np.ndarray  # did a lead exclude the unit
    step_times: np.ndarray  # [unit, step]: when the chain took the step


class _Limits(NamedTuple):
    """The rules that are single values, as in `Rules`."""

    steps: int
    window: int
    gap: int
    as_of: int
    entered_from: int
    entered_to: int
    any_step: bool
    first_only: bool
    latest: bool
    strict: bool
    excludes_unit: bool


class _Desk(NamedTuple):
    """Room to work in, made once for all units."""

    nearest: np.ndarray  # [., step]: when the nearest chain to the goal takes the step, in which group, when it ends
    hops: np.ndarray  # [., lead, step]: a chain with this step in this group takes up to which step here, goes on where
    table: np.ndarray  # where the leads of a group are seated


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
def no_walks(units, steps):  # type: ignore[no-untyped-def]
    """Return the `Walks` of units of which nothing is known yet."""
    return Walks(
        np.zeros(units, np.int64),
        np.zeros(units, np.int64),
        np.full(units, NOBODY, np.int64),
        np.zeros(units, np.bool_),
        np.zeros(units, np.bool_),
        np.full((units, steps), NEVER, np.int64),
    )


@njit(cache=True, nogil=True)
def walk_units(bounds, times, stages, rules):  # type: ignore[no-untyped-def]
    """Return the `Walks` of units whose leads lie between consecutive bounds, sorted by time.

    Every unit has a lead that serves a step, and there are at most `MOST_STEPS` steps.
    """
    units, steps = len(bounds) - 1, len(rules.serves)
    walks, desk, roles, limits = no_walks(units, steps), _make_desk(bounds, rules), _roles(rules), _limits(rules)
    depths, entered_steps, entry_rows, is_open, excluded, step_times = walks
    for unit in range(units):
        low, high = bounds[unit], bounds[unit + 1]
        served, first, last = _entry_span(low, high, times, stages, roles, limits)
        if not served & _entry_bits(limits):
            step, row = _first_seen(low, high, times, stages, roles)
            if limits.entered_from <= times[row] < limits.entered_to:
                entered_steps[unit], entry_rows[unit] = step + 1, row
        elif last != NEVER:
            depths[unit], entered_steps[unit], entry_rows[unit], is_open[unit], excluded[unit] = _walk(
                low, high, served, first, last, times, stages, roles, limits, desk, step_times[unit]
            )
    return walks


@njit(cache=True, nogil=True)
def _make_desk(bounds, rules):  # type: ignore[no-untyped-def]
    steps, stages = rules.serves.shape
    most = 0
    for unit in range(len(bounds) - 1):
        most = max(most, bounds[unit + 1] - bounds[unit])
    return _Desk(
        np.empty((3, steps + 1), np.int64),
        np.empty((2, most, steps), np.int64),
        make_table(steps, stages),
    )


@njit(cache=True, nogil=True)
def _roles(rules):  # type: ignore[no-untyped-def]
    """Return, for each stage, the steps that its leads serve, and those that no chain hops to across them, as bits."""
    steps, stages = rules.serves.shape
    roles = np.zeros((2, stages), np.int64)
    for stage in range(stages):
        for step in range(steps):
            roles[_SERVED, stage] |= np.int64(rules.serves[step, stage]) << step
            roles[_BROKEN, stage] |= np.int64(rules.breaks[step, stage]) << step
        if rules.excludes[stage]:
            roles[_BROKEN, stage] |= _EXCLUDES
    return roles


@njit(cache=True, nogil=True)
def _limits(rules):  # type: ignore[no-untyped-def]
    return _Limits(
        len(rules.serves),
        rules.window,
        rules.gap,
        rules.as_of,
        rules.entered_from,
        rules.entered_to,
        rules.any_step,
        rules.first_only,
        rules.latest,
        rules.strict,
        rules.excludes_unit,
    )


@njit(cache=True, nogil=True)
def _entry_bits(limits):  # type: ignore[no-untyped-def]
    return (1 << limits.steps) - 1 if limits.any_step else 1


@njit(cache=True, nogil=True, inline="always")
def _entry_span(low, high, times, stages, roles, limits):  # type: ignore[no-untyped-def]
    """Return the steps that any lead serves, and the first and last time at which one is an entry."""
    served, first, last = 0, NEVER, NEVER
    for row in range(low, high):
        serves = roles[_SERVED, stages[row]]
        served |= serves
        if serves & _entry_bits(limits) and limits.entered_from <= times[row] < limits.entered_to:
            first = times[row] if first == NEVER else first
            last = first if limits.first_only else times[row]
    return served, first, last


@njit(cache=True, nogil=True)
def _first_seen(low, high, times, stages, roles):  # type: ignore[no-untyped-def]
    """Return the step at which a unit that never took the first step is first seen, and the lead that shows it."""
    row = low
    while not roles[_SERVED, stages[row]]:
        row += 1
    end, step = _group_end(row, high, times), 0
    served = _bits(_SERVED, row, end, stages, roles)
    while not served >> step & 1:
        step += 1
    while not roles[_SERVED, stages[row]] >> step & 1:
        row += 1
    return step, row


@njit(cache=True, nogil=True)
def _walk(low, high, served, first, last, times, stages, roles, limits, desk, step_times):  # type: ignore[no-untyped-def]
    """Write down the times of a unit that has an entry in [first, last], and return the rest of its walk."""
    depth, row, step = _most_steps(served, limits), NOBODY, NOBODY
    while row == NOBODY:
        row, step = _find_entry(depth, low, high, first, last, times, stages, roles, limits, desk)
        depth -= 1
    depth += 1
    entry_row = _entry_row(row, step, low, high, times, stages, roles, limits, desk)
    _follow(row, step, low, times, desk, step_times)
    is_open = False
    is_excluded = limits.excludes_unit and _crosses(low, high, times, stages, roles, step_times)
    if is_excluded:
        depth = 0
        step_times[:] = NEVER
    elif depth < limits.steps and limits.as_of - last < limits.window:
        # An entry after which nothing came needs no search.
        newest = times[high - 1] == last and limits.as_of - last < limits.gap
        future = limits.steps + 1
        is_open = newest or _find_entry(future, low, high, first, last, times, stages, roles, limits, desk)[0] >= 0
    return depth, step + 1, entry_row, is_open, is_excluded


@njit(cache=True, nogil=True)
def _most_steps(served, limits):  # type: ignore[no-untyped-def]
    """Return a depth that no chain exceeds: that before the first step, or of the last one, that any lead serves."""
    depth = 0
    for step in range(limits.steps):
        if served >> step & 1:
            depth = step + 1
        elif not limits.any_step:
            break
    return depth


@njit(cache=True, nogil=True)
def _find_entry(goal, low, high, first, last, times, stages, roles, limits, desk):  # type: ignore[no-untyped-def]
    """Return the group and step at which the chain to tell enters, of all that get to a goal; -1 where none does.

    The goal is a depth, or the future, which is one more than the steps there are.
    """
    _forget_chains(goal, limits, desk.nearest)
    entry_row, entry_step = NOBODY, NOBODY
    end = high
    while end > low and times[end - 1] >= first and not (limits.latest and entry_row != NOBODY):
        group, now = _group_begin(low, end, times), times[end - 1]
        served, broken = _bits(_SERVED, group, end, stages, roles), _bits(_BROKEN, group, end, stages, roles)
        # From the first step on, so that no chain hops from a group to itself.
        for step in range(min(goal, limits.steps)):
            if (
                served >> step & 1
                and _get_on(goal, step, group, end, low, now, stages, roles, limits, desk)
                and _entry_bits(limits) >> step & 1
                and now <= last
                and desk.nearest[_END, step] - now <= limits.window
                and entry_row != group
            ):
                entry_row, entry_step = group, step
        if broken:
            _break_chains(goal, broken, now, limits, desk.nearest)
        end = group
    return entry_row, entry_step


@njit(cache=True, nogil=True, inline="always")
def _forget_chains(goal, limits, nearest):  # type: ignore[no-untyped-def]
    """Begin with no chain to the goal, or with those that a lead just after `as_of` makes."""
    for step in range(limits.steps + 1):
        future = goal > limits.steps and 0 < step < limits.steps
        nearest[_TIME, step] = nearest[_END, step] = limits.as_of + 1 if future else NEVER
        nearest[_ROW, step] = NOBODY


@njit(cache=True, nogil=True, inline="always")
def _get_on(goal, step, group, end, low, now, stages, roles, limits, desk):  # type: ignore[no-untyped-def]
    """Note how a chain that takes a step in a group gets to the goal, and return whether it does."""
    nearest, hops = desk.nearest, desk.hops
    onward = step + 1
    if end - group > 1 and not limits.strict:
        onward = seat_steps(step, min(goal, limits.steps), group, end, stages, roles[_SERVED], desk.table)
    row, ends = NOBODY, now
    if onward < goal:
        while onward > step and not (nearest[_TIME, onward] != NEVER and nearest[_TIME, onward] - now <= limits.gap):
            onward -= 1
        row, ends = nearest[_ROW, onward], nearest[_END, onward]
    if onward == step:
        return False
    nearest[_TIME, step], nearest[_ROW, step], nearest[_END, step] = now, group, ends
    hops[_HOP_STEP, group - low, step], hops[_HOP_ROW, group - low, step] = onward, row
    return True


@njit(cache=True, nogil=True)
def _break_chains(goal, broken, now, limits, nearest):  # type: ignore[no-untyped-def]
    """Forget the steps after a group that no chain from before it can hop to."""
    # What has yet to come is never told across an excluding lead, which would exclude the unit.
    if broken & _EXCLUDES and (not limits.excludes_unit or goal > limits.steps):
        broken = -1
    for step in range(1, limits.steps):
        if nearest[_TIME, step] > now and broken >> step & 1:
            nearest[_TIME, step] = NEVER


@njit(cache=True, nogil=True)
def _entry_row(group, step, low, high, times, stages, roles, limits, desk):  # type: ignore[no-untyped-def]
    """Return the lead of the group that serves the step at which the chain enters."""
    end = _group_end(group, high, times)
    if end - group == 1:
        return group
    seat_steps(step, desk.hops[_HOP_STEP, group - low, step], group, end, stages, roles[_SERVED], desk.table)
    row = group
    while stages[row] != seated(desk.table, step):
        row += 1
    return row


@njit(cache=True, nogil=True)
def _follow(row, step, low, times, desk, step_times):  # type: ignore[no-untyped-def]
    """Write down when the chain that enters at a group and step took each step."""
    hops = desk.hops
    while row != NOBODY:
        onward = hops[_HOP_STEP, row - low, step]
        step_times[step:onward] = times[row]
        row, step = hops[_HOP_ROW, row - low, step], onward


@njit(cache=True, nogil=True)
def _crosses(low, high, times, stages, roles, step_times):  # type: ignore[no-untyped-def]
    """Return whether an excluding lead lies strictly between two steps of a chain."""
    for row in range(low, high):
        if roles[_BROKEN, stages[row]] & _EXCLUDES:
            for step in range(1, len(step_times)):
                if step_times[step - 1] != NEVER and step_times[step - 1] < times[row] < step_times[step]:
                    return True
    return False


@njit(cache=True, nogil=True, inline="always")
def _group_begin(low, end, times):  # type: ignore[no-untyped-def]
    group = end - 1
    while group > low and times[group - 1] == times[end - 1]:
        group -= 1
    return group


@njit(cache=True, nogil=True)
def _group_end(group, high, times):  # type: ignore[no-untyped-def]
    end = group + 1
    while end < high and times[end] == times[group]:
        end += 1
    return end


@njit(cache=True, nogil=True, inline="always")
def _bits(role, group, end, stages, roles):  # type: ignore[no-untyped-def]
    """Return the steps that any lead of a group serves, or breaks."""
    bits = 0
    for row in range(group, end):
        bits |= roles[role, stages[row]]
    return bits
