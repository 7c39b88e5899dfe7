"""Who came without the first step, and what may lie behind it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics import schema
from leadanalytics.branches import in_each_funnel, step_labels
from leadanalytics.conversion.outcomes import window_of
from leadanalytics.conversion.properties import EDUCATION, usable_leads
from leadanalytics.errors import FrameError
from leadanalytics.schema import TEXT
from leadanalytics.spans import Span, read_span

__all__ = ["BYPASS_REASONS", "bypass_report"]

MISSING = "(missing)"
BYPASS_REASONS = {
    "no personal data": "an academic address, or no name, address or company: Microsoft withholds them for .edu, so an "
    "earlier first step cannot be told to be theirs",
    "before the feed": "first seen so soon after the feed began that the first step may lie before it",
    "no first steps there": "no lead of the first step has ever come from this offer or this storefront",
    "suspected split": "someone with the same name or company took the first step of the same offer before and nothing "
    "after: perhaps one customer taken for two; a suspicion, not a finding",
    "other": "none of these: they came in past the first step",
}
# What is read of the leads, beside the columns of the unit.
_PERSON = ("first_name", "last_name", "email", "company", "marketplace")
_READ = (*_PERSON, "record_id", "created_at", "is_test", "do_not_contact", "offer_name")


def bypass_report(funnels: pd.DataFrame, leads: pd.DataFrame, *, lead_in: Span | None = None) -> pd.DataFrame:
    """Return how many units came without the first step, by what may lie behind it; the reasons add up to all.

    From the funnels and their leads to one row per reason, in the order in which they are tried: a unit counts under
    the first that applies.

    Parameters
    ----------
    funnels : DataFrame
        Made by `build_funnels`; where each offer has its own funnel, the rows of each stand behind a column `funnel`.
    leads : DataFrame
        The leads that the funnels were made of, all of them: their first one is the beginning of the feed. Test and
        do-not-contact leads do not count.
    lead_in : str or timedelta, optional
        How long after the beginning of the feed a first step may still lie before it; the window of the funnels by
        default, 30 days without one.

    Returns
    -------
    DataFrame
        reason, one of "no personal data", "before the feed", "no first steps there", "suspected split", "other";
        units; share (of all units that skipped the first step, NaN when there are none); meaning, in words.

        `attrs` hold `bypass`, how many skipped it, and `of`, how many units there are in all.

    Raises
    ------
    FrameError
        When a column is missing, or the funnels have lost their `attrs`.

    Examples
    --------
    >>> day = pd.to_datetime(["2024-01-01", "2024-06-01", "2024-06-20"], utc=True)
    >>> names = ["ann", "bob", "cy"]
    >>> leads = pd.DataFrame({"customer_id": names, "email": "x@example.com", "company": ["A", "B", "b"]})
    >>> leads = leads.assign(created_at=day, stage=["Test drive", "Test drive", "Get it now"])
    >>> funnels = pd.DataFrame({"customer_id": names, "depth": [1, 1, 0], "status": ["open", "open", "bypass"]})
    >>> funnels = funnels.assign(entered_at=day, **{"Test drive": day.where([True, True, False])})
    >>> funnels.attrs = {"steps": ["Test drive", "Get it now"], "unit": ["customer_id"]}
    >>> bypass_report(funnels, leads)[["reason", "units"]].query("units > 0")
                reason  units
    3  suspected split      1
    """
    result = in_each_funnel(funnels, lambda part: _report(part, leads, lead_in))
    past = int((funnels["status"].astype(TEXT) == "bypass").sum())
    result.attrs = {**funnels.attrs, "bypass": past, "of": len(funnels)}
    return result


def _report(funnels: pd.DataFrame, leads: pd.DataFrame, lead_in: Span | None) -> pd.DataFrame:
    """Return the report of one funnel."""
    first, unit = _facts(funnels)
    schema.check(funnels, "funnels", columns=[*unit, "depth", "status", "entered_at", first])
    schema.check(leads, "leads", columns=["created_at", *unit])
    usable = usable_leads(_with_offers(leads.loc[:, leads.columns.isin([*unit, *_READ])]))
    past = funnels[funnels["status"].astype(TEXT) == "bypass"]
    seen = _seen(past, usable, unit)
    window = window_of(funnels)[0] or pd.Timedelta("30 days")
    start = usable["created_at"].min() + (window if lead_in is None else read_span("lead_in", lead_in, zero=True))
    applies = [
        _nameless(past, seen),
        (past["entered_at"] < start).to_numpy(),
        _nowhere(past, seen, funnels, usable, first, unit),
        _split(past, seen, funnels, usable, first, unit),
    ]
    reasons = list(BYPASS_REASONS)
    found = np.select(applies, range(len(applies)), len(applies))
    units = np.bincount(found, minlength=len(reasons))
    return pd.DataFrame(
        {
            "reason": pd.array(reasons, dtype=TEXT),
            "units": units,
            "share": units / (len(past) or np.nan),
            "meaning": pd.array(list(BYPASS_REASONS.values()), dtype=TEXT),
        }
    )


def _facts(funnels: pd.DataFrame) -> tuple[str, list[str]]:
    """Return the label of the first step, and the columns of the unit."""
    if "unit" not in funnels.attrs or not {"steps", "funnels"} & set(funnels.attrs):
        raise FrameError(
            "the funnels frame has lost its attrs, which hold the steps and the unit",
            next_step="frame.attrs = funnels.attrs, with the funnels that the frame was made of",
        )
    return step_labels(funnels)[0], list(funnels.attrs["unit"])


def _with_offers(leads: pd.DataFrame) -> pd.DataFrame:
    """Return leads whose offer goes by its name where it has no id, as the units of a funnel do."""
    if "offer_id" not in leads.columns:
        return leads
    offer = leads["offer_id"].astype(TEXT)
    if "offer_name" in leads.columns:
        offer = offer.fillna(leads["offer_name"].astype(TEXT))
    return leads.assign(offer_id=offer.fillna(MISSING))


def _seen(past: pd.DataFrame, leads: pd.DataFrame, unit: list[str]) -> pd.DataFrame:
    """Return what the leads of each unit say of its person: one row per unit, the first value of each field."""
    fields = [name for name in _PERSON if name in leads.columns]
    place = past[unit].astype(TEXT).assign(place=np.arange(len(past)))
    theirs = leads[list(dict.fromkeys([*unit, *fields]))].astype(TEXT).merge(place, on=unit)
    return theirs.groupby("place")[fields].first().reindex(np.arange(len(past)))


def _nameless(past: pd.DataFrame, seen: pd.DataFrame) -> np.ndarray:
    """Return which units are academic, or say nothing of who they are."""
    personal = seen.columns.intersection(["first_name", "last_name", "email", "company"])
    nobody = seen[personal].isna().all(axis=1).to_numpy()
    if "email" not in seen:
        return nobody
    return nobody | seen["email"].str.strip().str.lower().str.contains(EDUCATION, regex=True, na=False).to_numpy(bool)


def _nowhere(
    past: pd.DataFrame, seen: pd.DataFrame, funnels: pd.DataFrame, leads: pd.DataFrame, first: str, unit: list[str]
) -> np.ndarray:
    """Return which units came by an offer or a storefront that never brought a first step."""
    takers = funnels[funnels[first].notna()]
    nowhere = np.zeros(len(past), bool)
    if "offer_id" in unit:
        nowhere |= ~past["offer_id"].astype(TEXT).isin(takers["offer_id"].astype(TEXT).unique()).to_numpy()
    if "marketplace" not in leads.columns:
        return nowhere
    steps = takers[[*unit, first]].astype(dict.fromkeys(unit, TEXT)).rename(columns={first: "created_at"})
    columns = dict.fromkeys([*unit, "marketplace"], TEXT)
    taken = leads[[*columns, "created_at"]].astype(columns)
    storefronts = taken.merge(steps, on=[*unit, "created_at"])["marketplace"]
    # A first step from a storefront unknown may be from any of them.
    if storefronts.isna().any():
        return nowhere
    ours = seen["marketplace"]
    return nowhere | (ours.notna() & ~ours.isin(storefronts.unique())).to_numpy()


def _split(
    past: pd.DataFrame, seen: pd.DataFrame, funnels: pd.DataFrame, leads: pd.DataFrame, first: str, unit: list[str]
) -> np.ndarray:
    """Return which units share a name or a company with one that took the first step alone, no later than they came."""
    stopped = funnels[(funnels["depth"] == 1) & funnels[first].notna()]
    same = unit[1:]
    theirs = _people(stopped, _seen(stopped, leads, unit), unit).assign(since=stopped[first].array)
    ours = _people(past, seen, unit).assign(at=past["entered_at"].array)
    suspected = np.zeros(len(past), bool)
    for field in ("name", "company"):
        keys = list(dict.fromkeys([*same, field]))
        earliest = theirs.groupby(keys)["since"].min().reset_index()
        pairs = ours.merge(earliest, on=keys, how="left")
        suspected |= (pairs["since"] <= pairs["at"]).to_numpy()
    return suspected


def _people(units: pd.DataFrame, seen: pd.DataFrame, unit: list[str]) -> pd.DataFrame:
    """Return the name and the company of each unit, letters and spaces alike, beside the rest of what names it."""
    seen = seen.reindex(columns=["first_name", "last_name", "company"]).astype(TEXT)
    name = seen["first_name"] + " " + seen["last_name"]
    people = units[unit[1:]].astype(TEXT).reset_index(drop=True)
    return people.assign(name=_folded(name).array, company=_folded(seen["company"]).array)


def _folded(text: pd.Series) -> pd.Series:
    words = pc.replace_substring_regex(pa.array(text.astype(TEXT)), r"[\s\pZ]+", " ")
    folded = pd.Series(pd.array(words, dtype=TEXT)).str.lower().str.strip()
    return folded.where(folded != "")
