"""Offers ranked with known truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from funnel_cases import leads_of
from scipy.optimize import minimize_scalar
from scipy.stats import betabinom
from simulated_feeds import funnels_with

from leadanalytics.conversion import rank_offers
from leadanalytics.conversion.ranking import fit_beta_binomial
from leadanalytics.errors import FrameError, OptionError
from leadanalytics.funnels import build_funnels


def funnels_of(counts: dict[str, tuple[int, int]]) -> pd.DataFrame:
    """Funnels whose windows have ended, from reached and n of each offer."""
    rows = [(offer, place < reached) for offer, (reached, n) in counts.items() for place in range(n)]
    entered = pd.Timestamp("2024-01-01", tz="UTC").as_unit("ns")
    funnels = pd.DataFrame(rows, columns=["offer_id", "reached"]).assign(entered_step=1, entered_at=entered)
    funnels["depth"] = 1 + funnels["reached"]
    funnels["status"] = np.where(funnels["reached"], "reached", "dropped")
    funnels["Get it now"] = funnels["entered_at"].where(funnels.pop("reached"))
    funnels.attrs = {"steps": ["Test drive", "Get it now"], "window": "7 days", "as_of": "2024-06-30 00:00+00:00"}
    return funnels


def test_a_lucky_small_offer_is_pulled_below_a_proven_one():
    many = {f"offer {number}": (20 + number, 100) for number in range(12)}
    ranked = rank_offers(funnels_of({**many, "proven": (50, 100), "lucky": (2, 3)})).set_index("offer_id")
    assert ranked.loc["lucky", "rate"] > ranked.loc["proven", "rate"]
    assert ranked.loc["proven", "rank"] == 1
    assert ranked.loc["lucky", "shrunken"] < ranked.loc["proven", "shrunken"]
    assert ranked.loc["lucky", "in_top"] < ranked.loc["proven", "in_top"]


def test_every_rate_moves_towards_the_mean_the_more_the_fewer_units_it_has():
    ranked = rank_offers(funnels_of({"a": (40, 100), "b": (4, 10), "c": (10, 100), "d": (30, 150)})).set_index(
        "offer_id"
    )
    mean, strength = ranked.attrs["prior"]["mean"], ranked.attrs["prior"]["strength"]
    expected = (ranked["reached"] + mean * strength) / (ranked["n"] + strength)
    assert ranked["shrunken"].to_numpy() == pytest.approx(expected.to_numpy())
    assert mean < ranked.loc["b", "shrunken"] < ranked.loc["a", "shrunken"] < 0.4


def test_the_fit_is_the_likeliest():
    reached, n = np.array([3, 12, 20, 9, 31]), np.array([20, 50, 60, 70, 90])
    mean, strength = fit_beta_binomial(reached, n)

    def likelihood(mean, strength):
        return betabinom.logpmf(reached, n, mean * strength, (1 - mean) * strength).sum()

    best = likelihood(mean, strength)
    assert best >= max(likelihood(mean * x, strength * y) for x in (0.97, 1, 1.03) for y in (0.9, 1, 1.1)) - 1e-9
    along = minimize_scalar(lambda log: -likelihood(mean, np.exp(log)), bounds=(0, 7), method="bounded")
    assert best == pytest.approx(-along.fun, abs=1e-5)


def test_alike_offers_borrow_no_more_than_all_units():
    ranked = rank_offers(funnels_of(dict.fromkeys("abcd", (20, 100))))
    assert ranked.attrs["prior"]["strength"] == pytest.approx(400)
    assert ranked["shrunken"].to_list() == pytest.approx([0.2] * 4, abs=0.002)
    assert ranked["in_top"].to_list() == pytest.approx([0.75] * 4, abs=0.02)


def test_two_offers_teach_nothing_of_each_other():
    ranked = rank_offers(funnels_of({"a": (9, 10), "b": (1, 10)}))
    assert ranked["shrunken"].to_list() == pytest.approx([9.5 / 11, 1.5 / 11])
    assert ranked.attrs["prior"]["method"].startswith("Jeffreys")


def test_no_conversions_at_all():
    ranked = rank_offers(funnels_of(dict.fromkeys("abcde", (0, 50))))
    assert (ranked["shrunken"] < 0.01).all()
    assert ranked["in_top"].sum() == pytest.approx(3)


def test_places_are_shared_out_and_the_same_each_time():
    funnels = funnels_of({"a": (40, 100), "b": (35, 90), "c": (10, 100), "d": (30, 150), "e": (1, 2)})
    ranked = rank_offers(funnels)
    assert ranked["in_top"].sum() == pytest.approx(3)
    assert rank_offers(funnels, top=1)["in_top"].sum() == pytest.approx(1)
    pd.testing.assert_frame_equal(ranked, rank_offers(funnels))


def test_shrunken_rates_are_nearer_the_truth_and_their_intervals_hold_it():
    random = np.random.default_rng(7)
    raw, shrunken, held = [], [], []
    for _ in range(15):
        truth, n = random.beta(4, 16, 40), random.integers(3, 60, 40)
        counts = {f"{number:02d}": (random.binomial(n[number], truth[number]), n[number]) for number in range(40)}
        ranked = rank_offers(funnels_of(counts), draws=10).sort_values("offer_id")
        raw.append(((ranked["rate"] - truth) ** 2).mean())
        shrunken.append(((ranked["shrunken"] - truth) ** 2).mean())
        held.append(ranked["shrunken_low"].lt(truth).mul(ranked["shrunken_high"].gt(truth)).mean())
    assert np.mean(shrunken) < 0.6 * np.mean(raw)
    # A little under 95 %: mean and strength are taken as known.
    assert 0.91 <= np.mean(held) <= 0.97


def test_the_best_is_in_the_top():
    rates = {f"offer {number}": 0.1 + 0.05 * number for number in range(8)}
    ranked = rank_offers(funnels_with(rates, units=6000, seed=1))
    assert set(ranked["offer_id"].head(3)) == {"offer 5", "offer 6", "offer 7"}
    assert ranked["in_top"].iloc[0] > 0.95


def test_numbers_out_of_range_are_refused():
    with pytest.raises(OptionError, match="top is a number from 1; found 0"):
        rank_offers(funnels_of({"a": (1, 2)}), top=0)


def test_the_units_of_several_funnels_are_refused_with_the_cure():
    leads = leads_of("u: TD@1 GET@2; v: TD@3/desk CON@4/desk")
    several = build_funnels(leads, entry="first")
    with pytest.raises(FrameError, match=r"several funnels.*funnels\[funnels\['funnel'\] == "):
        rank_offers(several)
