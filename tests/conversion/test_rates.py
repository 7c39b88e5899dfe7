"""Three rates side by side, and how near each comes to a truth that is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from conversion_cases import day, funnels_in_days, made_feed
from funnel_cases import GET, INS, TD

from leadanalytics.conversion import conversion_curve, conversion_rates
from leadanalytics.errors import OptionError
from leadanalytics.funnels import build_funnels, count_stages

R13 = funnels_in_days(
    "u1: TD@0 GET@20; u2: TD@0; u3: TD@30", funnel=["Test drive", "Get it now"], window="30 days", as_of=40
)


def test_r13_naive_mature_and_censoring_aware():
    rates = conversion_rates(R13)
    assert rates["n"].tolist() == [3, 1]
    assert rates["naive"].tolist() == [1, 1 / 3]
    assert rates["mature"].tolist() == [2, 2]
    assert rates["mature_only"].tolist() == [1, 1 / 2]
    assert rates["censoring_aware"].tolist() == [1, 1 / 2]
    assert rates["within"].tolist() == [30, 30]


def test_the_naive_rate_is_the_one_of_the_counts():
    rates, counts = conversion_rates(R13), count_stages(R13)
    assert rates[["step", "stage", "n"]].equals(counts[["step", "stage", "n"]])
    assert rates["naive"].tolist() == counts["of_first"].tolist()


def test_the_mature_rate_is_the_one_of_the_counts():
    """u2 entered again on day 35, so it may still convert and is not mature."""
    text = "u1: TD@0 GET@20; u2: TD@0 TD@35; u3: TD@0; u4: TD@30"
    funnels = funnels_in_days(text, window="30 days", as_of=40)
    rates, counts = conversion_rates(funnels), count_stages(funnels)
    assert rates["mature"].tolist() == [2] * 3
    assert rates["mature_only"].tolist() == counts["mature_of_first"].tolist() == [1, 1 / 2, 0]


def test_the_interval_is_the_one_of_the_curve_at_the_window():
    rate = conversion_rates(R13).iloc[1]
    point = conversion_curve(R13, at=30).iloc[0]
    assert rate[["low", "high"]].tolist() == point[["low", "high"]].tolist()
    assert 0 < rate["low"] < 0.5 < rate["high"] < 1


def test_a_feed_younger_than_its_window_is_read_at_its_own_age():
    rates = conversion_rates(funnels_in_days("u: TD@0 GET@2; v: TD@0", window="30 days", as_of=10))
    assert rates["within"].tolist() == [10] * 3
    assert rates["censoring_aware"].tolist() == [1, 0.5, 0]
    assert rates["mature"].tolist() == [0] * 3
    assert rates["mature_only"].isna().all()


def test_r20_none_of_five_has_the_interval_of_wilson():
    rates = conversion_rates(funnels_in_days("; ".join(f"u{n}: TD@0" for n in range(5)), window="9 days", as_of=9))
    assert rates.loc[1, ["low", "high"]].tolist() == pytest.approx([0, 0.4345], abs=5e-5)


def test_r15_a_median_that_fewer_than_half_reach_is_not_reached():
    funnels = funnels_in_days("u: TD@0 GET@2 INS@5; v: TD@0 GET@4; w: TD@0", as_of=10)
    median = conversion_rates(funnels)["median"]
    assert median.iloc[:2].tolist() == [pd.Timedelta(0), pd.Timedelta("4 days")]
    assert median.iloc[2] is pd.NaT


def test_each_group_by_itself():
    rates = conversion_rates(R13.assign(country=["DE", "FR", "DE"]), by="country")
    assert rates["country"].tolist() == ["DE", "DE", "FR", "FR"]
    assert rates["censoring_aware"].tolist() == [1, 1, 1, 0]
    assert rates.attrs["by"] == ["country"]


def test_nothing_of_nobody_is_unknown():
    rates = conversion_rates(R13.iloc[:0])
    assert rates["n"].tolist() == [0, 0]
    assert rates[["naive", "mature_only", "censoring_aware", "low", "high"]].isna().all(axis=None)
    assert rates["median"].isna().all()


def test_a_confidence_that_is_none_is_refused():
    with pytest.raises(OptionError, match="confidence"):
        conversion_rates(R13, confidence=95)


@pytest.mark.parametrize("kind", ["exponential", "mixture"])
def test_the_truth_lies_in_the_interval_where_the_naive_rate_is_far_off(kind):
    """60 feeds of 400 units with growing volume: 95 % of the intervals hold the truth, hardly ever fewer than 52."""
    _, truth = made_feed(0, units=1_000_000, kind=kind)
    true = np.array([(truth[step] <= 30).mean() for step in (GET, INS)])
    held, nearer, bias = [], [], []
    for seed in range(1, 61):
        leads, _ = made_feed(seed, units=400, kind=kind)
        rates = conversion_rates(build_funnels(leads, window="30 days", as_of=day(90), funnel="acquisition")).iloc[1:]
        held.append((rates["low"] <= true) & (true <= rates["high"]))
        nearer.append((rates["censoring_aware"] - true).abs() < (rates["naive"] - true).abs())
        bias.append(rates[["censoring_aware", "naive"]].sub(true, axis=0).to_numpy())
    assert (np.sum(held, axis=0) >= 52).all()
    assert (np.mean(nearer, axis=0) > 0.75).all()
    aware, naive = np.mean(bias, axis=0).T
    assert (np.abs(aware) < 0.015).all()
    assert (naive < -0.03).all()


def test_the_first_step_is_every_unit():
    assert conversion_rates(R13).loc[0, ["stage", "low", "high"]].tolist() == [TD, 1, 1]


def test_the_funnels_of_offers_have_rates_of_their_own():
    text = "a: TD@0 GET@20; b: TD@0; c: TD@0/desk CON@5/desk"
    rates = conversion_rates(funnels_in_days(text, funnel=None, window="30 days", as_of=40))
    assert rates.loc[rates["step"] == 2, ["funnel", "naive"]].to_numpy().tolist() == [
        ["acquisition without Install", 0.5],
        ["contact_me", 1],
    ]
