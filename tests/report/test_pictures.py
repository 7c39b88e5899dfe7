import re
from dataclasses import replace

import pandas as pd
from report_cases import found, stories

from leadanalytics.report.pictures import draw_days, draw_offers, draw_story


def test_a_story_is_drawn_wide_and_narrow_and_said_in_words():
    pictures = draw_story(stories()[0], key="one")
    assert set(pictures) == {"funnel", "trend", "curve", "coming"}
    assert "Test drive" in pictures["funnel"].words
    assert 'viewBox="0' in pictures["funnel"].wide and pictures["funnel"].wide != pictures["funnel"].narrow


def test_a_story_that_nobody_entered_has_a_funnel_alone():
    nobody = replace(stories()[0], counts=stories()[0].counts.assign(n=0, entered=0))
    assert set(draw_story(nobody, key="one")) == {"funnel"}


def test_the_definition_stands_on_the_page_and_not_in_the_picture():
    assert "within 14 days of" not in draw_story(stories()[0], key="one")["funnel"].wide


def test_each_offer_has_a_chart_under_its_name():
    offers = found().counts
    labelled = offers.assign(label=offers["offer_name"])
    labelled.attrs = offers.attrs
    (_, (name, picture)) = draw_offers(labelled, key="offers")
    assert name == "Lift"
    assert picture.wide is None and "Contact me" in picture.words


def test_a_funnel_of_one_step_is_drawn_as_that():
    (story,) = found(funnel=["Contact me"]).stories
    assert set(draw_story(story, key="one")) == {"funnel"}


def test_no_scale_of_rates_begins_with_none_in_percent():
    pictures = draw_story(stories()[0], key="one")
    for name in ("trend", "curve"):
        ticks = re.findall(r">([^<]*)</text>", pictures[name].wide)
        assert "0" in ticks and "0\N{NO-BREAK SPACE}%" not in ticks


def test_the_calendar_keeps_its_colours_in_the_dark():
    days = pd.DataFrame({"day": pd.date_range("2024-06-01", periods=30, tz="UTC"), "leads": 1, "silent": False})
    assert draw_days(days, key="days").is_as_drawn
