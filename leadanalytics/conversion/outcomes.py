"""What became of the units that entered a funnel before one of its steps: reached it, did not, or may still."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from leadanalytics import schema
from leadanalytics.branches import step_labels
from leadanalytics.errors import FrameError, OptionError, check_option
from leadanalytics.schema import TEXT

__all__ = ["Outcomes", "breakdown", "outcomes_at", "read_step", "tally", "window_of"]

MISSING = "(missing)"
_DAY = pd.Timedelta("1 day")


@dataclass(frozen=True)
class Outcomes:
    """The units that entered before a step, and what became of each."""

    units: pd.DataFrame  # their rows of the funnels frame
    step: str  # the label of the step
    reached: np.ndarray  # took the step
    known: np.ndarray  # the window has ended, so the answer cannot change; without a window all, as of now
    days: np.ndarray  # from the entry to the step, else to the end of what was seen [days]

    def base(self) -> str:
        """Return in words which units the rates count."""
        entered = f"Of those who entered before {self.step}"
        if self.units.attrs.get("window") is None:
            return f"{entered}, so far: without a window, those who entered later had less time."
        left_out = int(np.count_nonzero(~self.known))
        return f"{entered} and whose window has ended; {left_out:,} left out of the rates because theirs has not."


def outcomes_at(funnels: pd.DataFrame, step: str | int | None) -> Outcomes:
    """Return what became of the units that entered before a step (the last one by default).

    A unit's outcome is known when the window from its entry has ended by as_of. A unit that reached the step inside a
    window still running is not known yet either: counting the quick ones early would raise the rate.
    """
    number, label = read_step(funnels, step)
    schema.check(funnels, "funnels", columns=["depth", "status", "entered_step", "entered_at", label])
    status = funnels["status"].astype(TEXT)
    units = funnels[(funnels["entered_step"] < number) & ~status.isin(["bypass", "excluded"])]
    reached = (units["depth"] >= number).to_numpy() & units[label].notna().to_numpy()
    entered, (window, as_of) = units["entered_at"], window_of(funnels)
    ends = entered + window if window is not None else pd.Series(as_of, index=units.index)
    waiting = (units["status"].astype(TEXT) == "open").to_numpy() & ~reached
    known = (ends <= as_of).to_numpy() & ~waiting if window is not None else np.ones(len(units), bool)
    seen = units[label].where(reached, ends.where(ends <= as_of, as_of))
    days = ((seen - entered) / _DAY).clip(lower=0).to_numpy("float64")
    return Outcomes(units=units, step=label, reached=reached, known=known, days=days)


def read_step(funnels: pd.DataFrame, step: str | int | None) -> tuple[int, str]:
    """Return the number and the label of a step after the first, the last one for None.

    Examples
    --------
    >>> funnels = pd.DataFrame()
    >>> funnels.attrs["steps"] = ["Test drive", "Get it now", "Install"]
    >>> read_step(funnels, None), read_step(funnels, "Get it now")
    ((3, 'Install'), (2, 'Get it now'))
    """
    labels = step_labels(funnels)
    if isinstance(step, str):
        check_option("step", step, labels)
        step = labels.index(step) + 1
    number = len(labels) if step is None else step
    if not isinstance(number, int) or not 2 <= number <= len(labels):
        later = ", ".join(f"{place} {label!r}" for place, label in enumerate(labels[1:], 2))
        raise OptionError(
            "step is one after the first", found=repr(step), next_step=f"the steps are {later}" if later else None
        )
    return number, labels[number - 1]


def window_of(funnels: pd.DataFrame) -> tuple[pd.Timedelta | None, pd.Timestamp]:
    """Return the window of a funnels frame, if it has one, and the instant as of which it was built."""
    window, as_of = funnels.attrs.get("window"), funnels.attrs.get("as_of")
    return pd.Timedelta(window) if window is not None else None, pd.Timestamp(as_of)


def breakdown(funnels: pd.DataFrame, by: str) -> pd.Series:
    """Return the value of each unit in a column to break down by, "(missing)" where there is none."""
    if by not in funnels.columns:
        raise FrameError(
            f"the funnels frame has no column {by!r} to break down by",
            found=", ".join(map(str, funnels.columns)),
            next_step=f"carry it along: build_funnels(leads, by={by!r})",
        )
    return funnels[by].astype(TEXT).fillna(MISSING)


def tally(outcomes: Outcomes, by: str) -> pd.DataFrame:
    """Return n and reached of the units whose outcome is known, one row per value, the largest first.

    A value none of whose outcomes is known has n = 0: it is shown, not hidden.
    """
    frame = pd.DataFrame(
        {"value": breakdown(outcomes.units, by), "n": outcomes.known, "reached": outcomes.known & outcomes.reached}
    )
    counts = frame.groupby("value", sort=True)[["n", "reached"]].sum().astype("int64")
    return counts.sort_values("n", ascending=False, kind="stable")
