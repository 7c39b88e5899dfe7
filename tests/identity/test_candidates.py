from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from resembling_leads import RESEMBLING, lead_frame

from leadanalytics.identity.candidates import WINDOW, find_candidates, share_a_key
from leadanalytics.identity.profiles import read_profiles


def candidates(rows):
    return find_candidates(read_profiles(lead_frame(rows)))


def namesakes(count):
    return [{"first_name": "An", "last_name": "Nguyen", "email": f"{number}x@gmail.com"} for number in range(count)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"email": "ana@gmail.com", "title": "CTO"}, {"email": "ana@gmail.com"}),
        ({"phone": "020 7946 0018", "title": "CTO"}, {"phone": "020 7946 0018"}),
        ({"first_name": "Ana", "last_name": "Ruiz"}, {"first_name": "Ruiz", "last_name": "Ana"}),
        ({"last_name": "Ruiz", "company": "Contoso"}, {"first_name": "Ana", "last_name": "Ruiz", "company": "Contoso"}),
        ({"first_name": "Ana", "email": "a@contoso.com"}, {"first_name": "Ana", "email": "ruiz@contoso.com"}),
        ({"email": "anaruiz@gmial.com"}, {"email": "anaruiz@gmail.com"}),
    ],
)
def test_profiles_that_share_a_key_are_compared(one, other):
    assert [pair.tolist() for pair in candidates([one, other])] == [[0], [1]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"first_name": "Ana", "last_name": "Ruiz"}, {"first_name": "Li", "last_name": "Chen"}),
        ({"first_name": "Ana", "email": "x@gmail.com"}, {"first_name": "Ana", "email": "y@gmail.com"}),
        ({"email": "info@contoso.com", "title": "CTO"}, {"email": "info@contoso.com"}),
        ({"email": "ana@gmail.com"}, {"email": "ana@contoso.com"}),
        ({"country": "GB", "title": "CTO"}, {"country": "GB"}),
        ({}, {"title": "CTO"}),
    ],
)
def test_profiles_that_share_no_key_are_not(one, other):
    assert [pair.tolist() for pair in candidates([one, other])] == [[], []]


def test_no_profiles_make_no_pairs():
    assert [pair.tolist() for pair in candidates([])] == [[], []]


def test_a_small_block_is_compared_whole():
    assert len(candidates(namesakes(10))[0]) == 10 * 9 // 2


@pytest.mark.parametrize("count", [100, 5_000])
def test_in_a_large_block_pairs_grow_with_profiles_only(count):
    one, other = candidates(namesakes(count))
    assert len(one) <= WINDOW * count
    assert (other - one).max() <= WINDOW
    assert len(set(one) | set(other)) == count  # nobody is left out


@settings(max_examples=40, deadline=None)
@given(RESEMBLING)
def test_each_pair_comes_once_and_in_order(rows):
    one, other = candidates(rows)
    assert (one < other).all()
    pairs = list(zip(one.tolist(), other.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    assert np.isin(one, range(len(rows))).all()


def test_pairs_share_a_key_whether_or_not_too_many_do():
    profiles = read_profiles(lead_frame([*namesakes(40), {"first_name": "Li", "last_name": "Chen"}]))
    assert share_a_key(profiles, profiles.of[[0, 0, 1]], profiles.of[[39, 40, 40]]).tolist() == [True, False, False]
