"""A change split into rates and mix, which add up to it."""

from __future__ import annotations

import pandas as pd
import pytest
from funnel_cases import GET, TD, leads_of
from hypothesis import given, settings
from hypothesis import strategies as st
from simulated_feeds import funnels_with

from leadanalytics.conversion import decompose_change
from leadanalytics.errors import FrameError
from leadanalytics.funnels import build_funnels, count_stages


def counts_of(values: dict[str | None, tuple[int, int]]) -> pd.DataFrame:
    """Counts of two steps, from reached and n of each value."""
    rows = [(value, step, n) for value, (k, m) in values.items() for step, n in ((1, m), (2, k))]
    counts = pd.DataFrame(rows, columns=["country", "step", "n"])
    counts.attrs["steps"] = [TD, GET]
    return counts


def test_a_worked_change():
    # Shares 0.5, 0.5 to 0.75, 0.25; rates 0.4, 0.2 to 0.4, 0.4; the whole 0.3 to 0.4, whose mean is 0.35.
    change = decompose_change(
        counts_of({"DE": (20, 50), "US": (10, 50)}), counts_of({"DE": (30, 75), "US": (10, 25)}), by="country"
    ).set_index("country")
    assert change.loc["DE", ["rate_effect", "mix_effect"]].tolist() == pytest.approx([0, 0.25 * 0.05])
    assert change.loc["US", ["rate_effect", "mix_effect"]].tolist() == pytest.approx([0.2 * 0.375, -0.25 * -0.05])
    assert change.attrs["change"] == pytest.approx(0.1)
    assert change.attrs["summary"] == (
        "The rate went from 30.0 % to 40.0 % (+10.0 points): +7.5 from the rates by country, +2.5 from the mix."
    )
    assert change.attrs["warning"] is None


part = st.integers(0, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
period = st.dictionaries(st.sampled_from(["DE", "US", "FR", "JP"]), part, min_size=1).filter(
    lambda values: sum(n for _, n in values.values()) > 0
)


@settings(max_examples=100, deadline=None)
@given(period, period)
def test_effects_add_up_exactly_and_turn_with_time(before, after):
    change = decompose_change(counts_of(before), counts_of(after), by="country")
    whole = [sum(k for k, _ in values.values()) / sum(n for _, n in values.values()) for values in (before, after)]
    assert change["effect"].sum() == pytest.approx(whole[1] - whole[0], abs=1e-12)
    assert change.attrs["rate_effect"] + change.attrs["mix_effect"] == pytest.approx(change.attrs["change"], abs=1e-12)
    back = decompose_change(counts_of(after), counts_of(before), by="country").set_index("country")
    turned = change.set_index("country")[["rate_effect", "mix_effect"]] + back[["rate_effect", "mix_effect"]]
    assert turned.abs().max(axis=None) < 1e-12


def test_simpsons_reversal_is_warned_of():
    # C. R. Charig and others, 1986, stones: small 81/87 and 234/270, large 192/263 and 55/80.
    open_surgery, puncture = {"small": (81, 87), "large": (192, 263)}, {"small": (234, 270), "large": (55, 80)}
    change = decompose_change(counts_of(open_surgery), counts_of(puncture), by="country")
    assert change["reversed"].all()
    assert change.attrs["change"] > 0 > change.attrs["rate_effect"]
    assert change.attrs["warning"] == (
        "Sign reversal (Simpson's paradox): the rate rose, although it fell in every country; the mix did that."
    )


def test_a_new_value_brings_mix_alone():
    before, after = {"DE": (20, 100)}, {"DE": (20, 100), "US": (50, 100)}
    us = decompose_change(counts_of(before), counts_of(after), by="country").set_index("country").loc["US"]
    assert us["rate_effect"] == 0
    assert pd.isna(us["rate_before"])
    assert us["n_before"] == 0


def test_funnels_and_their_counts_agree_when_all_windows_have_ended():
    before, after = (funnels_with({"a": 0.2, "b": 0.5}, units=300, seed=seed) for seed in (1, 2))
    periods = [f[f["entered_at"] < pd.Timestamp("2024-03-01", tz="UTC")] for f in (before, after)]
    of_funnels = decompose_change(*periods, by="offer_id")
    of_counts = decompose_change(*(count_stages(f, by="offer_id") for f in periods), by="offer_id")
    pd.testing.assert_frame_equal(of_funnels, of_counts)


def test_missing_values_are_a_value():
    change = decompose_change(counts_of({None: (1, 2), "DE": (1, 2)}), counts_of({"DE": (1, 2)}), by="country")
    assert set(change["country"]) == {"(missing)", "DE"}


def test_an_empty_period_and_a_missing_column_are_named():
    with pytest.raises(FrameError, match="nobody has a known outcome after"):
        decompose_change(counts_of({"DE": (1, 2)}), counts_of({"DE": (0, 0)}), by="country")
    with pytest.raises(FrameError, match=r"count_stages\(funnels, by='offer_id'\)"):
        decompose_change(counts_of({"DE": (1, 2)}), counts_of({"DE": (1, 2)}), by="offer_id")


def test_the_units_of_several_funnels_are_refused_with_the_cure():
    leads = leads_of("u: TD@1 GET@2; v: TD@3/desk CON@4/desk")
    several = build_funnels(leads, entry="first")
    with pytest.raises(FrameError, match=r"several funnels.*funnels\[funnels\['funnel'\] == "):
        decompose_change(several, several, by="offer_id")
