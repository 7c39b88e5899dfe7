import pandas as pd
import pytest
from matplotlib import pyplot as plt

from leadanalytics.charts import plot_stages_by
from leadanalytics.errors import ChartError


@pytest.fixture
def by_offer(counts):
    frame = pd.concat(
        [counts.assign(offer_id="vm"), counts.assign(offer_id="app", n=[4, 2, 0], bypass=0)], ignore_index=True
    )
    frame.attrs = counts.attrs
    return frame


def titles(panels):
    return [ax.get_title(loc="left") for ax in panels]


def stages_shown(panels):
    return [ax.yaxis.get_tick_params()["labelleft"] for ax in panels]


def test_each_group_has_a_panel_in_the_order_of_the_rows_on_one_scale(by_offer):
    panels = plot_stages_by(by_offer)
    assert titles(panels) == ["vm", "app"]
    assert {ax.get_xlim() for ax in panels} == {(0, 40)}
    assert [bar.get_width() for bar in panels[1].containers[0]] == [4, 2, 0]


def test_the_figure_has_the_title_and_the_definition_and_each_panel_who_is_beside_it(by_offer):
    panels = plot_stages_by(by_offer)
    figure = panels[0].figure
    assert figure.get_suptitle() == "Acquisition funnel"
    assert figure.get_supxlabel().replace("\n", " ") == by_offer.attrs["definition"]
    assert panels[0].get_xlabel().startswith("4 more skipped")
    assert panels[1].get_xlabel() == ""


def test_the_names_of_the_stages_stand_once_in_a_row(by_offer):
    assert stages_shown(plot_stages_by(by_offer)) == [True, False]
    assert stages_shown(plot_stages_by(by_offer, columns=1)) == [True, True]


def test_two_funnels_of_one_offer_stand_side_by_side(counts):
    other = counts.assign(stage=["Test drive", "Get it now", "Contact me"], funnel="appsource")
    both = pd.concat([counts.assign(funnel="acquisition"), other]).assign(offer_name="Contoso VM")
    panels = plot_stages_by(both, by=["offer_name", "funnel"])
    assert titles(panels) == [
        "Contoso VM · Test drive → Get it now → Install",
        "Contoso VM · Test drive → Get it now → Contact me",
    ]
    by_offer = plot_stages_by(both, by="offer_name")
    assert titles(by_offer) == ["Contoso VM: to Install", "Contoso VM: to Contact me"]
    assert stages_shown(panels) == [True, True]


@pytest.mark.parametrize(("width", "side_by_side"), [(3.6, 1), (7, 2), (10, 3), (13.3, 4)])
def test_as_many_panels_stand_side_by_side_as_fit(counts, width, side_by_side):
    offers = pd.concat([counts.assign(offer_id=f"offer-{number}") for number in range(6)])
    panels = plot_stages_by(offers, width=width)
    assert len(panels) == 6
    assert panels[0].get_subplotspec().get_gridspec().ncols == side_by_side
    assert panels[0].figure.get_figwidth() == width


def test_long_names_are_wrapped_and_missing_ones_are_shown(by_offer):
    by_offer["offer_id"] = [*["contoso.document-manager-for-hospitals-" * 4] * 3, *[None] * 3]
    first, second = titles(plot_stages_by(by_offer))
    assert first.count("\n") == 1
    assert first.endswith("…")
    assert second == "(missing)"


def test_no_rows_are_said(by_offer):
    (panel,) = plot_stages_by(by_offer.iloc[:0])
    assert [text.get_text() for text in panel.texts] == ["Nobody took any of these steps"]


def test_groups_that_cannot_be_told_apart_are_refused(by_offer):
    repeated = pd.concat([by_offer.assign(country="DE"), by_offer.assign(country="US")])
    with pytest.raises(ChartError, match="several rows per step and offer_id"):
        plot_stages_by(repeated)


def test_a_missing_group_column_is_named_with_the_nearest(by_offer):
    with pytest.raises(ChartError, match=r"no column 'offer'.*found 'offer_id'"):
        plot_stages_by(by_offer, by="offer")
    with pytest.raises(ChartError, match="by names no column"):
        plot_stages_by(by_offer, by=[])


def test_too_many_groups_are_refused_before_anything_is_drawn(counts):
    many = pd.concat([counts.assign(offer_id=str(number)) for number in range(201)])
    with pytest.raises(ChartError, match="201 groups"):
        plot_stages_by(many)
    assert plt.get_fignums() == []


def test_long_names_that_begin_alike_stay_apart(by_offer):
    long = {name: f"Contoso {'document management ' * 4}for hospitals {name}" for name in ("vm", "app")}
    panels = plot_stages_by(by_offer.assign(offer_id=by_offer["offer_id"].map(long)), width=7)
    assert [title.rsplit(maxsplit=1)[1] for title in titles(panels)] == ["vm", "app"]
    assert all("…" in title for title in titles(panels))


def test_each_row_of_panels_is_as_high_as_its_longest_funnel_and_all_bars_are_alike():
    steps = {
        "long": ["Test drive", "Get it now", "Install"],
        "short": ["Test drive"],
        "other": ["Test drive", "Contact me"],
    }
    counts = pd.DataFrame(
        [
            {
                "offer_id": offer,
                "step": step,
                "stage": stage,
                "n": 10 // step,
                "of_first": 1 / step,
                "of_previous": 1 / step,
            }
            for offer, stages in steps.items()
            for step, stage in enumerate(stages, start=1)
        ]
    ).assign(open=0, dropped=0, entered=0, bypass=0)
    panels = plot_stages_by(counts, columns=2)
    panels[0].figure.draw_without_rendering()
    assert panels[0].get_ylim() == panels[1].get_ylim() > panels[2].get_ylim()
    heights = [ax.patches[0].get_window_extent().height for ax in panels]
    assert max(heights) < 1.1 * min(heights)
