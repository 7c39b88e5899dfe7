import pandas as pd
import pytest
from report_cases import found, leads_of, stories

from leadanalytics.report.stories import tell_stories


def test_each_storefront_has_the_funnel_of_the_offers_sold_through_it():
    told = {story.name: (story.funnel, set(story.offers["offer_id"])) for story in stories()}
    assert told == {"Azure Marketplace": ("acquisition", {"crane"}), "AppSource": ("appsource", {"lift"})}


def test_a_story_counts_those_who_entered_and_those_who_came_past():
    azure, appsource = stories()
    assert azure.counts["n"].tolist() == [3, 2, 1]
    assert (azure.entered, azure.bypass, appsource.entered, appsource.bypass) == (3, 1, 1, 1)
    assert azure.open_counts["n"].tolist() == [4, 3, 2]


def test_one_funnel_for_every_offer_is_one_story():
    (story,) = found(funnel="active").stories
    assert (story.name, story.place, story.entered) == ("The active funnel", "In the active funnel", 4)


@pytest.mark.parametrize(("last_day", "freq"), [(10, "D"), (60, "W-MON"), (400, "MS"), (1500, "QS"), (5000, "YS")])
def test_the_periods_suit_the_time_that_the_entries_span(last_day, freq):
    rows = [(f"C-{day}", "crane", None, "Test drive", day, False, False) for day in (1, last_day)]
    (story,) = tell_stories(leads_of(rows), funnel=None, freq=None, tz="UTC", window="14 days")
    assert story.trend.attrs["freq"] == freq


def test_the_curve_is_read_at_as_many_times_as_a_chart_can_show():
    azure = stories()[0]
    assert azure.curve["time"].nunique() == 121
    assert azure.milestones["time"].unique().tolist() == [1, 7, 14]


def test_without_a_window_the_trend_has_no_adjusted_rate():
    assert "adjusted" not in found(window=None).stories[0].trend
    assert "adjusted" in stories()[0].trend


def test_the_zone_cuts_the_periods():
    leads = leads_of([("C-1", "crane", None, "Test drive", 1, False, False)])
    (story,) = found(leads.assign(created_at=pd.Timestamp("2024-05-31 23:00", tz="UTC")), tz="Europe/Berlin").stories
    assert story.trend["period"].iloc[0] == pd.Timestamp("2024-06-01", tz="Europe/Berlin")
