"""The log-rank test, against worked numbers and another implementation."""

from __future__ import annotations

import numpy as np
import pytest

from leadanalytics.conversion.log_rank import log_rank

# E. A. Gehan, 1965; D. R. Cox, D. Oakes, "Analysis of Survival Data", 1984, table 1.1: weeks of remission.
DRUG = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
DRUG_ENDED = [True] * 9 + [False] * 12
CONTROL = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def test_the_published_remissions():
    durations = np.array([*DRUG, *CONTROL], "float64")
    ended = np.array([*DRUG_ENDED, *[True] * 21])
    excess, p = log_rank(durations, ended, np.arange(42) < 21)
    # Observed 9, expected 19.25, chi-square 16.79.
    assert excess == pytest.approx(9 - 19.25, abs=0.005)
    assert p == pytest.approx(4.17e-5, rel=0.005)


def test_lifelines_agrees_on_ties_and_censoring():
    statistics = pytest.importorskip("lifelines.statistics")
    random = np.random.default_rng(5)
    durations, ended = random.integers(0, 12, 300).astype("float64"), random.uniform(size=300) < 0.6
    inside = random.uniform(size=300) < 0.3
    theirs = statistics.logrank_test(durations[inside], durations[~inside], ended[inside], ended[~inside])
    assert log_rank(durations, ended, inside)[1] == pytest.approx(theirs.p_value, rel=1e-9)


def test_the_other_group_has_the_opposite_excess_and_the_same_p():
    durations, ended, inside = np.array([1.0, 2, 2, 3, 5]), np.array([1, 1, 0, 1, 1]) > 0, np.array([1, 0, 1, 0, 1]) > 0
    excess, p = log_rank(durations, ended, inside)
    assert log_rank(durations, ended, ~inside) == pytest.approx((-excess, p))


@pytest.mark.parametrize("inside", [[True, True], [False, False]])
def test_one_group_alone_tells_nothing(inside):
    assert np.isnan(log_rank(np.array([1.0, 2.0]), np.array([True, True]), np.array(inside))[1])


def test_no_event_tells_nothing():
    assert np.isnan(log_rank(np.array([1.0, 2.0]), np.array([False, False]), np.array([True, False]))[1])
