"""Frames as tables in the terminal: words, counts, and every rate with its base."""

from __future__ import annotations

import pandas as pd
from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text


def facts_table(title: str, facts: dict[str, object]) -> Table:
    """Return a table of two columns: what, and how many or which."""
    table = Table(title=title, title_justify="left", show_header=False, box=box.SIMPLE)
    table.add_column()
    table.add_column(justify="right" if all(isinstance(value, int) for value in facts.values()) else "left")
    for name, value in facts.items():
        table.add_row(name, _cell(value))
    return table


def frame_table(frame: pd.DataFrame, *, title: str, names: dict[str, str] | None = None) -> FittedTable:
    """Return a table of a small frame; `names` chooses the columns and says how to head them."""
    names = names or {str(column): str(column).replace("_", " ") for column in frame.columns}
    headings = {heading: pd.api.types.is_numeric_dtype(frame[column]) for column, heading in names.items()}
    rows = [[_cell(value) for value in row] for row in frame[list(names)].itertuples(index=False)]
    return FittedTable(title, headings, rows)


def funnel_table(counts: pd.DataFrame, *, title: str, groups: list[str]) -> FittedTable:
    """Return a table with one row per group and step, rates beside their base."""
    headings = dict.fromkeys([*(group.replace("_", " ") for group in groups), "stage"], False)
    headings |= dict.fromkeys(("reached", "of previous", "still open", "dropped", "without first step"), True)
    rows: list[list[Text | str]] = []
    before: tuple[object, ...] = ()
    for row in counts.to_dict("records"):
        names = tuple(row[group] for group in groups)
        shown = ["" if names == before else _cell(name) for name in names]
        before = names
        rows.append(
            [
                *shown,
                str(row["stage"]),
                _cell(row["n"]),
                _rate(row) if row["step"] > 1 else "",
                _cell(row["open"]),
                _cell(row["dropped"]),
                _cell(row["bypass"]),
            ]
        )
    return FittedTable(title, headings, rows)


class FittedTable:
    """A table whose headings and cells are broken between words, in a terminal of any width.

    Only where the longest words of all columns have no room beside each other, the longest of them are broken.

    Parameters
    ----------
    title : str
        What stands above it.
    headings : dict of str to bool
        The headings, and which columns hold numbers, which stand at the right.
    rows : list of lists of cells
        Text, one cell for each heading.
    """

    def __init__(self, title: str, headings: dict[str, bool], rows: list[list[Text | str]]) -> None:
        self.title, self.headings, self.rows = title, headings, rows

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Give the table for the width that there is."""
        columns = [[heading, *map(str, cells)] for heading, *cells in zip(self.headings, *self.rows)]
        whole = [max(map(cell_len, texts)) for texts in columns]
        words = [max((cell_len(word) for text in texts for word in text.split()), default=1) for texts in columns]
        # As wide as it likes, a table has three blanks between two columns and two at its ends.
        is_roomy = sum(whole) + 3 * len(whole) + 1 <= options.max_width
        yield self._table(None if is_roomy else _widths(words, whole, options.max_width - len(whole)))

    def _table(self, widths: list[int] | None) -> Table:
        """Give the table as wide as it likes, or with columns of these widths and a blank after each."""
        narrow = {} if widths is None else {"padding": 0, "show_edge": False}
        table = Table(title=self.title, title_justify="left", box=box.SIMPLE, **narrow)  # type: ignore[arg-type]
        for place, (heading, number) in enumerate(self.headings.items()):
            width = None if widths is None else widths[place]
            table.add_column(heading, justify="right" if number else "left", overflow="fold", width=width)
        for row in self.rows:
            table.add_row(*row)
        return table


def _widths(words: list[int], whole: list[int], room: int) -> list[int]:
    """Give each column room for its longest word, where there is as much, and then the narrow ones for whole cells."""
    longest = max(words)
    while sum(widths := [min(word, longest) for word in words]) > room and longest > 1:
        longest -= 1
    for level in range(1, room + 1):
        wider = [max(width, min(all_of_it, level)) for width, all_of_it in zip(widths, whole)]
        if sum(wider) > room:
            break
        widths = wider
    widest = whole.index(max(whole))
    widths[widest] = min(whole[widest], widths[widest] + room - sum(widths))
    return widths


def _rate(row: dict[str, float]) -> str:
    if pd.isna(row["of_previous"]):
        return "no base"
    return f"{row['of_previous']:.0%} ({row['of_previous_low']:.0%} to {row['of_previous_high']:.0%})"


def _cell(value: object) -> Text | str:
    if pd.api.types.is_bool(value):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if value is None or value is pd.NaT or value != value:
        return ""
    if isinstance(value, float):
        return f"{value:.1%}"
    # Text comes from strangers: it is shown as text, never read as the terminal's mark-up or control characters.
    return Text("".join(character if character.isprintable() else " " for character in str(value)))
