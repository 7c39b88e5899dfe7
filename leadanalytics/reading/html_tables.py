"""HTML tables, as which Salesforce writes the .xls of its "details only" reports, become records."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser

from leadanalytics.reading.contents import Contents
from leadanalytics.reading.encodings import Decoded
from leadanalytics.reading.grids import read_grid
from leadanalytics.reading.layouts import Layout, no_layout

_CELLS = ("td", "th")
# Their text is no text of the page.
_SILENT = ("script", "style")


def read_html(text: Decoded, layouts: Sequence[Layout], what: str) -> Contents:
    """Return the records of the first table of which a row near the top names the columns of a layout.

    Raises
    ------
    ReadError
        When no table holds leads.
    """
    parser = _Tables()
    parser.feed(text.data.decode())
    parser.close()
    for grid in parser.tables:
        contents = read_grid(grid, layouts)
        if contents is not None:
            contents.encoding = text.encoding
            return contents
    first = next((row for grid in parser.tables for row in grid), [])
    raise no_layout(f"the columns of {what}", first, layouts)


class _Tables(HTMLParser):
    """Gathers the cells of tables; a table within a cell is a table of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._text: list[str] | None = None
        self._is_silent = False

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self._is_silent = tag in _SILENT
        if tag == "table":
            self._end_cell()
            self._open.append([])
            self.tables.append(self._open[-1])
        elif tag == "tr" and self._open:
            self._end_cell()
            self._open[-1].append([])
        elif tag in _CELLS and self._open:
            self._end_cell()
            self._text = []
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._is_silent = False
        if tag in (*_CELLS, "tr", "table"):
            self._end_cell()
        if tag == "table" and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._text is not None and not self._is_silent:
            # Line ends and blanks of the source are blanks of the text; a non-breaking one alone fills an empty cell.
            self._text.append(" ".join(data.replace("\xa0", " ").split("\n")))

    def _end_cell(self) -> None:
        if self._text is None:
            return
        rows = self._open[-1]
        if not rows:
            rows.append([])
        lines = "".join(self._text).split("\n")
        rows[-1].append("\n".join(" ".join(line.split()) for line in lines).strip())
        self._text = None
