"""How every chart looks: the style file, the colours and the fonts that are installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager, patheffects, style

STYLE = Path(__file__).with_name("leadanalytics.mplstyle")

# Blue and grey can be told apart with any colour vision and in print (blue and orange by Okabe and Ito, 2008).
REACHED = "#0072B2"
ONWARD = "#5AA5D6"
OPEN = "#94C6E4"
DROPPED = "#CFCFCF"
ASIDE = "#F4C9AE"
SILENT = "#D55E00"
SILENT_WORDS = "#A84A00"
WORDS = "#262626"
QUIET_WORDS = "#595959"
RULE = "#8C8C8C"
# What is set against the first of two: the mix beside the rates, a miss beside a hit.
OTHER = SILENT
OTHER_WORDS = SILENT_WORDS
# Behind the marks, for the eye to follow; nothing is read from it.
SHADE = "#F2F4F6"

# A light fill is hardly seen on white; its edge has a contrast of 3 to 1 or more, as everything that has a meaning.
EDGES = {REACHED: REACHED, ONWARD: REACHED, OPEN: REACHED, DROPPED: RULE, ASIDE: SILENT}

# Of lines that are told apart by their labels, and by colour (Okabe and Ito, the dark ones, and two more).
LINES = (REACHED, "#B84700", "#007A57", "#A8487E", WORDS, "#7A6A00")

# Offers and stages may be named in any script. Matplotlib looks further for a glyph only in an explicit list of
# families, and complains about each family that is not installed, so the list is cut to those that are.
FONTS = (
    "DejaVu Sans",
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "Malgun Gothic",
    "Yu Gothic",
    # Comes with newer Matplotlib and has a box for every character: one box instead of one warning per glyph.
    "Last Resort High-Efficiency",
)


def installed_fonts() -> list[str]:
    """Return the families of `FONTS` that are installed, in order of preference."""
    installed = {font.name for font in font_manager.fontManager.ttflist}
    return [name for name in FONTS if name in installed]


@contextmanager
def house_style() -> Iterator[None]:
    """Apply the style of the package for as long as something is drawn or saved, and no longer."""
    with style.context([STYLE, {"font.family": installed_fonts()}]):
        yield
        # A notebook becomes interactive with its first figure, which may be ours; it must stay so, or shows no other.
        is_interactive = mpl.is_interactive()
    mpl.interactive(is_interactive)


def words_style(color: str) -> dict[str, Any]:
    """Return the look of text, said in full because an Axes made elsewhere has a look of its own."""
    return {"color": color, "family": installed_fonts(), "parse_math": False}


def outlined(color: str) -> list[patheffects.AbstractPathEffect]:
    """Return the effects that draw a sign of a light colour with the edge that the colour has."""
    return [patheffects.withStroke(linewidth=1.6, foreground=EDGES[color])]
