"""Instants read from what a caller writes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from leadanalytics.errors import FrameError, OptionError
from leadanalytics.funnels.times import created_times, read_instant, read_range, read_zone, say_instant


@pytest.mark.parametrize(
    "value",
    [
        "2024-06-30T12:00+02:00",
        "2024-06-30 10:00Z",
        datetime(2024, 6, 30, 10, tzinfo=UTC),
        pd.Timestamp("2024-06-30 12:00", tz="Europe/Berlin"),
    ],
)
def test_an_instant_in_every_form(value):
    assert read_instant("as_of", value) == pd.Timestamp("2024-06-30 10:00", tz="UTC")


@pytest.mark.parametrize("value", ["2024-06-30", " 2024-06-30 ", date(2024, 6, 30), np.datetime64("2024-06-30")])
def test_a_plain_date_is_a_day_in_a_zone(value):
    berlin = ZoneInfo("Europe/Berlin")
    assert read_instant("dates", value) == pd.Timestamp("2024-06-30", tz="UTC")
    assert read_instant("dates", value, zone=berlin) == pd.Timestamp("2024-06-29 22:00", tz="UTC")
    last = read_instant("as_of", value, zone=berlin, end_of_day=True)
    assert last == pd.Timestamp("2024-06-30 21:59:59.999999999", tz="UTC")


def test_a_day_ends_and_begins_where_the_clock_changes():
    # In Cairo the clock went from 23:59 to 01:00 on 2024-04-26.
    cairo = ZoneInfo("Africa/Cairo")
    assert read_instant("dates", "2024-04-26", zone=cairo) == pd.Timestamp("2024-04-25 22:00", tz="UTC")
    assert read_instant("as_of", "2024-04-25", zone=cairo, end_of_day=True) == pd.Timestamp(
        "2024-04-25 21:59:59.999999999", tz="UTC"
    )


@pytest.mark.parametrize(
    "value", ["2024-06-30 10:00", datetime(2024, 6, 30), np.datetime64("2024-06-30T10"), pd.Timestamp("2024-06-30")]
)
def test_a_naive_instant_is_refused_with_the_next_step(value):
    with pytest.raises(OptionError, match=r"as_of needs a time zone; .*as_of=pd.Timestamp\('2024-06-30.*', tz='UTC'\)"):
        read_instant("as_of", value)


@pytest.mark.parametrize("value", ["yesterday-ish", 20240630, pd.NaT, "9999-01-01T00:00Z"])
def test_no_instant(value):
    with pytest.raises(OptionError, match="as_of is a date, or a time with its zone"):
        read_instant("as_of", value)


@pytest.mark.parametrize("value", ["Europe/Berln", "", None, 3, "../etc"])
def test_no_zone(value):
    with pytest.raises(OptionError, match=r"zone is the name of a time zone; .*zone='Europe/Berlin'"):
        read_zone("zone", value)


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        ("2024-06-30", "2024-06-30"),
        ("2024-06-30 08:05", "2024-06-30 08:05 UTC"),
        ("2024-06-30 08:05:09", "2024-06-30 08:05:09 UTC"),
        ("2024-06-30 23:59:59.999999999", "the end of 2024-06-30"),
    ],
)
def test_an_instant_in_words(instant, said):
    assert say_instant(pd.Timestamp(instant, tz="UTC")) == said


@pytest.mark.parametrize("value", [None, "2024", ("2024-06-30T00:00Z",), ("2024-06-30T00:00Z", "2024-06-30T00:00Z")])
def test_no_range(value):
    with pytest.raises(OptionError, match="dates"):
        read_range("dates", value)


def test_a_range_of_plain_dates_begins_each_day_in_its_zone():
    since, until = read_range("dates", ("2024-07-01", "2024-08-01"), zone=ZoneInfo("Europe/Berlin"))
    assert (since, until) == (pd.Timestamp("2024-06-30 22:00", tz="UTC"), pd.Timestamp("2024-07-31 22:00", tz="UTC"))


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_created_times_are_nanoseconds_of_utc(unit):
    created = pd.Series(pd.to_datetime(["1970-01-01T01:00:01+01:00", None], utc=True)).dt.tz_convert("Europe/Berlin")
    leads = pd.DataFrame({"created_at": created.dt.as_unit(unit)})
    assert created_times(leads).tolist() == [10**9, np.iinfo(np.int64).min]


@pytest.mark.parametrize("created", [["2024-06-30T00:00Z"], [20240630]])
def test_created_times_that_are_no_times_are_refused(created):
    with pytest.raises(FrameError, match=r"pd\.to_datetime"):
        created_times(pd.DataFrame({"created_at": created}))
