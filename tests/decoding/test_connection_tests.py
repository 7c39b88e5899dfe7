"""Tests are found wherever the mark stands, and only there."""

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadanalytics import schema
from leadanalytics.decoding.connection_tests import find_tests, times_of_ticks
from leadanalytics.decoding.written_times import NOT_A_TIME

MARK = "MSFT_TEST_636573304831318844"


def marks_in(own_domains=(), emails=None, **columns):
    rows = max(map(len, [*columns.values(), emails or []]))
    raw = schema.conform(pd.DataFrame({"record_id": map(str, range(rows)), **columns}), "raw")
    found = find_tests(raw, emails=pa.array(emails or [None] * rows, pa.large_string()), own_domains=own_domains)
    return found.is_test.tolist(), found.sent_at.tolist()


@pytest.mark.parametrize(
    "column", ["lead_source", "action_code", "first_name", "email", "company", "customer_info", "description"]
)
def test_the_mark_tells_in_any_column(column):
    is_test, sent_at = marks_in(**{column: ["Ana", None, f"before {MARK} after"]})
    assert is_test == [False, False, True]
    assert pd.Timestamp(sent_at[2]) == pd.Timestamp("2018-03-22T15:48:03.1318844")


def test_a_mark_without_ticks_or_cut_between_two_rows_is_none():
    assert (
        marks_in(lead_source=["MSFT_TEST_", "636573304831318844", "MSFT_", "TEST_636573304831318844"])[0] == [False] * 4
    )


def test_an_address_in_lower_case_tells_too():
    assert marks_in(emails=[f"{MARK.lower()}@test.com", None]) == ([True, False], [1521733683131884400, NOT_A_TIME])


def test_leads_of_the_publishers_own_domains_are_tests_of_unknown_time():
    emails = ["Ana@Publisher.example", "ana@notpublisher.example", None]
    assert marks_in(emails=emails, own_domains=["@publisher.example"]) == ([True, False, False], [NOT_A_TIME] * 3)
    assert marks_in(emails=emails, own_domains="publisher.example")[0] == [True, False, False]


@given(st.datetimes(min_value=pd.Timestamp(1970, 1, 1), max_value=pd.Timestamp(2100, 1, 1)), st.integers(0, 9))
def test_ticks_give_back_their_time(moment, tenth_of_microsecond):
    since = pd.Timestamp(moment).as_unit("ns").value + 100 * tenth_of_microsecond
    ticks = str(621_355_968_000_000_000 + since // 100)
    assert times_of_ticks(pa.array([ticks])).tolist() == [since]


def test_ticks_of_no_plausible_time_have_none():
    assert times_of_ticks(pa.array(["9" * 19, "1" * 17])).tolist() == [NOT_A_TIME] * 2
