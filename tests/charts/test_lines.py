import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import pyplot as plt

from leadanalytics.charts.lines import (
    Line,
    name_ends,
    name_those_that_fit,
    named_of,
    quiet_words,
    shared_step,
    spread,
    tell_lines,
)
from leadanalytics.charts.style import LINES


def frame_of(**columns):
    return pd.DataFrame({"step": [1, 2, 3], "stage": ["Try", "Get", "Install"], "time": 0.0} | columns)


def test_each_step_after_the_entry_is_a_line():
    lines = tell_lines(frame_of(), by=None, stage=None, along="time")
    assert [(line.name, line.color) for line in lines] == [("Get", LINES[0]), ("Install", LINES[1])]


def test_the_step_of_all_lines_is_named():
    lines = tell_lines(frame_of(), by=None, stage=None, along="time")
    assert (shared_step(lines), shared_step(lines[:1]), shared_step([])) == ("the step", "Get", "the step")


def test_groups_are_lines_of_the_last_step_in_the_order_of_the_rows():
    frame = pd.concat([frame_of(offer_id=name, country="DE") for name in ("vm", None, "app")])
    lines = tell_lines(frame, by=["offer_id", "country"], stage=None, along="time")
    assert [line.name for line in lines] == ["vm · DE", "(missing) · DE", "app · DE"]
    assert {stage for line in lines for stage in line.rows["stage"]} == {"Install"}


def test_beyond_the_colours_lines_are_quiet():
    frame = pd.concat([frame_of(offer_id=str(number)) for number in range(8)])
    lines = tell_lines(frame, by="offer_id", stage=None, along="time")
    assert [line.is_quiet for line in lines] == [False] * 6 + [True] * 2
    assert quiet_words(lines) == "2 smaller groups are drawn in grey, without a name."
    assert quiet_words(lines[:7]).startswith("1 smaller group is")
    assert quiet_words(lines[:6]) == ""


def test_names_shrink_until_they_fit():
    ax = plt.figure().add_subplot()
    lines = [Line("Contoso Document Management for Hospitals", pd.DataFrame(), color) for color in LINES]
    for high, most in ((400, 4), (170, 3), (120, 2), (60, 1)):
        name_ends(ax, lines, [(1, 0.5)] * 6, ["40 %\nhalf by day 3"] * 6, high=high)
        assert max(text.get_text().count("\n") + 1 for text in ax.texts[-6:]) <= most


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0.01, 0.15)), min_size=1, max_size=6),
)
def test_spread_things_never_overlap_and_stay_inside(things):
    wanted, heights = map(np.array, zip(*things))
    places = spread(wanted, heights, low=0, high=1)
    order = np.argsort(places)
    assert (np.diff(places[order]) >= (heights[order][1:] + heights[order][:-1]) / 2 - 1e-9).all()
    assert (places - heights / 2 >= -1e-9).all()
    assert (places + heights / 2 <= 1 + 1e-9).all()


def test_what_has_room_stays():
    assert spread([0.9, 0.2, 0.5], [0.1, 0.1, 0.1], low=0, high=1).tolist() == pytest.approx([0.9, 0.2, 0.5])


def test_groups_that_are_counted_come_by_their_units_at_the_first_step():
    sizes = {"(other)": 90, "crane": 10, "lift": 30, "boat": 10}
    frame = pd.concat([frame_of(offer_id=name, n=[size, 100 - size, 1]) for name, size in sizes.items()])
    lines = tell_lines(frame, by="offer_id", stage=None, along="time")
    assert [line.name for line in lines] == ["lift", "boat", "crane", "(other)"]
    assert [line.color for line in lines] == list(LINES[:4])


def test_only_so_many_lines_keep_their_names_as_find_room():
    lines = [Line(str(number), frame_of(stage="Get"), color) for number, color in enumerate(LINES)]
    kept = name_those_that_fit(lines, lambda some: 150 - 30 * len(named_of(some)))
    assert [line.name for line in named_of(kept)] == ["0", "1", "2"]
    assert {line.color for line in kept[3:]} == {"#8C8C8C"}
    assert quiet_words(kept) == "3 smaller groups are drawn in grey, without a name."
    assert name_those_that_fit(lines, lambda some: 1000) == lines
    assert len(named_of(name_those_that_fit(lines, lambda some: 0))) == 1


def test_steps_without_a_name_are_said_to_be_steps():
    lines = tell_lines(frame_of(), by=None, stage=None, along="time")
    kept = name_those_that_fit(lines, lambda some: 0)
    assert quiet_words(kept) == "1 later step is drawn in grey, without a name."


def test_long_names_that_begin_alike_stay_apart():
    ax = plt.figure().add_subplot()
    lines = [Line(f"Contoso Document Management for Hospitals {number}", pd.DataFrame()) for number in range(3)]
    name_ends(ax, lines, [(1, 0.5)] * 3, ["40 %"] * 3, high=200)
    assert len({text.get_text() for text in ax.texts}) == 3
