"""Each written form of a time, in both readings."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadanalytics.decoding.written_times import NOT_A_TIME, read_times


def readings_of(text):
    readings = read_times(pa.array([text], pa.large_string()))
    month_first, day_first = (
        pd.Timestamp(int(times[0]), unit="ns") if times[0] != NOT_A_TIME else None
        for times in (readings.month_first, readings.day_first)
    )
    return month_first, day_first, bool(readings.is_naive[0])


@pytest.mark.parametrize(
    ("text", "time", "is_naive"),
    [
        ("2024-02-27T05:41:09Z", "2024-02-27T05:41:09", False),
        ("2024-02-27 05:41", "2024-02-27T05:41", True),
        ("2024-02-27", "2024-02-27", True),
        ("2024-02-27T05:41:09+02:00", "2024-02-27T03:41:09", False),
        ("2024-02-27T05:41:09 -0530", "2024-02-27T11:11:09", False),
        ("2024-02-27T05:41:11.8134557Z", "2024-02-27T05:41:11.813455700", False),
        ("2024-02-27T05:41:11.8134557899999", "2024-02-27T05:41:11.813455789", True),
        ("2024/2/27 5:41:09", "2024-02-27T05:41:09", True),
        ("Tue, 27 Feb 2024 05:41:09 GMT", "2024-02-27T05:41:09", False),
        ("27-Feb-2024 05:41:09", "2024-02-27T05:41:09", True),
        ("20240227", "2024-02-27", True),
        ("45356.99862268518", "2024-03-05T23:58:01", True),
        ("1709012469", "2024-02-27T05:41:09", False),
        ("1709012469123", "2024-02-27T05:41:09.123", False),
        ("  2024-02-29T00:00:00Z\n", "2024-02-29", False),
        ("2021/11/7 上午 12:05:09", "2021-11-07T00:05:09", True),
        ("2021/11/7 下午11:59", "2021-11-07T23:59", True),
        ("2021-11-07 오전 9:05:09", "2021-11-07T09:05:09", True),
        ("2021-11-07 오후 12:05:09", "2021-11-07T12:05:09", True),
        ("2021/11/07 午前0:05", "2021-11-07T00:05", True),
        ("2021/11/07 午後 5:41:09", "2021-11-07T17:41:09", True),
        ("2564-11-07 23:59", "2021-11-07T23:59", True),
    ],
)
def test_forms_with_one_reading(text, time, is_naive):
    assert readings_of(text) == (pd.Timestamp(time), pd.Timestamp(time), is_naive)


@pytest.mark.parametrize(
    ("text", "month_first", "day_first"),
    [
        ("3/4/2024 1:07:30 PM", "2024-03-04T13:07:30", "2024-04-03T13:07:30"),
        ("3/4/2024 12:07:30 a.m.", "2024-03-04T00:07:30", "2024-04-03T00:07:30"),
        ("03/04/2024 13:07", "2024-03-04T13:07", "2024-04-03T13:07"),
        ("3/4/24", "2024-03-04", "2024-04-03"),
        ("2/27/2024 5:41:09\u202fAM", "2024-02-27T05:41:09", None),
        ("27.02.2024, 05:41", None, "2024-02-27T05:41"),
        ("27-02-2024", None, "2024-02-27"),
        ("7.11.2021 23.59.59", "2021-07-11T23:59:59", "2021-11-07T23:59:59"),
        ("7.11.2021 klo 23.59", "2021-07-11T23:59", "2021-11-07T23:59"),
        ("07-11-2021 kl. 23.59.59,5", "2021-07-11T23:59:59.5", "2021-11-07T23:59:59.5"),
        ("07/11/2021, 23.59", "2021-07-11T23:59", "2021-11-07T23:59"),
        ("07/11/2021 11:59:59 p. m.", "2021-07-11T23:59:59", "2021-11-07T23:59:59"),
        ("7/11/2564 23:59:59", "2021-07-11T23:59:59", "2021-11-07T23:59:59"),
        ("29/2/2567 0:00", None, "2024-02-29"),
    ],
)
def test_forms_with_two_readings(text, month_first, day_first):
    expected = tuple(pd.Timestamp(time) if time else None for time in (month_first, day_first))
    assert readings_of(text)[:2] == expected


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2/30/2024", "2023-02-29", "2024-02-27T25:00", "2024-02-27T05:61", "1/2/2024 5", "12", "2024-02-27 x",
     "2024-02-27 5.4", "2024-02-27 5.41:09", "2024-02-27 5:41 下午", "上午", "7/11/2644", "7/11/2442",
     "3/4/2024 5:41:09 午後", "10.0.0.24.1", "2024-1-2-3", "0000-00-00", "9999-12-31", "nan", "inf", "1e400"],
)  # fmt: skip
def test_what_is_no_time_has_no_reading(text):
    assert readings_of(text)[:2] == (None, None)


def test_a_slice_with_missing_values_is_read_in_its_own_rows():
    texts = pa.array(["2020-01-01", None, "2021-01-01", "x"], pa.large_string()).slice(1)
    times = read_times(texts).month_first
    assert list(times) == [NOT_A_TIME, pd.Timestamp("2021-01-01").as_unit("ns").value, NOT_A_TIME]


@given(st.datetimes(min_value=pd.Timestamp(1900, 1, 1), max_value=pd.Timestamp(2199, 12, 31)))
def test_every_day_of_the_calendar_is_counted_as_numpy_counts_it(moment):
    texts = pa.array([moment.isoformat(), f"{moment:%m/%d/%Y %I:%M:%S.%f %p}"], pa.large_string())
    expected = np.datetime64(moment, "ns").view("int64")
    assert list(read_times(texts).month_first) == [expected, expected]
