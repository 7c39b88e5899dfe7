"""Funnels written in days, an estimate by hand, and feeds whose truth is known."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import numpy as np
import pandas as pd
from funnel_cases import GET, INS, TD, ZERO, leads_of

from leadanalytics.funnels import build_funnels

DAY = pd.Timedelta("1 day")


def day(number: float) -> pd.Timestamp:
    """The instant so many days after the beginning of all cases."""
    return ZERO + number * DAY


def leads_in_days(text: str) -> pd.DataFrame:
    """The leads of a text like "u: TD@0 GET@20", whose times are days."""
    leads = leads_of(text)
    return leads.assign(created_at=ZERO + (leads["created_at"] - ZERO) * 86400)


def funnels_in_days(text: str, *, as_of: float | None = None, **options: object) -> pd.DataFrame:
    """The funnels of a text like "u: TD@0 GET@20", whose times are days, as of a day."""
    return build_funnels(
        leads_in_days(text),
        as_of=None if as_of is None else day(as_of),
        **({"funnel": "acquisition", "window": None} | options),
    )


def two_steps(durations: list[float], events: list[int]) -> pd.DataFrame:
    """Funnels of two steps whose units were watched for so many days, to the second step or to as_of."""
    as_of = day(max(durations))
    entered = as_of - pd.Series(durations) * DAY
    events = np.array(events, bool)
    # The watching of a unit that converted may go on; here it ends there.
    funnels = pd.DataFrame({"depth": 1 + events, "status": np.where(events, "reached", "open"), "entered_step": 1})
    funnels = funnels.assign(entered_at=entered, tried=entered, bought=as_of)
    funnels["bought"] = funnels["bought"].where(events)
    funnels.attrs = {"steps": ["tried", "bought"], "window": None, "as_of": as_of.isoformat()}
    return funnels


def estimate_by_hand(units: list[tuple[int, list[int | None], int]], *, steps: int) -> dict[int, list[Fraction]]:
    """The Aalen-Johansen estimate in fractions: for each time of a move, the share at each step or a later one.

    A unit is its step of entry, the time of each step from there on (as far as it went), and how long it was watched.
    """
    moves, stays = defaultdict(list), []
    for entered, times, watched in units:
        step, since = entered, -1
        for time in sorted(set(times)):
            target = entered + max(place for place, at in enumerate(times) if at == time) + 1
            stays.append((step, since, time))
            moves[time].append((step, target))
            step, since = target, time
        stays.append((step, since, watched))
    share = [Fraction(sum(entered == step for entered, _, _ in units), len(units)) for step in range(steps)]
    curve = {}
    for time in sorted(moves):
        before = list(share)
        for source, target in moves[time]:
            standing = sum(step == source and since < time <= until for step, since, until in stays)
            share[source] -= before[source] / standing
            share[target] += before[source] / standing
        curve[time] = [sum(share[step:], Fraction(0)) for step in range(steps)]
    return curve


def made_feed(seed: int, *, units: int, kind: str) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Leads of 90 days with growing volume, every one there will ever be, and the truth of each unit [days].

    "exponential" waits the same way at each step; in "mixture" some never go on, some do so fast, some slowly.
    """
    random = np.random.default_rng(seed)
    entered = 90 * np.log1p(random.random(units) * (np.exp(2) - 1)) / 2
    if kind == "exponential":
        tried, bought = random.exponential(40, units), random.exponential(30, units)
    else:
        fast = random.random(units) < 0.5
        tried = np.where(fast, random.exponential(3, units), random.exponential(20, units))
        tried[random.random(units) > 0.45] = np.inf
        bought = np.where(random.random(units) < 0.5, random.exponential(6, units), np.inf)
    truth = {TD: np.zeros(units), GET: tried, INS: tried + bought}
    leads = [
        pd.DataFrame({"customer_id": np.arange(units), "stage": stage, "day": entered + since})
        for stage, since in truth.items()
    ]
    leads = pd.concat(leads, ignore_index=True)
    leads = leads[np.isfinite(leads["day"])]
    created = ZERO.as_unit("ns") + pd.to_timedelta(leads.pop("day"), unit="D")
    return leads.assign(created_at=created.astype("datetime64[ns, UTC]"), offer_id="crane"), truth
