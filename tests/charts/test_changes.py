import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from leadanalytics.charts import describe_chart, plot_change
from leadanalytics.errors import FrameError

SUMMARY = "The rate went from 42.0 % to 28.0 %."
WARNING = "Sign reversal (Simpson's paradox): the rate fell, although it rose in every country."


@pytest.fixture
def change():
    frame = pd.DataFrame(
        {
            "country": ["DE", "US"],
            "share_before": [0.8, 0.2],
            "rate_before": [0.5, 0.1],
            "rate_effect": [0.05, 0.05],
            "mix_effect": [-0.12, -0.12],
        }
    )
    frame.attrs = {"by": ["country"], "step": "Install", "summary": SUMMARY, "warning": None}
    frame.attrs["definition"] = "Customers, as of 2024-06-30."
    return frame


def bars(ax):
    return [[(round(bar.get_x(), 3), round(bar.get_width(), 3)) for bar in part] for part in ax.containers]


def test_every_bar_begins_where_the_one_before_ended(change):
    ax = plot_change(change)
    rates, mixes = bars(ax)
    assert rates == [(0.42, 0.05), (0.35, 0.05)]
    assert mixes == [(0.47, -0.12), (0.4, -0.12)]
    ends = next(line for line in ax.lines if line.get_marker() == "o")
    assert ends.get_xdata() == pytest.approx([0.42, 0.28])
    assert ends.get_ydata().tolist() == [0, 3]


def test_a_rates_own_effect_is_blue_and_that_of_the_mix_vermilion_as_their_columns_are(change):
    ax = plot_change(change)
    assert [to_hex(part[0].get_facecolor()) for part in ax.containers] == ["#0072b2", "#d55e00"]
    colors = {text.get_text(): text.get_color().lower() for text in ax.texts}
    assert (colors["own rate"], colors["mix"]) == ("#0072b2", "#a84a00")


def test_the_ends_are_named_and_the_effects_are_in_points(change):
    ax = plot_change(change)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["before, 42.0 %", "DE", "US", "after, 28.0 %"]
    texts = [text.get_text() for text in ax.texts]
    assert texts[1:] == ["own rate", "", "+5.0", "+5.0", "", "mix", "", "−12.0", "−12.0", ""]


def test_lines_join_the_bars(change):
    (joints,) = plot_change(change).collections
    levels = [segment[0, 0] for segment in joints.get_segments()]
    assert levels == pytest.approx([0.42, 0.47, 0.35, 0.4, 0.28])


def test_the_caption_warns_of_a_reversal_first(change):
    assert plot_change(change).get_xlabel().startswith(SUMMARY)
    change.attrs["warning"] = WARNING
    ax = plot_change(change)
    assert ax.get_xlabel().replace("\n", " ") == f"{WARNING} {SUMMARY} Customers, as of 2024-06-30."
    assert describe_chart(ax) == f"Why the rate changed, by country: {SUMMARY} {WARNING}"


def test_the_caption_has_the_minus_of_the_columns(change):
    change.attrs["summary"] = "The rate went from 9.2 % to 9.1 % (-0.1 points): -0.1 from the rates by first-touch."
    caption = plot_change(change).get_xlabel().replace("\n", " ")
    assert "(−0.1 points): −0.1 from the rates by first-touch." in caption


def test_a_value_that_was_not_there_before_begins_at_nothing(change):
    ax = plot_change(change.assign(share_before=[1.0, 0.0], rate_before=[0.5, np.nan]))
    assert bars(ax)[0][0] == (0.5, 0.05)


def test_no_change_is_said(change):
    ax = plot_change(change.iloc[:0])
    assert ax.texts[-1].get_text() == "There is no change to explain"
    assert describe_chart(ax).endswith("There is no change to explain.")


def test_without_attrs_the_values_are_those_of_the_index(change):
    ax = plot_change(pd.DataFrame(change.set_index("country").to_dict()))
    assert ax.get_yticklabels()[1].get_text() == "DE"
    assert describe_chart(ax) == "Why the rate changed: The rate went from 42.0 % to 28.0 %."


@pytest.mark.parametrize("column", ["mix_effect", "country"])
def test_a_missing_column_is_named(change, column):
    with pytest.raises(FrameError, match=f"'{column}'.*decompose_change"):
        plot_change(change.drop(columns=column))
