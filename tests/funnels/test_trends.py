"""Periods of entry that add up to the funnel and say which of them are finished."""

from __future__ import annotations

import pandas as pd
import pytest
from funnel_cases import GET, INS, TD, leads_of_units
from hypothesis import given, settings
from hypothesis import strategies as st

from leadanalytics import schema
from leadanalytics.errors import OptionError
from leadanalytics.funnels import build_funnels, count_stages, stage_trend

unit_of = st.lists(st.tuples(st.integers(0, 9), st.sampled_from([TD, GET, INS])), min_size=1, max_size=4)


def funnels_of(*leads: tuple[str, str, str], **options: object) -> pd.DataFrame:
    customers, stages, times = zip(*leads)
    frame = pd.DataFrame({"customer_id": customers, "offer_id": "crane", "stage": stages})
    frame["created_at"] = pd.to_datetime(list(times), utc=True, format="ISO8601")
    return build_funnels(frame, funnel=[TD, GET], **({"window": None} | options))


THREE = (
    ("u", TD, "2024-06-03T10:00Z"),
    ("u", GET, "2024-07-01T10:00Z"),
    ("v", TD, "2024-06-30T10:00Z"),
    ("w", TD, "2024-08-20T10:00Z"),
)


def test_r19_units_are_counted_in_the_period_of_their_entry():
    trend = stage_trend(funnels_of(*THREE, window="30 days", as_of="2024-08-31T00:00Z"))
    first = trend[trend["step"] == 1]
    assert first["period"].dt.strftime("%Y-%m-%d").tolist() == ["2024-06-01", "2024-07-01", "2024-08-01"]
    assert first["period_end"].dt.strftime("%Y-%m-%d").tolist() == ["2024-07-01", "2024-08-01", "2024-09-01"]
    assert trend["n"].tolist() == [2, 1, 0, 0, 1, 0]
    assert trend["open"].tolist() == [0, 0, 0, 0, 1, 0]
    assert first["complete"].tolist() == [True, True, False]
    assert first["mature_n"].tolist() == [2, 0, 0]


@pytest.mark.parametrize(("as_of", "complete"), [("2024-07-30T23:59:59Z", False), ("2024-07-31T00:00Z", True)])
def test_r19_a_period_is_complete_when_the_window_after_its_end_is_over(as_of, complete):
    trend = stage_trend(funnels_of(("u", TD, "2024-06-03T10:00Z"), window="30 days", as_of=as_of))
    assert trend["complete"].tolist() == [complete] * 2


def test_r19_without_a_window_no_period_is_complete():
    assert not stage_trend(funnels_of(*THREE)).loc[:, "complete"].any()


@settings(max_examples=50, deadline=None)
@given(st.lists(unit_of, max_size=12), st.sampled_from([None, "2 days"]), st.sampled_from(["D", "W-MON"]))
def test_r19_periods_add_up_to_the_funnel(units, window, freq):
    leads = leads_of_units([[(12 * 3600 * half_days, stage) for half_days, stage in unit] for unit in units])
    leads["country"] = [[None, "DE"][place % 2] for place in range(len(leads))]
    # Of the first entry alone: a unit that comes again is open long after the period of the entry that is told.
    funnels = build_funnels(leads, window=window, by="country", entry="first", funnel="acquisition")
    whole, trend = count_stages(funnels), stage_trend(funnels, freq=freq, by="country", tz="Asia/Tokyo")
    for column in ("n", "open", "dropped", "entered", "bypass"):
        added = trend.groupby("step")[column].sum().reindex(whole["step"], fill_value=0)
        assert added.tolist() == whole[column].tolist()
    assert not trend.loc[trend["complete"], "open"].any()


def test_r18_a_period_begins_in_its_zone():
    funnels = funnels_of(("u", TD, "2024-01-31T23:30Z"))
    berlin, utc = (stage_trend(funnels, tz=tz)["period"].iloc[0] for tz in ("Europe/Berlin", "UTC"))
    assert berlin == pd.Timestamp("2024-02-01", tz="Europe/Berlin")
    assert utc == pd.Timestamp("2024-01-01", tz="UTC")


def test_r18_days_of_a_change_of_the_clock_are_days():
    funnels = funnels_of(("u", TD, "2024-03-30T22:59Z"), ("v", TD, "2024-03-31T21:59Z"), ("w", TD, "2024-03-31T22:01Z"))
    days = stage_trend(funnels, freq="D", tz="Europe/Berlin").query("step == 1")
    assert days["n"].tolist() == [1, 1, 1]
    assert (days["period_end"] - days["period"]).tolist() == [pd.Timedelta(f"{hours} h") for hours in (24, 23, 24)]


@pytest.mark.parametrize(
    ("freq", "period"),
    [
        ("D", "2024-08-20"),
        ("W-MON", "2024-08-19"),
        ("MS", "2024-08-01"),
        ("QS", "2024-07-01"),
        ("YS", "2024-01-01"),
        ("YS-JUL", "2024-07-01"),
    ],
)
def test_periods_begin_where_the_calendar_says(freq, period):
    trend = stage_trend(funnels_of(("w", TD, "2024-08-20T10:00Z")), freq=freq)
    assert trend["period"].tolist() == [pd.Timestamp(period, tz="UTC")] * 2


def test_groups_have_the_same_periods():
    funnels = funnels_of(*THREE, by="stage").rename(columns={"stage": "call"}).assign(call=["a", "a", None])
    trend = stage_trend(funnels, by="call")
    assert trend.groupby("call", sort=False)["n"].agg(list).to_dict() == {
        "a": [2, 1, 0, 0, 0, 0],
        "(missing)": [0, 0, 0, 0, 1, 0],
    }
    assert list(trend)[:4] == ["call", "period", "period_end", "complete"]
    assert trend.attrs == {**funnels.attrs, "by": ["call"], "freq": "MS", "tz": "UTC"}


def test_nobody_makes_no_period():
    funnels = build_funnels(leads_of_units([]), window="1 day", funnel="acquisition")
    trend = stage_trend(funnels, tz="Europe/Berlin")
    assert len(trend) == 0
    assert set(count_stages(funnels)) < set(trend)
    schema.check(trend, "counts")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"freq": "ME"}, "by its beginning; found 'ME'"),
        ({"freq": "2MS"}, "by its beginning"),
        ({"freq": "month"}, "freq='MS'"),
        ({"freq": "W"}, None),
        ({"tz": "Berlin"}, "tz='Europe/Berlin'"),
        ({"by": "stage"}, "already"),
        ({"interval": "wald"}, "'wilson', 'jeffreys'"),
    ],
)
def test_options_that_mean_nothing_are_refused(options, said):
    funnels = funnels_of(*THREE, by="stage")
    if said is None:
        assert stage_trend(funnels, **options)["period"].iloc[0] == pd.Timestamp("2024-06-02", tz="UTC")
    else:
        with pytest.raises(OptionError, match=said):
            stage_trend(funnels, **options)
