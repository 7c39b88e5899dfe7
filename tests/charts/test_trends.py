import pandas as pd
import pytest
from drawn_words import cut_off, overlapping, smallest
from matplotlib import pyplot as plt

from leadanalytics.charts import describe_chart, plot_trend
from leadanalytics.charts.style import LINES
from leadanalytics.errors import ChartError, FrameError

LONG = "Contoso Document Management for Hospitals and Nursing Homes, Enterprise Edition 2"


@pytest.fixture
def trend():
    """Three months, of which June is not finished: 5 % until now, 20 % adjusted."""
    periods = pd.to_datetime(["2024-04-01", "2024-05-01", "2024-06-01"], utc=True)
    first = pd.DataFrame({"period": periods, "complete": [True, True, False], "step": 1, "stage": "Test drive"})
    second = first.assign(step=2, stage="Get it now")
    first = first.assign(n=[40, 50, 60], of_first=1.0, of_first_low=0.9, of_first_high=1.0, adjusted=1.0)
    second = second.assign(n=[10, 20, 3], of_first=[0.25, 0.4, 0.05], of_first_low=[0.1, 0.3, 0.0])
    second = second.assign(of_first_high=[0.4, 0.5, 0.2], adjusted=[0.25, 0.4, 0.2])
    frame = pd.concat([first, second], ignore_index=True)
    frame.attrs = {
        "unit": ["customer_id"],
        "funnel": "acquisition",
        "steps": ["Test drive", "Get it now"],
        "window": "30 days",
        "freq": "MS",
        "tz": "Europe/Berlin",
        "definition": "Customers who took Test drive, then Get it now, as of 2024-06-30.",
    }
    return frame


def grouped(trend, names):
    frame = pd.concat([trend.assign(offer_id=name) for name in names], ignore_index=True)
    frame = frame[["offer_id", *trend.columns]]
    frame.attrs = trend.attrs | {"by": ["offer_id"]}
    return frame


def words(ax):
    return [text.get_text().replace("\xa0", " ") for text in ax.texts]


def markers(ax):
    """The places of the markers, by whether they are filled."""
    marked = [line for line in ax.lines if line.get_marker() == "o"]
    return {
        line.get_markerfacecolor() != "white": list(zip(line.get_xdata().tolist(), line.get_ydata().tolist()))
        for line in marked
    }


def test_finished_periods_are_filled_and_others_hollow(trend):
    assert markers(plot_trend(trend)) == {True: [(0, 0.25), (1, 0.4)], False: [(2, 0.05)]}


def test_the_line_is_solid_only_through_the_finished_periods(trend):
    solid, broken = [line for line in plot_trend(trend).lines if line.get_marker() != "o"]
    assert (solid.get_linestyle(), solid.get_ydata().tolist()) == ("-", [0.25, 0.4])
    assert (broken.get_linestyle(), broken.get_ydata().tolist()) == ("--", [0.4, 0.05])


def test_the_adjusted_share_is_a_tick_beside_the_unfinished(trend):
    ticks = [segment.tolist() for part in plot_trend(trend).collections for segment in part.get_segments()]
    assert [[2.12, 0.2], [2.46, 0.2]] in ticks
    assert [[1.0, 0.3], [1.0, 0.5]] in ticks
    assert len(plot_trend(trend.drop(columns="adjusted")).collections[0].get_segments()) == 3


def test_the_scale_is_months_in_words_with_who_entered_under_it(trend):
    ax = plot_trend(trend)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["Apr\n2024", "May", "Jun"]
    assert "Month of Test drive (Europe/Berlin)" in words(ax)
    assert {"Entered", "40", "50", "60"} <= set(words(ax))


def test_a_line_is_named_with_its_last_finished_period(trend):
    assert "Get it now\n40 % in May 2024" in words(plot_trend(trend))
    assert "Get it now\n5 % in Jun 2024" in words(plot_trend(trend.assign(complete=False)))
    trend.attrs["freq"] = "W-MON"
    assert "Get it now\n40 %, 1 May 2024" in words(plot_trend(trend))


def test_what_the_markers_mean_is_said(trend):
    caption = plot_trend(trend).get_xlabel().replace("\n", " ")
    assert caption.startswith("○ The period is not finished: its share can still rise. – Beside it")
    assert caption.endswith(trend.attrs["definition"])
    assert plot_trend(trend.assign(complete=True)).get_xlabel().startswith("Customers who")
    trend.attrs["window"] = None
    assert plot_trend(trend.assign(complete=False)).get_xlabel().startswith("Without a window no period")


def test_groups_are_lines_with_their_own_numbers(trend):
    ax = plot_trend(grouped(trend, ["vm", "app"]))
    assert "vm\n40 % in May 2024" in words(ax)
    assert words(ax).count("50") == 2
    assert "Share of customers that reached Get it now" in words(ax)


def test_of_many_groups_the_largest_are_named_and_the_others_said(trend):
    ax = plot_trend(grouped(trend, [f"offer-{number}" for number in range(60)]))
    assert sum("% in May" in text for text in words(ax)) == 6
    assert "54 smaller groups are drawn in grey" in ax.get_xlabel()


def test_a_period_without_anybody_is_a_gap(trend):
    trend.loc[trend["period"] == trend["period"].iloc[0], ["n", "of_first", "adjusted"]] = [0, None, None]
    ax = plot_trend(trend)
    ax.figure.canvas.draw()
    assert "Get it now\n40 % in May 2024" in words(ax)
    assert "nobody entered" in words(plot_trend(trend.assign(of_first=float("nan"))))[-1]


def test_wrong_frames_are_refused(trend):
    with pytest.raises(ChartError, match="several rows per period and step"):
        plot_trend(pd.concat([trend, trend]))
    with pytest.raises(FrameError, match=r"'complete'; stage_trend\(funnels\)"):
        plot_trend(trend.drop(columns="complete"))


def test_nobody_is_said(trend):
    ax = plot_trend(trend.iloc[:0])
    assert "Nobody entered, so there is no trend" in words(ax)
    assert describe_chart(ax) == "Acquisition funnel by month: Nobody entered, so there is no trend."


def test_the_chart_describes_itself(trend):
    assert describe_chart(plot_trend(trend, title="All")).replace("\xa0", " ") == "All: Get it now: 40 % in May 2024."


@pytest.mark.parametrize("size", [(3.6, 6), (7.2, 5), (13.3, 7.5)])
@pytest.mark.parametrize("names", [["vm7"], ["vm7", LONG, "云文档同步企业版与数据备份", r"$5 \bad$", "サポート", "a"]])
def test_no_words_lie_over_others_or_are_cut(trend, size, names):
    _, ax = plt.subplots(figsize=size, layout="constrained")
    plot_trend(grouped(trend, names), ax=ax)
    assert overlapping(ax) == []
    assert cut_off(ax) == []
    assert smallest(ax) >= 7


def test_without_a_window_nothing_is_adjusted(trend):
    adjusted = trend.assign(adjusted=trend["of_first"])
    adjusted.attrs = {**trend.attrs, "window": None}
    assert len(plot_trend(adjusted).collections) == len(plot_trend(adjusted.drop(columns="adjusted")).collections)


def test_marks_at_the_edge_are_whole(trend):
    marks = [line for line in plot_trend(trend).lines if line.get_marker() == "o"]
    assert [mark.get_clip_on() for mark in marks] == [False, False]


@pytest.mark.parametrize("groups", [6, 60])
def test_a_low_chart_names_those_that_fit_and_counts_the_others(trend, groups):
    _, ax = plt.subplots(figsize=(3.6, 4.2), layout="constrained")
    plot_trend(grouped(trend, [f"{number:02} {LONG}" for number in range(groups)]), ax=ax)
    assert overlapping(ax) == []
    assert cut_off(ax) == []
    named = {line.get_color() for line in ax.lines} & set(LINES)
    assert 1 < len(named) < 6
    assert f"{groups - len(named)} smaller groups" in ax.get_xlabel()
