from xml.etree import ElementTree

import pytest
from matplotlib import pyplot as plt
from PIL import Image

from leadanalytics.charts import describe_chart, plot_stages, plot_stages_by, save_chart
from leadanalytics.errors import ChartError, WriteError


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_the_same_chart_gives_the_same_bytes(counts, tmp_path, suffix):
    one = save_chart(plot_stages(counts), tmp_path / f"one{suffix}")
    two = save_chart(plot_stages(counts), tmp_path / f"two{suffix}")
    assert one.read_bytes() == two.read_bytes()


def test_the_text_of_an_svg_is_text(counts, tmp_path):
    counts["stage"] = ["<Test & drive>", "$5 $off", "结\x00束"]
    tree = ElementTree.parse(save_chart(plot_stages(counts), tmp_path / "chart.svg"))
    text = {element.text for element in tree.iter("{http://www.w3.org/2000/svg}text")}
    assert {"<Test & drive>", "$5 $off", "结 束", "18 dropped"} <= text


def test_what_a_chart_shows_is_the_title_of_an_svg_and_stands_in_a_png(counts, tmp_path):
    ax = plot_stages(counts.assign(stage="<结束>"))
    tree = ElementTree.parse(save_chart(ax, tmp_path / "chart.svg"))
    assert tree.getroot()[0].tag == "{http://www.w3.org/2000/svg}title"
    assert tree.getroot()[0].text == describe_chart(ax)
    with Image.open(save_chart(ax, tmp_path / "chart.png")) as image:
        assert image.text["Description"] == describe_chart(ax)


def test_axes_arrays_of_axes_parts_of_figures_and_figures_are_saved(counts, tmp_path):
    panels = plot_stages_by(counts.assign(offer_id="vm"))
    part = plt.figure().subfigures().add_subplot()
    for number, chart in enumerate([panels, panels[0], panels[0].figure, part]):
        assert save_chart(chart, tmp_path / f"{number}.png").stat().st_size > 1_000
    with pytest.raises(ChartError, match="found str"):
        save_chart("chart", tmp_path / "chart.png")


def test_folders_are_made_and_no_other_file_is_left(counts, tmp_path):
    path = save_chart(plot_stages(counts), tmp_path / "a" / "b" / "chart.PNG")
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_cannot_be_replaced_stays(counts, tmp_path):
    (tmp_path / "chart.png").mkdir()
    with pytest.raises(WriteError, match=r"chart\.png cannot be written"):
        save_chart(plot_stages(counts), tmp_path / "chart.png")
    assert [path.name for path in tmp_path.iterdir()] == ["chart.png"]


def test_another_suffix_is_refused(counts, tmp_path):
    with pytest.raises(WriteError, match=r"found 'chart\.gif'; save_chart\(chart, 'chart\.png'\)"):
        save_chart(plot_stages(counts), tmp_path / "chart.gif")
