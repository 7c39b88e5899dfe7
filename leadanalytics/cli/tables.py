"""Frames as tables in the terminal: words, counts, and every rate with its base."""

from __future__ import annotations

import pandas as pd
from rich import box
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


def frame_table(frame: pd.DataFrame, *, title: str, names: dict[str, str] | None = None) -> Table:
    """Return a table of a small frame; `names` chooses the columns and says how to head them."""
    names = names or {str(column): str(column).replace("_", " ") for column in frame.columns}
    table = Table(title=title, title_justify="left", box=box.SIMPLE)
    for column, heading in names.items():
        number = pd.api.types.is_numeric_dtype(frame[column])
        table.add_column(heading, justify="right" if number else "left", overflow="fold")
    for row in frame[list(names)].itertuples(index=False):
        table.add_row(*map(_cell, row))
    return table


def funnel_table(counts: pd.DataFrame, *, title: str, groups: list[str]) -> Table:
    """Return a table with one row per group and step, rates beside their base."""
    table = Table(title=title, title_justify="left", box=box.SIMPLE)
    for group in groups:
        table.add_column(group.replace("_", " "), overflow="fold")
    for heading in ("stage", "reached", "of previous", "still open", "dropped", "without first step"):
        table.add_column(heading, justify="left" if heading == "stage" else "right")
    before: tuple[object, ...] = ()
    for row in counts.to_dict("records"):
        names = tuple(row[group] for group in groups)
        shown = ["" if names == before else _cell(name) for name in names]
        before = names
        table.add_row(
            *shown,
            str(row["stage"]),
            _cell(row["n"]),
            _rate(row) if row["step"] > 1 else "",
            _cell(row["open"]),
            _cell(row["dropped"]),
            _cell(row["bypass"]),
        )
    return table


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
