import pandas as pd
import pytest

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
