"""The share by the end of the window: what is seen of each cell, and what its pool tells of the days not seen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from conversion_cases import day, funnels_in_days, made_feed
from funnel_cases import GET, INS
from simulated_feeds import START, funnels_with

from leadanalytics.conversion import nowcast
from leadanalytics.conversion.completing import complete_shares
from leadanalytics.funnels import build_funnels

OLD_AND_NEW = "a: TD@0 GET@20; b: TD@1; x: TD@60; y: TD@61 GET@63"


def completed(funnels, cells=None, pools=None):
    nobody = np.zeros(len(funnels), int)
    cells = nobody if cells is None else np.asarray(cells)
    return complete_shares(funnels, pools=nobody if pools is None else pools, cells=cells, number=cells.max() + 1)


def test_it_is_what_was_reached_and_what_the_nowcast_expects():
    funnels = funnels_in_days(
        "a: TD@0 GET@5 INS@8; b: TD@0 GET@9; c: TD@1; x: TD@39; y: TD@35 GET@36", as_of=40, window="30 days"
    )
    counted = nowcast(funnels)
    assert completed(funnels).share[0].tolist() == pytest.approx([1, *((counted["n"] + counted["expected"]) / 5)])


def test_the_days_that_a_cell_has_not_seen_are_told_by_the_others():
    """On day 5 one of four had gone on; on day 20 one of the two who were watched so long."""
    funnels = funnels_in_days(OLD_AND_NEW, funnel=["Test drive", GET], window="30 days", as_of=65)
    share = completed(funnels, cells=[0, 0, 1, 1]).share[:, 1]
    assert share.tolist() == pytest.approx([1 / 2, (1 + 1 / 2) / 2])


def test_where_nobody_is_open_the_interval_is_wilsons():
    funnels = funnels_in_days(
        "a: TD@0 GET@1; b: TD@0 GET@1; c: TD@0", funnel=["Test drive", GET], window="30 days", as_of=40
    )
    share, low, high = completed(funnels)
    assert [share[0, 1], low[0, 1], high[0, 1]] == pytest.approx([2 / 3, 0.2077, 0.9385], abs=1e-4)


def test_without_a_unit_that_saw_the_end_of_the_window_only_settled_cells_are_known():
    funnels = funnels_in_days("a: TD@0 GET@1; b: TD@3", funnel=["Test drive", GET], window="30 days", as_of=5)
    share, low, high = completed(funnels, cells=[0, 1])
    assert share[:, 1].tolist() == pytest.approx([1, np.nan], nan_ok=True)
    assert np.isnan([low[1, 1], high[1, 1]]).all()
    assert share[:, 0].tolist() == [1, 1]


def test_a_pool_tells_nothing_of_another():
    funnels = funnels_in_days(OLD_AND_NEW, funnel=["Test drive", GET], window="30 days", as_of=65)
    share = completed(funnels, cells=[0, 0, 1, 1], pools=np.array([0, 0, 1, 1])).share[:, 1]
    assert share.tolist() == pytest.approx([1 / 2, np.nan], nan_ok=True)


def test_a_step_that_few_never_took_is_not_ruled_out_by_many_who_may():
    past, present = "; ".join(f"a{n}: TD@0" for n in range(5)), "; ".join(f"x{n}: TD@40" for n in range(500))
    funnels = funnels_in_days(f"{past}; {present}", funnel=["Test drive", GET], window="30 days", as_of=40)
    share, low, high = completed(funnels)
    assert [share[0, 1], low[0, 1]] == [0, 0]
    assert high[0, 1] > 0.3


def test_nobody_is_in_a_cell():
    funnels = funnels_in_days("a: TD@0 GET@1", window="30 days", as_of=40)
    assert np.isnan(completed(funnels, cells=[1]).share[0]).all()


def test_the_interval_holds_the_true_rate_of_finished_and_unfinished_cells():
    """100 feeds of 120 days in four cells; a finished cell holds 95 %, the youngest more, as a wide one does."""
    held = []
    for seed in range(100):
        funnels = funnels_with({"all": 0.3}, units=400, seed=seed)
        cells = ((funnels["entered_at"] - START) // pd.Timedelta("30 days")).to_numpy()
        _, low, high = completed(funnels, cells=cells)
        held.append((low[:, 1] <= 0.3) & (high[:, 1] >= 0.3))
    held = np.mean(held, axis=0)
    assert (held >= 0.9).all()
    assert (held[:3] < 1).all()


@pytest.mark.parametrize("kind", ["exponential", "mixture"])
def test_the_interval_holds_what_the_youngest_units_really_came_to(kind):
    """60 feeds of growing volume: both steps of those who entered in the last 15 days, without bias."""
    held, missed = [], []
    for seed in range(60):
        leads, truth = made_feed(seed, units=300, kind=kind)
        funnels = build_funnels(leads, window="30 days", as_of=day(90), funnel="acquisition")
        is_young = (funnels["entered_at"] >= day(75)).to_numpy()
        units = funnels.loc[is_young, "customer_id"]
        really = np.array([(truth[step][units] <= 30).mean() for step in (GET, INS)])
        share, low, high = (values[1, 1:] for values in completed(funnels, cells=is_young.astype(int)))
        held.append((low <= really) & (really <= high))
        missed.append(share - really)
    assert np.mean(held) >= 0.93
    assert (np.abs(np.mean(missed, axis=0)) < 0.02).all()
