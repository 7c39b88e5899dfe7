"""What goes with conversion: properties known at a landmark, and who reached the step in the time after it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from leadanalytics import schema
from leadanalytics.conversion.discoveries import check_minimum, check_rate, discovery_adjusted, held_at
from leadanalytics.conversion.outcomes import outcomes_at, window_of
from leadanalytics.conversion.properties import DERIVED, PLAIN, known_properties, usable_leads
from leadanalytics.conversion.proportions import contrast
from leadanalytics.errors import OptionError, check_option
from leadanalytics.schema import TEXT
from leadanalytics.spans import Span, read_span, say_span

__all__ = ["drivers"]

OTHER = "(other)"


def drivers(
    funnels: pd.DataFrame,
    leads: pd.DataFrame,
    *,
    at: Span,
    horizon: Span | None = None,
    step: str | int | None = None,
    properties: Sequence[str] | None = None,
    minimum: int = 30,
    false_discovery_rate: float = 0.05,
) -> pd.DataFrame:
    """Return what goes with reaching a step: one row per value of each property known at a landmark.

    The landmark of a unit lies `at` after its entry. Only what its leads up to then say is used, only units that
    have not reached the step by then are counted, and each is watched for the same `horizon` after it; so nobody has
    a property because they converted, nor converted because they were watched for longer. What goes with conversion
    need not bring it about: no row names a cause.

    Parameters
    ----------
    funnels : DataFrame
        Made by `build_funnels`, the units of one funnel (`split_funnels` parts those of several); with a window or
        start="any", by entry="first": the best entry is chosen by what came after it. Customers with several units are
        counted as often; unit="customer_id" counts each once.
    leads : DataFrame
        The leads that the funnels were made of. All leads of a unit's customer count (the first column of the unit),
        whatever their offer; test and do-not-contact leads and repeats of a record do not.
    at : str or timedelta
        How long after the entry to look.
    horizon : str or timedelta, optional
        How long after the landmark the step may be reached; the rest of the window by default, 30 days without one.
    step : str or int, optional
        The step to reach, its label or number from 2; the last by default.
    properties : sequence of str, optional
        Columns of the leads, whose newest value up to the landmark counts, or "company_kind" (education, named,
        not named, no personal data), "earlier_leads" (before the entry), "leads_since_entry",
        "days_since_first_lead" (from there to the entry); by default these, country, title, source and campaign.
    minimum : int
        The fewest units, of a value and of the others, for a verdict. Rarer values count together as "(other)".
    false_discovery_rate : float
        The expected share of false verdicts among the associations called.

    Returns
    -------
    DataFrame
        property, value; n, reached, rate with rate_low and rate_high (Wilson, 95 %); others_n, others_reached,
        others_rate (the other values of the property); difference with difference_low and difference_high (Newcombe,
        95 %); p (Fisher's exact test, two-sided mid-p) and q (adjusted over all rows shown, Benjamini and Hochberg);
        enough; verdict, in words. The smallest q comes first. A property with one value tells nothing and is not shown.

        `attrs` hold `left_out` (units, by the first reason that applies), `same_for_all` (properties not shown), and
        `base`, which says who is counted.

    Raises
    ------
    FrameError
        When a column is missing, the frame has lost its `attrs`, or its units are of several funnels.
    OptionError
        When the landmark or the horizon does not fit the window, the entry was chosen by the future, or a property
        is unknown.

    References
    ----------
    J. R. Anderson, K. C. Cain, R. D. Gelber, "Analysis of survival by tumor response", Journal of Clinical Oncology
    1, 1983, 710-719 (the landmark method).

    Examples
    --------
    >>> entered = pd.to_datetime(["2024-06-01"] * 80, utc=True)
    >>> names, depth = [f"c{number}" for number in range(80)], [2] * 30 + [1] * 10 + [2] * 10 + [1] * 30
    >>> leads = pd.DataFrame({"customer_id": names, "country": ["DE"] * 40 + ["US"] * 40, "created_at": entered})
    >>> funnels = pd.DataFrame({"customer_id": names, "depth": depth, "entered_step": 1, "entered_at": entered})
    >>> funnels["status"] = funnels["depth"].map({2: "reached", 1: "dropped"})
    >>> funnels["Get it now"] = (entered + pd.Timedelta("3 days")).where(funnels["depth"] == 2)
    >>> funnels.attrs = {"steps": ["Test drive", "Get it now"], "unit": ["customer_id"], "entry": "first"}
    >>> funnels.attrs |= {"window": "7 days", "as_of": "2024-06-30 00:00+00:00"}
    >>> found = drivers(funnels, leads, at="1 day")
    >>> found[["property", "value", "n", "rate", "verdict"]].to_dict("records")[0]
    {'property': 'country', 'value': 'DE', 'n': 40, 'rate': 0.75, 'verdict': 'goes with a higher rate (false ...)'}
    """
    check_minimum(minimum)
    check_rate(false_discovery_rate)
    who = _who(funnels)
    schema.check(leads, "leads with customer_id" if who == "customer_id" else "leads", columns=[who, "created_at"])
    after, ahead = _spans(funnels, at, horizon)
    columns = _properties(leads.columns.drop([who, "created_at"]), properties)
    outcomes = outcomes_at(funnels, step)
    units, landmarks = outcomes.units, outcomes.units["entered_at"] + after
    taken = units[outcomes.step].where(outcomes.reached)
    early = (taken <= landmarks).to_numpy()
    unseen = ~early & ~(landmarks + ahead <= window_of(funnels)[1]).to_numpy()
    watched = ~early & ~unseen
    reached = (taken <= landmarks + ahead).to_numpy()[watched]
    known = known_properties(
        units[watched], usable_leads(leads), who=who, landmarks=landmarks[watched], columns=columns
    )
    counts, same = _counts(known, reached, minimum)
    result = _judged(counts, minimum, false_discovery_rate)
    result.attrs = {
        **funnels.attrs,
        "step": outcomes.step,
        "left_out": {"reached by the landmark": int(early.sum()), "not watched to the end": int(unseen.sum())},
        "same_for_all": same,
        "base": f"Of those who had not reached {outcomes.step} {say_span(after)} after their entry, those that did in "
        f"the {say_span(ahead)} after that; {early.sum():,} left out because they had, {unseen.sum():,} because that "
        "time is not over. What goes with the rate need not be its cause.",
    }
    return result


def _who(funnels: pd.DataFrame) -> str:
    """Return the column that names whose leads a unit's are; raise where the entry was chosen by the future."""
    chosen = funnels.attrs.get("window") is not None or funnels.attrs.get("start") == "any"
    if chosen and funnels.attrs.get("entry") != "first":
        raise OptionError(
            "drivers needs the first entry of each customer: the best one is chosen by what came after it",
            found=f"entry={funnels.attrs.get('entry')!r}",
            next_step="build_funnels(leads, entry='first', ...)",
        )
    return str(next(iter(funnels.attrs.get("unit") or ["customer_id"])))


def _spans(funnels: pd.DataFrame, at: Span, horizon: Span | None) -> tuple[pd.Timedelta, pd.Timedelta]:
    """Return how long after the entry the landmark lies, and how long after it units are watched."""
    window, after = window_of(funnels)[0], read_span("at", at, zero=True)
    if horizon is not None:
        ahead = read_span("horizon", horizon, zero=True)
    else:
        ahead = window - after if window is not None else pd.Timedelta("30 days")
    if window is not None and not (after < window and after + ahead <= window):
        raise OptionError(
            "the landmark and the horizon after it lie inside the window",
            found=f"at {say_span(after)}, a window of {say_span(window)}",
            next_step="a shorter at or horizon, or build_funnels with a longer window",
        )
    return after, ahead


def _properties(present: pd.Index, properties: Sequence[str] | None) -> list[str]:
    if properties is None:
        return [*(column for column in PLAIN if column in present), *DERIVED]
    names = [properties] if isinstance(properties, str) else list(properties)
    for name in names:
        check_option("properties", name, [*DERIVED, *map(str, present)])
    return names


def _counts(known: pd.DataFrame, reached: np.ndarray, minimum: int) -> tuple[pd.DataFrame, list[str]]:
    """Return n and reached per property and value and of the others, and the properties that are the same for all."""
    every = known.melt(var_name="property").assign(reached=np.tile(reached, known.shape[1]))
    size = every.groupby(["property", "value"])["reached"].transform("size")
    every["value"] = every["value"].where(size >= minimum, OTHER)
    counts = every.groupby(["property", "value"])["reached"].agg(n="size", reached="sum").reset_index()
    whole = counts.groupby("property")[["n", "reached"]].transform("sum")
    counts[["others_n", "others_reached"]] = whole - counts[["n", "reached"]]
    alone = counts["others_n"] == 0
    return counts[~alone].astype({"reached": "int64", "others_reached": "int64"}), counts["property"][alone].tolist()


def _judged(counts: pd.DataFrame, minimum: int, false_discovery_rate: float) -> pd.DataFrame:
    """Return counts with rates, tests and verdicts, the smallest q first."""
    enough = (counts[["n", "others_n"]] >= minimum).all(axis=1).to_numpy()
    result = contrast(counts, tested=enough)
    q, held = discovery_adjusted(result["p"].to_numpy()), held_at(false_discovery_rate)
    called, higher = q <= false_discovery_rate, (result["difference"] > 0).to_numpy()
    verdict = np.select(
        [~enough, called & higher, called],
        [
            f"not judged: fewer than {minimum}",
            f"goes with a higher rate ({held})",
            f"goes with a lower rate ({held})",
        ],
        f"no association shown ({held})",
    )
    result = result.assign(q=q, enough=enough, verdict=pd.array(verdict, dtype=TEXT))
    return result.sort_values(["q", "property", "value"], kind="stable").reset_index(drop=True)
