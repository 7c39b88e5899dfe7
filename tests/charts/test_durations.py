import pandas as pd
import pytest
from drawn_words import cut_off, overlapping, smallest
from matplotlib import pyplot as plt

from leadanalytics.charts import describe_chart, plot_durations
from leadanalytics.errors import ChartError, FrameError

LONG = "Contoso Document Management for Hospitals and Nursing Homes, Enterprise Edition 2"


@pytest.fixture
def histogram():
    """9 got it, half of them within 1.5 days; 3 installed."""
    edges = {"from_days": [0.0, 0.25, 1.0, 7.0], "to_days": [0.25, 1.0, 7.0, float("inf")]}
    get = pd.DataFrame({"step": 2, "stage": "Get it now", **edges, "n": [4, 0, 5, 0], "median": 1.5})
    install = pd.DataFrame({"step": 3, "stage": "Install", **edges, "n": [0, 0, 0, 3], "median": 8.0})
    get, install = get.assign(open=2, dropped=7), install.assign(open=0, dropped=6)
    frame = pd.concat([install, get], ignore_index=True)
    frame.attrs = {
        "unit": ["customer_id"],
        "funnel": "acquisition",
        "steps": ["Test drive", "Get it now", "Install"],
        "since": "entry",
        "definition": "Customers who took Test drive, then Get it now, as of 2024-06-30.",
    }
    return frame


def words(ax):
    return [text.get_text().replace("\xa0", " ") for text in ax.texts]


def test_there_is_a_bar_for_each_length_of_time_in_words(histogram):
    ax = plot_durations(histogram)
    assert [[bar.get_width() for bar in step] for step in ax.containers] == [[4, 0, 5, 0], [0, 0, 0, 3]]
    names = [label.get_text().replace("\xa0", " ") for label in ax.get_yticklabels()]
    assert names == ["under 6 hours", "6 to 24 hours", "1 to 7 days", "over 7 days"] * 2


def test_the_bar_that_holds_the_median_says_it(histogram):
    shown = words(plot_durations(histogram))
    assert shown[shown.index("half within 1.5 days") - 2] == "5"
    assert shown[shown.index("half within 8 days") - 2] == "3"
    assert "half within" not in " ".join(words(plot_durations(histogram.assign(n=0, median=float("nan")))))


def test_who_did_not_take_the_step_stands_beside(histogram):
    shown = words(plot_durations(histogram))
    assert {"Get it now: 9 took it", "2 still open", "7 dropped", "Install: 3 took it", "6 dropped"} <= set(shown)
    assert "0 still open" not in shown


def test_the_caption_says_whose_half_it_is(histogram):
    ax = plot_durations(histogram)
    assert "Customers by the time since Test drive" in words(ax)
    caption = ax.get_xlabel().replace("\n", " ")
    assert caption.startswith("The half is of those who took the step")
    assert caption.endswith(histogram.attrs["definition"])
    histogram.attrs["since"] = "previous step"
    assert "Customers by the time since the previous step" in words(plot_durations(histogram))


def test_wrong_frames_are_refused(histogram):
    with pytest.raises(ChartError, match="several groups"):
        plot_durations(pd.concat([histogram, histogram]))
    with pytest.raises(FrameError, match="'median'"):
        plot_durations(histogram.drop(columns="median"))


def test_no_steps_are_said(histogram):
    ax = plot_durations(histogram.iloc[:0])
    assert "The funnel has no step after the entry" in words(ax)


def test_the_chart_describes_itself(histogram):
    assert describe_chart(plot_durations(histogram, title="All")).replace("\xa0", " ") == (
        "All: Get it now: 9 took it, half of them within 1.5 days; 2 are still open, 7 dropped. "
        "Install: 3 took it, half of them within 8 days; 0 are still open, 6 dropped."
    )


@pytest.mark.parametrize("size", [(3.6, 5), (7.2, 5), (13.3, 7.5)])
@pytest.mark.parametrize("stage", ["a", LONG, "云文档同步企业版与数据备份" * 3, r"$5 \bad$"])
def test_no_words_lie_over_others_or_are_cut(histogram, size, stage):
    _, ax = plt.subplots(figsize=size, layout="constrained")
    plot_durations(histogram.replace({"stage": {"Install": stage}}), ax=ax)
    assert overlapping(ax) == []
    assert cut_off(ax) == []
    assert smallest(ax) >= 7
