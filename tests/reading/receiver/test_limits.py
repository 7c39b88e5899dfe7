import pytest

from leadanalytics.errors import OptionError
from leadanalytics.reading.receiver.limits import Limits, TokenBucket


def test_a_burst_passes_and_then_the_steady_rate():
    bucket = TokenBucket(per_second=2, burst=3)
    assert [bucket.take(100.0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert bucket.take(100.5) == 0
    assert bucket.take(100.5) == 0.5


def test_a_long_pause_gives_no_more_than_the_burst():
    bucket = TokenBucket(per_second=1, burst=2)
    assert [bucket.take(1e6) for _ in range(3)] == [0, 0, 1]


def test_a_limit_of_nothing_is_an_error():
    with pytest.raises(OptionError, match="burst is above zero; found 0"):
        Limits(burst=0)
