"""Which evidence tells the created time, and how the order of day and month is settled."""

import numpy as np
import pandas as pd
import pytest

from leadanalytics import schema
from leadanalytics.decoding.creation_times import find_creation_times
from leadanalytics.decoding.written_times import NOT_A_TIME
from leadanalytics.errors import OptionError


def found(*rows, sent_at=None, **options):
    """One (time, evidence, doubt) per row, where doubt is '', 'assumed' or 'fallback'."""
    raw = schema.conform(pd.DataFrame([{"record_id": str(number), **row} for number, row in enumerate(rows)]), "raw")
    sent = np.full(len(raw), NOT_A_TIME) if sent_at is None else np.array([pd.Timestamp(sent_at).as_unit("ns").value])
    times = find_creation_times(raw, sent, **options)
    return [
        (
            str(pd.Timestamp(int(time)))[:16] if time != NOT_A_TIME else None,
            evidence,
            "assumed" * int(a) + "fallback" * int(f),
        )
        for time, evidence, a, f in zip(
            times.created_at, times.created_from, times.is_assumed, times.is_fallback, strict=True
        )
    ]


def test_the_created_text_comes_first():
    row = {"created": "2024-02-27T05:41:09Z", "received": "2024-02-27T05:41:11Z", "partition_key": "2:2F27:2F2024"}
    assert found(row) == [("2024-02-27 05:41", "created", "")]


def test_ticks_come_before_the_received_time():
    row = {"received": "2024-03-01T00:00:00Z"}
    assert found(row, sent_at="2024-02-26 22:03") == [("2024-02-26 22:03", "test ticks", "")]


def test_the_received_time_stands_in_without_doubt_where_no_created_time_is_sent():
    assert found({"received": "2024-02-27T05:41:11Z"}) == [("2024-02-27 05:41", "received", "")]


@pytest.mark.parametrize("created", ["soon", "2001-01-01", "2024-03-05T00:00:00Z"])
def test_an_unusable_created_time_is_replaced_and_told(created):
    row = {"created": created, "received": "2024-02-27T05:41:11Z"}
    assert found(row) == [("2024-02-27 05:41", "received", "fallback")]


def test_a_received_time_far_from_the_partition_date_is_that_of_a_copied_table():
    row = {"received": "2025-01-01T00:00:00Z", "partition_key": "2:2F27:2F2024"}
    assert found(row) == [("2024-02-27 00:00", "partition date", "fallback")]


@pytest.mark.parametrize("key", ["2:2F27:2F2024", "2:2f27:2f2024", "2024-02-27", "2024-02-27T05:41:09Z", "20240227"])
def test_partition_dates(key):
    assert found({"partition_key": key}) == [("2024-02-27 00:00", "partition date", "fallback")]


def test_nothing_tells():
    assert found({"created": "soon", "partition_key": "leads"}) == [(None, np.nan, "")]


@pytest.mark.parametrize(("key", "day"), [("3:2F4:2F2024", "2024-03-04"), ("4:2F3:2F2024", "2024-04-03")])
def test_the_partition_date_proves_the_order(key, day):
    row = {"created": "3/4/2024 10:00", "partition_key": key, "date_order": "month_first"}
    assert found(row, date_order="day_first") == [(f"{day} 10:00", "created", "")]


@pytest.mark.parametrize(
    ("received", "day"), [("2024-03-04T10:00:02Z", "2024-03-04"), ("2024-04-03T10:00:02Z", "2024-04-03")]
)
def test_the_received_time_proves_the_order(received, day):
    assert found({"created": "3/4/2024 10:00", "received": received}) == [(f"{day} 10:00", "created", "")]


def test_a_received_time_that_is_in_doubt_itself_proves_nothing():
    row = {"created": "3/4/2024 10:00", "received": "3/4/2024 10:01"}
    assert found(row) == [("2024-03-04 10:00", "created", "assumed")]


def test_one_day_above_twelve_settles_its_file_and_no_other():
    rows = [{"created": "27/02/2024", "origin": "a"}, {"created": "3/4/2024", "origin": "a"}]
    assert found(*rows, {"created": "3/4/2024", "origin": "b"}) == [
        ("2024-02-27 00:00", "created day", ""),
        ("2024-04-03 00:00", "created day", ""),
        ("2024-03-04 00:00", "created day", "assumed"),
    ]


def test_a_file_that_contradicts_itself_settles_nothing():
    rows = [{"created": created, "date_order": "day_first"} for created in ("27/02/2024", "2/27/2024", "3/4/2024")]
    assert found(*rows)[2] == ("2024-04-03 00:00", "created day", "assumed")


def test_the_caller_settles_what_no_row_proves():
    rows = [{"created": "27/02/2024"}, {"created": "3/4/2024"}]
    assert found(*rows, date_order="month_first") == [
        ("2024-02-27 00:00", "created day", ""),
        ("2024-03-04 00:00", "created day", ""),
    ]


def test_a_day_that_equals_its_month_is_beyond_doubt():
    assert found({"created": "3/3/2024"}) == [("2024-03-03 00:00", "created day", "")]


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2024-02-27 06:41", "2024-02-27 05:41"),
        ("2024-03-31 02:30", "2024-03-31 01:00"),  # a clock in Berlin never shows it
        ("2024-10-27 02:30", "2024-10-27 00:30"),  # a clock in Berlin shows it twice
        ("2024-02-27T06:41Z", "2024-02-27 06:41"),
    ],
)
def test_times_without_a_zone_are_those_of_the_column_or_of_the_caller_where_no_file_tells(local, utc):
    assert found({"created": local, "time_zone": "Europe/Berlin"}, tz="Asia/Tokyo")[0][0] == utc
    assert found({"created": local, "time_zone": "local"}, tz="Europe/Berlin")[0][0] == utc


def test_a_zone_that_no_file_tells_is_asked_for_where_a_time_needs_it():
    rows = [{"created": "2024-02-27 06:41", "time_zone": "local", "origin": "crm.csv"}]
    with pytest.raises(OptionError, match=r"times of 'crm.csv'.*tz='Europe/Berlin'"):
        found(*rows)
    assert found({**rows[0], "created": "2024-02-27T06:41Z"})[0][0] == "2024-02-27 06:41"


def test_a_date_is_the_same_day_in_utc_unless_its_file_has_times_of_day():
    day = {"created": "2024-02-27", "time_zone": "local"}
    assert found(day) == [("2024-02-27 00:00", "created day", "")]
    with_clock = {"created": "2024-02-27 06:41", "time_zone": "local"}
    assert found(day, with_clock, tz="Europe/Berlin")[0] == ("2024-02-26 23:00", "created", "")


def test_an_order_that_is_no_custom_and_not_settled_is_asked_for():
    open_row = {"created": "3/4/2024 10:00", "date_order": "unknown", "origin": "crm.csv"}
    with pytest.raises(OptionError, match=r"dates of 'crm.csv'.*found 1 such as.*date_order='day_first'"):
        found(open_row)
    assert found(open_row, date_order="day_first")[0][0] == "2024-04-03 10:00"
    assert found(open_row, {**open_row, "created": "3/27/2024 10:00"})[0][0] == "2024-03-04 10:00"


def test_an_unknown_zone_is_an_error_even_when_no_time_needs_it():
    with pytest.raises(OptionError, match="Europe/Berln"):
        found({"created": "2024-02-27T05:41:09Z"}, tz="Europe/Berln")
