"""Units in groups: each unit in one, the small ones together, none left out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from leadanalytics.branches import split_funnels
from leadanalytics.errors import FrameError, OptionError
from leadanalytics.offers import MISSING
from leadanalytics.schema import TEXT

__all__ = ["MISSING", "OTHER", "group_units", "read_by", "split_funnels"]

OTHER = "(other)"


def read_by(funnels: pd.DataFrame, by: str | Sequence[str] | None, *, taken: Collection[str]) -> list[str]:
    """Return the columns to break down by.

    Raises
    ------
    FrameError
        When the funnels lack one.
    OptionError
        When one has the name of a column that the result has already.
    """
    columns = [by] if isinstance(by, str) else list(by or ())
    missing = [column for column in columns if column not in funnels.columns]
    if missing:
        raise FrameError(
            f"the funnels frame has no column {missing[0]!r} to break down by",
            found=", ".join(map(str, funnels.columns)),
            next_step=f"carry it along: build_funnels(leads, by={missing[0]!r})",
        )
    clash = [column for column in columns if column in taken]
    if clash:
        raise OptionError(
            "by names a column that the result has already",
            found=repr(clash[0]),
            next_step=f"funnels.rename(columns={{{clash[0]!r}: 'entry_{clash[0]}'}})",
        )
    return columns


def group_units(funnels: pd.DataFrame, by: list[str], *, top: int | None = None) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the groups, the largest first, and the place of each unit's group among them.

    A missing value is "(missing)"; beyond the `top` largest groups, the others are "(other)", which comes last.
    Without `by` there is one group, of everybody.
    """
    _check_top(top)
    if not by:
        return pd.DataFrame(index=[0]), np.zeros(len(funnels), np.int64)
    values = pd.DataFrame({column: funnels[column].astype(TEXT).fillna(MISSING) for column in by})
    codes = values.groupby(by).ngroup().to_numpy()
    firsts = np.unique(codes, return_index=True)[1]
    order = np.argsort(-np.bincount(codes), kind="stable")
    groups, group = values.iloc[firsts[order]].reset_index(drop=True), np.argsort(order)[codes]
    if top is None or len(groups) <= top:
        return groups, group
    other = pd.DataFrame({column: pd.array([OTHER], dtype=TEXT) for column in groups})
    return pd.concat([groups.iloc[:top], other], ignore_index=True), np.minimum(group, top)


def _check_top(top: int | None) -> None:
    if top is not None and (not isinstance(top, int | np.integer) or top < 1):
        raise OptionError("top is a number of groups from 1", found=repr(top), next_step="top=10")
