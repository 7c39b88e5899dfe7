"""From funnels to counts: how many units reached each step, of how many, and how sure that is."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from leadanalytics import schema
from leadanalytics.errors import FrameError, OptionError
from leadanalytics.schema import TEXT

__all__ = ["count_stages", "step_labels"]

MISSING = "(missing)"
OTHER = "(other)"

_RATES = [rate + end for rate in ("of_first", "of_previous") for end in ("", "_low", "_high")]


def count_stages(
    funnels: pd.DataFrame, *, by: str | Sequence[str] | None = None, top: int | None = None
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

    Returns
    -------
    DataFrame
        of_first is n / n of the first step, of_previous is n / n of the step before; 0 / 0 is NaN. Their intervals
        are Wilson's, 95 %. bypass counts the units that never took the first step at the step where they were first
        seen; they are in no other column.

    Raises
    ------
    FrameError
        When a column is missing, or the frame has lost its `attrs`.

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
    labels = step_labels(funnels)
    columns = [by] if isinstance(by, str) else list(by or ())
    _check_by(funnels, columns)
    groups, group = _groups(funnels, columns, top)
    counts = pd.DataFrame(
        {column: groups[column].repeat(len(labels)) for column in columns}
        | {
            "step": np.tile(np.arange(1, len(labels) + 1), len(groups)),
            "stage": pd.array(labels * len(groups), dtype=TEXT),
        }
    ).reset_index(drop=True)
    tallies = _tallies(funnels, group, (len(groups), len(labels)))
    reached = tallies.pop("n")
    counts["n"] = reached.ravel()
    counts[_RATES] = _rates(reached)
    for column, tally in tallies.items():
        counts[column] = tally.ravel()
    counts.attrs = {**funnels.attrs, "by": columns}
    return counts


def step_labels(funnels: pd.DataFrame) -> list[str]:
    """Return the labels of the steps of a funnels frame, which its `attrs` hold."""
    if "steps" not in funnels.attrs:
        raise FrameError(
            "the funnels frame has lost its attrs, which hold the steps",
            next_step="frame.attrs = funnels.attrs, with the funnels that the frame was made of",
        )
    return list(funnels.attrs["steps"])


def _check_by(funnels: pd.DataFrame, by: list[str]) -> None:
    missing = [column for column in by if column not in funnels.columns]
    if missing:
        raise FrameError(
            f"the funnels frame has no column {missing[0]!r} to break down by",
            found=", ".join(map(str, funnels.columns)),
            next_step=f"carry it along: build_funnels(leads, by={missing[0]!r})",
        )
    clash = [column for column in by if column in schema.KINDS["counts"].names]
    if clash:
        raise OptionError(
            "by names a column that counts have already",
            found=repr(clash[0]),
            next_step=f"funnels.rename(columns={{{clash[0]!r}: 'entry_{clash[0]}'}})",
        )


def _groups(funnels: pd.DataFrame, by: list[str], top: int | None) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the groups, the largest first, and the place of each unit's group among them."""
    if not by:
        return pd.DataFrame(index=[0]), np.zeros(len(funnels), np.int64)
    values = pd.DataFrame({column: funnels[column].astype(TEXT).fillna(MISSING) for column in by})
    codes = values.groupby(by).ngroup().to_numpy()
    firsts = np.unique(codes, return_index=True)[1]
    order = np.argsort(-np.bincount(codes), kind="stable")
    groups, group = values.iloc[firsts[order]].reset_index(drop=True), np.argsort(order)[codes]
    return (groups, group) if top is None else _top(groups, group, top)


def _top(groups: pd.DataFrame, group: np.ndarray, top: int) -> tuple[pd.DataFrame, np.ndarray]:
    if not isinstance(top, int | np.integer) or top < 1:
        raise OptionError("top is a number of groups from 1", found=repr(top), next_step="top=10")
    if len(groups) <= top:
        return groups, group
    other = pd.DataFrame({column: pd.array([OTHER], dtype=TEXT) for column in groups})
    return pd.concat([groups.iloc[:top], other], ignore_index=True), np.minimum(group, top)


def _tallies(funnels: pd.DataFrame, group: np.ndarray, shape: tuple[int, int]) -> dict[str, np.ndarray]:
    """Return the whole-number columns of counts, each as [group, step]."""
    depth, entered = funnels["depth"].to_numpy(np.int64), funnels["entered_step"].to_numpy(np.int64)
    status = funnels["status"].astype(TEXT)

    def tally(step: np.ndarray, units: np.ndarray) -> np.ndarray:
        units = units & (step > 0)
        result = np.zeros(shape, np.int64)
        np.add.at(result, (group[units], step[units] - 1), 1)
        return result

    every, bypass = np.ones(len(funnels), bool), (status == "bypass").to_numpy()
    return {
        "n": tally(depth, every)[:, ::-1].cumsum(axis=1)[:, ::-1],
        "open": tally(depth, (status == "open").to_numpy()),
        "dropped": tally(depth, (status == "dropped").to_numpy()),
        "entered": tally(entered, ~bypass),
        "bypass": tally(entered, bypass),
    }


def _rates(reached: np.ndarray) -> pd.DataFrame:
    """Return the shares of the first step and of the step before, for n as [group, step]."""
    first = np.broadcast_to(reached[:, :1], reached.shape)
    previous = np.hstack([reached[:, :1], reached[:, :-1]])
    # Row by row, as scipy has it: there are few steps and groups.
    shares = [(*_share(n, a), *_share(n, b)) for n, a, b in zip(reached.flat, first.flat, previous.flat)]
    return pd.DataFrame(shares, columns=_RATES, dtype="float64")


@functools.lru_cache(maxsize=4096)
def _share(n: int, of: int) -> tuple[float, float, float]:
    """Return a share with its 95 % interval."""
    if of == 0:
        return np.nan, np.nan, np.nan
    interval = binomtest(int(n), int(of)).proportion_ci(confidence_level=0.95, method="wilson")
    return n / of, float(interval.low), float(interval.high)
