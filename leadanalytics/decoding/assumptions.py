"""What decoding had to assume of the times of a file, in one line for each file."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from leadanalytics.decoding.creation_times import CreationTimes
from leadanalytics.decoding.written_times import NOT_A_TIME

__all__ = ["describe_assumptions"]

SHARE = 0.05  # of the times of a file; where fewer are concerned, the column problem names them
MOST_FILES = 5  # named one by one
LONGEST_SHAPE = 30  # [characters]

Mask = npt.NDArray[np.bool_]
Describe = Callable[[pd.DataFrame, CreationTimes, Mask], str]

TAKEN = {
    "test ticks": "the ticks of a test",
    "received": "the time at which the record was stored",
    "partition date": "the date of the partition",
}


def describe_assumptions(raw: pd.DataFrame, times: CreationTimes) -> list[str]:
    """Return a line for each file of which more than 5 % of the times are assumed, or come from another column.

    A line names the file, the share, what was taken and what settles it. Of a text that is no time it shows only the
    shape: 9 for each digit, a for each letter.
    """
    return [*_lines(raw, times, times.is_assumed, _order), *_lines(raw, times, times.is_fallback, _replacement)]


def _lines(raw: pd.DataFrame, times: CreationTimes, mask: Mask, describe: Describe) -> list[str]:
    """Return a line for each file with many rows in a mask, and one line for all files after the first five."""
    if not mask.any():
        return []
    origins = raw["origin"].cat
    files = origins.codes.to_numpy("int64")  # -1 for records that name none
    count, size = (np.bincount(files[rows] + 1) for rows in (mask, times.created_at != NOT_A_TIME))
    concerned = np.flatnonzero(count > SHARE * size[: len(count)]) - 1
    lines = []
    for file in concerned[:MOST_FILES]:
        name = "the records" if file < 0 else repr(str(origins.categories[file]))
        share = f"{100 * count[file + 1] / size[file + 1]:.0f} % of {size[file + 1]:,} times"
        lines.append(f"{name}: {share} {describe(raw, times, mask & (files == file))}")
    if len(concerned) > MOST_FILES:
        lines.append(f"the same holds for {len(concerned) - MOST_FILES:,} more files; see the column problem")
    return lines


def _order(raw: pd.DataFrame, times: CreationTimes, rows: Mask) -> str:
    taken = "day first" if (raw["date_order"][rows] == "day_first").any() else "month first"
    return (
        f"are dates such as 3/4/2024, and nothing tells the day from the month; {taken} was assumed. "
        "Say which it is: date_order='day_first' or 'month_first', or --date-order day_first"
    )


def _replacement(raw: pd.DataFrame, times: CreationTimes, rows: Mask) -> str:
    counts = pd.Series(times.created_from[rows]).value_counts()
    taken = " or ".join(TAKEN[name] for name in counts.index[counts > 0])
    texts = raw["created"][rows].dropna().str.strip()
    texts = texts[texts != ""]
    shape = re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", texts.iloc[0]))[:LONGEST_SHAPE] if len(texts) else None
    why = f"has no usable time, such as {shape!r}" if shape else "is missing or empty"
    return (
        f"do not come from the column of the created time, which {why}. Taken instead: {taken}. "
        "If another column holds the created time, name it: columns={'My column': 'created'}, or "
        "--map 'My column=created'"
    )
