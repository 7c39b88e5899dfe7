"""From funnels to spells: for each unit, which step it took how long after its entry, and how long it was watched.

The window ends the risk of every unit alike, whatever it did: it is an administrative end, and no unit is watched
beyond it. A younger unit is watched until as_of. Either end tells nothing about the unit, which is what the estimates
of this wing rest on. Times are nanoseconds since the entry, steps are numbered from 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from leadanalytics import schema
from leadanalytics.branches import in_each_funnel, split_funnels, step_labels
from leadanalytics.errors import FrameError, OptionError
from leadanalytics.schema import TEXT, TIME

__all__ = ["DAY", "NEVER", "Spells", "read_spells", "tell_groups"]

DAY = pd.Timedelta("1 day").as_unit("ns").value
# No such time: what numpy and pandas read as NaT.
NEVER = np.iinfo(np.int64).min
MISSING = "(missing)"


@dataclass(frozen=True)
class Spells:
    """The spells of some units, and what they have in common."""

    labels: list[str]  # the steps
    window: int | None  # the longest time from the entry to any later step
    rows: np.ndarray  # where each unit stands in the funnels frame
    entered: np.ndarray  # the step at which it entered
    depth: np.ndarray  # the furthest step that it reached
    arrivals: np.ndarray  # [unit, step]: when it took the step, NEVER where it did not
    watched: np.ndarray  # how long it was watched: until as_of, or to the end of its window
    ages: np.ndarray  # how long before as_of it entered
    is_open: np.ndarray  # whether it can still go on

    @property
    def horizon(self) -> int:
        """How long the longest-watched unit was watched: to the end of the window, where any unit is old enough."""
        return int(self.watched.max(initial=0))

    @property
    def is_mature(self) -> np.ndarray:
        """Which units have seen the end of their window and cannot go on; none where there is no window."""
        if self.window is None:
            return np.zeros(len(self.rows), bool)
        # Whoever entered again may still convert, and is then told from that later entry.
        return (self.ages >= self.window) & ~self.is_open

    def reached(self, step: int) -> np.ndarray:
        """Return which units reached a step or a later one."""
        return self.depth >= step

    def at_risk(self, step: int, times: np.ndarray) -> np.ndarray:
        """Return how many units are watched at some times and stood before a step until then."""
        later = self.entered < step
        ends = np.sort(np.where(self.reached(step), self.arrivals[:, step], self.watched)[later])
        return len(ends) - np.searchsorted(ends, times, side="left")

    def evidence(self, step: int, times: np.ndarray) -> np.ndarray:
        """Return how many units tell of a step at some times: those at risk, or those at risk as it was last taken."""
        last = self.arrivals[:, step].max(initial=NEVER)
        return self.at_risk(step, times if last == NEVER else np.minimum(times, last))

    def of(self, units: np.ndarray) -> Spells:
        """Return the spells of some of the units."""
        parts = {name: getattr(self, name)[units] for name in self.__dataclass_fields__ if name not in _COMMON}
        return Spells(labels=self.labels, window=self.window, **parts)


_COMMON = ("labels", "window")


def tell_groups(
    funnels: pd.DataFrame, *, by: str | Sequence[str] | None, tell: Callable[[Spells], pd.DataFrame]
) -> pd.DataFrame:
    """Return what is told of the spells of each group of a breakdown, the largest group first, behind its values.

    Where each offer has its own funnel, this is told of each funnel in turn, behind a column `funnel`; `attrs["by"]`
    names that column first where there are several.

    Raises
    ------
    OptionError
        When a column of the breakdown has the name of one that is told.
    """
    by = [name for name in ([by] if isinstance(by, str) else by or ()) if name != "funnel" or "funnel" not in funnels]
    result = in_each_funnel(funnels, lambda part: _tell_one(part, by, tell))
    several = ["funnel"] if len(split_funnels(funnels)) > 1 else []
    result.attrs = {**funnels.attrs, "by": [*several, *by]}
    return result


def _tell_one(funnels: pd.DataFrame, by: list[str], tell: Callable[[Spells], pd.DataFrame]) -> pd.DataFrame:
    spells = read_spells(funnels, columns=by)
    return tell(spells) if not by else _tell_each(funnels, spells, by, tell)


def _tell_each(
    funnels: pd.DataFrame, spells: Spells, by: list[str], tell: Callable[[Spells], pd.DataFrame]
) -> pd.DataFrame:
    values = pd.DataFrame({name: funnels[name].iloc[spells.rows].astype(TEXT).fillna(MISSING).array for name in by})
    told = [(first, tell(group)) for first, group in _groups(values, spells)] or [(0, tell(spells).iloc[:0])]
    result = pd.concat([frame for _, frame in told], ignore_index=True)
    clash = [name for name in by if name in result]
    if clash:
        raise OptionError(
            "by names a column that the result has already",
            found=repr(clash[0]),
            next_step=f"funnels.rename(columns={{{clash[0]!r}: 'entry_{clash[0]}'}})",
        )
    firsts = np.repeat([first for first, _ in told], [len(frame) for _, frame in told])
    return pd.concat([values.iloc[firsts].reset_index(drop=True), result], axis=1)


def read_spells(funnels: pd.DataFrame, *, columns: Sequence[str] = ()) -> Spells:
    """Return the spells of the units that entered and did not leave the funnel (excluded).

    Raises
    ------
    FrameError
        When a column, or one of those that the caller needs besides, is missing, or the frame has lost its `attrs`.
    """
    labels, window, as_of = _facts(funnels)
    schema.check(funnels, "funnels", columns=["depth", "status", "entered_step", "entered_at", *labels, *columns])
    status = funnels["status"].astype(TEXT).to_numpy()
    rows = np.flatnonzero((funnels["depth"].to_numpy() > 0) & (status != "excluded"))
    entered_at = _nanoseconds(funnels["entered_at"])[rows]
    times = np.column_stack([_nanoseconds(funnels[label])[rows] for label in labels])
    ages = (as_of if as_of is not None else entered_at) - entered_at
    return Spells(
        labels=labels,
        window=window,
        rows=rows,
        entered=funnels["entered_step"].to_numpy(np.int64)[rows] - 1,
        depth=funnels["depth"].to_numpy(np.int64)[rows] - 1,
        arrivals=np.where(times == NEVER, NEVER, times - entered_at[:, None]),
        watched=ages if window is None else np.minimum(ages, window),
        ages=ages,
        is_open=status[rows] == "open",
    )


def _facts(funnels: pd.DataFrame) -> tuple[list[str], int | None, int | None]:
    """Return the steps, the window and as_of, which the funnels' attrs hold."""
    if not {"window", "as_of"} <= set(funnels.attrs) or not {"steps", "funnels"} & set(funnels.attrs):
        raise FrameError(
            "the funnels frame has lost its attrs, which hold the steps, the window and as_of",
            next_step="frame.attrs = funnels.attrs, with the funnels that the frame was made of",
        )
    window, as_of = funnels.attrs["window"], funnels.attrs["as_of"]
    return (
        step_labels(funnels),
        pd.Timedelta(window).as_unit("ns").value if window is not None else None,
        pd.Timestamp(as_of).as_unit("ns").value if as_of is not None else None,
    )


def _nanoseconds(times: pd.Series) -> np.ndarray:
    return times.astype(TIME).to_numpy("datetime64[ns]").view(np.int64)


def _groups(values: pd.DataFrame, spells: Spells) -> Iterator[tuple[int, Spells]]:
    """Yield the first unit and the spells of each group of equal values, the largest first."""
    codes = values.groupby(list(values)).ngroup().to_numpy()
    sizes = np.bincount(codes)
    units = np.split(np.argsort(codes, kind="stable"), np.cumsum(sizes)[:-1])
    for group in np.argsort(-sizes, kind="stable"):
        yield int(units[group][0]), spells.of(units[group])
