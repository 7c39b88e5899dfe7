"""Which lead serves which step, where a chain takes several steps at one instant: each lead serves one.

The leads of a stage are alike, so it is stages that are seated, as often as they have leads. A lead that sits moves to
another step where that lets one more step be served: an augmenting path of bipartite matching (H. W. Kuhn, "The
Hungarian method for the assignment problem", Naval Research Logistics Quarterly 2, 1955, 83-97).
"""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["make_table", "seat_steps", "seated"]

NOBODY = -1
# The rows of the table: how many leads of a stage are not seated, the stage that sits at a step, the step that asks a
# stage for a lead, and the stages asked, in order.
_FREE, _SEAT, _ASKED_BY, _QUEUE = 0, 1, 2, 3


@njit(cache=True, nogil=True)
def make_table(steps, stages):  # type: ignore[no-untyped-def]
    """Return room to seat leads of so many stages at so many steps."""
    return np.empty((4, max(steps, stages)), np.int64)


@njit(cache=True, nogil=True)
def seated(table, step):  # type: ignore[no-untyped-def]
    """Return the stage that sits at a step, -1 for none."""
    return table[_SEAT, step]


@njit(cache=True, nogil=True)
def seat_steps(step, limit, group, end, stages, serves, table):  # type: ignore[no-untyped-def]
    """Seat the leads of a group at a step and those after it, up to a limit, and return the first without a lead."""
    table[_SEAT] = NOBODY
    table[_FREE] = 0
    for row in range(group, end):
        table[_FREE, stages[row]] += 1
    while step < limit and _seat(step, serves, table):
        step += 1
    return step


@njit(cache=True, nogil=True)
def _seat(step, serves, table):  # type: ignore[no-untyped-def]
    """Give a step a lead of its own, moving steps that have one to another stage where that helps."""
    table[_ASKED_BY] = NOBODY
    asked = _ask(step, 0, serves, table)
    answered = 0
    while answered < asked:
        stage = table[_QUEUE, answered]
        if table[_FREE, stage] > 0:
            table[_FREE, stage] -= 1
            _move_up(stage, table)
            return True
        for other in range(step):
            if table[_SEAT, other] == stage:
                asked = _ask(other, asked, serves, table)
        answered += 1
    return False


@njit(cache=True, nogil=True)
def _ask(step, asked, serves, table):  # type: ignore[no-untyped-def]
    """Ask every stage that serves a step and was not asked before, and return how many have been asked by now."""
    for stage in range(len(serves)):
        if serves[stage] >> step & 1 and table[_ASKED_BY, stage] == NOBODY:
            table[_ASKED_BY, stage] = step
            table[_QUEUE, asked] = stage
            asked += 1
    return asked


@njit(cache=True, nogil=True)
def _move_up(stage, table):  # type: ignore[no-untyped-def]
    """Seat the step that asked for a stage, then the step that asked for the seat it left, up to the new one."""
    while stage != NOBODY:
        step = table[_ASKED_BY, stage]
        stage, table[_SEAT, step] = table[_SEAT, step], stage
