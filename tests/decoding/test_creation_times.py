"""Which evidence tells the created time, and how the order of day and month is settled."""

import contextlib

import numpy as np
import pandas as pd
import pytest

from leadanalytics import schema
from leadanalytics.decoding.creation_times import find_creation_times
from leadanalytics.decoding.written_times import NOT_A_TIME
from leadanalytics.errors import OptionError


def found(*rows, sent_at=None, read_at="2025-06-01", **options):
    """One (time, evidence, doubt) per row, where doubt is made of 'assumed', 'fallback' and 'future'."""
    raw = schema.conform(pd.DataFrame([{"record_id": str(number), **row} for number, row in enumerate(rows)]), "raw")
    sent = np.full(len(raw), NOT_A_TIME) if sent_at is None else np.array([pd.Timestamp(sent_at).as_unit("ns").value])
    times = find_creation_times(raw, sent, read_at=pd.Timestamp(read_at, tz="UTC"), **options)
    return [
        (
            str(pd.Timestamp(int(time)))[:16] if time != NOT_A_TIME else None,
            evidence,
            "assumed" * int(a) + "fallback" * int(f) + "future" * int(late),
        )
        for time, evidence, a, f, late in zip(
            times.created_at,
            times.created_from,
            times.is_assumed,
            times.is_fallback,
            times.is_future,
            strict=True,
        )
    ]


RECEIVED, PARTITION = {"received": "2024-02-27T05:41Z"}, {"partition_key": "2:2F27:2F2024"}


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


def test_the_american_form_of_a_whole_file_is_assumed_to_have_the_month_first():
    rows = [{"created": f"3/{day}/2024 1:07:30\u202fPM", "date_order": "unknown", "origin": "a"} for day in (4, 5)]
    assert found(*rows, {**rows[0], "date_order": "day_first"}) == [
        ("2024-03-04 13:07", "created", "assumed"),
        ("2024-03-05 13:07", "created", "assumed"),
        ("2024-04-03 13:07", "created", ""),
    ]
    with pytest.raises(OptionError, match="2 such as"):
        found(rows[0], {**rows[0], "created": "03/04/2024 1:07:30 PM"})
    with pytest.raises(OptionError, match="1 such as"):
        found(rows[0], {**rows[0], "created": "27/2/2024"}, {**rows[0], "created": "2/27/2024"})


def test_an_unknown_zone_is_an_error_even_when_no_time_needs_it():
    with pytest.raises(OptionError, match="Europe/Berln"):
        found({"created": "2024-02-27T05:41:09Z"}, tz="Europe/Berln")


def test_an_order_that_the_frame_names_is_not_assumed():
    assert found({"created": "3/4/2024", "date_order": "day_first"}) == [("2024-04-03 00:00", "created day", "")]


@pytest.mark.parametrize(
    ("late", "evidence"),
    [
        ({"created": "2099-01-05T10:00:00Z"}, (None, np.nan, "future")),
        ({"created": "2025-06-02T00:00:01Z"}, (None, np.nan, "future")),
        ({"created": "2025-06-02T00:00:00Z"}, ("2025-06-02 00:00", "created", "")),
        ({"created": "5/1/2099"} | RECEIVED, ("2024-02-27 05:41", "received", "fallbackfuture")),
        ({"created": "2099-01-05"} | PARTITION, ("2024-02-27 00:00", "partition date", "fallbackfuture")),
        ({"received": "2099-01-05"} | PARTITION, ("2024-02-27 00:00", "partition date", "fallbackfuture")),
        ({"partition_key": "2:2F27:2F2099"}, (None, np.nan, "future")),
        ({"created": "2024-02-27T05:41Z", "received": "2099-01-05T10:00Z"}, ("2024-02-27 05:41", "created", "")),
        ({"created": "2099-01-05T10:00", "time_zone": "local"}, (None, np.nan, "future")),
    ],
)  # fmt: skip
def test_a_time_well_after_the_reading_is_no_time(late, evidence):
    assert found(late) == [evidence]


def test_ticks_of_the_future_are_no_time():
    assert found({}, sent_at="2099-01-05") == [(None, np.nan, "future")]


def test_a_zone_behind_utc_shifts_what_is_the_future():
    row = {"created": "2025-06-01 20:00", "time_zone": "local"}
    assert found(row, tz="Asia/Tokyo") == [("2025-06-01 11:00", "created", "")]
    assert found(row, tz="America/Los_Angeles") == [(None, np.nan, "future")]


@pytest.mark.parametrize("created", ["1/27/2099 10:00", "27/1/2099", "3/4/2099 10:00 PM", "2099-01-27T10:00Z"])
@pytest.mark.parametrize("order", [None, "unknown"])
def test_a_time_of_the_future_changes_no_other_row(created, order):
    days = [{"created": day, "date_order": order, "time_zone": "local"} for day in ("27/02/2024", "3/4/2024")]
    late = {"created": created, "date_order": order, "time_zone": "local"}
    assert found(*days, late, tz="Asia/Tokyo") == [*found(*days, tz="Asia/Tokyo"), (None, np.nan, "future")]
    with pytest.raises(OptionError, match="2 such as") if order else contextlib.nullcontext():
        assert found(days[1], days[1], late)[:2] == found(days[1], days[1])


def test_the_moment_of_reading_tells_the_order_where_no_row_of_the_file_does():
    rows = [{"created": day, "date_order": "unknown"} for day in ("1/3/2025", "5/3/2025")]
    assert found(*rows, read_at="2025-04-01") == [
        ("2025-03-01 00:00", "created day", ""),
        ("2025-03-05 00:00", "created day", ""),
    ]
    # A row that would be of the future by the order of its file is no reason to doubt the file.
    rows = [{"created": day} for day in ("27/02/2025", "1/2/2025", "3/12/2025")]
    assert [time and time[:10] for time, _, _ in found(*rows)] == ["2025-02-27", "2025-02-01", None]
