"""From funnels to counts: how many units reached each step, of how many, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from leadanalytics import schema
from leadanalytics.branches import step_labels
from leadanalytics.funnels.grouping import group_units, read_by, split_funnels
from leadanalytics.funnels.rates import rates_of
from leadanalytics.schema import TEXT

__all__ = ["count_groups", "count_stages", "known_window", "step_labels"]


def count_stages(
    funnels: pd.DataFrame,
    *,
    by: str | Sequence[str] | None = None,
    top: int | None = None,
    interval: str = "wilson",
) -> pd.DataFrame:
    """Return one row per step, or per group and step: the units that reached it, the rates, and where the rest stand.

    From depth, status and entered_step to step, stage, n, of_first, of_previous (each with its interval), open,
    dropped, entered and bypass, behind the columns of `by`. Groups come with the largest first. At every step
    n = n of the next step + open + dropped, and the groups add up to the whole.

    Parameters
    ----------
    funnels : DataFrame
        Made by `build_funnels`, whose steps are in its `attrs`.
    by : str or sequence of str, optional
        Columns to break down by: columns of the unit, or carried along by `build_funnels(by=...)`. A missing value
        counts as "(missing)".
    top : int, optional
        Keep this many groups with the most units; the others count together as "(other)", which comes last.
    interval : {"wilson", "jeffreys"}
        The 95 % intervals of the rates: Wilson's score interval, or that of Jeffreys' prior.

    Returns
    -------
    DataFrame
        of_first is n / n of the first step, of_previous is n / n of the step before; 0 / 0 is NaN. Their intervals
        cover 95 %. bypass counts the units that never took the first step at the step where they were first seen; they
        are in no other column of units, nor are those of excluded, which is there where leads exclude units. with_lead
        counts the units that have a lead of the step: those that reached it with one (n, where all enter at the first
        step), skipped (they never took the first step) and left_out (too early, outside the window, after a lead that
        breaks the chain, or excluded). With a window,
        mature_n counts the units of n whose window has ended by as_of and that cannot go on with another entry, and
        mature_of_first is their rate, beside the raw one that counts open units as lost.

    Raises
    ------
    FrameError
        When a column is missing, or the frame has lost its `attrs`.
    OptionError
        When `interval` or `top` is not one of its options, or `by` names a column that counts have already.

    References
    ----------
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
    Statistical Association 22, 1927.

    Examples
    --------
    >>> funnels = pd.DataFrame({"depth": [2, 1, 0], "status": ["reached", "open", "bypass"], "entered_step": [1, 1, 2]})
    >>> funnels.attrs["steps"] = ["Test drive", "Get it now"]
    >>> count_stages(funnels)[["stage", "n", "of_first", "open", "dropped", "bypass"]]
            stage  n  of_first  open  dropped  bypass
    0  Test drive  2       1.0     1        0       0
    1  Get it now  1       0.5     0        0       1
    """
    schema.check(funnels, "funnels", columns=["depth", "status", "entered_step"])
    columns = read_by(funnels, by, taken=schema.KINDS["counts"].names)
    parts = []
    for name, part in split_funnels(funnels):
        groups, group = group_units(part, [column for column in columns if column != "funnel"], top=top)
        counts = count_groups(part, groups, group, interval=interval)
        if "funnel" in funnels.columns:
            counts.insert(0, "funnel", pd.array([name] * len(counts), dtype=TEXT))
        parts.append(counts)
    counts = pd.concat(parts, ignore_index=True)
    counts.attrs = {**funnels.attrs, "by": columns}
    return counts


def count_groups(
    funnels: pd.DataFrame, groups: pd.DataFrame, group: np.ndarray, *, interval: str = "wilson"
) -> pd.DataFrame:
    """Return the counts of units whose group is given, one row per group and step, behind the columns of the groups."""
    labels = step_labels(funnels)
    shape = len(groups), len(labels)
    counts = groups.loc[groups.index.repeat(len(labels))].reset_index(drop=True)
    counts["step"] = np.tile(np.arange(1, len(labels) + 1), len(groups))
    counts["stage"] = pd.array(labels * len(groups), dtype=TEXT)
    depth, entered = funnels["depth"].to_numpy(np.int64), funnels["entered_step"].to_numpy(np.int64)
    deepest, first = _places(depth, group, shape), _places(entered, group, shape)
    reached = _reached(deepest, shape)
    previous = np.hstack([reached[:, :1], reached[:, :-1]])
    counts["n"] = reached.ravel()
    _add_rate(counts, "of_first", reached, reached[:, :1], interval)
    _add_rate(counts, "of_previous", reached, previous, interval)
    for status in ("open", "dropped"):
        counts[status] = _tally(deepest[_stands(funnels, status)], shape).ravel()
    counts["entered"] = _tally(first[depth > 0], shape).ravel()
    counts["bypass"] = _tally(first[_stands(funnels, "bypass")], shape).ravel()
    if "shown" in funnels.columns and funnels.attrs.get("order") != "any":
        for column, values in _with_lead(funnels, group, depth, shape).items():
            counts[column] = values.ravel()
    if funnels.attrs.get("policy") == "unit":
        counts["excluded"] = _tally(first[_stands(funnels, "excluded")], shape).ravel()
    mature = _mature(funnels)
    if mature is not None:
        mature_reached = _reached(deepest[mature], shape)
        counts["mature_n"] = mature_reached.ravel()
        _add_rate(counts, "mature_of_first", mature_reached, mature_reached[:, :1], interval)
    return counts


def known_window(funnels: pd.DataFrame) -> tuple[pd.Timedelta, pd.Timestamp] | None:
    """Return the window and as_of of a funnels frame, which its `attrs` hold, or None where it has not both."""
    window, as_of = funnels.attrs.get("window"), funnels.attrs.get("as_of")
    return None if window is None or as_of is None else (pd.Timedelta(window), pd.Timestamp(as_of))


def _mature(funnels: pd.DataFrame) -> np.ndarray | None:
    """Return which units have had their whole window by as_of, or None where there is no window."""
    known = known_window(funnels)
    if known is None or "entered_at" not in funnels.columns:
        return None
    window, as_of = known
    # Whoever came again may still convert, and would then be told from that later entry.
    return (funnels["entered_at"] <= as_of - window).to_numpy() & ~_stands(funnels, "open")


def _stands(funnels: pd.DataFrame, status: str) -> np.ndarray:
    return (funnels["status"] == status).fillna(False).to_numpy(bool)


def _with_lead(
    funnels: pd.DataFrame, group: np.ndarray, depth: np.ndarray, shape: tuple[int, int]
) -> dict[str, np.ndarray]:
    """Return how many units have a lead of each step, and how many of them did not reach it, as [group, step]."""
    bypass, bits = _stands(funnels, "bypass"), funnels["shown"].to_numpy(np.int64)
    with_lead, skipped, left_out = np.zeros((3, *shape), np.int64)
    for step in range(shape[1]):
        has_lead = (bits >> step & 1).astype(bool)
        for tally, which in (
            (with_lead, has_lead),
            (skipped, has_lead & bypass),
            (left_out, has_lead & ~bypass & (depth <= step)),
        ):
            tally[:, step] = np.bincount(group[which], minlength=shape[0])
    return {"with_lead": with_lead, "skipped": skipped, "left_out": left_out}


def _places(step: np.ndarray, group: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return where units at a step of their group are tallied; step 0 is none."""
    return group * (shape[1] + 1) + step


def _reached(places: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return how many units reached each step or a later one, as [group, step]."""
    return _tally(places, shape)[:, ::-1].cumsum(axis=1)[:, ::-1]


def _tally(places: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return how many units stand at each step, as [group, step]."""
    groups, steps = shape
    return np.bincount(places, minlength=groups * (steps + 1)).reshape(groups, steps + 1)[:, 1:]


def _add_rate(counts: pd.DataFrame, rate: str, n: np.ndarray, of: np.ndarray, interval: str) -> None:
    columns = rate, f"{rate}_low", f"{rate}_high"
    for column, values in zip(columns, rates_of(n, of, interval=interval)):
        counts[column] = values.ravel()
