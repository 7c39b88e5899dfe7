"""How long the steps took, as counts: of each length of time how many units, and how many took none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from leadanalytics import schema
from leadanalytics.errors import OptionError, check_option
from leadanalytics.funnels.counting import step_labels
from leadanalytics.funnels.durations import SINCE
from leadanalytics.funnels.grouping import group_units, read_by
from leadanalytics.schema import TEXT
from leadanalytics.spans import Span, read_span

__all__ = ["duration_histogram"]

# Lengths of time that people speak of; each bin ends where the next begins.
BINS = ("1 hour", "6 hours", "1 day", "2 days", "4 days", "7 days", "14 days", "30 days", "90 days", "365 days")
_COLUMNS = ("step", "stage", "since", "from_days", "to_days", "n", "median", "open", "dropped")
_DAY = pd.Timedelta("1 day")


def duration_histogram(
    funnels: pd.DataFrame,
    *,
    since: str = "entry",
    bins: Sequence[Span] = BINS,
    by: str | Sequence[str] | None = None,
    top: int | None = None,
) -> pd.DataFrame:
    """Return how many units took each step after the entry in which length of time, and how many did not take it.

    One row per step and bin, or per group, step and bin: *step*, *stage*, *since*, *from_days* and *to_days* (the bin,
    its end not included, but the end of the last one), *n* (units), then, the same in each row of a step, *median*
    [days] of those who took it, *open* (entered before the step, not there yet, can still come) and *dropped* (can come
    no more). For each step the sum of *n*, *open* and *dropped* is the units that entered before it.

    Parameters
    ----------
    funnels : DataFrame
        Made by `build_funnels`.
    since : {"entry", "previous step"}
        What the time is counted from.
    bins : sequence of str or timedelta
        Where the bins end, lengths of time that rise; the first begins at 0. Bins beyond the longest
        time are left out, and what takes longer than the last stands in one more bin without an end (inf).
    by : str or sequence of str, optional
        Columns to break down by, as in `count_stages`.
    top : int, optional
        Keep this many groups with the most units; the others count together as "(other)".

    Returns
    -------
    DataFrame
        Of units that took the step, so these times are too short where many are still open: `conversion_curve` accounts
        for them. Its `attrs` are those of the funnels, and by and since.

    Raises
    ------
    FrameError
        When a column is missing, or the frame has lost its `attrs`.
    OptionError
        When an argument has a value that is not one of its options.

    Examples
    --------
    >>> tried = pd.to_datetime(["2024-06-01", "2024-06-01", "2024-06-05"], utc=True)
    >>> got = pd.to_datetime(["2024-06-01", "2024-06-03", None], utc=True)
    >>> funnels = pd.DataFrame({"status": ["reached", "reached", "open"], "entered_step": 1, "entered_at": tried})
    >>> funnels = funnels.assign(depth=[2, 2, 1], **{"Test drive": tried, "Get it now": got})
    >>> funnels.attrs["steps"] = ["Test drive", "Get it now"]
    >>> histogram = duration_histogram(funnels, bins=["1 day", "7 days"])
    >>> histogram[["stage", "from_days", "to_days", "n", "median", "open", "dropped"]]
            stage  from_days  to_days  n  median  open  dropped
    0  Get it now        0.0      1.0  1     1.0     1        0
    1  Get it now        1.0      7.0  1     1.0     1        0
    """
    labels = step_labels(funnels)
    schema.check(funnels, "funnels", columns=["depth", "status", "entered_step", "entered_at", *labels])
    check_option("since", since, SINCE)
    ends = _read_bins(bins)
    columns = read_by(funnels, by, taken=_COLUMNS)
    groups, group = group_units(funnels, columns, top=top)
    days = [_days(funnels, labels, step, since) for step in range(1, len(labels))]
    edges = _edges(ends, days)
    parts = [
        _count(funnels, taken, step, group, groups, edges).assign(stage=labels[step - 1], since=since)
        for step, taken in enumerate(days, start=2)
    ]
    histogram = _together(parts, columns)
    histogram.attrs = {**funnels.attrs, "by": columns, "since": since}
    return histogram


def _read_bins(bins: Sequence[Span]) -> np.ndarray:
    """Return where the bins end [days]."""
    ends = np.array([read_span("bins", end) / _DAY for end in bins], dtype="float64")
    if not len(ends) or not (np.diff(ends) > 0).all():
        raise OptionError("bins rise from one to the next", found=repr(bins), next_step='bins=["1 day", "7 days"]')
    return ends


def _days(funnels: pd.DataFrame, labels: Sequence[str], step: int, since: str) -> np.ndarray:
    """Return how long each unit took to a step after its entry [days], NaN where it did not take it."""
    # Where a unit entered, no time had passed.
    taken = funnels[labels[step]].where(funnels["entered_step"] <= step)
    start = funnels["entered_at" if since == "entry" else labels[step - 1]]
    return ((taken - start) / _DAY).to_numpy("float64")


def _edges(ends: np.ndarray, days: Sequence[np.ndarray]) -> np.ndarray:
    """Return the edges of the bins up to the one that holds the longest time, the same for every step."""
    longest = max((np.nanmax(taken) for taken in days if np.isfinite(taken).any()), default=0.0)
    needed = int(np.searchsorted(ends, longest)) + 1
    return np.concatenate([[0.0], ends, [np.inf]])[: max(needed, 1) + 1]


def _count(
    funnels: pd.DataFrame, days: np.ndarray, step: int, group: np.ndarray, groups: pd.DataFrame, edges: np.ndarray
) -> pd.DataFrame:
    """Return the bins of one step, group by group."""
    known = np.isfinite(days)
    bins, number = len(edges) - 1, len(groups)
    # What lies on the last edge belongs to the last bin.
    places = np.minimum(np.searchsorted(edges, days[known], side="right") - 1, bins - 1)
    rows = groups.loc[groups.index.repeat(bins)].reset_index(drop=True)
    rows["group"] = np.repeat(np.arange(number), bins)
    rows["step"] = step
    rows["from_days"], rows["to_days"] = np.tile(edges[:-1], number), np.tile(edges[1:], number)
    rows["n"] = np.bincount(group[known] * bins + places, minlength=number * bins)
    median = pd.Series(days).groupby(group).median().reindex(range(number))
    rows["median"] = median.to_numpy("float64").repeat(bins)
    before = ((funnels["entered_step"] < step) & (funnels["depth"] > 0) & (funnels["depth"] < step)).to_numpy(bool)
    for status in ("open", "dropped"):
        units = before & (funnels["status"] == status).fillna(False).to_numpy(bool)
        rows[status] = np.bincount(group[units], minlength=number).repeat(bins)
    return rows


def _together(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    """Return the rows of all steps, group by group."""
    order = [*columns, *_COLUMNS]
    if not parts:
        return pd.DataFrame(columns=order)
    rows = pd.concat(parts).sort_values("group", kind="stable").reset_index(drop=True)[order]
    return rows.astype({"stage": TEXT, "since": TEXT})
