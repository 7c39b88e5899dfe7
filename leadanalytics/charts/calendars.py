"""Where a day stands on a calendar: weeks as columns, weekdays as rows, a block per year or half a year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from leadanalytics.charts.periods import MONTHS

WEEKDAYS = 7
HEAD = 1.5  # over the days of a block, where the months stand [cells]
FOOT = 2.2  # under them, where silent gaps are named, with the space to the next block [cells]
YEAR_WEEKS, HALF_WEEKS = 54, 28  # the columns that the longest block needs


@dataclass(frozen=True)
class Calendar:
    """The column and row of each day's cell, with the blocks that they belong to.

    Attributes
    ----------
    columns, rows : array of int, array of float
        The left upper corner of each day, in cells from the left upper corner of the calendar.
    blocks : array of int
        The number of each day's block.
    tops : array of float
        The row at which the days of each block begin.
    weeks : int
        How many columns a block may have.
    """

    days: pd.DatetimeIndex
    columns: np.ndarray
    rows: np.ndarray
    blocks: np.ndarray
    tops: np.ndarray
    weeks: int

    @property
    def height(self) -> float:
        """The height of all blocks [cells]."""
        return len(self.tops) * (HEAD + WEEKDAYS + FOOT)


def lay_out(days: pd.DatetimeIndex, *, weeks: int) -> Calendar:
    """Return where each of the days stands, in blocks of a year, or of half a year where there are fewer columns.

    Examples
    --------
    >>> calendar = lay_out(pd.DatetimeIndex(["2024-01-01", "2024-01-08", "2025-01-01"]), weeks=YEAR_WEEKS)
    >>> calendar.columns.tolist(), calendar.rows.tolist()
    ([0, 1, 0], [1.5, 1.5, 14.2])
    """
    half = (days.month > 6).astype(int) if weeks < YEAR_WEEKS else np.zeros(len(days), int)
    numbers, blocks = np.unique(days.year * 2 + half, return_inverse=True)
    starts = pd.DatetimeIndex([pd.Timestamp(number // 2, 7 if number % 2 else 1, 1) for number in numbers])
    mondays = starts - pd.to_timedelta(starts.day_of_week, unit="D")
    columns = np.asarray((days - mondays[blocks]).days) // WEEKDAYS
    tops = np.arange(len(numbers)) * (HEAD + WEEKDAYS + FOOT) + HEAD
    return Calendar(days, columns, tops[blocks] + days.day_of_week.to_numpy(), blocks, tops, weeks)


def squares(columns: np.ndarray, rows: np.ndarray, *, size: float) -> np.ndarray:
    """Return the corners of a square of some size in each of the cells, as [cell, corner, x and y]."""
    edge = (1 - size) / 2
    corners = np.array([[edge, edge], [1 - edge, edge], [1 - edge, 1 - edge], [edge, 1 - edge]])
    return np.stack([columns, rows], axis=1)[:, None, :] + corners


def month_names(calendar: Calendar) -> list[tuple[float, float, str]]:
    """Return the name of each month, and the column and row at which its days begin."""
    months = calendar.days.year * 12 + calendar.days.month
    firsts = np.flatnonzero(np.diff(months, prepend=-1) != 0)
    return [
        (float(calendar.columns[day]), float(calendar.tops[calendar.blocks[day]]), MONTHS[calendar.days[day].month - 1])
        for day in firsts
    ]


def month_borders(calendar: Calendar) -> list[np.ndarray]:
    """Return the lines between two months of a block: down to the first day, to its left, and down to the last row."""
    is_first = (calendar.days.day == 1) & (calendar.columns > 0)
    lines = []
    for day in np.flatnonzero(is_first):
        left, row, top = calendar.columns[day], calendar.rows[day], calendar.tops[calendar.blocks[day]]
        corners = [(left + 1, top), (left + 1, row)] if row > top else []
        lines.append(np.array([*corners, (left, row), (left, top + WEEKDAYS)]))
    return lines
