import pandas as pd
import pytest
from matplotlib import pyplot as plt

from leadanalytics.charts.periods import period_scale, period_words, unit_of


@pytest.mark.parametrize(
    ("freq", "words"),
    [
        ("MS", "Jul 2024"),
        ("W-MON", "1 Jul 2024"),
        ("D", "1 Jul 2024"),
        ("QS", "Q3 2024"),
        ("QS-FEB", "Q3 2024"),
        ("YS", "2024"),
    ],
)
def test_periods_are_said_in_words(freq, words):
    assert period_words(pd.Timestamp("2024-07-01"), unit_of(freq)).replace("\xa0", " ") == words


def test_a_quarter_of_another_year_is_named_by_its_first_month():
    assert period_words(pd.Timestamp("2024-02-01"), "Quarter").replace("\xa0", " ") == "from Feb 2024"


def named(starts, unit, width=7.2):
    ax = plt.figure(figsize=(width, 3)).add_subplot()
    places = period_scale(ax, list(starts), unit=unit, of="Try (UTC)")
    labels = [label.get_text().replace("\xa0", " ") for label in ax.get_xticklabels()]
    assert len(places) == len(labels)
    return labels


def test_the_year_stands_under_its_first_month():
    months = pd.date_range("2023-11-01", periods=4, freq="MS")
    assert named(months, "Month") == ["Nov\n2023", "Dec", "Jan\n2024", "Feb"]


def test_of_many_months_those_are_named_that_keep_january():
    months = pd.date_range("2022-02-01", periods=30, freq="MS")
    assert named(months, "Month", width=3.6)[:3] == ["Jul\n2022", "Jan\n2023", "Jul"]
    assert len(named(pd.date_range("1990-01-01", periods=420, freq="MS"), "Month")) <= 12


def test_weeks_and_years_have_room():
    weeks = pd.date_range("2024-01-01", periods=104, freq="W-MON")
    assert 3 <= len(named(weeks, "Week")) <= 8
    assert named(pd.date_range("2022-01-01", periods=2, freq="YS"), "Year") == ["2022", "2023"]
