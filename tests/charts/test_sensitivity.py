import numpy as np
import pandas as pd
import pytest

from leadanalytics.charts import describe_chart, plot_sensitivity
from leadanalytics.charts.style import REACHED, WORDS
from leadanalytics.errors import FrameError


@pytest.fixture
def rates():
    frame = pd.DataFrame(
        {
            "choice": ["base", "ties", "unit", "window", "window", "identity", "identity", "season"],
            "value": ["", "strict", "account_id", "none", "7 days", "-4 bits", "keys", "dry"],
            "n": 100,
            "reached": [40, 40, 50, 45, 20, 40, 40, 40],
            "rate": [0.4, 0.4, 0.5, 0.45, 0.2, 0.4, 0.4, 0.4],
            "rate_low": 0.15,
            "rate_high": 0.6,
        }
    )
    frame.attrs["definition"] = "Customers, as of 2024-06-30."
    return frame


@pytest.fixture
def identities():
    return pd.DataFrame(
        {
            "method": ["evidence", "evidence", "keys"],
            "threshold": [0.0, 4.0, np.nan],
            "customers": [3000, 3100, 3200],
            "entered": 100,
            "reached": [40, 39, 38],
            "rate": [0.4, 0.39, 0.38],
            "rate_low": [0.31, 0.3, 0.29],
            "rate_high": [0.5, 0.49, 0.48],
        }
    )


def lines(ax):
    return {float(tick): label.get_text() for tick, label in zip(ax.get_yticks(), ax.get_yticklabels())}


def test_choices_are_in_words_and_grouped_by_what_was_changed(rates):
    assert [name for _, name in sorted(lines(plot_sensitivity(rates)).items())] == [
        "as defined below",
        "Steps at the same time",
        "do not follow one another",
        "What is counted once",
        "companies",
        "Longest time from the entry",
        "no limit",
        "7 days",
        "Who is one customer",
        "from −4 bits of evidence",
        "equal keys",
        "season",
        "dry",
    ]


def test_every_definition_is_a_dot_with_its_interval_beside_the_headline(rates):
    ax = plot_sensitivity(rates)
    intervals, dots = ax.collections
    assert dots.get_offsets()[:, 0].tolist() == rates["rate"].tolist()
    assert dots.get_offsets()[:3, 1].tolist() == [0, 2, 4]
    assert intervals.get_segments()[0][:, 0].tolist() == [0.15, 0.6]
    headline = next(line for line in ax.lines if set(line.get_xdata()) == {0.4})
    assert headline.get_ydata() == [0, 1]
    (band,) = ax.patches
    assert (band.get_x(), band.get_width()) == pytest.approx((0.15, 0.45))


def test_the_headline_is_darker_than_the_others(rates):
    colors = plot_sensitivity(rates).collections[1].get_facecolors()
    expected = plot_sensitivity(rates.iloc[[0]]).collections[1].get_facecolors()[0]
    assert colors[0].tolist() == expected.tolist() != colors[1].tolist()
    assert WORDS != REACHED


def test_differences_are_in_points(rates):
    texts = [text.get_text() for text in plot_sensitivity(rates).texts]
    start = texts.index("points") + 1
    assert texts[start : start + 5] == ["0.0", "0.0", "+10.0", "+5.0", "−20.0"]
    assert "20 of 100" in texts


def test_identities_are_held_against_the_default_threshold(identities):
    ax = plot_sensitivity(identities)
    assert [name for _, name in sorted(lines(ax).items())] == [
        "By evidence",
        "from 0 bits of evidence",
        "from 4 bits of evidence",
        "By rule",
        "equal keys",
    ]
    texts = [text.get_text() for text in ax.texts]
    assert texts[texts.index("points") + 1 :][:3] == ["0.0", "−1.0", "−2.0"]
    assert texts[-3:] == ["3,000", "3,100", "3,200"]


def test_without_a_headline_there_is_no_line(identities):
    ax = plot_sensitivity(identities.iloc[1:])
    assert not ax.patches
    assert ax.get_xlabel() == ""


def test_it_is_told_in_words(rates, identities):
    assert describe_chart(plot_sensitivity(rates)) == (
        "The definition, and the rate that it gives: 40.0 % as it is defined. "
        "Over 8 definitions the rate goes from 20.0 % (7 days) to 50.0 % (companies)."
    )
    same = identities.assign(rate=0.4)
    assert describe_chart(plot_sensitivity(same, title="")) == "40.0 % under each of 3 definitions."
    unknown = identities.assign(rate=np.nan)
    assert describe_chart(plot_sensitivity(unknown, title="")) == "no definition has a rate."


def test_no_definitions_are_said(rates):
    ax = plot_sensitivity(rates.iloc[:0])
    assert ax.texts[-1].get_text() == "No definition was tried"
    ax.figure.canvas.draw()


def test_another_frame_is_refused(rates):
    with pytest.raises(FrameError, match=r"'value'.*definition_sensitivity"):
        plot_sensitivity(rates.drop(columns="value"))
