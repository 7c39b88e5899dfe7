import pandas as pd
import pytest

from leadanalytics.auditing import count_days
from leadanalytics.errors import FrameError, OptionError


def leads_of(*times, **columns):
    return pd.DataFrame({"created_at": pd.to_datetime(list(times), utc=True, format="ISO8601")} | columns)


def test_every_day_from_the_first_lead_to_the_last_has_a_row():
    days = count_days(leads_of("2024-06-01T09:00", "2024-06-03T10:00", "2024-06-01T23:59"))
    assert days["day"].tolist() == list(pd.date_range("2024-06-01", "2024-06-03", tz="UTC"))
    assert days["leads"].tolist() == [2, 0, 1]
    assert days["silent"].tolist() == [False] * 3


def test_a_zone_has_its_own_days_also_when_its_clock_changes():
    days = count_days(leads_of("2024-03-30T23:30", "2024-03-31T22:30", "2024-10-27T12:00"), tz="Europe/Berlin")
    assert days["leads"].sum() == 3
    assert days["day"].iloc[:2].dt.strftime("%d %H %z").tolist() == ["31 00 +0100", "01 00 +0200"]
    assert len(days) == 211
    # In Beirut the last Sunday of March begins at one.
    beirut = count_days(leads_of("2024-03-30T12:00", "2024-03-31T12:00"), tz="Asia/Beirut")
    assert beirut["day"].dt.hour.tolist() == [0, 1]


def test_leads_in_and_out_add_up():
    leads = leads_of("2024-06-01", None, "2024-06-02", "2024-07-01", is_test=[False, False, True, False])
    days = count_days(leads, as_of="2024-06-30")
    assert days.attrs["totals"] == {"leads": 1}
    assert days.attrs["removed"] == {
        "test leads": 1,
        "undated": 1,
        "after as_of": 1,
        "more than 6 years from the others": 0,
    }
    assert sum(days.attrs["removed"].values()) + days["leads"].sum() == len(leads)
    assert days.attrs["definition"] == (
        "1 leads by day of creation (UTC), 2024-06-01 to 2024-06-30; left out: 1 test leads, 1 undated, 1 after as_of."
    )


def test_a_feed_that_ended_before_as_of_is_silent_since():
    daily = pd.date_range("2024-01-01", "2024-03-31", tz="UTC")
    days = count_days(leads_of(*daily), as_of="2024-04-30T12:00+02:00")
    assert days.loc[days["silent"], "day"].tolist() == list(pd.date_range("2024-04-01", "2024-04-30", tz="UTC"))
    assert not count_days(leads_of(*daily))["silent"].any()


def test_leads_far_from_the_others_are_named_and_make_no_days():
    leads = leads_of("2026-03-01", "2026-03-03", "2099-01-05", "2012-05-01", "2100-02-01")
    for as_of, last in ((None, "2026-03-03"), ("2101-01-01", "2026-03-03"), ("2026-03-05", "2026-03-05")):
        days = count_days(leads, as_of=as_of)
        assert days["day"].tolist() == list(pd.date_range("2026-03-01", last, tz="UTC"))
        assert sum(days.attrs["removed"].values()) + days["leads"].sum() == len(leads)
    assert (
        count_days(leads)
        .attrs["definition"]
        .endswith("; left out: 3 more than 6 years from the others (2012-05-01 to 2100-02-01).")
    )
    assert "1 more than 6 years from the others (2099-01-05)." in count_days(leads[:3]).attrs["definition"]


def test_a_feed_that_was_silent_for_years_is_drawn_whole():
    days = count_days(leads_of("2018-01-05", "2024-01-05"))
    assert (len(days), days["leads"].sum()) == (2192, 2)


def test_groups_have_their_own_pace_and_the_largest_comes_first():
    daily = pd.date_range("2024-01-01", "2024-03-31", tz="UTC")
    slow = [daily[0], daily[-1]]
    leads = pd.concat([leads_of(*slow, publisher_id=None), leads_of(*daily[:60], publisher_id="contoso")])
    days = count_days(leads, by="publisher_id")
    assert days["publisher_id"].unique().tolist() == ["contoso", "(missing)"]
    silent = days[days["silent"]]
    assert silent["publisher_id"].unique().tolist() == ["contoso"]
    assert silent["day"].min() == daily[60]
    assert silent["day"].max() == daily[-1]


def test_without_a_dated_lead_there_are_no_days():
    for leads in (leads_of(), leads_of(None)):
        days = count_days(leads)
        assert len(days) == 0
        assert list(days.columns) == ["day", "leads", "silent"]
        assert days.attrs["as_of"] is None
    assert list(count_days(leads_of(None, offer_id="x"), by="offer_id").columns) == [
        "offer_id",
        "day",
        "leads",
        "silent",
    ]


def test_the_input_is_not_changed():
    leads = leads_of("2024-06-01", None)
    before = leads.copy(deep=True)
    count_days(leads)
    pd.testing.assert_frame_equal(leads, before)


def test_wrong_arguments_are_refused():
    leads = leads_of("2024-06-01", day=1)
    with pytest.raises(FrameError, match="'created_at'"):
        count_days(leads[["day"]])
    with pytest.raises(FrameError, match="times with a zone"):
        count_days(leads.assign(created_at=leads["created_at"].dt.tz_localize(None)))
    with pytest.raises(FrameError, match="'offer'"):
        count_days(leads, by="offer")
    for options, message in [
        ({"tz": "Berlin"}, "tz is the name"),
        ({"chance": 0}, "chance is a probability"),
        ({"as_of": "yesterday evening"}, "as_of is a time"),
        ({"by": "day"}, "the result has already"),
    ]:
        with pytest.raises(OptionError, match=message):
            count_days(leads, **options)
