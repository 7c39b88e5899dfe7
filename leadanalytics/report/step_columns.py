"""The columns of every table of steps: how many units have a lead of each step, and what became of each of them."""

from __future__ import annotations

import pandas as pd

from leadanalytics.report.words import number, rate

__all__ = ["step_columns"]


def step_columns(counts: pd.DataFrame, *, first: str = "the first step") -> dict[str, list[str]]:
    r"""Return the cells of each column by its heading, from counts of one funnel or of several under one another.

    Reached, skipped and left out add up to all units with such a lead. Where a funnel may be entered at any step, a
    unit counts at the earlier steps too, which has a column of its own. Counts of steps in any order do not tell the
    step of a lead.

    Parameters
    ----------
    counts : DataFrame
        Made by `count_stages`, perhaps by group; each funnel begins with its step 1.
    first : str
        What those who skipped it did not take.

    Examples
    --------
    >>> counts = pd.DataFrame({
    ...     "step": [1, 2], "stage": ["Test drive", "Install"], "n": [9, 0], "with_lead": [9, 5], "skipped": [0, 4],
    ...     "left_out": [0, 1], "of_previous": [1.0, 0.0], "of_first": [1.0, 0.0], "open": [2, 0], "dropped": [7, 0],
    ... })
    >>> columns = step_columns(counts)
    >>> list(columns)[:5]
    ['Step', 'Reached', 'Skipped the first step', 'Left out', 'With such a lead']
    >>> [cells[1] for cells in columns.values()]
    ['Install', '0', '4', '1', '5', 'none of\xa09', 'none of\xa09', '0', '0']
    """
    columns = {"Step": [str(stage) for stage in counts["stage"]]}
    reached = counts["n"]
    if "with_lead" in counts.columns:
        reached = counts["with_lead"] - counts["skipped"] - counts["left_out"]
    columns["Reached"] = _numbers(reached)
    if "with_lead" in counts.columns:
        columns[f"Skipped {first}"] = _numbers(counts["skipped"])
        columns["Left out"] = _numbers(counts["left_out"])
        columns["With such a lead"] = _numbers(counts["with_lead"])
    if (reached != counts["n"]).any():
        columns["Reached it or a later one"] = _numbers(counts["n"])
    is_first = counts["step"] == 1
    if not is_first.all():
        bases = {"of_previous": counts["n"].shift(), "of_first": counts["n"].where(is_first).ffill()}
        columns["Of the step before"] = _rates(counts, "of_previous", bases["of_previous"].mask(is_first))
        columns["Of the first step"] = _rates(counts, "of_first", bases["of_first"].mask(is_first))
    return columns | {"Still open": _numbers(counts["open"]), "Dropped": _numbers(counts["dropped"])}


def _numbers(values: pd.Series) -> list[str]:
    return [number(value) for value in values]


def _rates(counts: pd.DataFrame, name: str, bases: pd.Series) -> list[str]:
    """Return a rate of each row with its interval; nothing where the row has no base, as a first step has none."""
    unknown = pd.Series(float("nan"), counts.index)
    low, high = (counts.get(f"{name}_{end}", unknown) for end in ("low", "high"))
    return [
        "" if pd.isna(base) else rate(value, *ends, of=base)
        for value, base, *ends in zip(counts[name], bases, low, high)
    ]
