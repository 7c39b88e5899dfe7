"""What each funnel tells: how many, how surely, how fast, since when, and what is still to come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from leadanalytics.charts.words import unit_words
from leadanalytics.conversion import conversion_curve, conversion_rates, nowcast
from leadanalytics.funnels import FunnelRules, build_funnels, count_stages, split_funnels, stage_durations, stage_trend
from leadanalytics.funnels.building import plan_funnels
from leadanalytics.report.words import listed
from leadanalytics.studies import adjusted_trend
from leadanalytics.vocabulary import Vocabulary

__all__ = ["Story", "Tally", "count_anywhere", "tally_funnels", "tell_story"]

# What `count_offers` calls the funnel where the caller names the steps.
OWN_STEPS = "own steps"
# How many times a curve is read at: as many as a chart can show.
CURVE_TIMES = 121
MILESTONES = (1, 7, 14, 30, 60, 90, 180)  # days since the entry
# The longest time from the first entry to the last [days] for which a period is still this one.
PERIODS = {"D": 21, "W-MON": 120, "MS": 1100, "QS": 3700}


@dataclass(frozen=True)
class Tally:
    """One funnel, counted: the units of every offer that goes this way.

    Attributes
    ----------
    funnel : str
        Its name in `count_offers`.
    name : str
        Its steps in words, such as "Test drive → Get it now".
    funnels, counts : DataFrame
        The units, and how many stand at each step.
    offers : tuple of str
        What its offers are called, the one with most units first; none where the rules count over all offers.
    """

    funnel: str
    name: str
    funnels: pd.DataFrame
    counts: pd.DataFrame
    offers: tuple[str, ...]

    @property
    def steps(self) -> list[str]:
        """The labels of the steps."""
        return list(self.counts["stage"])

    @property
    def entered(self) -> int:
        """How many units took the first step, or any where a funnel may be entered at any."""
        return int(self.counts["entered"].sum())

    @property
    def units(self) -> int:
        """How many units have a lead of any step."""
        return len(self.funnels)

    @cached_property
    def statuses(self) -> Mapping[str, int]:
        """How many units have each status of `build_funnels`."""
        return {str(status): int(count) for status, count in self.funnels["status"].value_counts().items()}

    @property
    def skipped(self) -> int:
        """How many units never took the first step."""
        return self.statuses["bypass"]

    @property
    def attrs(self) -> Mapping[Any, Any]:
        """The choices of the funnel, as `build_funnels` keeps them."""
        return self.funnels.attrs

    @property
    def unit(self) -> str:
        """What is counted, in words."""
        return unit_words(self.attrs["unit"])


@dataclass(frozen=True)
class Story(Tally):
    """One funnel, told in full. Of a funnel of one step only the counts and the trend have rows."""

    open_counts: pd.DataFrame | None  # entered at any step; None where the rules allow that already
    rates: pd.DataFrame
    trend: pd.DataFrame
    curve: pd.DataFrame
    milestones: pd.DataFrame  # the curve at the days that people speak of
    coming: pd.DataFrame  # the nowcast
    durations: pd.DataFrame


def tally_funnels(
    leads: pd.DataFrame, funnels: pd.DataFrame, rules: FunnelRules, *, vocabulary: Vocabulary
) -> tuple[Tally, ...]:
    """Return what each funnel of `build_funnels(leads, rules)` comes to, the one with most units first."""
    parts = sorted(split_funnels(funnels), key=lambda each: -len(each[1]))
    keys = [name or OWN_STEPS for name, _ in parts]
    names = _names([part for _, part in parts], keys)
    if rules.order == "any":
        # The frame calls the steps "1 of 2" there.
        planned = {plan.name or OWN_STEPS: plan for plan in plan_funnels(leads, rules, vocabulary=vocabulary)}
        names = [f"{listed([*planned[key].steps])} in any order" for key in keys]
    return tuple(
        Tally(funnel=key, name=name, funnels=part, counts=count_stages(part), offers=_offers(part))
        for key, name, (_, part) in zip(keys, names, parts, strict=True)
    )


def tell_story(tally: Tally, *, freq: str | None, tz: str, anywhere: Mapping[str, pd.DataFrame]) -> Story:
    """Return the story of a funnel; `anywhere` holds the counts of each funnel as entered at any step."""
    funnels = tally.funnels
    rates = conversion_rates(funnels)
    within = float(rates["within"].max())
    times = np.linspace(0, within, CURVE_TIMES).tolist() if within > 0 else None
    taken = funnels[funnels["depth"] > 0]
    return Story(
        **{name: getattr(tally, name) for name in Tally.__dataclass_fields__},
        open_counts=anywhere.get(tally.funnel),
        rates=rates,
        trend=_trend(funnels, freq=freq or _period(taken["entered_at"]), tz=tz),
        curve=conversion_curve(funnels, at=times),
        milestones=conversion_curve(funnels, at=[day for day in MILESTONES if day <= within] or 0),
        coming=nowcast(funnels),
        durations=stage_durations(funnels),
    )


def count_anywhere(leads: pd.DataFrame, rules: FunnelRules, *, vocabulary: Vocabulary) -> dict[str, pd.DataFrame]:
    """Return the counts of each funnel, by its name, as if it were entered at any step; none where it is so anyway."""
    if rules.start == "any" or rules.order == "any":
        return {}
    funnels = build_funnels(leads, rules.changed(start="any"), vocabulary=vocabulary)
    return {name or OWN_STEPS: count_stages(part) for name, part in split_funnels(funnels)}


def _names(parts: Sequence[pd.DataFrame], keys: Sequence[str]) -> list[str]:
    """Return the steps of each funnel in words; funnels of the same steps are told apart by what they lack."""
    names = [" → ".join(part.attrs["steps"]) for part in parts]
    lacks = [listed(part.attrs["unshown"], "or") for part in parts]
    for told in ([f" (no {lack})" if lack else "" for lack in lacks], [f" ({key})" for key in keys]):
        times = Counter(names)
        names = [name + (more if times[name] > 1 else "") for name, more in zip(names, told)]
    return names


def _offers(funnels: pd.DataFrame) -> tuple[str, ...]:
    if "offer_name" not in funnels.columns:
        return ()
    return tuple(str(name) for name in funnels["offer_name"].value_counts().index)


def _trend(funnels: pd.DataFrame, *, freq: str, tz: str) -> pd.DataFrame:
    """Return the trend, with the adjusted rate where a window makes it possible."""
    how = adjusted_trend if funnels.attrs["window"] and len(funnels) else stage_trend
    return how(funnels, freq=freq, tz=tz)


def _period(entered_at: pd.Series) -> str:
    """Return the period that cuts a time into a number of parts that a reader can take in."""
    span = entered_at.max() - entered_at.min() if len(entered_at) else pd.Timedelta(0)
    return next((freq for freq, most in PERIODS.items() if span <= pd.Timedelta(most, "D")), "YS")
