import pandas as pd
import pytest
from funnel_cases import leads_of as leads_from

import leadanalytics as la
from leadanalytics.studies import adjusted_trend

STEPS = ["Test drive", "Get it now"]


def leads_of(*days):
    """Leads of customers who try on one day of 2024 and buy on another, or never (None)."""
    rows = [
        (f"c{place}", stage, pd.Timestamp("2024-01-01", tz="UTC") + pd.Timedelta(day, "D"))
        for place, pair in enumerate(days)
        for stage, day in zip(STEPS, pair)
        if day is not None
    ]
    return pd.DataFrame(rows, columns=["customer_id", "stage", "created_at"]).assign(offer_id="app")


def trend_of(*days, **options):
    funnels = la.build_funnels(leads_of(*days), funnel=STEPS, window="30 days", as_of="2024-03-06T00:00Z")
    return adjusted_trend(funnels, **options)


def test_a_complete_period_is_as_it_was_and_an_unfinished_one_is_adjusted():
    trend = trend_of((0, 5), (1, None), (60, 62), (61, None), (63, None))
    second = trend[trend["step"] == 2].set_index("period")
    january, march = second.iloc[0], second.iloc[-1]
    assert january["complete"]
    assert january["adjusted"] == january["of_first"] == 0.5
    assert not march["complete"]
    assert march["of_first"] == pytest.approx(1 / 3)
    assert march["adjusted_low"] <= march["adjusted"] <= march["adjusted_high"]
    assert march["adjusted"] >= march["of_first"]


def test_a_period_without_units_has_no_rate_and_the_trend_is_whole():
    trend = trend_of((0, 5), (61, 62))
    plain = la.stage_trend(
        la.build_funnels(leads_of((0, 5), (61, 62)), funnel=STEPS, window="30 days", as_of="2024-03-06T00:00Z")
    )
    pd.testing.assert_frame_equal(trend[plain.columns], plain)
    assert trend.loc[trend["n"] == 0, "adjusted"].isna().all()


def test_periods_are_those_of_the_zone():
    late = leads_of((30.99, None))
    funnels = la.build_funnels(late, funnel=STEPS, window="30 days", as_of="2024-03-06T00:00Z")
    assert adjusted_trend(funnels, tz="Europe/Berlin")["period"].dt.month.tolist() == [2, 2]
    assert adjusted_trend(funnels)["adjusted"].notna().all()


def test_an_unfinished_period_comes_to_what_the_finished_ones_did():
    """Each day four try, one buys on day 5 and one on day 20: always a half, and a quarter of those seen ten days."""
    days = [(day, day + after if after else None) for day in range(105) for after in (5, 20, None, None)]
    funnels = la.build_funnels(leads_of(*days), funnel=STEPS, window="30 days", as_of="2024-04-15T00:00Z")
    trend = adjusted_trend(funnels)
    second = trend[trend["step"] == 2]
    assert second["adjusted"].tolist() == pytest.approx([0.5] * 4, abs=0.01)
    assert second["of_first"].iloc[-1] < 0.2
    wide = second["adjusted_high"] - second["adjusted_low"]
    assert wide.iloc[-1] > wide.iloc[0]


def test_where_nobody_was_watched_to_the_end_of_the_window_it_is_unknown():
    funnels = la.build_funnels(
        leads_of((55, 58), (56, None)), funnel=STEPS, window="30 days", as_of="2024-03-06T00:00Z"
    )
    second = adjusted_trend(funnels).query("step == 2")
    assert second["of_first"].tolist() == [0.5]
    assert second[["adjusted", "adjusted_low", "adjusted_high"]].isna().all(axis=None)


def test_groups_are_carried_on_by_their_own_past_and_the_rest_counts_together():
    leads = leads_of((0, 20), (1, 21), (60, None), (0, None), (1, None), (61, None), (2, None))
    leads = leads.assign(country=["DE"] * 5 + ["FR"] * 3 + ["IT"])
    funnels = la.build_funnels(leads, funnel=STEPS, window="30 days", as_of="2024-03-06T00:00Z", by="country")
    trend = adjusted_trend(funnels, by="country", top=2)
    march = trend[(trend["step"] == 2) & trend["period"].eq("2024-03-01")].set_index("country")["adjusted"]
    assert march.to_dict() == {"DE": 1, "FR": 0, "(other)": pytest.approx(float("nan"), nan_ok=True)}


def test_a_trend_is_of_one_funnel():
    several = la.build_funnels(leads_from("u: TD@1 GET@2; v: CON@4/desk"))
    with pytest.raises(la.errors.FrameError, match="several funnels"):
        adjusted_trend(several)
    one = adjusted_trend(several[several["offer_id"] == "desk"])
    assert one["stage"].tolist() == ["Contact me"]
