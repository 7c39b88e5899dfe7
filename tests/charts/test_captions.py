import pandas as pd
import pytest
from matplotlib import pyplot as plt

from leadanalytics.charts.captions import (
    LINE,
    default_title,
    definition,
    inches_high,
    points_left,
    say_nothing,
    words_wide,
    write_caption,
    write_title,
)


@pytest.fixture
def ax():
    return plt.figure(figsize=(3.6, 4)).add_subplot()


def test_the_title_is_the_funnel_and_the_caption_the_definition():
    frame = pd.DataFrame()
    assert (default_title(frame), definition(frame)) == ("", "")
    frame.attrs = {"funnel": "acquisition", "definition": "Customers\nwho paid."}
    assert default_title(frame, after=" by month") == "Acquisition funnel by month"
    assert definition(frame) == "Customers who paid."


def test_a_long_title_is_wrapped_and_the_line_under_it_quiet(ax):
    write_title(ax, "A title that is longer than a telephone is wide, and then some more", under="Share of $customers$")
    assert ax.get_title(loc="left").count("\n") == 1
    assert [text.get_text() for text in ax.texts] == ["Share of $customers$"]
    assert not ax.texts[0].get_parse_math()


def test_each_sentence_of_a_caption_begins_a_line(ax):
    write_caption(ax, ["One.", "", "Two."], points=300)
    assert ax.get_xlabel() == "One.\nTwo."


def test_more_words_leave_less_room_and_need_a_higher_figure(ax):
    before = points_left(ax)
    write_caption(ax, ["word " * 40], points=200)
    assert points_left(ax) < before
    assert points_left(ax, below=50) == pytest.approx(points_left(ax) - 50)
    assert inches_high(2, ["word " * 80], width=3.6) > inches_high(2, ["word"], width=3.6) > 2


def test_a_second_line_under_the_title_takes_room(ax):
    write_title(ax, "A title", under="Share")
    before = points_left(ax)
    ax.texts[0].remove()
    write_title(ax, "A title", under="Share of customers per offer that reached Install by then")
    assert points_left(ax) == pytest.approx(before - LINE)


def test_words_are_never_wider_than_the_place_of_a_narrow_chart(ax):
    assert words_wide(ax) < ax.get_window_extent().width * 72 / ax.figure.dpi


def test_nothing_is_said_without_scales(ax):
    say_nothing(ax, "Nobody came")
    assert [text.get_text() for text in ax.texts] == ["Nobody came"]
    assert len(ax.get_xticks()) == len(ax.get_yticks()) == 0
