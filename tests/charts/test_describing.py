import pandas as pd
import pytest
from matplotlib import pyplot as plt

from leadanalytics.charts import describe_chart, plot_stages, plot_stages_by
from leadanalytics.charts.describing import describe


def test_a_funnel_says_how_many_stand_at_each_step(counts):
    assert describe_chart(plot_stages(counts)) == (
        "Acquisition funnel: 40 customers per offer at Test drive, 10 at Get it now (25 %), 1 at Install (10 %)."
    )


def test_nobody_has_no_rate(counts):
    zeros = counts.assign(n=0, of_previous=float("nan"))
    assert describe_chart(plot_stages(zeros, title="")) == (
        "0 customers per offer at Test drive, 0 at Get it now, 0 at Install."
    )
    assert describe_chart(plot_stages(counts.iloc[:0], title="")) == "Nobody took any of these steps."


def test_many_funnels_are_described_by_the_largest_and_each_by_its_own(counts):
    both = pd.concat([counts.assign(offer_id="crane", n=[4, 1, 0]), counts.assign(offer_id="vm")])
    both.attrs = counts.attrs
    panels = plot_stages_by(both)
    assert describe_chart(panels) == describe_chart(panels[0].figure)
    assert describe_chart(panels) == (
        "Acquisition funnel: 2 funnels side by side; the largest is this one. "
        "vm: 40 customers at Test drive, 10 at Get it now (25 %), 1 at Install (10 %)."
    )
    assert describe_chart(panels[0]).startswith("crane: 4 customers at Test drive")


def test_sentences_are_cleaned_and_joined():
    ax = plt.figure().subplots()
    describe(ax, "One\nline.", "", "$5 <b>")
    assert ax.get_label() == describe_chart(ax) == "One line. $5 <b>"


def test_a_figure_says_what_each_of_its_charts_shows():
    figure, (left, right) = plt.subplots(1, 2)
    describe(left, "The left.")
    describe(right, "The right.")
    figure.colorbar(left.imshow([[0, 1]]))
    assert describe_chart(figure) == "The left. The right."


@pytest.mark.parametrize(("title", "expected"), [("Leads", "Leads. n. day"), ("", "n. day")])
def test_a_chart_of_another_maker_is_told_by_its_title_and_axes(title, expected):
    ax = plt.figure().subplots()
    ax.set(title=title, xlabel="day", ylabel="n")
    assert describe_chart(ax) == expected


def test_a_chart_without_words_says_so():
    assert describe_chart(plt.figure()) == "A chart without a description."
