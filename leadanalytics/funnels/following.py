"""The units that stopped after a step: the list to follow up, and why each is on it."""

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

    From a funnels frame to the same columns and days_since, the days from the step to as_of [days], and why, the
    reason in words. Whoever asked not to be contacted (do_not_contact) is never on it.

    Parameters
    ----------
    funnels : DataFrame
        Made by `build_funnels`.
    after : str or int
        The step that was reached: its label, or its number from 1. Any step but the last.

    Returns
    -------
    DataFrame
        `attrs["left_out"]` counts those who asked not to be contacted; it is empty where the frame has no such column.

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
    >>> drop_offs(funnels, after="Test drive")["why"].iloc[0]
    'reached Test drive 10 days ago and can still go on to Get it now'
    """
    labels = step_labels(funnels)
    step, label = _step(labels, after)
    schema.check(funnels, "funnels", columns=["depth", "status", label])
    status = funnels["status"].astype(schema.TEXT)
    stopped = (funnels["depth"] == step) & status.isin(["open", "dropped"])
    left_out = {}
    if "do_not_contact" in funnels.columns:
        never = funnels["do_not_contact"].eq(True).fillna(False)
        left_out = {"do not contact": int((stopped & never).sum())}
        stopped &= ~never
    days = (pd.Timestamp(funnels.attrs.get("as_of")) - funnels.loc[stopped, label]) / _DAY
    is_dropped = (status[stopped] == "dropped").to_numpy(bool)
    why = _reasons(days.to_numpy(np.float64), is_dropped, label, labels[step])
    order = np.lexsort((days, is_dropped))
    result = funnels[stopped].assign(days_since=days, why=why).iloc[order].reset_index(drop=True)
    result.attrs = {**funnels.attrs, "after": label, "left_out": left_out}
    return result


def _reasons(days: np.ndarray, is_dropped: np.ndarray, label: str, following: str) -> pd.api.extensions.ExtensionArray:
    """Return why each unit is on the list; many share a sentence, so each different one is written once."""
    facts = pd.DataFrame({"days": days.round(1), "is_dropped": is_dropped})
    places = facts.groupby(list(facts), dropna=False, sort=False).ngroup().to_numpy()
    written = [_why(label, following, *fact) for fact in facts.drop_duplicates().itertuples(index=False)]
    return pd.array(written, dtype=schema.TEXT).take(places)


def _why(label: str, following: str, days: float, is_dropped: bool) -> str:
    ago = "" if np.isnan(days) else f" {days:.1f}".removesuffix(".0") + f" day{'s' * (days != 1)} ago"
    return f"reached {label}{ago} and can {'no longer' if is_dropped else 'still'} go on to {following}"


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
