import pandas as pd
import pytest
from report_cases import found, leads_of, stories


def test_each_funnel_has_a_story_named_by_its_steps():
    told = {story.name: (story.funnel, story.offers) for story in stories()}
    assert told == {
        "Test drive → Get it now → Install": ("acquisition", ("Crane",)),
        "Test drive → Contact me": ("contact_me", ("Lift",)),
    }


def test_a_story_counts_those_who_entered_and_those_who_skipped():
    azure, contact = stories()
    assert azure.counts["n"].tolist() == [3, 2, 1]
    assert (azure.units, azure.entered, azure.skipped) == (4, 3, 1)
    assert (contact.units, contact.entered, contact.skipped) == (2, 1, 1)
    assert azure.open_counts["n"].tolist() == [4, 3, 2]


def test_an_offer_with_two_buttons_is_in_both_stories():
    rows = [
        ("C-1", "crane", None, "Test drive", 1, False, False),
        ("C-1", "crane", "Azure Marketplace", "Get it now", 2, False, False),
        ("C-2", "crane", None, "Test drive", 1, False, False),
        ("C-2", "crane", "AppSource", "Contact me", 2, False, False),
    ]
    told = {story.name: (story.offers, story.entered) for story in found(leads_of(rows)).stories}
    assert told == {"Test drive → Get it now": (("Crane",), 2), "Test drive → Contact me": (("Crane",), 2)}


def test_funnels_of_the_same_steps_are_told_apart_by_what_they_lack():
    rows = [
        ("C-1", "crane", "Azure Marketplace", "Get it now", 2, False, False),
        ("C-1", "lift", "AppSource", "Get it now", 2, False, False),
        ("C-2", "lift", "AppSource", "Get it now", 3, False, False),
    ]
    assert [story.name for story in found(leads_of(rows)).stories] == [
        "Get it now (no Test drive)",
        "Get it now (no Test drive or Install)",
    ]


def test_one_funnel_for_every_offer_is_one_story():
    (story,) = found(funnel="acquisition").stories
    assert (story.name, story.offers, story.entered) == (
        "Test drive → Get it now → Install",
        ("Crane", "Lift"),
        4,
    )
    (own,) = found(funnel=["Contact me"]).stories
    assert (own.name, own.funnel, own.entered) == ("Contact me", "own steps", 2)


def test_steps_in_any_order_are_named_and_not_numbered():
    names = [story.name for story in found(order="any").stories]
    assert names == ["Test drive, Get it now and Install in any order", "Test drive and Contact me in any order"]


@pytest.mark.parametrize("choice", [{"order": "any"}, {"start": "any"}])
def test_what_may_be_entered_at_any_step_is_counted_once(choice):
    assert {story.open_counts is None for story in found(**choice).stories} == {True}


@pytest.mark.parametrize(("last_day", "freq"), [(10, "D"), (60, "W-MON"), (400, "MS"), (1500, "QS"), (5000, "YS")])
def test_the_periods_suit_the_time_that_the_entries_span(last_day, freq):
    rows = [(f"C-{day}", "crane", None, "Test drive", day, False, False) for day in (1, last_day)]
    (story,) = found(leads_of(rows), as_of=None).stories
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
