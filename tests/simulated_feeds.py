"""Funnels of simulated feeds whose truth is known: rates per group, nothing else that differs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

TD, GET = "Test drive", "Get it now"
START = pd.Timestamp("2024-01-01", tz="UTC")
WINDOW = pd.Timedelta("30 days")


def funnels_with(rates: Mapping[str, float], *, units: int, seed: int, days: float = 120) -> pd.DataFrame:
    """Units of equally many groups that enter over some days and reach the step at the group's rate inside the window.

    What lies after as_of, which is the end of the last day, has not happened yet.
    """
    random = np.random.default_rng(seed)
    groups = random.choice(list(rates), units)
    entered = START + pd.to_timedelta(random.uniform(0, days, units), unit="D")
    taken = entered + pd.to_timedelta(random.uniform(0, 30, units), unit="D")
    as_of = START + pd.Timedelta(days=days)
    reached = (random.uniform(size=units) < pd.Series(groups).map(rates).to_numpy()) & (taken <= as_of)
    status = np.select([reached, entered + WINDOW > as_of], ["reached", "open"], "dropped")
    funnels = pd.DataFrame(
        {
            "customer_id": [f"c{number:06d}" for number in range(units)],
            "offer_id": groups,
            "depth": 1 + reached,
            "status": status,
            "entered_step": 1,
            "entered_at": entered.as_unit("ns"),
            TD: entered.as_unit("ns"),
            GET: taken.as_unit("ns").where(reached),
        }
    )
    funnels.attrs = {
        "steps": [TD, GET],
        "unit": ["customer_id"],
        "entry": "first",
        "window": "30 days",
        "as_of": as_of.isoformat(),
        "definition": "simulated",
    }
    return funnels
