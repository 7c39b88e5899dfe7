import numpy as np
import pytest

from leadanalytics.auditing.silence import find_silence

EVERY_DAY, WORKDAYS = [3] * 7, [3] * 5 + [0] * 2


def silent_days(leads, *, chance=0.001):
    found = find_silence(np.array(leads), np.arange(len(leads)) % 7, chance=chance)
    return np.flatnonzero(found).tolist()


def test_two_days_are_a_gap_where_none_was_ever_silent_for_a_year():
    assert silent_days(EVERY_DAY * 26 + [0, 0] + [3] * 5 + EVERY_DAY * 26) == [182, 183]


def test_a_short_history_proves_less():
    assert silent_days(EVERY_DAY * 2 + [0, 0] + [3] * 5 + EVERY_DAY * 2) == []
    assert silent_days(EVERY_DAY * 2 + [0] * 7 + EVERY_DAY * 2) == list(range(14, 21))


def test_a_feed_that_rests_at_the_weekend_is_not_silent_on_it():
    assert silent_days(WORKDAYS * 20) == []
    # A week without a lead is, with both weekends beside it.
    assert silent_days(WORKDAYS * 20 + [0] * 7 + WORKDAYS * 20) == list(range(138, 147))


def test_a_slow_feed_may_pause_for_long():
    one_a_fortnight = ([1] + [0] * 13) * 26
    assert silent_days(one_a_fortnight + [0] * 28 + one_a_fortnight) == []
    assert len(silent_days(one_a_fortnight + [0] * 140 + one_a_fortnight)) == 153


def test_a_burst_does_not_raise_the_pace():
    slow = [1, 0, 0, 0, 0, 0, 0, 0, 1, 0] * 20
    burst = slow.copy()
    burst[100] = 10_000
    assert silent_days(burst) == silent_days(slow) == []


def test_a_feed_that_grows_is_measured_by_its_own_time():
    slow, quick = ([1] + [0] * 9) * 73, EVERY_DAY * 52
    assert min(silent_days(slow + quick)) > 700
    assert silent_days(slow + quick + [0] * 3 + quick)[-3:] == [1094, 1095, 1096]


def test_the_last_days_can_be_silent_and_all_of_them():
    assert silent_days(EVERY_DAY * 10 + [0] * 7) == list(range(70, 77))
    assert silent_days([]) == []


def test_the_probability_is_that_of_the_law_of_succession():
    # Of two Mondays and two Tuesdays none was silent: 1/4 for each. All days together would say 1/15 times 2/16.
    leads = EVERY_DAY * 2 + [0, 0]
    assert silent_days(leads, chance=1 / 16 + 1e-9) == [14, 15]
    assert silent_days(leads, chance=1 / 16) == []


def test_two_leads_tell_no_pace():
    assert silent_days([1] + [0] * 300 + [1]) == []


@pytest.mark.parametrize("rate", [0.1, 1.0])
def test_chance_alone_makes_few_gaps(rate):
    generator = np.random.default_rng(1)
    weekly = rate * np.array([1, 1, 1, 1, 1, 0.2, 0.1])
    years = [generator.poisson(np.tile(weekly, 104)) for _ in range(50)]
    gaps = sum(
        np.count_nonzero(np.diff([0, *find_silence(year, np.arange(728) % 7, chance=0.001)]) == 1) for year in years
    )
    assert gaps <= 0.5 * 100
