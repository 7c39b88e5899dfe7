import numpy as np
import pandas as pd
import pytest
from drawn_words import cut_off, overlapping, smallest
from matplotlib import pyplot as plt
from matplotlib.patches import PathPatch, Rectangle

from leadanalytics.charts import describe_chart, plot_flow
from leadanalytics.errors import ChartError, FrameError

LONG = "Contoso Document Management for Hospitals and Nursing Homes, Enterprise Edition 2"


def words(ax):
    return [text.get_text().replace("\xa0", " ") for text in ax.texts]


def ribbons(ax):
    """The width of each ribbon by its name."""
    flows = [patch for patch in ax.patches if isinstance(patch, PathPatch)]
    return {flow.get_label(): float(np.ptp(flow.get_path().vertices[[0, 7], 0])) for flow in flows}


def test_each_ribbon_is_as_wide_as_its_units(counts):
    assert ribbons(plot_flow(counts)) == {
        "without Test drive to Get it now": 3,
        "without Test drive to Install": 1,
        "Test drive to Get it now": 10,
        "Test drive still open": 12,
        "Test drive dropped": 18,
        "Get it now to Install": 1,
        "Get it now dropped": 9,
    }


def test_each_step_is_a_bar_and_so_is_the_stream_beside(counts):
    bars = [patch for patch in plot_flow(counts).patches if isinstance(patch, Rectangle)]
    assert [(bar.get_y(), bar.get_width()) for bar in bars] == [(0, 4), (1, 3), (2, 1), (0, 40), (1, 10), (2, 1)]


def test_streams_do_not_run_over_one_another(counts):
    flows = [patch for patch in plot_flow(counts).patches if isinstance(patch, PathPatch)]
    starts = [(flow.get_path().vertices[0, 1], *sorted(flow.get_path().vertices[[0, 7], 0])) for flow in flows]
    for level, left, right in starts:
        others = [(start, end) for other, start, end in starts if other == level and (start, end) != (left, right)]
        assert all(end <= left + 1e-9 or start >= right - 1e-9 for start, end in others)


def test_the_numbers_stand_at_the_streams(counts):
    shown = words(plot_flow(counts))
    assert {"40", "10", "25 % of previous (14 to 40 %)", "12 still open", "18 dropped", "9 dropped"} <= set(shown)
    assert {"4 without\nTest drive", "3 seen here", "1 seen here"} <= set(shown)
    assert "Widths are customers per offer" in shown


def test_a_narrow_chart_says_less(counts):
    _, ax = plt.subplots(figsize=(3.6, 5))
    assert "25 %" in words(plot_flow(counts, ax=ax))


def test_nobody_beside_leaves_no_room_for_them(counts):
    ax = plot_flow(counts.assign(bypass=0))
    assert ax.get_xlim()[0] == 0
    assert not any("without" in name for name in ribbons(ax))


def test_the_title_and_the_caption(counts):
    ax = plot_flow(counts)
    assert ax.get_title(loc="left") == "Acquisition funnel: the flow"
    assert ax.get_xlabel().replace("\n", " ") == counts.attrs["definition"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Test drive", "Get it now", "Install"]


def test_nobody_is_said(counts):
    for nobody in (counts.iloc[:0], counts.assign(n=0, open=0, dropped=0, bypass=0)):
        ax = plot_flow(nobody)
        assert words(ax) == ["Nobody took any of these steps"]
        ax.figure.canvas.draw()


def test_only_a_bypass_is_drawn_too(counts):
    ax = plot_flow(counts.assign(n=0, open=0, dropped=0, of_previous=float("nan")))
    ax.figure.canvas.draw()
    assert set(ribbons(ax)) == {"without Test drive to Get it now", "without Test drive to Install"}


def test_wrong_frames_are_refused(counts):
    with pytest.raises(ChartError, match="several groups"):
        plot_flow(pd.concat([counts, counts]))
    with pytest.raises(FrameError, match="'bypass'"):
        plot_flow(counts.drop(columns="bypass"))


def test_the_chart_describes_itself(counts):
    sentences = describe_chart(plot_flow(counts))
    assert sentences.startswith("Acquisition funnel: the flow: 40 customers per offer at Test drive, 10 at Get it now")
    assert "4 more skipped Test drive" in sentences


@pytest.mark.parametrize("size", [(3.6, 5.5), (7.2, 5), (13.3, 7.5)])
@pytest.mark.parametrize("stage", ["app", LONG, "云文档同步企业版与数据备份", r"$5 \bad$"])
@pytest.mark.parametrize("bypass", [[0, 3, 1], [0, 3000, 80]])
def test_no_words_lie_over_others_or_are_cut(counts, size, stage, bypass):
    _, ax = plt.subplots(figsize=size, layout="constrained")
    plot_flow(counts.assign(stage=[stage, "Get it now", "Install"], bypass=bypass), ax=ax)
    assert overlapping(ax) == []
    assert cut_off(ax) == []
    assert smallest(ax) >= 7
