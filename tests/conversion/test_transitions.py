"""The multi-state estimate, against the same by hand in fractions."""

from __future__ import annotations

import numpy as np
import pytest
from conversion_cases import estimate_by_hand
from hypothesis import given, settings
from hypothesis import strategies as st

from leadanalytics.conversion.spells import NEVER, Spells
from leadanalytics.conversion.transitions import carry, chances, find_moves, occupy

STEPS = 3


@st.composite
def unit_of(draw):
    """A unit: its step of entry, when it took each step from there on, and how long it was watched."""
    entered = draw(st.integers(0, STEPS - 1))
    later = sorted(draw(st.lists(st.integers(0, 6), max_size=STEPS - 1 - entered)))
    return entered, later, draw(st.integers(later[-1] if later else 0, 8))


def spells_of(units):
    arrivals = np.full((len(units), STEPS), NEVER)
    for place, (entered, later, _) in enumerate(units):
        arrivals[place, entered : entered + 1 + len(later)] = [0, *later]
    watched = np.array([watched for _, _, watched in units], np.int64)
    return Spells(
        labels=["first", "second", "third"],
        window=None,
        rows=np.arange(len(units)),
        entered=np.array([entered for entered, _, _ in units], np.int64),
        depth=np.array([entered + len(later) for entered, later, _ in units], np.int64),
        arrivals=arrivals,
        watched=watched,
        ages=watched,
        is_open=np.ones(len(units), bool),
    )


units_of = st.lists(unit_of(), min_size=1, max_size=12)


@settings(max_examples=200, deadline=None)
@given(units_of)
def test_the_estimate_is_the_one_by_hand(units):
    spells = spells_of(units)
    moves = find_moves(spells)
    probability, _ = occupy(moves, spells)
    by_hand = estimate_by_hand(units, steps=STEPS)
    assert moves.times.tolist() == list(by_hand)
    assert probability[1:] == pytest.approx(np.array(list(by_hand.values()), float).reshape(-1, STEPS), abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(units_of)
def test_curves_rise_and_never_cross(units):
    spells = spells_of(units)
    probability, variance = occupy(find_moves(spells), spells)
    assert (np.diff(probability, axis=1) <= 0).all()
    assert (np.diff(probability, axis=0) >= -1e-12).all()
    assert (variance >= 0).all()


@settings(max_examples=50, deadline=None)
@given(units_of)
def test_of_units_watched_to_the_end_it_is_the_share_with_the_variance_of_a_share(units):
    spells = spells_of([(entered, later, 8) for entered, later, _ in units])
    probability, variance = occupy(find_moves(spells), spells)
    share = np.array([spells.reached(step).mean() for step in range(STEPS)])
    assert probability[-1] == pytest.approx(share)
    assert variance[-1] == pytest.approx(share * (1 - share) / len(units), abs=1e-12)


@settings(max_examples=50, deadline=None)
@given(units_of, st.lists(st.tuples(st.integers(0, 8), st.integers(0, STEPS - 1)), max_size=6))
def test_what_is_carried_is_the_sum_of_the_chances(units, open_units):
    moves = find_moves(spells_of(units))
    ages = np.array([age for age, _ in open_units], np.int64)
    steps = np.array([step for _, step in open_units], np.int64)
    total, variance = carry(moves, ages, steps)
    chance = chances(moves, ages, steps)
    assert total == pytest.approx(chance.sum(axis=0), abs=1e-9)
    assert ((chance >= 0) & (chance <= 1 + 1e-12)).all()
    assert (variance >= 0).all()


def test_a_chance_is_what_is_left_of_the_curve_after_the_age():
    """F(6) = 3/4, F(2) = 1/4: of those who wait at 2, (3/4 - 1/4) / (1 - 1/4) still move."""
    moves = find_moves(spells_of([(1, [2], 8), (1, [4], 8), (1, [6], 8), (1, [], 8)]))
    chance = chances(moves, np.array([0, 1, 2, 6]), np.array([1, 1, 1, 1]))
    assert chance[:, 2] == pytest.approx([3 / 4, 3 / 4, 2 / 3, 0])
    assert chance[:, 1].tolist() == [1, 1, 1, 1]


def test_the_variance_of_what_is_carried_is_greenwoods():
    """One unit that waits from the start carries the curve itself, many of them its square."""
    spells = spells_of([(1, [2], 8), (1, [4], 8), (1, [], 3), (1, [], 5), (1, [6], 8)])
    moves = find_moves(spells)
    _, variance = occupy(moves, spells)
    for units in (1, 10):
        _, carried = carry(moves, np.zeros(units, np.int64), np.ones(units, np.int64))
        assert carried[2] == pytest.approx(variance[-1, 2] * units**2)


def test_nobody_moves():
    spells = spells_of([(0, [], 3)])
    moves = find_moves(spells)
    assert occupy(moves, spells)[0].tolist() == [[1, 0, 0]]
    assert carry(moves, np.array([1]), np.array([0]))[0].tolist() == [1, 0, 0]
    assert chances(moves, np.array([1]), np.array([0])).tolist() == [[1, 0, 0]]
