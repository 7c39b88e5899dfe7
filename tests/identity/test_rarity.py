from __future__ import annotations

import numpy as np
import pytest
from resembling_leads import lead_frame

from leadanalytics.identity.profiles import read_profiles
from leadanalytics.identity.rarity import STRANGERS, bearers, bits_of_rarity, count_people


def people(rows):
    profiles = read_profiles(lead_frame(rows))
    return count_people(profiles)[profiles.of]


def test_one_address_is_one_person_however_many_leads():
    found = people([{"email": "ana@contoso.com", "title": title} for title in ("CTO", "Analyst", None)])
    assert len(set(found)) == 1


def test_one_number_is_one_person_where_there_is_no_address_of_ones_own():
    phone = "020 7946 0018"
    rows = [{"phone": phone}, {"phone": phone, "email": "info@contoso.com"}, {"phone": phone, "email": "ana@gmail.com"}]
    one, other, third = people(rows)
    assert one == other != third


def test_leads_without_address_and_number_are_people_of_their_own():
    assert len(set(people([{"last_name": "Ruiz", "title": title} for title in ("CTO", "Analyst")]))) == 2


def test_bearers_are_counted_once_and_only_where_both_are_known():
    assert bearers(np.array([0, 0, 0, 1, -1, 2]), np.array([5, 5, 6, 5, 5, -1])).tolist() == [2, 1, 0]
    assert bearers(np.zeros(0, "int64"), np.zeros(0, "int64")).tolist() == []


def test_a_value_of_twice_the_people_tells_one_bit_less():
    everybody = np.arange(8)
    codes = np.array([0, 0, 0, 0, 1, 1, 2, -1])
    assert np.diff(bits_of_rarity(codes, everybody)).tolist() == pytest.approx([1, 1])


def test_in_a_short_list_strangers_make_a_value_rare():
    assert bits_of_rarity(np.array([0]), np.array([0])).tolist() == pytest.approx([np.log2(1 + STRANGERS)])


def test_a_value_that_nobody_has_tells_no_more_than_one_of_one_person():
    assert bits_of_rarity(np.array([0, 2]), np.array([0, 1]))[1] == bits_of_rarity(np.array([0]), np.array([1]))[0]
