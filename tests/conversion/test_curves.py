"""Conversion curves: the rules' figures, lifelines' figures, and what an analyst reads off them."""

from __future__ import annotations

import numpy as np
import pytest
from conversion_cases import DAY, funnels_in_days, two_steps
from funnel_cases import GET, INS

from leadanalytics import schema
from leadanalytics.conversion import conversion_curve
from leadanalytics.errors import FrameError, OptionError

R13 = funnels_in_days(
    "u1: TD@0 GET@20; u2: TD@0; u3: TD@30", funnel=["Test drive", "Get it now"], window="30 days", as_of=40
)
TIES = ([1, 1, 1, 1, 2, 2, 2, 2], [1, 0, 0, 0, 1, 0, 0, 0])
MIXED = ([0, 2, 2, 3, 5, 5, 8, 9, 12, 12, 14, 30], [1, 1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 0])

# What KaplanMeierFitter of lifelines 0.30.3 gives: the time, 1 - survival, and its 95 % interval.
LIFELINES = {
    "ties": (
        TIES,
        [
            (1.0, 0.12499999999999989, 0.018607034121033927, 0.6129999859679751),
            (2.0, 0.3437499999999999, 0.09141463383961379, 0.8428741363436222),
        ],
    ),
    "mixed": (
        MIXED,
        [
            (0.0, 0.08333333333333326, 0.012174434599541928, 0.4610228194292595),
            (2.0, 0.16666666666666652, 0.044490634271935, 0.5182850578046214),
            (3.0, 0.2592592592592594, 0.0913761305959383, 0.6093238723922181),
            (5.0, 0.44444444444444453, 0.21329853361240847, 0.7630997922668199),
            (9.0, 0.5555555555555556, 0.29415003072016777, 0.848590177703525),
            (12.0, 0.6666666666666666, 0.38693766627367554, 0.9151391259941959),
            (30.0, 0.6666666666666666, 0.38693766627367554, 0.9151391259941959),
        ],
    ),
}


def test_r13_the_youngest_counts_for_as_long_as_it_was_watched():
    curve = conversion_curve(R13)
    assert curve["time"].tolist() == [0, 20, 30]
    assert curve["probability"].tolist() == [0, 0.5, 0.5]
    assert curve["at_risk"].tolist() == [3, 2, 1]


def test_r13_events_precede_censorings_at_equal_times():
    curve = conversion_curve(two_steps(*TIES), at=[1, 2])
    assert curve["probability"].tolist() == [0.125, 0.34375]


@pytest.mark.parametrize("case", LIFELINES)
def test_two_steps_are_lifelines_to_the_ninth_place(case):
    watched, expected = LIFELINES[case]
    curve = conversion_curve(two_steps(*watched), at=[row[0] for row in expected])
    assert curve[["time", "probability", "low", "high"]].to_numpy() == pytest.approx(np.array(expected), abs=1e-9)


@pytest.mark.parametrize("case", LIFELINES)
def test_lifelines_itself_agrees(case):
    """Runs where lifelines is installed, which its bound on pandas forbids beside ours for now."""
    lifelines = pytest.importorskip("lifelines", reason="lifelines 0.30 asks for pandas below 3")
    (durations, events), expected = LIFELINES[case]
    fitter = lifelines.KaplanMeierFitter().fit(durations, events)
    survival = fitter.survival_function_at_times([row[0] for row in expected])
    assert 1 - survival.to_numpy() == pytest.approx([row[1] for row in expected], abs=1e-9)


def test_the_plain_band_is_greenwoods():
    """F = 0.34375 with S^2 (1 / (8 7) + 1 / (4 3)) = 0.0435791, as AalenJohansenFitter of lifelines has it."""
    curve = conversion_curve(two_steps(*TIES), at=2, band="plain", confidence=0.6826894921370859)
    deviation = (curve["high"] - curve["low"]) / 2
    assert deviation.item() ** 2 == pytest.approx(0.04357910156250002, abs=1e-9)


def test_all_steps_come_from_one_estimate():
    """Half go on by day 1; of the two of them who were then watched, one goes further by day 2."""
    funnels = funnels_in_days("u: TD@0 GET@1 INS@2; v: TD@0 GET@1; w: TD@0; x: TD@0", window="10 days", as_of=10)
    curve = conversion_curve(funnels, at=[1, 2]).set_index(["stage", "time"])["probability"]
    assert curve.to_dict() == {(GET, 1): 0.5, (GET, 2): 0.5, (INS, 1): 0, (INS, 2): 0.25}


def test_steps_taken_at_once_are_one_move():
    curve = conversion_curve(funnels_in_days("u: TD@0 GET@0 INS@0; v: TD@0", as_of=5), at=0)
    assert curve["probability"].tolist() == [0.5, 0.5]


def test_in_an_open_funnel_curves_begin_with_those_who_came_in_later():
    curve = conversion_curve(funnels_in_days("u: GET@0; v: TD@0 GET@3", start="any", as_of=5), at=[0, 3])
    assert curve.loc[curve["stage"] == GET, "probability"].tolist() == [0.5, 1]
    assert curve.loc[curve["stage"] == GET, "at_risk"].tolist() == [1, 1]


def test_beyond_the_longest_watching_nothing_is_known():
    curve = conversion_curve(R13, at=[30, 31])
    assert curve.loc[0, "probability"] == 0.5
    assert curve.loc[1, ["probability", "low", "high"]].isna().all()
    assert curve.loc[1, "at_risk"] == 0


def test_where_all_have_converted_the_band_stays_as_it_was():
    curve = conversion_curve(funnels_in_days("u: TD@0 GET@1; v: TD@0 GET@1", funnel=[("Test drive"), "Get it now"]))
    later = conversion_curve(two_steps([1, 1], [1, 1]), at=1)
    assert curve["high"].iloc[-1] == later["high"].iloc[-1] == 1
    assert 0 < curve["low"].iloc[-1] == later["low"].iloc[-1] < 1


def test_each_group_has_its_curve():
    funnels = R13.assign(country=["DE", "DE", "FR"])
    curve = conversion_curve(funnels, by="country", at=[5, 30])
    assert list(curve) == ["country", "step", "stage", "time", "probability", "low", "high", "at_risk"]
    assert curve["country"].tolist() == ["DE", "DE", "FR", "FR"]
    assert curve["probability"].iloc[:3].tolist() == [0, 0.5, 0]
    assert np.isnan(curve["probability"].iloc[3])


def test_a_curve_carries_the_definition():
    curve = conversion_curve(R13)
    assert curve.attrs == {
        **R13.attrs, "by": [], "band": "log-log", "confidence": 0.95,
        "medians": [{"step": 2, "stage": GET, "median": 20.0}],
    }  # fmt: skip
    assert curve["stage"].dtype == schema.TEXT


def test_the_index_and_the_order_of_the_units_do_not_matter():
    shuffled = R13.iloc[[2, 0, 1]].set_index("depth", drop=False)
    assert conversion_curve(shuffled).equals(conversion_curve(R13))


def test_nobody_entered():
    curve = conversion_curve(R13.iloc[:0])
    assert curve["probability"].isna().all()
    assert curve["at_risk"].tolist() == [0]


def test_a_funnel_of_one_step_has_no_curve():
    assert conversion_curve(funnels_in_days("u: TD@0", funnel=["Test drive"])).empty


@pytest.mark.parametrize("at", [-1, "7 days", [1, np.nan], DAY])
def test_times_are_days(at):
    with pytest.raises(OptionError, match=r"at=\[7, 30\]"):
        conversion_curve(R13, at=at)


def test_a_column_that_is_not_there_is_told():
    with pytest.raises(FrameError, match="country"):
        conversion_curve(R13, by="country")


def test_the_medians_stand_beside_the_curves_and_not_reached_is_said():
    text = "a: TD@0 GET@2 INS@9; b: TD@0 GET@4; c: TD@0; d: TD@0 GET@6; y: TD@39"
    funnels = funnels_in_days(text, window="30 days", as_of=40)
    expected = [{"step": 2, "stage": GET, "median": 4.0}, {"step": 3, "stage": INS, "median": "not reached"}]
    assert conversion_curve(funnels).attrs["medians"] == expected
    assert conversion_curve(funnels, at=1).attrs["medians"] == expected
    assert conversion_curve(funnels).columns.tolist()[-1] == "at_risk"


def test_each_group_has_its_medians():
    funnels = funnels_in_days("a: TD@0 GET@2; b: TD@0", funnel=["Test drive", GET], window="30 days", as_of=40)
    medians = conversion_curve(funnels.assign(country=["DE", None]), by="country").attrs["medians"]
    assert [(row["country"], row["median"]) for row in medians] == [("(missing)", "not reached"), ("DE", 2.0)]
    assert conversion_curve(funnels.iloc[:0], by=None).attrs["medians"][0]["median"] == "not reached"


def test_the_funnels_of_offers_have_curves_of_their_own():
    text = "a: TD@0 GET@20; b: TD@0; c: TD@0/desk CON@5/desk"
    several = funnels_in_days(text, funnel=None, window="30 days", as_of=40)
    curves = conversion_curve(several, at=30)
    assert curves[["funnel", "stage", "probability"]].to_numpy().tolist() == [
        ["acquisition without Install", "Get it now", 0.5],
        ["contact_me", "Contact me", 1],
    ]
    assert [median["funnel"] for median in curves.attrs["medians"]] == ["acquisition without Install", "contact_me"]
