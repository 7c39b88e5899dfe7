"""How many more will come, and how often the interval says so."""

from __future__ import annotations

import numpy as np
import pytest
from conversion_cases import day, funnels_in_days, made_feed
from funnel_cases import CON, GET, INS, TD

from leadanalytics.conversion import nowcast
from leadanalytics.errors import OptionError
from leadanalytics.funnels import build_funnels

R13 = funnels_in_days(
    "u1: TD@0 GET@20; u2: TD@0; u3: TD@30", funnel=["Test drive", "Get it now"], window="30 days", as_of=40
)


def test_the_open_unit_counts_with_its_probability():
    row = nowcast(R13).iloc[0]
    assert row[["step", "stage", "n", "open", "expected", "low", "high", "within"]].tolist() == [
        *(2, GET, 1, 1, 0.5, 0, 1, 30)
    ]


def test_each_step_counts_the_open_units_that_stand_before_it():
    text = "a: TD@0 GET@1 INS@2; b: TD@0 GET@1; c: TD@0; d: TD@0; x: TD@39 GET@40; y: TD@40"
    counted = nowcast(funnels_in_days(text, window="30 days", as_of=40)).set_index("stage")
    assert counted["open"].to_dict() == {GET: 1, INS: 2}
    # Of the five watched on day 1 three went on, of the two of them watched on day 2 one went further.
    assert counted["expected"].to_dict() == pytest.approx({GET: 3 / 5, INS: 3 / 5 * 1 / 2 + 1 / 2})


def test_nobody_is_open():
    funnels = R13[R13["status"] != "open"]
    funnels.attrs = R13.attrs
    assert nowcast(funnels)[["open", "expected", "low", "high"]].iloc[0].tolist() == [0, 0, 0, 0]


def test_a_step_that_nobody_ever_took_is_unknown():
    row = nowcast(funnels_in_days("u: TD@0; v: TD@5", window="30 days", as_of=10)).iloc[0]
    assert row["expected"] == 0
    assert row[["low", "high"]].isna().all()


def test_a_step_that_everybody_took_is_unknown_too():
    row = nowcast(funnels_in_days("u: TD@0 GET@20; v: TD@20 GET@29; w: TD@30", window="30 days", as_of=40)).iloc[0]
    assert row["expected"] == 1
    assert row[["low", "high"]].isna().all()


def test_each_group_is_judged_by_its_own_past():
    text = "a: TD@0 GET@1; b: TD@0; c: TD@0; x: TD@40"
    funnels = funnels_in_days(text, funnel=["Test drive", "Get it now"], window="30 days", as_of=40)
    counted = nowcast(funnels.assign(country=["DE", "DE", "FR", "FR"]), by="country").set_index("country")
    assert counted["expected"].to_dict() == {"DE": 0, "FR": 0}
    assert nowcast(funnels)["expected"].item() == pytest.approx(1 / 3)


def test_more_confidence_is_a_wider_interval():
    leads, _ = made_feed(1, units=300, kind="exponential")
    funnels = build_funnels(leads, window="30 days", as_of=day(90), funnel="acquisition")
    narrow, wide = (nowcast(funnels, confidence=confidence) for confidence in (0.5, 0.99))
    assert (wide["low"] < narrow["low"]).all()
    assert (narrow["low"] < narrow["expected"]).all()
    assert (narrow["expected"] < narrow["high"]).all()
    assert (narrow["high"] < wide["high"]).all()
    assert narrow.attrs["confidence"] == 0.5


def test_a_short_past_makes_a_wide_interval():
    """Of ten, five converted: one open unit more is a coin, a thousand are as unsure as the ten, 260 either way."""
    past = "; ".join(f"a{n}: TD@0 GET@5" if n < 5 else f"a{n}: TD@0" for n in range(10))
    present = "; ".join(f"x{n}: TD@40" for n in range(1000))
    funnels = funnels_in_days(f"{past}; {present}", funnel=["Test drive", "Get it now"], window="30 days", as_of=40)
    row = nowcast(funnels).iloc[0]
    assert row["expected"] == pytest.approx(500)
    assert row["high"] - row["low"] == pytest.approx(2 * 1.645 * 1000 * (0.25 / 10) ** 0.5, rel=0.05)


def test_a_confidence_that_is_none_is_refused():
    with pytest.raises(OptionError, match="confidence"):
        nowcast(R13, confidence=90)


@pytest.mark.parametrize("kind", ["exponential", "mixture"])
def test_the_interval_holds_what_really_came(kind):
    """60 feeds: 90 % of the intervals hold the number, so of 120 at least 97, and not all."""
    held, missed = [], []
    for seed in range(60):
        leads, truth = made_feed(seed, units=300, kind=kind)
        funnels = build_funnels(leads, window="30 days", as_of=day(90), funnel="acquisition")
        stands = funnels.loc[funnels["status"] == "open"].set_index("customer_id")["depth"]
        forecast = nowcast(funnels)
        in_time = np.array([(truth[step][stands.index] <= 30) & (stands < k) for k, step in ((2, GET), (3, INS))])
        came = in_time.sum(axis=1)
        held.append((forecast["low"] <= came) & (came <= forecast["high"]))
        missed.append(forecast["expected"] - came)
    assert 97 <= np.sum(held) < 120
    assert (np.abs(np.mean(missed, axis=0)) < 2).all()


SEVERAL = funnels_in_days(
    "a: TD@0 GET@20; b: TD@0; c: TD@30; d: TD@30/desk; e: TD@0/desk CON@5/desk", funnel=None, window="30 days", as_of=40
)


def test_the_funnels_of_offers_are_forecast_each_by_its_own_past():
    counted = nowcast(SEVERAL)
    assert counted[["funnel", "stage", "n", "open", "expected"]].to_numpy().tolist() == [
        ["acquisition without Install", GET, 1, 1, 0.5],
        ["contact_me", CON, 1, 1, 0],
    ]
    assert counted.attrs["by"] == ["funnel"]


def test_the_rows_of_one_funnel_are_forecast_as_before():
    one = SEVERAL[SEVERAL["funnel"] == "contact_me"]
    assert nowcast(one)["stage"].tolist() == [CON]
    given = funnels_in_days("a: TD@0 GET@20", funnel=[TD, GET], window="30 days", as_of=40)
    assert "funnel" not in nowcast(given).columns
