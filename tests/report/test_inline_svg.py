import re
from xml.etree import ElementTree

from matplotlib.figure import Figure

from leadanalytics.charts.style import REACHED
from leadanalytics.report.inline_svg import inline_svg

HOSTILE = "</svg><script>alert(1)</script>"


def drawn(prefix="a-", words="plain", **look):
    figure = Figure(figsize=(3, 2))
    ax = figure.subplots()
    ax.plot([0, 1], [0, 1], marker="o", **look)
    ax.set_title(words, parse_math=False)
    return inline_svg(figure, prefix=prefix)


def test_the_same_figure_gives_the_same_bytes():
    assert drawn() == drawn()


def test_two_figures_share_no_id_and_every_reference_is_met():
    first, second = (ElementTree.fromstring(drawn(prefix)) for prefix in ("a-", "b-"))
    ids = [{element.get("id") for element in root.iter()} - {None} for root in (first, second)]
    assert ids[0] and not ids[0] & ids[1]
    written = ElementTree.tostring(first, encoding="unicode")
    assert set(re.findall(r'(?:href="|url\()#([\w.-]+)', written)) == ids[0]


def test_text_stays_text_and_never_becomes_markup():
    page = drawn(words=HOSTILE)
    assert "<script" not in page
    assert HOSTILE in "".join(ElementTree.fromstring(page).itertext())


def test_colours_of_the_charts_follow_the_page_and_others_stay():
    assert f"var(--chart-reached, {REACHED.lower()})" in drawn(color=REACHED)
    assert "#123456" in drawn(color="#123456")


def test_the_font_is_the_page_s_own():
    assert "DejaVu" not in drawn()


def test_a_look_is_written_once():
    page = drawn()
    looks = re.findall(r"\{([^}]*)\}", page)
    assert len(looks) == len(set(looks))
    assert "style=" not in page


def test_what_nothing_is_drawn_on_is_cut_away_above_and_below():
    figure = Figure(figsize=(3, 10))
    figure.patch.set_visible(False)
    figure.text(0.5, 0.5, "middle")
    root = ElementTree.fromstring(inline_svg(figure, prefix="a-"))
    left, top, width, height = map(float, root.get("viewBox").split())
    assert (left, width) == (0, 216)
    assert height < 30 and 330 < top < 370
