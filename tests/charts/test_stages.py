import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex

from leadanalytics.charts import plot_stages
from leadanalytics.errors import ChartError, FrameError


def drawn(ax):
    return [[(bar.get_x(), bar.get_width()) for bar in part] for part in ax.containers]


def words(ax):
    return [text.get_text() for text in ax.texts]


def test_each_bar_is_who_reached_the_step_then_who_still_can_and_who_dropped(counts):
    assert drawn(plot_stages(counts)) == [
        [(0, 40), (0, 10), (0, 1)],
        [(40, 0), (10, 12), (1, 0)],
        [(40, 0), (22, 18), (1, 9)],
    ]


def test_blue_is_reached_light_is_open_grey_is_dropped(counts):
    ax = plot_stages(counts)
    assert [{to_hex(bar.get_facecolor()) for bar in part} for part in ax.containers] == [
        {"#0072b2"},
        {"#94c6e4"},
        {"#cfcfcf"},
    ]


def test_the_first_step_is_on_top_and_the_scale_starts_at_nothing(counts):
    ax = plot_stages(counts.iloc[::-1])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Test drive", "Get it now", "Install"]
    assert ax.yaxis_inverted()
    assert ax.get_xlim() == (0, 40)


def test_the_labels_say_what_the_bars_show(counts):
    assert words(plot_stages(counts)) == [
        "40",
        "customers per offer",
        "10",
        "25\xa0% of previous (14 to 40\xa0%)",
        "■",
        "12 still open",
        "■",
        "18 dropped",
        "1",
        "10\xa0% of previous (2 to 40\xa0%)",
        "■",
        "9 dropped",
    ]


def test_the_count_is_bold_and_every_swatch_has_the_colour_of_its_part(counts):
    ax = plot_stages(counts)
    by_words = {text.get_text(): text for text in ax.texts}
    assert by_words["40"].get_fontweight() == "bold"
    swatches = [text.get_color().lower() for text in ax.texts if text.get_text() == "■"]
    assert swatches == ["#94c6e4", "#cfcfcf", "#cfcfcf"]


def test_who_entered_later_is_said(counts):
    assert "4 entered here" in words(plot_stages(counts.assign(entered=[36, 4, 0])))


def test_the_caption_names_who_is_beside_the_funnel_and_the_definition(counts):
    caption = plot_stages(counts).get_xlabel()
    assert caption.replace("\n", " ") == (
        "4 more skipped Test drive (3 seen at Get it now, 1 seen at Install). " + counts.attrs["definition"]
    )
    assert max(map(len, caption.split("\n"))) < 100
    assert plot_stages(counts.assign(bypass=0)).get_xlabel().startswith("Customers per offer")


def test_the_title_is_the_funnel_unless_one_is_given(counts):
    assert plot_stages(counts).get_title(loc="left") == "Acquisition funnel"
    assert plot_stages(counts, title="$5 offer").get_title(loc="left") == "$5 offer"
    counts.attrs = {}
    assert plot_stages(counts).get_title(loc="left") == ""


def test_text_from_data_is_never_mathematics(counts):
    counts["stage"] = [r"$\bad$", "100% off $x^$", "a_b^c"]
    counts.attrs["definition"] = r"Costs $5 and $\bad"
    plot_stages(counts, title=r"$\bad$").figure.canvas.draw()


def test_steps_without_anybody_are_said(counts):
    zeros = counts.assign(n=0, open=0, dropped=0, bypass=0, of_previous=float("nan"))
    ax = plot_stages(zeros)
    assert words(ax) == ["Nobody took any of these steps"]
    assert ax.get_xlim() == (0, 1)


def test_no_rows_are_said(counts):
    ax = plot_stages(counts.iloc[:0])
    assert words(ax) == ["Nobody took any of these steps"]
    ax.figure.canvas.draw()


def test_hand_made_counts_need_no_intervals(counts):
    ax = plot_stages(counts.drop(columns=["of_previous_low", "of_previous_high"]))
    assert "25\xa0% of previous" in words(ax)


def test_an_axes_of_the_caller_is_used_and_nothing_else_changes(counts):
    before = mpl.rcParams.copy()
    figure, (ax, other) = plt.subplots(1, 2, sharey=True)
    assert plot_stages(counts, ax=ax) is ax
    assert plot_stages(counts, ax=other) is other
    assert plt.get_fignums() == [figure.number]
    assert ax.yaxis_inverted()
    assert mpl.rcParams == before


def test_the_input_is_not_changed(counts):
    before = counts.copy(deep=True)
    plot_stages(counts)
    pd.testing.assert_frame_equal(counts, before)


def test_counts_of_several_groups_need_the_other_function(counts):
    with pytest.raises(ChartError, match="plot_stages_by"):
        plot_stages(pd.concat([counts, counts]))
    assert plt.get_fignums() == []


def test_a_missing_column_is_named(counts):
    with pytest.raises(FrameError, match="'dropped'"):
        plot_stages(counts.drop(columns="dropped"))


@pytest.mark.parametrize(
    ("width", "said"),
    [
        (7.2, "none in order: 4 skipped the first step, 2 came too early or late"),
        (3.5, "none in order, 6 otherwise"),
    ],
)
def test_why_nobody_reached_a_step_fits_into_the_axes(counts, width, said):
    nobody = counts.assign(n=[40, 10, 0], with_lead=[40, 13, 6], skipped=[0, 3, 4], left_out=[0, 0, 2])
    ax = plt.figure(figsize=(width, 3)).subplots()
    plot_stages(nobody, ax=ax)
    assert said in words(ax)
