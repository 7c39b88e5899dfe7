"""Made-up leads with a known truth, for examples, tests and benchmarks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from leadanalytics import schema
from leadanalytics.errors import OptionError
from leadanalytics.samples.journeys import make_journeys
from leadanalytics.samples.people import MOST_CUSTOMERS, make_people
from leadanalytics.samples.records import connection_tests, deliver
from leadanalytics.samples.words import load_words


def make_leads(
    *, customers: int = 1000, seed: int = 0, offers: int = 6, months: int = 18, start: str = "2023-01-01"
) -> pd.DataFrame:
    """Return made-up leads as delivered by an Azure Table, awkward on purpose, with the truth beside them.

    The connection tests come first, then the leads by time. `habits.csv` in this folder lists what makes the customers
    hard to recognise, and how many do it.

    Parameters
    ----------
    customers : int
        The number of different customers, 1 to 2,000,000; each leaves one lead or more, about two on average.
    seed : int
        Names the leads, 0 or more: the same arguments give the same leads on every machine.
    offers : int
        The number of offers, 1 to 12.
    months : int
        The length of the period [months]; nothing is known of later clicks.
    start : str
        The first day of the period, UTC. The connection tests were sent on the day before.

    Returns
    -------
    DataFrame
        `raw`, and after its columns true_customer (missing for connection tests) and true_stage (missing where the
        lead reaches no stage).

    Raises
    ------
    OptionError
        When a number is out of its range, or `start` is no date.

    Examples
    --------
    >>> raw = make_leads(customers=3, seed=1)
    >>> raw["true_customer"].nunique()
    3
    """
    catalogue = load_words("offers", numbers=["share", "test_drive", "get_it_now", "last_step"])
    _check_range("customers", customers, 1, MOST_CUSTOMERS)
    _check_range("seed", seed, 0, 2**32 - 1)
    _check_range("offers", offers, 1, len(catalogue))
    _check_range("months", months, 1, 120)
    first = _first_day(start)
    rng = np.random.Generator(np.random.PCG64(seed))
    offered = catalogue.head(offers)
    people = make_people(rng, customers)
    clicks = make_journeys(rng, people=people, offers=offered, first=first, end=first + pd.DateOffset(months=months))
    tests = connection_tests(rng, offers=offered, published=first - pd.Timedelta(days=1))
    leads = deliver(rng, people=people, offers=offered, clicks=clicks)
    return _as_raw(pa.concat_tables([pa.table(tests), pa.table(leads)]))


def sample_leads() -> pd.DataFrame:
    """Return the leads behind the sample files: about 2,000 over 6 offers and 18 months.

    Examples
    --------
    >>> sample_leads()["true_customer"].nunique()
    1020
    """
    return make_leads(customers=1020, seed=2023)


def _as_raw(records: pa.Table) -> pd.DataFrame:
    frame = records.to_pandas()
    constants = {"date_order": "month_first", "time_zone": "UTC", "layout": "azure_table", "origin": "made up"}
    for column, value in constants.items():
        frame[column] = pd.Categorical.from_codes(np.zeros(len(frame), "int8"), [value])
    frame["origin_row"] = np.arange(1, len(frame) + 1)
    return schema.conform(frame, "raw")


def _first_day(start: str) -> pd.Timestamp:
    try:
        return pd.Timestamp(start).tz_localize(None).normalize()
    except ValueError:
        raise OptionError("start is a date such as '2023-01-01'", found=repr(start)) from None


def _check_range(argument: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise OptionError(f"{argument} is a whole number from {least} to {most:,}", found=repr(value))
