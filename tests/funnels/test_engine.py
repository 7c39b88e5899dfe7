"""The compiled pass against an exhaustive search, and the properties that the rules promise."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from funnel_cases import CON, GET, INS, TD, at, leads_of_units
from funnel_oracle import Choices, Lead, outcome
from hypothesis import given, settings
from hypothesis import strategies as st

from leadanalytics.funnels import build_funnels
from leadanalytics.funnels.engine import NEVER, Rules, order_by, walk_units

STEPS = (
    ((TD,), (GET,), (INS,)),
    ((TD,), (GET,)),
    ((TD,),),
    ((TD,), (TD,), (GET,)),
    ((TD,), (GET,), (TD,)),
    ((TD, GET), (TD,)),
    ((TD, GET), (GET, INS), (TD,)),
    ((TD, GET, INS), (TD, GET), (TD,), (INS,)),
    ((TD, GET), (TD, GET), (INS, TD)),
    ((TD,), (GET,), (CON, INS)),
)

bounds = st.one_of(st.none(), st.integers(0, 9))
choices_of = st.builds(
    Choices,
    steps=st.sampled_from(STEPS),
    window=st.one_of(st.none(), st.integers(1, 8)),
    as_of=st.integers(0, 12),
    start=st.sampled_from(["first", "any"]),
    entry=st.sampled_from(["best", "first"]),
    ties=st.sampled_from(["forward", "strict"]),
    entered=st.tuples(bounds, bounds).filter(lambda pair: None in pair or pair[0] < pair[1]),
)
unit_of = st.lists(st.tuples(st.integers(0, 9), st.sampled_from([TD, GET, CON, INS])), min_size=1, max_size=6)
units_of = st.lists(unit_of, min_size=1, max_size=5)


def build(units: list[list[Lead]], choices: Choices, **options: object) -> pd.DataFrame:
    since, until = choices.entered
    return build_funnels(
        leads_of_units(units).assign(taken=lambda leads: leads["stage"]),
        funnel={f"step {number}": stages for number, stages in enumerate(choices.steps, 1)},
        window=None if choices.window is None else pd.Timedelta(seconds=choices.window),
        as_of=at(choices.as_of),
        start=choices.start,
        entry=choices.entry,
        ties=choices.ties,
        entered=(None if since is None else at(since), None if until is None else at(until)),
        by="taken",
        **options,
    )


def depths(units: list[list[Lead]], choices: Choices) -> np.ndarray:
    """The depth of each unit, 0 for one without a row."""
    funnels = build(units, choices).set_index("customer_id")["depth"]
    return funnels.reindex([f"{unit:06d}" for unit in range(len(units))], fill_value=0).to_numpy()


def assert_as_searched(units: list[list[Lead]], choices: Choices) -> None:
    funnels = build(units, choices)
    searched = {f"{unit:06d}": found for unit, leads in enumerate(units) if (found := outcome(leads, choices))}
    assert list(funnels["customer_id"]) == list(searched)
    labels = funnels.attrs["steps"]
    seconds = {
        column: [None if pd.isna(time) else (time - at(0)).total_seconds() for time in funnels[column]]
        for column in ["entered_at", *labels]
    }
    times = zip(*(seconds[label] for label in labels))
    rows = zip(funnels["depth"], funnels["status"], funnels["entered_step"], seconds["entered_at"], times)
    for row, taken, found in zip(rows, funnels["taken"], searched.values()):
        said = (found.depth, found.status, found.entered_step, found.entered_at, found.times)
        assert row == said, (found, choices)
        assert taken in found.entries


def random_choices(chance: random.Random) -> Choices:
    pair = sorted(chance.sample(range(10), 2))
    return Choices(
        steps=chance.choice(STEPS),
        window=chance.choice([None, *range(1, 9)]),
        as_of=chance.choice([9, 12, 20, chance.randrange(10)]),
        start=chance.choice(["first", "any"]),
        entry=chance.choice(["best", "first"]),
        ties=chance.choice(["forward", "strict"]),
        entered=chance.choice([(None, None), (None, pair[1]), (pair[0], None), tuple(pair)]),
    )


def random_unit(chance: random.Random, choices: Choices) -> list[Lead]:
    stages = [stage for step in choices.steps for stage in step] + [CON]
    last = chance.choice([2, 4, 9])
    return [(chance.randint(0, last), chance.choice(stages)) for _ in range(chance.randint(1, 7))]


def compare_at_random(seed: int, batches: int, size: int) -> None:
    chance = random.Random(seed)
    for _ in range(batches):
        choices = random_choices(chance)
        assert_as_searched([random_unit(chance, choices) for _ in range(size)], choices)


def test_equals_an_exhaustive_search_on_thousands_of_random_cases():
    compare_at_random(seed=20240601, batches=400, size=60)


@settings(max_examples=150, deadline=None)
@given(units_of, choices_of)
def test_equals_an_exhaustive_search(units, choices):
    assert_as_searched(units, choices)


@settings(max_examples=40, deadline=None)
@given(units_of, choices_of, st.randoms(use_true_random=False))
def test_the_order_of_the_leads_does_not_matter(units, choices, chance):
    leads = leads_of_units(units).assign(country=lambda leads: [str(n % 3) for n in range(len(leads))])
    shuffled = leads.sample(frac=1, random_state=chance.randrange(2**32))
    options = {
        "funnel": [*choices.steps],
        "window": None if choices.window is None else pd.Timedelta(seconds=choices.window),
        "start": choices.start,
        "entry": choices.entry,
        "ties": choices.ties,
        "by": "country",
    }
    pd.testing.assert_frame_equal(build_funnels(leads, **options), build_funnels(shuffled, **options))


@settings(max_examples=40, deadline=None)
@given(units_of, choices_of, st.integers(-40, 1000))
def test_a_shift_of_all_times_does_not_matter(units, choices, shift):
    def moved(time: int | None) -> int | None:
        return None if time is None else time + shift

    later = [[(time + shift, stage) for time, stage in leads] for leads in units]
    shifted = replace(
        choices, as_of=choices.as_of + shift, entered=(moved(choices.entered[0]), moved(choices.entered[1]))
    )
    kept = ["customer_id", "depth", "status", "entered_step", "taken"]
    pd.testing.assert_frame_equal(build(units, choices)[kept], build(later, shifted)[kept])


@settings(max_examples=40, deadline=None)
@given(units_of, choices_of, st.integers(1, 5))
def test_a_wider_window_never_lowers_a_depth(units, choices, more):
    wider = replace(choices, window=None if choices.window is None else choices.window + more)
    assert (depths(units, wider) >= depths(units, choices)).all()


@settings(max_examples=40, deadline=None)
@given(unit_of, st.tuples(st.integers(0, 9), st.sampled_from([TD, GET, INS])), choices_of)
def test_one_more_lead_never_lowers_a_depth(leads, more, choices):
    best = replace(choices, entry="best")
    assert depths([[*leads, more]], best)[0] >= depths([leads], best)[0]


@settings(max_examples=40, deadline=None)
@given(units_of, choices_of)
def test_strict_never_goes_further_than_forward(units, choices):
    assert (depths(units, replace(choices, ties="strict")) <= depths(units, replace(choices, ties="forward"))).all()


@settings(max_examples=40, deadline=None)
@given(units_of, choices_of)
def test_the_first_entry_never_goes_further_than_the_best(units, choices):
    assert (depths(units, replace(choices, entry="first")) <= depths(units, replace(choices, entry="best"))).all()


@settings(max_examples=40, deadline=None)
@given(unit_of, unit_of, choices_of)
def test_merging_two_units_never_lowers_the_depth(one, other, choices):
    choices = replace(choices, entry="best")
    assert depths([one + other], choices)[0] >= depths([one, other], choices).max()


@pytest.mark.parametrize("simultaneous", [False, True])
def test_a_unit_with_very_many_leads_is_no_trouble(simultaneous):
    # Tried entry by entry, this would be some 10,000,000,000 steps.
    count = 200_000
    times = np.zeros(count, np.int64) if simultaneous else np.arange(count)
    rules = Rules(np.eye(2, dtype=bool), count // 2, NEVER, np.iinfo(np.int64).max, False, False, False)
    walks = walk_units(np.array([0, count]), times, np.zeros(count, np.int64), rules)
    assert walks.depths.tolist() == [1]
    assert walks.step_times.tolist() == [[0, NEVER]]
    assert walks.last_entries.tolist() == [times[-1]]


@given(st.lists(st.integers(0, 5), max_size=30))
def test_order_by_is_a_stable_sort(codes):
    codes = np.array(codes, dtype=np.int64)
    assert order_by(codes, np.arange(len(codes)), 6).tolist() == np.argsort(codes, kind="stable").tolist()
