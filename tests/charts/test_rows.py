import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex

from leadanalytics.charts.rows import Rows, bar_height, in_numbers, in_rates, row_axes
from leadanalytics.charts.style import QUIET_WORDS, house_style

LONG = "Contoso intelligent document management for hospitals and clinics, premium plan"


def rows(names=("crane", "lift"), sections=()):
    numbers = {"reached": [f"{number} of 9" for number in range(len(names))]}
    return Rows(list(names), numbers, "share that bought", sections)


def drawn(some, *, width=7.2, ax=None, caption=("What was counted.",)):
    with house_style():
        return row_axes(some, ax=ax, width=width, title="A title", caption=caption, nothing="Nothing is here")


def words(ax):
    return [text.get_text() for text in ax.texts]


def names(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def boxes(ax):
    ax.figure.canvas.draw()
    return {text.get_text(): text.get_window_extent() for text in ax.texts}


def test_names_stand_to_the_left_and_numbers_to_the_right_under_what_they_are():
    ax = drawn(rows())
    assert names(ax) == ["crane", "lift"]
    assert words(ax) == ["share that bought", "reached", "0 of 9", "1 of 9"]
    assert (ax.get_title(loc="left"), ax.get_xlabel()) == ("A title", "What was counted.")
    places = boxes(ax)
    assert places["0 of 9"].x0 > ax.get_window_extent().x1
    assert places["0 of 9"].x1 == pytest.approx(places["reached"].x1, abs=1)
    assert places["0 of 9"].y0 > places["1 of 9"].y1


def test_sections_have_lines_of_their_own():
    some = rows("abcd", ["", "Window", "Window", "Unit"])
    assert some.headings == {1: "Window", 4: "Unit"}
    assert some.positions.tolist() == [0, 2, 3, 5]
    labels = {label.get_text(): label.get_color() for label in drawn(some).get_yticklabels()}
    assert labels["Window"] == labels["Unit"] == QUIET_WORDS != labels["a"]


def test_on_a_telephone_names_stand_over_the_marks_and_numbers_under_them():
    ax = drawn(rows(["crane", LONG], ["Offers", "Offers"]), width=3.6)
    assert names(ax) == []
    places = boxes(ax)
    middle = ax.transData.transform((0, 1))[1]
    assert places["crane"].y0 > middle > places["reached:\xa00\xa0of\xa09"].y1
    assert places["Offers"].y0 > places["crane"].y1
    assert max(box.x1 for box in places.values()) <= ax.figure.bbox.x1
    assert bar_height(ax) < bar_height(drawn(rows()))


@pytest.mark.parametrize("width", [3.6, 7.2, 13.3])
def test_long_names_and_captions_stay_in_the_figure(width):
    ax = drawn(rows([LONG, "華" * 40, "a"], [LONG] * 3), width=width, caption=[LONG * 5])
    ax.figure.canvas.draw()
    assert ax.get_tightbbox().x0 >= 0
    assert ax.get_tightbbox().x1 <= ax.figure.bbox.x1 + 1
    assert ax.get_window_extent().width > 0.3 * ax.figure.bbox.width


def test_the_figure_is_as_high_as_its_rows_need():
    heights = [drawn(rows(["a"] * number)).figure.get_size_inches()[1] for number in (1, 6, 60)]
    assert heights == sorted(heights)
    assert heights[2] - heights[1] == pytest.approx(54 * 0.31)


def test_no_rows_are_said():
    ax = drawn(rows([]))
    assert words(ax)[-1] == "Nothing is here"
    assert list(ax.get_xticks()) == list(ax.get_yticks()) == []


def test_text_of_strangers_is_never_mathematics():
    hostile = r"$\bad$ x^$ <b>"
    ax = drawn(rows([hostile], [hostile]), caption=[hostile])
    ax.figure.canvas.draw()
    assert names(ax) == [hostile, hostile]


def test_an_axes_of_the_caller_is_used():
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 3))
    assert drawn(rows(), ax=left) is left
    assert not right.texts
    assert plt.get_fignums() == [figure.number]


def test_names_have_one_line_where_the_callers_axes_are_low():
    low, high = (plt.figure(figsize=(7, height)).subplots() for height in (0.4, 5))
    assert [names(drawn(rows([LONG]), ax=ax))[0].count("\n") for ax in (low, high)] == [0, 1]


def test_scales_are_read_in_percent_or_in_whole_numbers():
    left, right = plt.figure().subplots(1, 2)
    left.set_xlim(0, 0.1)
    in_rates(left)
    right.set_xlim(0, 3000)
    in_numbers(right)
    labels = [[ax.xaxis.get_major_formatter()(tick, 0) for tick in (0, 0.025, 1000)] for ax in (left, right)]
    assert labels[0][:2] == ["0\xa0%", "2.5\xa0%"]
    assert labels[1] == ["0", "0", "1,000"]


def test_nothing_but_the_marks_is_asked_of_a_chart():
    ax = drawn(rows())
    assert not ax.lines and not ax.collections and not ax.patches
    assert np.all(np.diff(ax.get_yticks()) == 1)
    assert to_hex(ax.get_facecolor()) == "#ffffff"


@pytest.mark.parametrize("width", [3.6, 7.2])
def test_long_names_that_begin_alike_stay_apart(width):
    some = [f"{LONG} for manufacturing, retail and the public sector {number}" for number in range(3)]
    ax = drawn(rows(some), width=width)
    shown = names(ax) or words(ax)
    assert [sum(name.endswith(str(number)) and "…" in name for name in shown) for number in range(3)] == [1, 1, 1]
