"""How long the steps took: of the units that took them, in days."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from leadanalytics import schema
from leadanalytics.funnels.counting import step_labels
from leadanalytics.funnels.grouping import group_units, read_by
from leadanalytics.schema import TEXT

__all__ = ["stage_durations"]

SINCE = ("entry", "previous step")
_QUANTILES = {"lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.75, "percentile_90": 0.9}
_COLUMNS = ("step", "stage", "since", "n", "mean", *_QUANTILES)
_DAY = pd.Timedelta("1 day")


def stage_durations(
    funnels: pd.DataFrame, *, by: str | Sequence[str] | None = None, top: int | None = None
) -> pd.DataFrame:
    """Return how long each step after the entry took, since the entry and since the previous step [days].

    Two rows per step, or per group and step: *step*, *stage*, *since* ("entry" or "previous step"), *n* (the units that
    took both), *mean*, *lower_quartile*, *median*, *upper_quartile* and *percentile_90* [days], behind the columns of
    `by`. The times are those of the chain that gave the depth; steps at one instant took 0 days and count. A time since
    the entry is measured for each unit, so it is no sum of the times between the steps.

    Parameters
    ----------
    funnels : DataFrame
        Made by `build_funnels`.
    by : str or sequence of str, optional
        Columns to break down by, as in `count_stages`.
    top : int, optional
        Keep this many groups with the most units; the others count together as "(other)".

    Returns
    -------
    DataFrame
        Of units that took the step alone: those that are still open would take longer, so these times are too short
        where many are. Where nobody took the step they are unknown (NaN). Its `attrs` are those of the funnels.

    Raises
    ------
    FrameError
        When a column is missing, or the frame has lost its `attrs`.
    OptionError
        When `top` is no number of groups, or `by` names a column of the result.

    Examples
    --------
    >>> tried = pd.to_datetime(["2024-06-01", "2024-06-01", "2024-06-05"], utc=True)
    >>> got = pd.to_datetime(["2024-06-01", "2024-06-03", None], utc=True)
    >>> funnels = pd.DataFrame({"entered_step": 1, "entered_at": tried, "Test drive": tried, "Get it now": got})
    >>> funnels.attrs["steps"] = ["Test drive", "Get it now"]
    >>> stage_durations(funnels)[["stage", "since", "n", "median", "upper_quartile"]]
            stage          since  n  median  upper_quartile
    0  Get it now          entry  2     1.0             1.5
    1  Get it now  previous step  2     1.0             1.5
    """
    labels = step_labels(funnels)
    schema.check(funnels, "funnels", columns=["entered_step", "entered_at", *labels])
    columns = read_by(funnels, by, taken=_COLUMNS)
    groups, group = group_units(funnels, columns, top=top)
    parts = []
    for step in range(1, len(labels)):
        for since, start in zip(SINCE, ("entered_at", labels[step - 1])):
            # Where a unit entered, no time had passed.
            taken = funnels[labels[step]].where(funnels["entered_step"] <= step)
            days = (taken - funnels[start]) / _DAY
            part = _spread(days.to_numpy("float64"), group, len(groups))
            parts.append(groups.assign(step=step + 1, stage=labels[step], since=since, **part).rename_axis("group"))
    durations = _together(parts, groups)
    durations.attrs = {**funnels.attrs, "by": columns}
    return durations


def _spread(days: np.ndarray, group: np.ndarray, groups: int) -> dict[str, np.ndarray]:
    """Return how many days are known, their mean and their quantiles, each per group."""
    known = pd.Series(days).groupby(group)
    every = range(groups)
    spread = {"n": known.count().reindex(every, fill_value=0), "mean": known.mean().reindex(every)}
    spread |= {name: known.quantile(share).reindex(every) for name, share in _QUANTILES.items()}
    return {name: values.to_numpy() for name, values in spread.items()}


def _together(parts: list[pd.DataFrame], groups: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of all steps, group by group."""
    if not parts:
        return pd.DataFrame(columns=[*groups.columns, *_COLUMNS]).astype(_dtypes())
    rows = pd.concat(parts).sort_values("group", kind="stable").reset_index(drop=True)
    return rows.astype(_dtypes())


def _dtypes() -> dict[str, object]:
    numbers = dict.fromkeys(("mean", *_QUANTILES), "float64")
    return {"step": "int64", "stage": TEXT, "since": TEXT, "n": "int64", **numbers}
