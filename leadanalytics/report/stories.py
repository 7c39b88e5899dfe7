"""What each storefront's funnel tells: how many, how surely, how fast, since when, and what is still to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from leadanalytics.conversion import conversion_curve, conversion_rates, nowcast
from leadanalytics.funnels import count_stages, stage_durations, stage_trend
from leadanalytics.recipes import storefront_funnels
from leadanalytics.studies import adjusted_trend

__all__ = ["Story", "tell_stories"]

# How many times a curve is read at: as many as a chart can show.
CURVE_TIMES = 121
MILESTONES = (1, 7, 14, 30, 60, 90, 180)  # days since the entry
# The longest time from the first entry to the last [days] for which a period is still this one.
PERIODS = {"D": 21, "W-MON": 120, "MS": 1100, "QS": 3700}


@dataclass(frozen=True)
class Story:
    """One funnel, of the offers of one storefront."""

    funnel: str
    storefront: str | None
    funnels: pd.DataFrame
    counts: pd.DataFrame  # entered at the first step only
    open_counts: pd.DataFrame  # entered at any step
    offers: pd.DataFrame  # the counts of each offer, the one with most units first
    rates: pd.DataFrame
    trend: pd.DataFrame
    curve: pd.DataFrame
    milestones: pd.DataFrame  # the curve at the days that people speak of
    coming: pd.DataFrame  # the nowcast
    durations: pd.DataFrame

    @property
    def name(self) -> str:
        """What the funnel is called on the page."""
        return self.storefront or f"The {self.funnel} funnel"

    @property
    def place(self) -> str:
        """How a sentence on the funnel begins."""
        return f"On {self.storefront}" if self.storefront else f"In the {self.funnel} funnel"

    @property
    def steps(self) -> list[str]:
        """The labels of the steps."""
        return list(self.counts["stage"])

    @property
    def entered(self) -> int:
        """How many units took the first step."""
        return int(self.counts["n"].iloc[0])

    @property
    def bypass(self) -> int:
        """How many units came without the first step."""
        return int(self.counts["bypass"].sum())

    @property
    def attrs(self) -> Mapping[Any, Any]:
        """The choices of the funnel, as `build_funnels` keeps them."""
        return self.counts.attrs


def tell_stories(
    leads: pd.DataFrame, *, funnel: str | None, freq: str | None, tz: str, **options: Any
) -> tuple[Story, ...]:
    """Return the story of each storefront's funnel; `options` are those of `build_funnels`."""
    closed = storefront_funnels(leads, funnel=funnel, **options)
    entered_anywhere = storefront_funnels(leads, funnel=funnel, start="any", **options)
    return tuple(
        _tell(name, storefront, funnels, count_stages(anywhere), freq=freq, tz=tz)
        for (name, storefront, funnels), (_, _, anywhere) in zip(closed, entered_anywhere, strict=True)
    )


def _tell(
    name: str, storefront: str | None, funnels: pd.DataFrame, open_counts: pd.DataFrame, *, freq: str | None, tz: str
) -> Story:
    rates = conversion_rates(funnels)
    within = float(rates["within"].max())
    times = np.linspace(0, within, CURVE_TIMES).tolist() if within > 0 else None
    taken = funnels[funnels["depth"] > 0]
    return Story(
        funnel=name,
        storefront=storefront,
        funnels=funnels,
        counts=count_stages(funnels),
        open_counts=open_counts,
        offers=_count_offers(funnels),
        rates=rates,
        trend=_trend(funnels, freq=freq or _period(taken["entered_at"]), tz=tz),
        curve=conversion_curve(funnels, at=times),
        milestones=conversion_curve(funnels, at=[day for day in MILESTONES if day <= within] or 0),
        coming=nowcast(funnels),
        durations=stage_durations(funnels),
    )


def _count_offers(funnels: pd.DataFrame) -> pd.DataFrame:
    counts = count_stages(funnels, by="offer_id")
    counts.insert(1, "offer_name", counts["offer_id"].map(funnels.attrs["offer_names"]).fillna(counts["offer_id"]))
    return counts


def _trend(funnels: pd.DataFrame, *, freq: str, tz: str) -> pd.DataFrame:
    """Return the trend, with the adjusted rate where a window makes it possible."""
    how = adjusted_trend if funnels.attrs["window"] and len(funnels) else stage_trend
    return how(funnels, freq=freq, tz=tz)


def _period(entered_at: pd.Series) -> str:
    """Return the period that cuts a time into a number of parts that a reader can take in."""
    span = entered_at.max() - entered_at.min() if len(entered_at) else pd.Timedelta(0)
    return next((freq for freq, most in PERIODS.items() if span <= pd.Timedelta(most, "D")), "YS")
