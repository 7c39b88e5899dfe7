import numpy as np
import pandas as pd
import pytest
from drawn_words import cut_off, overlapping, smallest
from matplotlib import pyplot as plt

from leadanalytics.charts import describe_chart, plot_curve
from leadanalytics.charts.style import LINES
from leadanalytics.errors import ChartError, FrameError

LONG = "Contoso Document Management for Hospitals and Nursing Homes, Enterprise Edition 2"


@pytest.fixture
def curve():
    """60 of 100 get it by day 9, 20 install; the window ends on day 30."""
    times = [0.0, 2.0, 9.0, 30.0]
    get = pd.DataFrame({"step": 2, "stage": "Get it now", "time": times, "probability": [0.0, 0.3, 0.6, 0.6]})
    install = pd.DataFrame({"step": 3, "stage": "Install", "time": times, "probability": [0.0, 0.1, 0.1, 0.2]})
    get = get.assign(low=[0.0, 0.2, 0.5, 0.5], high=[0.1, 0.4, 0.7, 0.7], at_risk=[100, 100, 70, 40])
    install = install.assign(low=[0.0, 0.05, 0.05, 0.1], high=[0.1, 0.2, 0.2, 0.3], at_risk=[100, 99, 88, 77])
    frame = pd.concat([get, install], ignore_index=True)
    frame.attrs = {
        "unit": ["customer_id"],
        "funnel": "acquisition",
        "steps": ["Test drive", "Get it now", "Install"],
        "start": "first",
        "by": [],
        "confidence": 0.95,
        "definition": "Customers who took Test drive, then Get it now, then Install, as of 2024-06-30.",
    }
    return frame


def grouped(curve, names):
    frame = pd.concat([curve.assign(offer_id=name) for name in names], ignore_index=True)
    frame.attrs = curve.attrs | {"by": ["offer_id"]}
    return frame


def words(ax):
    return [text.get_text().replace("\xa0", " ") for text in ax.texts]


def staircases(ax):
    return {line.get_label(): line.get_ydata().tolist() for line in ax.lines if line.get_drawstyle() == "steps-post"}


def test_each_step_is_a_staircase_with_a_band(curve):
    ax = plot_curve(curve)
    assert staircases(ax) == {"Get it now": [0.0, 0.3, 0.6, 0.6], "Install": [0.0, 0.1, 0.1, 0.2]}
    tops = sorted(float(band.get_paths()[0].vertices[:, 1].max()) for band in ax.collections)
    assert tops == [0.3, 0.7]


def test_a_line_is_named_where_it_ends_with_its_share_and_when_half_were_there(curve):
    ax = plot_curve(curve)
    assert "Get it now\n60 % by day 30\nhalf by day 9" in words(ax)
    assert "Install\n20 % by day 30\nhalf not reached" in words(ax)
    assert [
        (line.get_xdata().tolist(), line.get_ydata().tolist()) for line in ax.lines if line.get_marker() == "o"
    ] == [([9.0], [0.5])]


def test_a_line_of_very_many_times_is_drawn_in_as_many_as_can_be_seen(curve):
    get = curve[curve["step"] == 2]
    dense = pd.concat([get.iloc[[0]]] + [get.iloc[[1]]] * 20_000, ignore_index=True)
    dense = dense.assign(time=np.arange(20_001) / 1_000, probability=np.arange(20_001) / 40_000)
    (line,) = [line for line in plot_curve(dense).lines if line.get_drawstyle() == "steps-post"]
    assert 1_000 < len(line.get_xdata()) <= 1_502
    assert line.get_xydata()[[0, -1]].tolist() == [[0, 0], [20, 0.5]]


def test_who_is_still_watched_stands_under_its_own_time(curve):
    numbers = {text.get_text(): text.xy[0] for text in plot_curve(curve).texts if text.get_text().isdigit()}
    assert numbers == {"100": 0, "70": 9.0, "40": 30.0, "88": 9.0, "77": 30.0}


def test_the_scales_are_percent_and_days_in_words(curve):
    ax = plot_curve(curve)
    assert "Share of customers that reached the step by then" in words(ax)
    assert "Days since Test drive" in words(ax)
    assert [label.get_text() for label in ax.get_yticklabels()] == [f"{share}\xa0%" for share in (0, 20, 40, 60)]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0", "5", "10", "15", "20", "25", "30"]


def test_a_short_window_is_told_in_hours_and_any_start_is_an_entry(curve):
    curve.attrs["start"] = "any"
    ax = plot_curve(curve.assign(time=curve["time"] / 30))
    assert "Hours since the entry" in words(ax)
    assert ax.get_xlim() == (0, 1)


def test_the_caption_has_the_band_and_the_definition(curve):
    ax = plot_curve(curve)
    assert ax.get_title(loc="left") == "Acquisition funnel: time to convert"
    caption = ax.get_xlabel().replace("\n", " ")
    assert caption.startswith("The bands hold 95\xa0% at each time;")
    assert caption.endswith(curve.attrs["definition"])


def test_groups_are_lines_of_one_step(curve):
    ax = plot_curve(grouped(curve, ["vm", "app"]))
    assert staircases(ax) == {"vm": [0.0, 0.1, 0.1, 0.2], "app": [0.0, 0.1, 0.1, 0.2]}
    assert "Share of customers that reached Install by then" in words(ax)
    get = plot_curve(grouped(curve, ["vm", "app"]), stage="Get it now")
    assert staircases(get)["vm"] == [0.0, 0.3, 0.6, 0.6]


def test_of_many_groups_the_largest_are_named_and_the_others_said(curve):
    ax = plot_curve(grouped(curve, [f"offer-{number}" for number in range(60)]))
    assert len(staircases(ax)) == 60
    assert {line.get_color() for line in ax.lines if line.get_label() in ("offer-6", "offer-59")} == {"#8C8C8C"}
    assert ax.get_xlabel().startswith("54 smaller groups are drawn in grey, without a name.")
    assert not ax.collections


def test_groups_that_cannot_be_told_apart_are_refused(curve):
    doubled = pd.concat([curve, curve])
    with pytest.raises(ChartError, match="several rows per time and step"):
        plot_curve(doubled)
    with pytest.raises(ChartError, match=r"no column 'offer'.*found 'offer_id'"):
        plot_curve(grouped(curve, ["vm"]), by="offer")
    with pytest.raises(ChartError, match=r"no stage 'Instal' after the entry; found 'Get it now', 'Install'"):
        plot_curve(curve, stage="Instal")


def test_a_missing_column_is_named(curve):
    with pytest.raises(FrameError, match="'at_risk'"):
        plot_curve(curve.drop(columns="at_risk"))


def test_nobody_is_said(curve):
    ax = plot_curve(curve.iloc[:0])
    assert "Nobody entered, so there is no curve" in words(ax)
    assert "Nobody entered" in describe_chart(ax)
    plot_curve(curve.assign(probability=float("nan"), low=float("nan"), high=float("nan"))).figure.canvas.draw()


def test_the_chart_describes_itself(curve):
    assert describe_chart(plot_curve(curve)).replace("\xa0", " ") == (
        "Acquisition funnel: time to convert: Get it now: 60 % by day 30, half by day 9; "
        "Install: 20 % by day 30, half not reached."
    )


@pytest.mark.parametrize("size", [(3.6, 6), (7.2, 5), (13.3, 7.5)])
@pytest.mark.parametrize("names", [["vm7"], ["vm7", LONG, "云文档同步企业版与数据备份", r"$5 \bad$", "サポート", "a"]])
def test_no_words_lie_over_others_or_are_cut(curve, size, names):
    _, ax = plt.subplots(figsize=size, layout="constrained")
    plot_curve(grouped(curve, names), ax=ax)
    assert overlapping(ax) == []
    assert cut_off(ax) == []
    assert smallest(ax) >= 7


def test_only_the_given_axes_change(curve):
    figure, (ax, other) = plt.subplots(1, 2)
    assert plot_curve(curve, ax=ax) is ax
    assert plt.get_fignums() == [figure.number]
    assert not other.lines
    before = curve.copy(deep=True)
    plot_curve(curve)
    pd.testing.assert_frame_equal(curve, before)


def test_a_curve_of_nobody_says_so(curve):
    nobody = curve.assign(probability=float("nan"), low=float("nan"), high=float("nan"), at_risk=0)
    ax = plot_curve(nobody)
    assert "Nobody entered, so there is no curve" in [text.get_text() for text in ax.texts]
    assert not ax.lines


def test_half_at_once_is_a_whole_mark(curve):
    ax = plot_curve(curve[curve["step"] == 2].assign(probability=[0.6, 0.7, 0.8, 0.9], high=0.95))
    assert "Get it now\n90 % by day 30\nhalf at once" in words(ax)
    (mark,) = [line for line in ax.lines if line.get_marker() == "o"]
    assert (mark.get_xdata().tolist(), mark.get_clip_on()) == ([0.0], False)


@pytest.mark.parametrize("groups", [6, 60])
def test_a_low_chart_names_those_that_fit_and_counts_the_others(curve, groups):
    _, ax = plt.subplots(figsize=(3.6, 4.2), layout="constrained")
    plot_curve(grouped(curve, [f"{number:02} {LONG}" for number in range(groups)]), ax=ax)
    assert overlapping(ax) == []
    assert cut_off(ax) == []
    named = {line.get_color() for line in ax.lines} & set(LINES)
    assert 1 < len(named) < 6
    assert f"{groups - len(named)} smaller groups" in ax.get_xlabel()
