import numpy as np
import pytest
from matplotlib import pyplot as plt

from leadanalytics.charts.shades import SHADES, draw_key, lay_out_key, shade_tops, shades_of
from leadanalytics.charts.style import REACHED, RULE


@pytest.mark.parametrize(
    ("numbers", "tops"),
    [
        ([0, 0], [0]),
        ([5], [0, 5]),
        ([0, 1, 2, 3, 4], [0, 1, 2, 3, 4]),
        ([1] * 90 + [100], [0, 1, 100]),
        (range(1, 101), [0, 25, 50, 75, 100]),
    ],
)
def test_each_shade_holds_about_as_many(numbers, tops):
    assert shade_tops(np.array(numbers)).tolist() == tops


def test_none_is_white_and_the_most_the_darkest():
    faces, edges = shades_of(np.array([0, 1, 7]), np.array([0, 3, 9]))
    assert faces.tolist() == ["white", SHADES[-2], SHADES[-1]]
    assert edges.tolist() == [RULE, REACHED, REACHED]


def test_the_key_says_the_numbers_and_takes_as_many_rows_as_it_needs():
    tops = np.array([0, 1, 1_200])
    wide = lay_out_key(tops, columns=60, cell=9, has_gap=True)
    assert [sample.words for sample in wide] == ["no lead", "1 a day", "2 to 1,200", "silent"]
    assert {sample.row for sample in wide} == {0}
    narrow = lay_out_key(tops, columns=20, cell=7, has_gap=False)
    assert [sample.row for sample in narrow] == [0, 0, 1]
    assert narrow[2].column == 0


def test_only_the_sample_of_silence_has_a_stroke():
    ax = plt.figure().add_subplot()
    draw_key(ax, lay_out_key(np.array([0, 2]), columns=60, cell=9, has_gap=True), top=10)
    assert [text.get_text() for text in ax.texts] == ["no lead", "1 to 2 a day", "silent"]
    assert len(ax.collections) == 4
