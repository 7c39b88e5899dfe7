"""The units that stopped after a step: the list to follow up."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadanalytics import schema
from leadanalytics.errors import OptionError, check_option
from leadanalytics.funnels.counting import step_labels

__all__ = ["drop_offs"]

_DAY = pd.Timedelta("1 day")


def drop_offs(funnels: pd.DataFrame, *, after: str | int) -> pd.DataFrame:
    """Return the units that reached a step and not the next, the open ones first, the most recent first.

    From a funnels frame to the same columns and days_since, the days from the step to as_of [days].

    Parameters
    ----------
    funnels : DataFrame
        Made by `build_funnels`.
    after : str or int
        The step that was reached: its label, or its number from 1. Any step but the last.

    Raises
    ------
    FrameError
        When the frame has lost its `attrs`.
    OptionError
        When there is no such step, or none after it.

    Examples
    --------
    >>> day = pd.to_datetime(["2024-06-01", "2024-06-20"], utc=True)
    >>> funnels = pd.DataFrame({"customer_id": ["ann", "bob"], "depth": 1, "status": "open", "Test drive": day})
    >>> funnels.attrs = {"steps": ["Test drive", "Get it now"], "as_of": "2024-06-30T00:00:00+00:00"}
    >>> drop_offs(funnels, after="Test drive")[["customer_id", "status", "days_since"]]
      customer_id status  days_since
    0         bob   open        10.0
    1         ann   open        29.0
    """
    step, label = _step(step_labels(funnels), after)
    schema.check(funnels, "funnels", columns=["depth", "status", label])
    status = funnels["status"].astype(schema.TEXT)
    stopped = (funnels["depth"] == step) & status.isin(["open", "dropped"])
    days = (pd.Timestamp(funnels.attrs.get("as_of")) - funnels.loc[stopped, label]) / _DAY
    order = np.lexsort((days, status[stopped] == "dropped"))
    result = funnels[stopped].assign(days_since=days).iloc[order].reset_index(drop=True)
    result.attrs = {**funnels.attrs, "after": label}
    return result


def _step(labels: list[str], after: str | int) -> tuple[int, str]:
    """Return the number and the label of a step that has another after it."""
    if isinstance(after, str):
        check_option("after", after, labels)
        after = labels.index(after) + 1
    if not isinstance(after, int) or not 1 <= after < len(labels):
        raise OptionError(
            "after is a step that has another after it",
            found=repr(after),
            next_step=f"the steps are {', '.join(f'{step} {label!r}' for step, label in enumerate(labels[:-1], 1))}",
        )
    return after, labels[after - 1]
