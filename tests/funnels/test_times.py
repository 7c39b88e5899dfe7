"""Instants read from what a caller writes."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest

from leadanalytics.errors import FrameError, OptionError
from leadanalytics.funnels.times import created_times, read_instant, read_range


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


@pytest.mark.parametrize("value", ["2024-06-30", datetime(2024, 6, 30), np.datetime64("2024-06-30")])
def test_a_naive_instant_is_refused_with_the_next_step(value):
    with pytest.raises(OptionError, match=r"as_of needs a time zone; .*as_of=pd.Timestamp\('2024-06-30.*', tz='UTC'\)"):
        read_instant("as_of", value)


@pytest.mark.parametrize("value", ["yesterday-ish", 20240630, date(2024, 6, 30), pd.NaT, "9999-01-01T00:00Z"])
def test_no_instant(value):
    with pytest.raises(OptionError, match="as_of is a time"):
        read_instant("as_of", value)


@pytest.mark.parametrize("value", [None, "2024", ("2024-06-30T00:00Z",), ("2024-06-30T00:00Z", "2024-06-30T00:00Z")])
def test_no_range(value):
    with pytest.raises(OptionError, match="entered"):
        read_range("entered", value)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_created_times_are_nanoseconds_of_utc(unit):
    created = pd.Series(pd.to_datetime(["1970-01-01T01:00:01+01:00", None], utc=True)).dt.tz_convert("Europe/Berlin")
    leads = pd.DataFrame({"created_at": created.dt.as_unit(unit)})
    assert created_times(leads).tolist() == [10**9, np.iinfo(np.int64).min]


@pytest.mark.parametrize("created", [["2024-06-30T00:00Z"], [20240630]])
def test_created_times_that_are_no_times_are_refused(created):
    with pytest.raises(FrameError, match=r"pd\.to_datetime"):
        created_times(pd.DataFrame({"created_at": created}))
