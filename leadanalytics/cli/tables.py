"""Frames as tables in the terminal: words, counts, and every rate with its base."""

from __future__ import annotations

from typing import Any

import pandas as pd
from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from leadanalytics.charts.words import NO_BREAK, percent

_OFFERS_NAMED = 5  # in a line on offers


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
    """Return a table with one row per group and step, rates beside their base.

    At each step those who reached it, skipped the first step or are left out (too early, too late or excluded) are all
    who have a lead of it. Where a group has several branches, its name says to which step each leads.
    """
    known = [column for column in ("skipped", "left_out") if column in counts.columns]
    if not groups and "funnel" in counts.columns and len(set(counts["funnel"])) > 1:
        groups = ["funnel"]
    headings = dict.fromkeys([*(group.replace("_", " ") for group in groups), "stage"], False)
    headings |= dict.fromkeys(("reached", "of previous", "still open", "dropped"), True)
    headings |= dict.fromkeys(({"skipped": "skipped first step", "left_out": "left out"}[name] for name in known), True)
    rows: list[list[Text | str]] = []
    before: tuple[str, ...] = ()
    for names, row in zip(_names(counts, groups), counts.to_dict("records")):
        shown = ["" if names == before else _cell(name) for name in names]
        before = names
        numbers = [_cell(row[name]) for name in ("open", "dropped", *known)]
        rows.append([*shown, str(row["stage"]), _cell(row["n"]), _rate(row) if row["step"] > 1 else "", *numbers])
    return FittedTable(title, headings, rows)


def unshown_steps(counts: pd.DataFrame) -> list[str]:
    """Return a line for the steps of each funnel that are left out, since its offers show no lead of them."""
    lines = []
    # Of a single funnel its definition says so.
    for name, of_funnel in counts.attrs.get("funnels", {}).items():
        unshown = of_funnel.get("unshown") or []
        here = counts[counts["funnel"] == name] if "funnel" in counts.columns else counts
        offers = list(dict.fromkeys(here["offer_name"])) if "offer_name" in here.columns else []
        whose = ", ".join(map(_said, offers[:_OFFERS_NAMED])) + ", ..." * (len(offers) > _OFFERS_NAMED)
        if unshown:
            step = " and ".join(unshown)
            lines.append(f"No lead shows {step}, which is left out: {whose or ' → '.join(of_funnel['steps'])}.")
    return lines


def _names(counts: pd.DataFrame, groups: list[str]) -> list[tuple[str, ...]]:
    """Return the names of the group of each row; a funnel is named by its steps."""
    if not groups:
        return [()] * len(counts)
    names = {group: [_said(value) for value in counts[group]] for group in groups}
    if "funnel" in counts.columns:
        branch = pd.DataFrame(names).assign(funnel=_texts(counts["funnel"]), stage=_texts(counts["stage"]))
        if "funnel" in groups:
            names["funnel"] = list(
                branch.groupby("funnel")["stage"].transform(lambda steps: " → ".join(steps.unique()))
            )
        else:
            last = branch.groupby([*groups, "funnel"])["stage"].transform("last")
            several = branch.groupby(groups)["funnel"].transform("nunique") > 1
            first = zip(names[groups[0]], last, several)
            names[groups[0]] = [f"{name}: to {stage}" if branches else name for name, stage, branches in first]
    return list(zip(*names.values()))


def _texts(column: pd.Series) -> list[str]:
    return [_said(value) for value in column]


def _said(value: object) -> str:
    return "" if pd.isna(value) else str(value)


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


def _rate(row: dict[str, Any]) -> str:
    if pd.isna(row["of_previous"]):
        return "no base"
    said = percent(row["of_previous"]).replace(NO_BREAK, "")
    return f"{said} ({row['of_previous_low']:.0%} to {row['of_previous_high']:.0%})"


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
