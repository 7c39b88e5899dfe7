"""What the invented customers do and when: test drive, get it now, install or contact me, with all the detours."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadanalytics.samples.people import People
from leadanalytics.samples.words import Flags, Numbers, chance, load_words, pick

DAY = 86_400

# What a customer can do, as the codes that the marketplace sends: source and action.
CLICKS = (
    ("TestDrive", "StartTestDrive"),
    ("AzureMarketplace", "INS"),
    ("AzurePortal", "Create"),
    ("SPZA", "INS"),
    ("SPZA", "PLT"),
    ("SPZA", "DNC"),
    ("AzureMarketplace", "Preview"),
    ("PartnerDirectory", "Enquiry"),
)
CONTACT_ME, DO_NOT_CONTACT, UNKNOWN_ACTION, UNKNOWN_SOURCE = 4, 5, 6, 7

# The clicks of the three steps, on Azure Marketplace and on AppSource.
_STEPS = np.array([[0, 1, 2], [0, 3, CONTACT_ME]])

_JOURNEYS = (16, 3, 1)  # shares of customers with 1, 2 and 3 journeys
_SKIPS_GET_IT_NOW = 40  # of thousand journeys
_OUT_OF_ORDER = 25  # of thousand pairs of steps
_REPEATS = 80  # of thousand clicks
_STRAYS = {DO_NOT_CONTACT: 20, UNKNOWN_ACTION: 12, UNKNOWN_SOURCE: 6}  # of thousand journeys

# Shares of the months (January to December), the days of the week (from Monday) and the hours of the day (UTC).
_SEASON = (95, 100, 115, 105, 100, 90, 70, 65, 110, 120, 125, 75)
_WEEKDAY = (20, 22, 22, 21, 18, 5, 4)
_HOUR = (2, 2, 2, 3, 3, 4, 6, 9, 12, 14, 14, 12, 11, 13, 14, 14, 13, 11, 9, 7, 6, 5, 4, 3)


def make_journeys(
    rng: np.random.Generator, *, people: People, offers: pd.DataFrame, first: pd.Timestamp, end: pd.Timestamp
) -> pd.DataFrame:
    """Return every click, oldest first: customer, offer and click by number, `at` in seconds since 1970, UTC.

    Each customer clicks at least once from `first` and before `end`; what they would do later has not happened yet.
    """
    one_lead = people.has("withheld", "cut")
    journeys = _set_out(rng, one_lead=one_lead, offers=offers, first=first, end=end)
    alone = one_lead[journeys["customer"]]
    taken = _take_steps(rng, offers.iloc[journeys["offer"]])
    taken[alone] &= taken[alone].cumsum(axis=1) == 1
    at = _walk(rng, taken, journeys["entry"].to_numpy())
    journey, step = np.nonzero(taken)
    clicks = _clicks(journeys, journey, _STEPS[journeys["app_source"].to_numpy()[journey].astype(int), step], at[taken])
    clicks = pd.concat([clicks, _repeats(rng, clicks[~one_lead[clicks["customer"]]]), *_strays(rng, journeys[~alone])])
    clicks = clicks[clicks["at"] < end.value // 1_000_000_000]
    return clicks.sort_values("at", kind="stable", ignore_index=True)


def _set_out(
    rng: np.random.Generator, *, one_lead: Flags, offers: pd.DataFrame, first: pd.Timestamp, end: pd.Timestamp
) -> pd.DataFrame:
    """Return one row per journey: customer, offer, app_source, entry."""
    many = np.where(one_lead, 1, 1 + pick(rng, _JOURNEYS, len(one_lead)))
    customer = np.repeat(np.arange(len(one_lead)), many)
    earlier = np.arange(len(customer)) - np.repeat(np.cumsum(many) - many, many)
    offer = pick(rng, offers["share"], len(customer))
    storefront = offers["storefront"].to_numpy()[offer]
    either = chance(rng, 500, len(customer))
    entry = _enter(rng, len(one_lead), first=first, end=end)[customer] + earlier * _gaps(rng, len(customer))
    app_source = (storefront == "appsource") | ((storefront == "both") & either)
    return pd.DataFrame({"customer": customer, "offer": offer, "app_source": app_source, "entry": entry})


def _enter(rng: np.random.Generator, customers: int, *, first: pd.Timestamp, end: pd.Timestamp) -> Numbers:
    """Return when each customer is first seen: interest doubles in a year, with seasons, weeks and office hours."""
    days = pd.date_range(first, end, inclusive="left")
    number = np.arange(len(days))
    weight = (365 + number) * np.take(_SEASON, days.month - 1) * np.take(_WEEKDAY, days.day_of_week)
    day = first.value // (DAY * 1_000_000_000) + pick(rng, weight, customers)
    return day * DAY + pick(rng, _HOUR, customers) * 3600 + rng.integers(0, 3600, customers)


def _take_steps(rng: np.random.Generator, offers: pd.DataFrame) -> Flags:
    """Return for each journey which of the three steps are taken; who takes no test drive gets the product at once."""
    size = len(offers)
    test_drive = chance(rng, offers["test_drive"].to_numpy(), size)
    get_it_now = ~test_drive | chance(rng, offers["get_it_now"].to_numpy(), size)
    skips = chance(rng, _SKIPS_GET_IT_NOW, size)
    last = skips | (get_it_now & chance(rng, offers["last_step"].to_numpy(), size))
    return np.column_stack([test_drive, get_it_now & ~skips, last])


def _walk(rng: np.random.Generator, taken: Flags, entry: Numbers) -> Numbers:
    """Return when each step is taken; now and then two steps arrive in the wrong order."""
    gaps = np.column_stack([_gaps(rng, len(taken)) for _ in range(3)])
    later = taken & (taken.cumsum(axis=1) > 1)
    at = entry[:, None] + np.where(later, gaps, 0).cumsum(axis=1)
    for earlier, next_step in ((0, 1), (1, 2)):
        swap = chance(rng, _OUT_OF_ORDER, len(taken)) & taken[:, earlier] & taken[:, next_step]
        at[swap, earlier], at[swap, next_step] = at[swap, next_step], at[swap, earlier]
    return at


def _clicks(journeys: pd.DataFrame, journey: Numbers, click: Numbers | int, at: Numbers) -> pd.DataFrame:
    of_journey = journeys[["customer", "offer"]].iloc[journey].reset_index(drop=True)
    return of_journey.assign(click=click, at=at)


def _repeats(rng: np.random.Generator, clicks: pd.DataFrame) -> pd.DataFrame:
    again = clicks[chance(rng, _REPEATS, len(clicks))]
    return again.assign(at=again["at"] + _gaps(rng, len(again)))


def _strays(rng: np.random.Generator, journeys: pd.DataFrame) -> list[pd.DataFrame]:
    """Return clicks that reach no stage: a courtesy notice for a partner, and codes that nobody has documented."""
    strays = []
    for click, per_thousand in _STRAYS.items():
        fits = journeys["app_source"].to_numpy() | (click != DO_NOT_CONTACT)
        journey = np.flatnonzero(fits & chance(rng, per_thousand, len(journeys)))
        at = journeys["entry"].to_numpy()[journey] + _gaps(rng, len(journey))
        strays.append(_clicks(journeys, journey, click, at))
    return strays


def _gaps(rng: np.random.Generator, size: int) -> Numbers:
    """Return seconds that pass before the next click, from minutes to months."""
    gaps = load_words("gaps", numbers=["share", "from_seconds", "to_seconds"])
    row = pick(rng, gaps["share"], size)
    low, high = gaps["from_seconds"].to_numpy()[row], gaps["to_seconds"].to_numpy()[row]
    return low + (rng.random(size) * (high - low)).astype("int64")
