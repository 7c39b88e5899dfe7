"""Units in groups: each unit in one, the small ones together, none left out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from leadanalytics.errors import FrameError, OptionError
from leadanalytics.offers import MISSING
from leadanalytics.schema import TEXT

__all__ = ["MISSING", "OTHER", "group_units", "read_by", "split_funnels"]

OTHER = "(other)"


def split_funnels(funnels: pd.DataFrame) -> list[tuple[str | None, pd.DataFrame]]:
    """Return the name and the rows of each funnel of a frame, each with `attrs` of its own; the first has most leads.

    A funnel of which the frame has no row is left out, as where it holds the units of one offer alone; all are there
    where it has no row at all.

    Examples
    --------
    >>> from leadanalytics.funnels import build_funnels
    >>> times = pd.to_datetime(["2024-06-01", "2024-06-03"], utc=True)
    >>> leads = pd.DataFrame({"customer_id": "ann", "offer_id": ["crane", "desk"], "created_at": times})
    >>> funnels = build_funnels(leads.assign(stage=["Get it now", "Contact me"]))
    >>> [(name, part["offer_id"].tolist()) for name, part in split_funnels(funnels)]
    [('acquisition without Test drive and Install', ['crane']), ('contact_me without Test drive', ['desk'])]
    """
    if "funnels" not in funnels.attrs:
        return [(funnels.attrs.get("funnel"), funnels)]
    parts = []
    there = set(funnels["funnel"].unique())
    for name, facts in funnels.attrs["funnels"].items():
        if there and name not in there:
            continue
        part = funnels[funnels["funnel"] == name].reset_index(drop=True)
        other = [label for each in funnels.attrs["funnels"].values() for label in each["steps"]]
        part = part.drop(columns=[label for label in dict.fromkeys(other) if label not in facts["steps"]])
        part.attrs = {key: value for key, value in funnels.attrs.items() if key != "funnels"} | facts
        parts.append((name, part))
    return parts


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
