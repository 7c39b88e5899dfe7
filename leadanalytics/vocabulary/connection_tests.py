"""How Microsoft marks the leads by which it tests a connection: `MSFT_TEST_<ticks>` in any field.

It sends one whenever an offer is published or validated. The ticks are .NET ticks, 100 ns since 0001-01-01
(https://learn.microsoft.com/dotnet/api/system.datetime.ticks), so they also tell when the test was sent.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

TEST_MARK = "MSFT_TEST_"
TEST_TICKS = rf"(?i){TEST_MARK}(?P<ticks>\d{{17,19}})"

TICKS_AT_1970 = 621_355_968_000_000_000
LAST_TICK = 3_155_378_975_999_999_999  # the last of the year 9999

_FIRST_TICK = datetime(1, 1, 1, tzinfo=UTC)


def time_of_ticks(ticks: int) -> datetime:
    """Return the time (UTC) of .NET ticks, to the microsecond.

    Examples
    --------
    >>> time_of_ticks(636573304831318844).isoformat()
    '2018-03-22T15:48:03.131884+00:00'
    """
    return _FIRST_TICK + timedelta(microseconds=ticks // 10)
