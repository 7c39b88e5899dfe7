import matplotlib as mpl
import pytest
from matplotlib import font_manager
from matplotlib.colors import to_rgb

from leadanalytics.charts import style
from leadanalytics.charts.style import EDGES, FONTS, LINES, house_style, installed_fonts, words_style


def contrast_on_white(color):
    """As WCAG 2 defines it: relative luminance, from sRGB."""
    light = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(color)]
    return 1.05 / (0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2] + 0.05)


COLORS = {name: value for name, value in vars(style).items() if isinstance(value, str) and value.startswith("#")}
COLORS |= {f"LINES {number}": color for number, color in enumerate(LINES)}


@pytest.mark.parametrize("name", sorted(set(COLORS) - {"SHADE"}))
def test_what_carries_a_meaning_can_be_seen_on_white(name):
    color = COLORS[name]
    assert contrast_on_white(EDGES.get(color, color)) >= (4.5 if "WORDS" in name else 3)


def test_only_installed_fonts_are_named():
    installed = {font.name for font in font_manager.fontManager.ttflist}
    assert installed_fonts() == [name for name in FONTS if name in installed]
    assert installed_fonts()[0] == "DejaVu Sans"


def test_the_style_ends_with_its_block():
    before = mpl.rcParams.copy()
    with house_style():
        assert mpl.rcParams["svg.fonttype"] == "none"
        assert mpl.rcParams["text.parse_math"] is False
        assert mpl.rcParams["font.family"] == installed_fonts()
    assert mpl.rcParams == before


def test_words_are_never_mathematics():
    assert words_style("#000000") == {"color": "#000000", "family": installed_fonts(), "parse_math": False}


def test_a_notebook_that_became_interactive_stays_so():
    was_interactive = mpl.is_interactive()
    with house_style():
        mpl.interactive(not was_interactive)
    assert mpl.is_interactive() is not was_interactive
    mpl.interactive(was_interactive)
