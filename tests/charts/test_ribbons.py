from matplotlib import pyplot as plt

from leadanalytics.charts.ribbons import draw_ribbon
from leadanalytics.charts.style import DROPPED, RULE


def test_a_ribbon_keeps_its_width_from_one_span_to_the_other():
    ax = plt.figure().add_subplot()
    ribbon = draw_ribbon(ax, (0, 3), 0, (5, 8), 1, color=DROPPED, label="dropped")
    points = ribbon.get_path().vertices.tolist()
    assert [points[0], points[3], points[4], points[7]] == [[0, 0], [5, 1], [8, 1], [3, 0]]
    assert list(ax.patches) == [ribbon]
    assert ribbon.get_label() == "dropped"


def test_its_edge_can_be_seen():
    ribbon = draw_ribbon(plt.figure().add_subplot(), (0, 1), 0, (0, 1), 1, color=DROPPED, label="")
    assert ribbon.get_edgecolor()[:3] == tuple(int(RULE[place : place + 2], 16) / 255 for place in (1, 3, 5))
