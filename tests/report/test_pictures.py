import pandas as pd
from report_cases import stories

from leadanalytics.report.pictures import draw_days, draw_offers, draw_story


def test_a_story_is_drawn_wide_and_narrow_and_said_in_words():
    pictures = draw_story(stories()[0], key="one")
    assert set(pictures) == {"funnel", "trend", "curve", "coming"}
    assert "Test drive" in pictures["funnel"].words
    assert 'viewBox="0' in pictures["funnel"].wide and pictures["funnel"].wide != pictures["funnel"].narrow


def test_a_story_that_nobody_entered_has_a_funnel_alone():
    nobody = stories()[0].__class__(**{**vars(stories()[0]), "counts": stories()[0].counts.assign(n=0)})
    assert set(draw_story(nobody, key="one")) == {"funnel"}


def test_the_definition_stands_on_the_page_and_not_in_the_picture():
    assert "within 14 days of" not in draw_story(stories()[0], key="one")["funnel"].wide


def test_each_offer_has_a_chart_under_its_name():
    offers = stories()[0].offers
    offers.attrs = dict(stories()[0].attrs)
    ((name, picture),) = draw_offers(offers, key="offers")
    assert name == "Crane"
    assert picture.wide is None and "3" in picture.words


def test_the_calendar_keeps_its_colours_in_the_dark():
    days = pd.DataFrame({"day": pd.date_range("2024-06-01", periods=30, tz="UTC"), "leads": 1, "silent": False})
    assert draw_days(days, key="days").is_as_drawn
