import pytest
from matplotlib import pyplot as plt

from leadanalytics.charts.scales import percent_scale, time_scale


@pytest.fixture
def ax():
    return plt.figure(figsize=(7.2, 4)).add_subplot()


@pytest.mark.parametrize(
    ("top", "words"),
    [(1, ["0", "20", "40", "60", "80", "100"]), (0.1, ["0", "5", "10"]), (0.002, ["0.0", "0.1", "0.2"]), (0, ["0.0"])],
)
def test_shares_are_percent_up_to_the_highest(ax, top, words):
    percent_scale(ax, top)
    shown = [label.get_text().removesuffix("\xa0%") for label in ax.get_yticklabels()]
    assert shown[: len(words)] == words
    assert ax.get_ylim()[0] == 0
    assert top <= ax.get_ylim()[1] <= 1


@pytest.mark.parametrize(
    ("days", "last", "unit"), [(0.5, "12", "Hours"), (2, "48", "Hours"), (30, "30", "Days"), (700, "630", "Days")]
)
def test_time_is_told_in_hours_or_days(ax, days, last, unit):
    ticks = time_scale(ax, days, since="Try")
    labels = [label.get_text() for label in ax.get_xticklabels()]
    assert labels[0] == "0"
    assert len(labels) == len(ticks) <= 9
    assert float(labels[-1]) <= float(last)
    assert ax.get_xlim() == (0, days)
    assert ax.texts[-1].get_text() == f"{unit} since Try"
