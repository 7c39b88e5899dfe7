import pytest

from leadanalytics.reading.azure_table.patience import Patience


@pytest.mark.parametrize(("failures", "longest"), [(1, 0.5), (2, 1.0), (4, 4.0), (20, 30.0)])
def test_waits_double_up_to_a_limit_and_are_partly_chance(failures, longest):
    waits = {Patience().wait(failures) for _ in range(50)}
    assert len(waits) > 1
    assert all(longest / 2 <= wait <= longest for wait in waits)


def test_the_services_wish_is_granted_up_to_the_limit():
    assert Patience().wait(1, retry_after=8) == 8
    assert Patience().wait(1, retry_after=3_600) == 30
    assert Patience().wait(4, retry_after=0.1) >= 2
