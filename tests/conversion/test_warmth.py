"""The open units, the warmest first, with the reason."""

from __future__ import annotations

import numpy as np
import pytest
from conversion_cases import funnels_in_days
from funnel_cases import GET, INS

from leadanalytics.conversion import nowcast, still_warm
from leadanalytics.errors import OptionError

TEXT = "a: TD@0 GET@2 INS@3; b: TD@0 GET@8; c: TD@0; d: TD@0; w: TD@39; x: TD@35; y: TD@35 GET@36; z: GET@36"
FUNNELS = funnels_in_days(TEXT, window="30 days", as_of=40)


def test_the_warmest_come_first_and_the_others_are_not_there():
    warm = still_warm(FUNNELS)
    assert warm["customer_id"].tolist() == ["w", "x", "y"]
    assert warm["waits_for"].tolist() == [GET, GET, INS]
    assert warm["age"].tolist() == [1, 5, 5]
    assert warm["days_left"].tolist() == [29, 25, 25]
    assert warm["probability"].is_monotonic_decreasing


def test_the_probabilities_add_up_to_the_nowcast():
    counted = nowcast(FUNNELS).set_index("stage")["expected"]
    waiting = still_warm(FUNNELS).query("waits_for == @GET")
    assert waiting["probability"].sum() == pytest.approx(counted[GET])


def test_of_equal_chances_whoever_has_less_time_comes_first():
    funnels = funnels_in_days("a: TD@0 GET@20; b: TD@0; young: TD@39; old: TD@30", window="30 days", as_of=40)
    warm = still_warm(funnels)
    assert warm["probability"].nunique() == 1
    assert warm["customer_id"].tolist() == ["old", "young"]


def test_the_reason_is_a_sentence():
    reasons = still_warm(FUNNELS)["reason"].tolist()
    assert reasons[0] == (
        "Test drive, 1 day since entry: 47 % of such customers still take Get it now by day 30 (estimated from 7)"
    )
    assert reasons[2] == (
        "Get it now, 5 days since entry: none of such customers still take Install by day 30 (estimated from 7)"
    )


def test_a_unit_that_entered_again_has_no_age():
    funnels = funnels_in_days("a: TD@0 GET@20; u: TD@0 TD@35", window="30 days", as_of=40)
    warm = still_warm(funnels)
    again = warm[warm["customer_id"] == "u"]
    assert again[["age", "days_left"]].isna().all(axis=None)
    assert again["reason"].item() == (
        "Test drive, entered again: 50 % of such customers still take Get it now in time (estimated from 2)"
    )


def test_small_chances_are_not_said_to_be_none():
    text = "a: TD@0 GET@20; " + "; ".join(f"b{n}: TD@0" for n in range(200)) + "; x: TD@39"
    assert "under 1 % of such" in still_warm(funnels_in_days(text, window="30 days", as_of=40))["reason"].item()


def test_where_nobody_is_as_old_as_the_window_the_chance_is_unknown_and_the_days_left_are_not():
    warm = still_warm(funnels_in_days("a: TD@0; b: TD@1 GET@2; c: TD@5", window="30 days", as_of=5))
    assert warm["customer_id"].tolist() == ["c", "b", "a"]
    assert warm["days_left"].tolist() == [30, 26, 25]
    assert warm["probability"].tolist() == pytest.approx([0.5, 0, np.nan], nan_ok=True)
    assert warm["reason"].tolist() == [
        "Test drive, 0 days since entry: 50 % of such customers still take Get it now by day 5, "
        "as the past reaches only to day 5 (estimated from 3)",
        "Get it now, 4 days since entry: none of such customers still take Install by day 5, "
        "as the past reaches only to day 5 (estimated from 3)",
        "Test drive, 5 days since entry: whether such customers still take Get it now is unknown, "
        "as the past reaches only to day 5",
    ]


def test_a_young_group_knows_no_more_than_it_has_seen():
    text = "a: TD@0 GET@20; b: TD@0; x: TD@38; y: TD@39"
    funnels = funnels_in_days(text, window="30 days", as_of=40).assign(country=["DE", "DE", "FR", "FR"])
    warm = still_warm(funnels, by="country").set_index("customer_id")
    assert warm["days_left"].to_dict() == {"x": 28, "y": 29}
    assert warm["probability"].to_dict() == pytest.approx({"x": np.nan, "y": 0}, nan_ok=True)


def test_top_keeps_the_warmest():
    assert still_warm(FUNNELS, top=1)["customer_id"].tolist() == ["w"]


@pytest.mark.parametrize("top", [0, "3", 1.5])
def test_top_is_a_number(top):
    with pytest.raises(OptionError, match="top"):
        still_warm(FUNNELS, top=top)


def test_columns_and_definition_are_kept():
    warm = still_warm(FUNNELS)
    assert list(warm) == [*FUNNELS, "waits_for", "probability", "age", "days_left", "reason"]
    assert warm.attrs == {**FUNNELS.attrs, "left_out": {}}


def test_whoever_asked_not_to_be_contacted_is_judged_with_the_others_and_left_out():
    flagged = FUNNELS.assign(do_not_contact=FUNNELS["customer_id"].isin(["a", "w"]))
    flagged.attrs = FUNNELS.attrs
    warm, every = still_warm(flagged), still_warm(FUNNELS)
    assert warm["customer_id"].tolist() == ["x", "y"]
    assert warm["probability"].tolist() == every["probability"].tolist()[1:]
    assert warm.attrs["left_out"] == {"do not contact": 1}


def test_groups_are_judged_by_their_own_past():
    warm = still_warm(FUNNELS.assign(country=["DE"] * 4 + ["FR"] * 4), by="country")
    assert np.isnan(warm["probability"].tolist()[-1])
    assert set(warm["customer_id"]) == {"w", "x", "y"}


def test_nobody_is_open():
    assert still_warm(funnels_in_days("a: TD@0", window="30 days", as_of=40)).empty


def test_the_units_of_several_funnels_are_one_list():
    text = "a: TD@0 GET@20; b: TD@0; c: TD@30; d: TD@31/desk; e: TD@0/desk CON@15/desk"
    several = funnels_in_days(text, funnel=None, window="30 days", as_of=40)
    warm = still_warm(several)
    assert warm[["customer_id", "funnel", "waits_for", "probability"]].to_numpy().tolist() == [
        ["d", "contact_me", "Contact me", 1],
        ["c", "acquisition without Install", "Get it now", 0.5],
    ]
    assert still_warm(several, top=1)["customer_id"].tolist() == ["d"]
