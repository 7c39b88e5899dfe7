"""The open units that may still convert, the warmest first, with the reason in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from leadanalytics.branches import split_funnels
from leadanalytics.conversion.prospects import prospects
from leadanalytics.conversion.spells import DAY, Spells, tell_groups
from leadanalytics.conversion.transitions import find_moves
from leadanalytics.errors import OptionError
from leadanalytics.schema import TEXT

__all__ = ["still_warm"]

_ADDED = ["waits_for", "probability", "age", "days_left", "reason"]


def still_warm(funnels: pd.DataFrame, *, by: str | Sequence[str] | None = None, top: int | None = None) -> pd.DataFrame:
    """Return the units that are open, those most likely to take their next step first, each with the reason.

    From a funnels frame to its columns and waits_for, the next step; probability, to take it in time; age and
    days_left [days]; and reason, one sentence.

    Parameters
    ----------
    funnels : DataFrame
        Made by `build_funnels`. Where there are several funnels, each unit is judged by the past of its own.
    by : str or sequence of str, optional
        Columns whose groups convert unlike each other: each unit is judged by the past of its group alone.
    top : int, optional
        Keep this many of the warmest.

    Returns
    -------
    DataFrame
        The probability is the one that `nowcast` adds up over all open units. Of equal ones, whoever has less time
        left comes first. age counts from the entry, days_left to the end of the window, or to the age of the oldest
        unit where there is no window. A unit that is open because it entered again, after the window of its counted
        chain, has no age and no days_left: funnels do not tell when, and the middle of the window stands for it.
        Where no unit (of the group) is as old as the window, the probability reaches to the age of the oldest, and is
        unknown (NaN) for units of that age, which come last.

        Whoever asked not to be contacted (do_not_contact, also by another lead) is judged with the others and is not
        on the list; `attrs["left_out"]` counts them, and is empty where the frame has no such column.

    Raises
    ------
    FrameError
        When a column is missing, or the frame has lost its `attrs`.
    OptionError
        When top is not a number from 1.

    Examples
    --------
    >>> day = pd.to_datetime(["2024-06-01", "2024-06-01", "2024-07-01"], utc=True)
    >>> funnels = pd.DataFrame({"depth": [2, 1, 1], "status": ["reached", "dropped", "open"], "entered_step": 1})
    >>> funnels = funnels.assign(entered_at=day, tried=day, bought=pd.to_datetime(["2024-06-21", None, None], utc=True))
    >>> funnels.attrs = {"steps": ["tried", "bought"], "window": "30 days", "as_of": "2024-07-11T00:00:00+00:00"}
    >>> still_warm(funnels)["reason"].item()
    'tried, 10 days since entry: 50 % of such customers still take bought by day 30 (estimated from 3)'
    """
    if top is not None and (not isinstance(top, int | np.integer) or top < 1):
        raise OptionError("top is a number from 1", found=repr(top), next_step="top=100")
    parts = [part for _, part in split_funnels(funnels)]
    parts = [part for part in parts if len(part)] or parts[:1]
    warm = pd.concat([_warm_units(part, by) for part in parts], ignore_index=True)
    never = warm["do_not_contact"].eq(True).fillna(False).to_numpy(bool) if "do_not_contact" in warm else None
    left_out = {} if never is None else {"do not contact": int(never.sum())}
    warm = warm if never is None else warm[~never]
    found = warm.iloc[np.lexsort((warm["days_left"], -warm["probability"]))[:top]].reset_index(drop=True)
    found = found[list(dict.fromkeys([*funnels.columns, *_ADDED]))]
    found.attrs = {**funnels.attrs, "left_out": left_out}
    return found


def _warm_units(funnels: pd.DataFrame, by: str | Sequence[str] | None) -> pd.DataFrame:
    """Return the open units of one funnel in the order of its rows, with what is told of each."""
    warm = tell_groups(funnels, by=by, tell=_open_units).sort_values("row", ignore_index=True)
    added = {name: warm[name] for name in _ADDED[:-1]}
    reasons = pd.array(_reasons(warm, _whom(funnels.attrs.get("unit"))), dtype=TEXT)
    return funnels.iloc[warm["row"]].reset_index(drop=True).assign(**added, reason=reasons)


def _whom(unit: Sequence[str] | None) -> str:
    """Return in words what a unit is."""
    return "customers" if not unit or "customer_id" in unit else "accounts" if "account_id" in unit else "cases"


def _open_units(spells: Spells) -> pd.DataFrame:
    """Return what is known of the open units of one group."""
    units, ages, chance = prospects(spells, find_moves(spells))
    depth = spells.depth[units]
    # A unit that entered again has an age that is only supposed.
    told = ages == spells.ages[units]
    # Of the days after the longest watch nothing is known, which is not that nobody converts in them.
    is_known = ages < spells.horizon
    end = spells.horizon if spells.window is None else spells.window
    labels = np.array(spells.labels, dtype=object)
    return pd.DataFrame(
        {
            "row": spells.rows[units],
            "stands_at": labels[depth],
            "waits_for": pd.array(labels[depth + 1], dtype=TEXT),
            "probability": np.where(is_known, chance[np.arange(len(units)), depth + 1], np.nan),
            "age": np.where(told, ages / DAY, np.nan),
            "days_left": np.where(told, (end - ages) / DAY, np.nan),
            "reaches": spells.horizon / DAY,
            "is_short": spells.horizon < end,
            "like": len(spells.rows),
        }
    )


def _reasons(warm: pd.DataFrame, whom: str) -> np.ndarray:
    """Return one sentence for each unit that says why it stands where it does in the list."""
    facts = pd.DataFrame(
        {
            "stands_at": warm["stands_at"],
            "waits_for": warm["waits_for"],
            "percent": (warm["probability"] * 100).round(),
            "is_small": (warm["probability"] > 0) & (warm["probability"] < 0.01),
            "age": warm["age"].round(1),
            "reaches": warm["reaches"].round(1),
            "is_short": warm["is_short"],
            "like": warm["like"],
        }
    )
    # Many units share a sentence, so each different one is written once.
    places = facts.groupby(list(facts), dropna=False, sort=False).ngroup().to_numpy()
    different = facts.drop_duplicates().itertuples(index=False)
    return np.array([_sentence(*values, whom=whom) for values in different], dtype=object)[places]


def _sentence(
    stands_at: str,
    waits_for: str,
    percent: float,
    is_small: bool,
    age: float,
    reaches: float,
    is_short: bool,
    like: int,
    *,
    whom: str,
) -> str:
    since = "entered again" if np.isnan(age) else f"{_number(age)} day{'s' * (age != 1)} since entry"
    if np.isnan(percent):
        return f"{stands_at}, {since}: whether such {whom} still take {waits_for} is unknown, {_short(reaches)}"
    share = "under 1 %" if is_small else f"{percent:.0f} %" if percent else "none"
    by_when = "in time" if np.isnan(age) and not is_short else f"by day {_number(reaches)}"
    by_when += f", {_short(reaches)}" if is_short else ""
    return f"{stands_at}, {since}: {share} of such {whom} still take {waits_for} {by_when} (estimated from {like:,})"


def _short(reaches: float) -> str:
    return f"as the past reaches only to day {_number(reaches)}"


def _number(days: float) -> str:
    return f"{days:.1f}".removesuffix(".0")
