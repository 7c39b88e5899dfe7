"""Frames that hold the rows of several funnels: the rows of each, its steps, and one answer about all of them."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from leadanalytics.errors import FrameError
from leadanalytics.schema import TEXT

__all__ = ["in_each_funnel", "split_funnels", "step_labels"]


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


def in_each_funnel(funnels: pd.DataFrame, tell: Callable[[pd.DataFrame], pd.DataFrame]) -> pd.DataFrame:
    """Return what is told of the rows of each funnel in turn, behind a column `funnel` where they have one."""
    told = []
    for name, part in split_funnels(funnels):
        answer = tell(part)
        if "funnel" in funnels.columns and "funnel" not in answer.columns:
            answer.insert(0, "funnel", pd.array([name] * len(answer), dtype=TEXT))
        told.append(answer)
    return pd.concat(told, ignore_index=True) if len(told) > 1 else told[0]


def step_labels(funnels: pd.DataFrame) -> list[str]:
    """Return the labels of the steps of a funnels frame, which its `attrs` hold.

    Raises
    ------
    FrameError
        When the frame has lost its `attrs`, or its rows are of several funnels.
    """
    if "funnels" in funnels.attrs and "funnel" in funnels.columns:
        return _labels_of_one(funnels)
    if "steps" not in funnels.attrs:
        raise FrameError(
            "the funnels frame has lost its attrs, which hold the steps",
            next_step="frame.attrs = funnels.attrs, with the funnels that the frame was made of",
        )
    return list(funnels.attrs["steps"])


def _labels_of_one(funnels: pd.DataFrame) -> list[str]:
    """Return the labels of the only funnel that some rows are of."""
    facts = funnels.attrs["funnels"]
    names = [str(name) for name in funnels["funnel"].unique()] or list(facts)[:1]
    if len(names) > 1:
        raise FrameError(
            "these units are of several funnels, which have different steps",
            found=", ".join(map(repr, names)),
            next_step=f"take one of them: funnels[funnels['funnel'] == {names[0]!r}], or build_funnels(leads, "
            "funnel='acquisition')",
        )
    return list(facts[names[0]]["steps"])
