import matplotlib as mpl
from matplotlib import font_manager

from leadanalytics.charts.style import FONTS, house_style, installed_fonts, words_style


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
