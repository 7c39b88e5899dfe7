"""Leads at one instant and the steps that they serve; `test_engine.py` compares whole funnels with a search."""

import numpy as np
import pytest

from leadanalytics.funnels.seating import make_table, seat_steps, seated

NOBODY = -1


@pytest.mark.parametrize(
    ("serves", "leads", "seats"),
    [
        ([0b01, 0b10], [0, 1], [0, 1]),
        ([0b01, 0b10], [1, 0], [0, 1]),
        ([0b11, 0b01], [0, 1], [1, 0]),  # the stage that serves both moves up for the one that serves the first only
        ([0b111, 0b011, 0b001], [0, 1, 2], [2, 1, 0]),  # and so on along a path
        ([0b11], [0], [0, NOBODY]),  # one lead serves one step
        ([0b11], [0, 0], [0, 0]),
        ([0b10, 0b100], [0, 1], [NOBODY]),  # no step is left out
    ],
)
def test_as_many_steps_as_leads_can_serve_are_taken_in_a_row(serves, leads, seats):
    steps = 3
    table = make_table(steps, len(serves))
    taken = seat_steps(0, steps, 0, len(leads), np.array(leads), np.array(serves), table)
    assert taken == len([seat for seat in seats if seat != NOBODY])
    assert [seated(table, step) for step in range(len(seats))] == seats


def test_the_steps_begin_where_asked_and_end_at_the_limit():
    table = make_table(3, 1)
    assert seat_steps(1, 2, 0, 3, np.array([0, 0, 0]), np.array([0b111]), table) == 2
    assert [seated(table, step) for step in range(3)] == [NOBODY, 0, NOBODY]
