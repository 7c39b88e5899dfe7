"""From funnels to curves: which share has reached each step how long after the entry."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from leadanalytics.conversion.bands import band_around, check_confidence, median_of
from leadanalytics.conversion.spells import DAY, Spells, tell_groups
from leadanalytics.conversion.transitions import find_moves, occupy
from leadanalytics.errors import OptionError
from leadanalytics.schema import TEXT

__all__ = ["conversion_curve"]

_MEDIAN = "median of the step"
_COLUMNS = ("time", "probability", "low", "high", "at_risk")


def conversion_curve(
    funnels: pd.DataFrame,
    *,
    by: str | Sequence[str] | None = None,
    at: float | Sequence[float] | None = None,
    band: str = "log-log",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the probability to have reached each step by each time since the entry, the unfinished accounted for.

    From a funnels frame to one row per (group,) step and time: step, stage, time [days since the entry], probability
    with its band low and high, and at_risk, the units that are watched at that time and stood before the step until
    then. All steps come from one estimate, so the curve of a step never lies above the one of a step before it.

    Parameters
    ----------
    funnels : DataFrame
        Made by `build_funnels`; the curves of several funnels stand one under the other, behind a column `funnel`.
        A unit is watched from its entry until as_of, at most to the end of the window, which ends the risk of every
        unit alike. Units that skipped the first step, and excluded ones, take no part.
    by : str or sequence of str, optional
        Columns to break down by: a curve for each group, the largest group first.
    at : float or sequence of float, optional
        The times to read the curves at [days]; by default the entry, every time at which a curve rises, and the
        longest time that a unit was watched. Beyond that the probability is unknown (NaN).
    band : {"log-log", "plain"}
        The band on the scale log(-log(1 - probability)), or on the probability itself. Where no unit has reached the
        step by then, or all have, its open end is Wilson's for the units at risk.
    confidence : float
        Of the band, at each time by itself.

    Returns
    -------
    DataFrame
        There is no curve for the first step, which every unit reaches as it enters. In a funnel that is entered at
        any step, units count at the steps before their entry, and the curves may begin above 0. `attrs` are those of
        the funnels, and by, band and confidence, and *medians*: for each group and step the time at which half of
        all that entered have reached it [days], or "not reached", as plain values: `pd.DataFrame(attrs["medians"])`.

    Raises
    ------
    FrameError
        When a column is missing, or the frame has lost its `attrs`.
    OptionError
        When an argument has a value that is not one of its options.

    References
    ----------
    O. O. Aalen and S. Johansen, "An empirical transition matrix for non-homogeneous Markov chains based on censored
    observations", Scandinavian Journal of Statistics 5, 1978. With two steps the curve is one minus the estimate of
    E. L. Kaplan and P. Meier (Journal of the American Statistical Association 53, 1958) with the variance of
    M. Greenwood (Reports on Public Health and Medical Subjects 33, 1926).

    Examples
    --------
    One of two converts on day 20; the third was watched for 10 days only.

    >>> day = pd.to_datetime(["2024-06-01", "2024-06-01", "2024-07-01"], utc=True)
    >>> funnels = pd.DataFrame({"depth": [2, 1, 1], "status": ["reached", "dropped", "open"], "entered_step": 1})
    >>> funnels = funnels.assign(entered_at=day, tried=day, bought=pd.to_datetime(["2024-06-21", None, None], utc=True))
    >>> funnels.attrs = {"steps": ["tried", "bought"], "window": "30 days", "as_of": "2024-07-11T00:00:00+00:00"}
    >>> conversion_curve(funnels)[["stage", "time", "probability", "at_risk"]]
        stage  time  probability  at_risk
    0  bought   0.0          0.0        3
    1  bought  20.0          0.5        2
    2  bought  30.0          0.5        1
    >>> conversion_curve(funnels).attrs["medians"]
    [{'step': 2, 'stage': 'bought', 'median': 20.0}]
    """
    check_confidence(confidence)
    wanted = _read_times(at)
    curves = tell_groups(funnels, by=by, tell=lambda spells: _curves(spells, wanted, band, confidence))
    groups = ["funnel"] if "funnel" in curves.columns else []
    groups += [name for name in curves.attrs["by"] if name != "funnel"]
    told = curves[[*groups, "step", "stage", _MEDIAN]].drop_duplicates()
    told = told.rename(columns={_MEDIAN: "median"})
    medians = told.astype(object).fillna({"median": "not reached"}).to_dict("records")
    attrs = {**curves.attrs, "band": band, "confidence": confidence, "medians": medians}
    curves = curves.drop(columns=_MEDIAN)
    curves.attrs = attrs
    return curves


def _read_times(at: float | Sequence[float] | None) -> np.ndarray | None:
    """Return times in days as nanoseconds, rising."""
    if at is None:
        return None
    try:
        days = np.unique(np.asarray(at, dtype=np.float64))
    except (TypeError, ValueError):
        days = np.array([np.nan])
    if not (np.isfinite(days) & (days >= 0)).all():
        raise OptionError("at is a time since the entry in days, or several", found=repr(at), next_step="at=[7, 30]")
    return np.round(days * DAY).astype(np.int64)


def _curves(spells: Spells, wanted: np.ndarray | None, band: str, confidence: float) -> pd.DataFrame:
    """Return the curves of one group, step by step."""
    moves = find_moves(spells)
    probability, variance = occupy(moves, spells)
    times = wanted if wanted is not None else np.unique(np.append(moves.times, [0, spells.horizon]))
    places = np.searchsorted(moves.times, times, side="right")
    unknown = (times > spells.horizon) | (len(spells.rows) == 0)
    frames = []
    for step in range(1, len(spells.labels)):
        shown = np.where(unknown, np.nan, probability[places, step])
        low, high = band_around(
            shown, variance[places, step], spells.evidence(step, times), band=band, confidence=confidence
        )
        frames.append((times / DAY, shown, low, high, spells.at_risk(step, times)))
    parts = [np.concatenate(part) for part in zip(*frames)] or [times[:0]] * len(_COLUMNS)
    return pd.DataFrame(
        {
            "step": np.repeat(np.arange(2, len(spells.labels) + 1), len(times)),
            "stage": pd.array(spells.labels[1:], dtype=TEXT).repeat(len(times)),
            **dict(zip(_COLUMNS, parts)),
            _MEDIAN: np.repeat(_medians(spells, moves.times, probability), len(times)),
        }
    )


def _medians(spells: Spells, moved_at: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """Return the time by which half have reached each step after the first [days], NaN where fewer ever do."""
    times, steps = np.append(0, moved_at), range(1, len(spells.labels))
    medians = np.array([median_of(times, probability[:, step]) for step in steps], "timedelta64[ns]")
    return medians / np.timedelta64(DAY, "ns")
