"""The compiled pass over steps in any order; `test_engine.py` compares it with an exhaustive search."""

from __future__ import annotations

import numpy as np
import pytest

from leadanalytics.funnels.any_order import walk_any_order
from leadanalytics.funnels.engine import NEVER, Rules, Walks

EVER = np.iinfo(np.int64).max


def walked(times: list[int] | np.ndarray, stages: list[int] | np.ndarray, serves: list[str], window: int) -> Walks:
    """The walk of one unit; each step is written as the digits of the stages that serve it."""
    kinds = int(max(stages)) + 1
    matrix = np.array([[str(stage) in step for stage in range(kinds)] for step in serves])
    rules = Rules(
        serves=matrix,
        breaks=np.zeros_like(matrix),
        excludes=np.zeros(kinds, bool),
        excludes_unit=False,
        window=window,
        gap=EVER,
        as_of=int(max(times)),
        entered_from=NEVER,
        entered_to=EVER,
        any_step=False,
        first_only=False,
        latest=False,
        strict=False,
    )
    return walk_any_order(np.array([0, len(times)]), np.asarray(times), np.asarray(stages), rules)


def test_a_step_is_taken_by_the_first_lead_that_adds_one():
    walks = walked([1, 2, 3, 7], [0, 0, 1, 2], ["0", "1", "2"], window=9)
    assert walks.depths.tolist() == [3]
    assert walks.step_times.tolist() == [[1, 3, 7]]
    assert walks.open.tolist() == [False]


def test_leads_move_to_another_step_as_far_as_it_takes():
    # Each new lead can have one step only, which the one before leaves to it.
    assert walked([1, 2, 3], [2, 1, 0], ["012", "12", "2"], window=9).depths.tolist() == [3]
    assert walked([1, 2, 3], [0, 0, 1], ["0", "01", "2"], window=9).depths.tolist() == [2]


def test_the_first_of_the_fullest_windows_is_told():
    walks = walked([0, 50, 55, 90, 91], [2, 0, 1, 1, 0], ["0", "1", "2"], window=10)
    assert walks.step_times.tolist() == [[50, 55, NEVER]]
    assert walks.entry_rows.tolist() == [1]


@pytest.mark.parametrize("simultaneous", [False, True])
def test_a_unit_with_very_many_leads_is_no_trouble(simultaneous):
    count = 200_000
    times = np.zeros(count, np.int64) if simultaneous else np.arange(count)
    walks = walked(times, np.zeros(count, np.int64), ["0", "1"], window=count // 2)
    assert walks.depths.tolist() == [1]
