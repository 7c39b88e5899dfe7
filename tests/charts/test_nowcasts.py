import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from leadanalytics.charts import describe_chart, plot_nowcast, plot_replay
from leadanalytics.errors import FrameError


@pytest.fixture
def steps():
    frame = pd.DataFrame(
        {
            "stage": ["Get it now", "Install"],
            "n": [1530, 10],
            "open": [36, 67],
            "expected": [12.4, 1.25],
            "low": [8.0, np.nan],
            "high": [17.0, np.nan],
            "within": 30.0,
        }
    )
    frame.attrs = {"unit": ["customer_id"], "by": [], "confidence": 0.9, "definition": "Customers, as of 2024-06-30."}
    return frame


@pytest.fixture
def replay():
    frame = pd.DataFrame(
        {
            "as_of": pd.to_datetime(["2024-04-30", "2024-04-30", "2024-05-31", "2024-05-31"], utc=True),
            "stage": ["Get it now", "Install"] * 2,
            "expected": [4.5, 1.3, 5.0, 2.0],
            "low": [2.0, 0.0, 2.0, np.nan],
            "high": [8.0, 4.0, 9.0, np.nan],
            "came": [5, 6, 9, 1],
            "inside": pd.array([True, False, True, None], dtype="boolean"),
        }
    )
    frame.attrs["definition"] = "Customers, as of 2024-06-30."
    return frame


def bars(ax):
    return [[(bar.get_x(), round(bar.get_width(), 3)) for bar in part] for part in ax.containers]


def names(ax):
    return [name for _, name in sorted(zip(ax.get_yticks(), (label.get_text() for label in ax.get_yticklabels())))]


def test_a_bar_is_who_came_so_far_and_then_who_is_expected(steps):
    ax = plot_nowcast(steps)
    assert bars(ax) == [[(0, 1530), (0, 10)], [(1530, 12.4), (10, 1.25)]]
    assert [to_hex(part[0].get_facecolor()) for part in ax.containers] == ["#0072b2", "#94c6e4"]


def test_an_interval_is_drawn_where_it_is_known(steps):
    spans, low, high = plot_nowcast(steps).collections
    assert [segment[:, 0].tolist() for segment in spans.get_segments()] == [[1538, 1547]]
    assert [end.get_segments()[0][0, 0] for end in (low, high)] == [1538, 1547]


def test_a_nowcast_says_its_numbers(steps):
    ax = plot_nowcast(steps)
    texts = [text.get_text() for text in ax.texts]
    assert texts[0] == "customers that reached the step"
    assert texts[1:] == ["so far", "1,530", "10", "expected", "12 (8 to 17)", "1.2", "open", "36", "67"]
    assert ax.get_xlabel().startswith(
        "Light: expected of the units open now, within 30 days of their entry, with its 90 %"
    )
    assert describe_chart(ax) == ("What is still to come: 10 reached Install so far, 1.2 more are expected of 67 open.")


def test_groups_are_sections(steps):
    both = pd.concat([steps.assign(offer_id="crane"), steps.assign(offer_id=None, n=5)], ignore_index=True)
    both.attrs = steps.attrs | {"by": ["offer_id"]}
    ax = plot_nowcast(both)
    assert names(ax) == ["crane", "Get it now", "Install", "(missing)", "Get it now", "Install"]
    assert describe_chart(ax) == (
        "What is still to come: 2 groups; the first is this one. "
        "crane: 10 reached Install so far, 1.2 more are expected of 67 open."
    )


def test_a_replay_draws_each_interval_and_what_came_by_step(replay):
    ax = plot_replay(replay)
    assert names(ax) == ["Get it now", "2024-04-30", "2024-05-31", "Install", "2024-04-30", "2024-05-31"]
    (intervals,) = bars(ax)
    assert intervals[:3] == [(2, 6), (2, 7), (0, 4)]
    assert np.isnan(intervals[3][1])
    ticks, dots = ax.collections
    assert [segment[0, 0] for segment in ticks.get_segments()] == [4.5, 5, 1.3, 2]
    assert dots.get_offsets().tolist() == [[5, 1], [9, 2], [6, 4], [1, 5]]


def test_what_came_is_blue_inside_vermilion_outside_and_hollow_where_nothing_was_said(replay):
    dots = plot_replay(replay).collections[1]
    assert [to_hex(color) for color in dots.get_facecolors()] == ["#0072b2", "#0072b2", "#d55e00", "#ffffff"]
    assert to_hex(dots.get_edgecolors()[3]) == "#8c8c8c"


def test_a_replay_says_how_many_forecasts_held(replay):
    ax = plot_replay(replay)
    held = "In 2 of 3 forecasts what came lay inside the interval"
    assert ax.get_xlabel().startswith(held)
    assert describe_chart(ax) == f"Past forecasts, and what came: {held}."
    assert "1.3 (0 to 4)" in [text.get_text() for text in ax.texts]


def test_nothing_to_show_is_said(steps, replay):
    for ax, words in [
        (plot_nowcast(steps.iloc[:0]), "There is no step to wait for"),
        (plot_replay(replay.iloc[:0]), "There is no past forecast to look at"),
    ]:
        assert ax.texts[-1].get_text() == words
        assert describe_chart(ax).endswith(f"{words}.")
        ax.figure.canvas.draw()


def test_nobody_open_and_nobody_yet_is_drawn(steps):
    ax = plot_nowcast(steps.assign(n=0, open=0, expected=0.0, low=0.0, high=0.0))
    assert ax.get_xlim() == pytest.approx((0, 1.02))
    assert not ax.collections[0].get_segments()


def test_a_missing_column_is_named(steps, replay):
    with pytest.raises(FrameError, match=r"'expected'.*nowcast\(funnels\)"):
        plot_nowcast(steps.drop(columns="expected"))
    with pytest.raises(FrameError, match=r"'came'.*replay_nowcasts"):
        plot_replay(replay.drop(columns="came"))
