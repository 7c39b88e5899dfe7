"""Figures as SVG inside a page: text stays text, colours follow the page, and no two figures share an id."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree

from markupsafe import Markup
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from leadanalytics.charts import style

__all__ = ["inline_svg"]

SVG = "http://www.w3.org/2000/svg"
LINK = "{http://www.w3.org/1999/xlink}href"
# Each colour of the charts by the name that it has there; in the dark the style sheet gives some of them another value.
COLOURS = {
    "paper": "#FFFFFF",
    "faint": "#E4E4E4",
    **{name: value for name, value in vars(style).items() if name.isupper() and str(value).startswith("#")},
    **{f"line-{number}": colour for number, colour in enumerate(style.LINES, 1) if colour not in vars(style).values()},
}
_NAMES = {
    colour.lower(): f"var(--chart-{name.lower().replace('_', '-')}, {colour.lower()})"
    for name, colour in COLOURS.items()
}
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
_FAMILY = re.compile(r"font-family: [^;]*;? ?")
# A reference to an id, as the whole of a link or as an address in a style.
_REFERENCE = re.compile(r"(?:^|url\()#([\w.-]+)")
_PLACES = ("d", "x", "y", "transform")
_DIGITS = re.compile(r"\d+\.\d{3,}")


def inline_svg(figure: Figure, *, prefix: str) -> Markup:
    """Return a figure as an SVG element to be put into a page, the same bytes for the same figure.

    Parameters
    ----------
    figure : Figure
    prefix : str
        What the ids of the figure begin with; no other figure of the page may have it.

    Examples
    --------
    >>> figure = Figure(figsize=(2, 1))
    >>> _ = figure.text(0, 0, "</svg><script>", color="#262626")
    >>> page = inline_svg(figure, prefix="a-")
    >>> "<script>" in page, "&lt;script&gt;" in page, "var(--chart-words" in page
    (False, True, True)
    """
    image = io.StringIO()
    with style.house_style():
        # As savefig does, but drawn once: it draws a first time to nowhere.
        FigureCanvasSVG(figure).print_svg(image, metadata={"Date": None})
    # Matplotlib wrote it a moment ago: it names no outside entity and is as deep as a chart is.
    root = ElementTree.fromstring(image.getvalue())
    _drop_head(root)
    _rename_ids(root, prefix)
    for element in root.iter():
        _restyle(element)
    root.set("aria-hidden", "true")  # the words beside it say the same
    root.set("focusable", "false")
    ElementTree.register_namespace("", SVG)
    return Markup(ElementTree.tostring(root, encoding="unicode"))


def _drop_head(root: ElementTree.Element) -> None:
    """Take away what says nothing of the picture, and the style that would be the whole page's."""
    for element in [*root.findall(f"{{{SVG}}}metadata"), *root.findall(f"{{{SVG}}}defs[{{{SVG}}}style]")]:
        root.remove(element)


def _rename_ids(root: ElementTree.Element, prefix: str) -> None:
    """Put the prefix before every id that something refers to, and take the others away."""
    named = {name for element in root.iter() for value in element.attrib.values() for name in _REFERENCE.findall(value)}
    for element in root.iter():
        name = element.attrib.pop("id", None)
        if LINK in element.attrib:
            # Plain href is known to every browser of today, and needs no second namespace.
            element.set("href", element.attrib.pop(LINK))
        for attribute, value in element.attrib.items():
            element.set(attribute, _prefixed(value, prefix))
        if name in named:
            element.set("id", f"{prefix}{name}")


def _prefixed(value: str, prefix: str) -> str:
    return _REFERENCE.sub(lambda match: match.group().replace("#", f"#{prefix}"), value)


def _restyle(element: ElementTree.Element) -> None:
    """Let the page choose the font and the colours, and say no more digits than a screen has points."""
    for part in ("text", "tail"):
        if not (getattr(element, part) or "").strip():
            setattr(element, part, None)
    for attribute in _PLACES:
        if attribute in element.attrib:
            element.set(attribute, " ".join(_DIGITS.sub(_rounded, element.attrib[attribute]).split()))
    if look := element.get("style"):
        element.set("style", _COLOUR.sub(_colour, _FAMILY.sub("", look)))


def _rounded(match: re.Match[str]) -> str:
    return f"{float(match.group()):.2f}"


def _colour(match: re.Match[str]) -> str:
    colour = match.group().lower()
    return _NAMES.get(colour, colour)
