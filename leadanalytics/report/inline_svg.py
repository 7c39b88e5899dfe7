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
EDGE = 0.04  # left around what is drawn [inches]
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
        drawn = figure.get_tightbbox()
    # Matplotlib wrote it a moment ago: it names no outside entity and is as deep as a chart is.
    root = ElementTree.fromstring(image.getvalue())
    _drop_head(root)
    _rename_ids(root, prefix)
    for element in root.iter():
        _tidy(element)
    _share_styles(root, prefix)
    _cut(root, top=figure.get_figheight() - drawn.y1, bottom=figure.get_figheight() - drawn.y0)
    root.set("aria-hidden", "true")  # the words beside it say the same
    root.set("focusable", "false")
    ElementTree.register_namespace("", SVG)
    return Markup(ElementTree.tostring(root, encoding="unicode"))


def _drop_head(root: ElementTree.Element) -> None:
    """Take away what says nothing of the picture, and the style that would be the whole page's."""
    for element in [*root.findall(f"{{{SVG}}}metadata"), *root.findall(f"{{{SVG}}}defs[{{{SVG}}}style]")]:
        root.remove(element)


def _cut(root: ElementTree.Element, *, top: float, bottom: float) -> None:
    """Leave as much of the height as is drawn on [inches from the top], all of the width."""
    width = float(root.get("width", "0pt").removesuffix("pt"))
    first, last = (72 * edge for edge in (top - EDGE, bottom + EDGE))
    root.set("viewBox", f"0 {first:.0f} {width:.0f} {last - first:.0f}")
    root.set("width", f"{width:.0f}pt")
    root.set("height", f"{last - first:.0f}pt")


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


def _tidy(element: ElementTree.Element) -> None:
    """Let the page choose the font and the colours, and say no more digits than a screen has points."""
    for part in ("text", "tail"):
        if not (getattr(element, part) or "").strip():
            setattr(element, part, None)
    for attribute in _PLACES:
        if attribute in element.attrib:
            element.set(attribute, " ".join(_DIGITS.sub(_rounded, element.attrib[attribute]).split()))
    if element.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]
    if look := element.get("style"):
        element.set("style", _COLOUR.sub(_colour, _FAMILY.sub("", look)))


def _share_styles(root: ElementTree.Element, prefix: str) -> None:
    """Write each different look once, as a class: a calendar has hundreds of days and six looks."""
    classes: dict[str, str] = {}
    for element in root.iter():
        look = "; ".join(filter(None, [element.attrib.pop("style", None), _clip(element)]))
        if look:
            element.set("class", classes.setdefault(look, f"{prefix}{len(classes)}"))
    sheet = ElementTree.Element(f"{{{SVG}}}style")
    sheet.text = "".join(f".{name}{{{look}}}" for look, name in classes.items())
    root.insert(0, sheet)


def _clip(element: ElementTree.Element) -> str | None:
    path = element.attrib.pop("clip-path", None)
    return path and f"clip-path: {path}"


def _rounded(match: re.Match[str]) -> str:
    return f"{float(match.group()):.2f}"


def _colour(match: re.Match[str]) -> str:
    colour = match.group().lower()
    return _NAMES.get(colour, colour)
