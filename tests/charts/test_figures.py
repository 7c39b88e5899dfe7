import pytest
from matplotlib import pyplot as plt

from leadanalytics.charts.figures import figure_of
from leadanalytics.errors import ChartError


def test_the_figure_of_axes_arrays_of_axes_parts_of_figures_and_figures():
    figure = plt.figure()
    left, right = figure.subfigures(1, 2)
    panels = left.subplots(2, 2)
    assert {figure_of(chart) for chart in (figure, panels, panels[0, 0], right.add_subplot())} == {figure}


def test_something_else_is_refused():
    with pytest.raises(ChartError, match="found str"):
        figure_of("chart")
