"""The compiled pass against an exhaustive search, and the properties that the rules promise."""

from __future__ import annotations

import random
from collections.abc import Sequence
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

ORDERS = ("ordered", "any", "strict")


def meaningful(choices: Choices) -> Choices:
    """The choices, without those that the others leave no meaning."""
    if choices.order == "any":
        choices = replace(choices, start="first", ties="forward", gap=None, excluding=())
    if any(stage in stages for stage in choices.excluding for stages in choices.steps):
        choices = replace(choices, excluding=())
    return choices if choices.excluding else replace(choices, exclusion="chain")


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
    order=st.sampled_from(ORDERS),
    gap=st.one_of(st.none(), st.integers(1, 5)),
    anchor=st.sampled_from(["earliest", "latest"]),
    excluding=st.sampled_from([(), (CON,), (CON, INS)]),
    exclusion=st.sampled_from(["chain", "unit"]),
).map(meaningful)
unit_of = st.lists(st.tuples(st.integers(0, 9), st.sampled_from([TD, GET, CON, INS])), min_size=1, max_size=6)
units_of = st.lists(unit_of, min_size=1, max_size=5)


def build(units: list[list[Lead]], choices: Choices) -> pd.DataFrame:
    return build_from(leads_of_units(units).assign(taken=lambda leads: leads["stage"]), choices)


def build_from(leads: pd.DataFrame, choices: Choices) -> pd.DataFrame:
    since, until = choices.entered
    return build_funnels(
        leads,
        funnel={f"step {number}": stages for number, stages in enumerate(choices.steps, 1)},
        order=choices.order,
        window=None if choices.window is None else pd.Timedelta(seconds=choices.window),
        gap=None if choices.gap is None else pd.Timedelta(seconds=choices.gap),
        as_of=at(choices.as_of),
        start=choices.start,
        entry=choices.entry,
        prefer=choices.anchor,
        ties=choices.ties,
        excluding=choices.excluding,
        policy=choices.exclusion,
        dates=(None if since is None else at(since), None if until is None else at(until)),
        by="taken",
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


def random_choices(chance: random.Random, order: str) -> Choices:
    pair = sorted(chance.sample(range(10), 2))
    return meaningful(
        Choices(
            steps=chance.choice(STEPS),
            window=chance.choice([None, *range(1, 9)]),
            as_of=chance.choice([9, 12, 20, chance.randrange(10)]),
            start=chance.choice(["first", "any"]),
            entry=chance.choice(["best", "first"]),
            ties=chance.choice(["forward", "strict"]),
            entered=chance.choice([(None, None), (None, pair[1]), (pair[0], None), tuple(pair)]),
            order=order,
            gap=chance.choice([None, None, 1, 2, 3, 5]),
            anchor=chance.choice(["earliest", "latest"]),
            excluding=chance.choice([(), (CON,), (CON, INS)]),
            exclusion=chance.choice(["chain", "unit"]),
        )
    )


def random_unit(chance: random.Random, choices: Choices) -> list[Lead]:
    stages = [stage for step in choices.steps for stage in step] + [CON, *choices.excluding]
    last = chance.choice([2, 4, 9])
    return [(chance.randint(0, last), chance.choice(stages)) for _ in range(chance.randint(1, 7))]


def compare_at_random(seed: int, batches: int, size: int, orders: Sequence[str] = ORDERS) -> None:
    chance = random.Random(seed)
    for _ in range(batches):
        choices = random_choices(chance, chance.choice(orders))
        assert_as_searched([random_unit(chance, choices) for _ in range(size)], choices)


@pytest.mark.parametrize("order", ORDERS)
def test_equals_an_exhaustive_search_on_thousands_of_random_cases(order):
    compare_at_random(seed=20240601, batches=130, size=60, orders=[order])


@settings(max_examples=150, deadline=None)
@given(units_of, choices_of)
def test_equals_an_exhaustive_search(units, choices):
    assert_as_searched(units, choices)


@settings(max_examples=40, deadline=None)
@given(units_of, choices_of, st.randoms(use_true_random=False))
def test_the_order_of_the_leads_does_not_matter(units, choices, chance):
    leads = leads_of_units(units).assign(taken=lambda leads: [str(n % 3) for n in range(len(leads))])
    shuffled = leads.sample(frac=1, random_state=chance.randrange(2**32))
    pd.testing.assert_frame_equal(build_from(leads, choices), build_from(shuffled, choices))


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


# Where an excluding lead takes a chain or a unit out, or another lead breaks a chain, more can be less.
by_chain = choices_of.map(lambda choices: replace(choices, exclusion="chain"))
unbroken = choices_of.map(
    lambda choices: replace(choices, excluding=(), exclusion="chain", order=choices.order.replace("strict", "ordered"))
)
in_order = by_chain.map(lambda choices: replace(choices, order=choices.order.replace("any", "ordered")))


@settings(max_examples=40, deadline=None)
@given(units_of, by_chain, st.integers(1, 5))
def test_a_wider_window_or_gap_never_lowers_a_depth(units, choices, more):
    for limit in ("window", "gap"):
        value = getattr(choices, limit)
        wider = replace(choices, **{limit: None if value is None else value + more})
        assert (depths(units, wider) >= depths(units, choices)).all()


@settings(max_examples=40, deadline=None)
@given(unit_of, st.tuples(st.integers(0, 9), st.sampled_from([TD, GET, INS])), unbroken)
def test_one_more_lead_never_lowers_a_depth(leads, more, choices):
    best = replace(choices, entry="best")
    assert depths([[*leads, more]], best)[0] >= depths([leads], best)[0]


@settings(max_examples=40, deadline=None)
@given(units_of, in_order)
def test_strict_ties_never_go_further_than_forward(units, choices):
    assert (depths(units, replace(choices, ties="strict")) <= depths(units, replace(choices, ties="forward"))).all()


@settings(max_examples=40, deadline=None)
@given(units_of, by_chain)
def test_the_first_entry_never_goes_further_than_the_best(units, choices):
    assert (depths(units, replace(choices, entry="first")) <= depths(units, replace(choices, entry="best"))).all()


@settings(max_examples=40, deadline=None)
@given(units_of, in_order)
def test_less_may_stand_between_the_steps_of_a_strict_order_and_beside_excluding_leads(units, choices):
    broken = depths(units, replace(choices, order="strict"))
    free = depths(units, replace(choices, order="ordered"))
    assert (broken <= free).all()
    assert (free <= depths(units, replace(choices, order="ordered", excluding=()))).all()


@settings(max_examples=40, deadline=None)
@given(units_of, in_order)
def test_steps_in_any_order_are_never_fewer_than_in_their_order(units, choices):
    closed = replace(choices, order="ordered", start="first", entry="best")
    assert (depths(units, closed) <= depths(units, meaningful(replace(closed, order="any")))).all()


@settings(max_examples=40, deadline=None)
@given(units_of, by_chain)
def test_the_chain_that_is_told_changes_no_depth_and_no_status(units, choices):
    told = [build(units, replace(choices, anchor=anchor)) for anchor in ("earliest", "latest")]
    pd.testing.assert_frame_equal(*(funnels[["customer_id", "depth", "status"]] for funnels in told))
    assert (told[0]["entered_at"] <= told[1]["entered_at"]).all()


@settings(max_examples=40, deadline=None)
@given(unit_of, unit_of, unbroken)
def test_r21_merging_two_units_never_lowers_the_depth(one, other, choices):
    choices = replace(choices, entry="best")
    assert depths([one + other], choices)[0] >= depths([one, other], choices).max()


@pytest.mark.parametrize("simultaneous", [False, True])
def test_a_unit_with_very_many_leads_is_no_trouble(simultaneous):
    # Tried entry by entry, this would be some 10,000,000,000 steps.
    count = 200_000
    times = np.zeros(count, np.int64) if simultaneous else np.arange(count)
    never, ever = np.zeros((2, 2), bool), np.iinfo(np.int64).max
    rules = Rules(
        serves=np.eye(2, dtype=bool),
        breaks=never,
        excludes=never[0],
        excludes_unit=False,
        window=count // 2,
        gap=ever,
        as_of=int(times[-1]),
        entered_from=NEVER,
        entered_to=ever,
        any_step=False,
        first_only=False,
        latest=False,
        strict=False,
    )
    walks = walk_units(np.array([0, count]), times, np.zeros(count, np.int64), rules)
    assert walks.depths.tolist() == [1]
    assert walks.step_times.tolist() == [[0, NEVER]]
    assert walks.open.tolist() == [True]


@given(st.lists(st.integers(0, 5), max_size=30))
def test_order_by_is_a_stable_sort(codes):
    codes = np.array(codes, dtype=np.int64)
    assert order_by(codes, np.arange(len(codes)), 6).tolist() == np.argsort(codes, kind="stable").tolist()
