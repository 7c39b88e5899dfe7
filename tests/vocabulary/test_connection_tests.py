import re
from datetime import UTC, datetime

from leadanalytics.vocabulary.connection_tests import LAST_TICK, TEST_TICKS, TICKS_AT_1970, time_of_ticks


def test_ticks_are_counted_from_the_year_1():
    assert time_of_ticks(TICKS_AT_1970) == datetime(1970, 1, 1, tzinfo=UTC)
    assert time_of_ticks(LAST_TICK).year == 9999


def test_the_mark_is_found_in_any_case_and_needs_its_ticks():
    assert re.search(TEST_TICKS, "x msft_test_636573304831318844@test.com")["ticks"] == "636573304831318844"
    assert re.search(TEST_TICKS, "MSFT_TEST_12") is None
