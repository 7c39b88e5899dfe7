from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadanalytics.identity.similarity import begin_alike, distinct_pairs, initials, lengths, share_a_word, slips_apart

NOTHING = np.zeros(0, "int64")


def of_pair(measure, one, other):
    return measure(np.array([one, other], object), np.array([0]), np.array([1])).tolist()[0]


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("maria", "maria", 0), ("maria", "mara", 1), ("maria", "mariia", 1), ("maria", "maroa", 1),
        ("maria", "maira", 1), ("maria", "amrai", 2), ("maria", "robert", 3), ("", "robert", 3), ("李", "王", 1),
    ],
)  # fmt: skip
def test_slips_are_counted_to_two(one, other, slips):
    assert of_pair(slips_apart, one, other) == of_pair(slips_apart, other, one) == slips


@pytest.mark.parametrize(
    ("one", "other", "alike"), [("ben", "benjamin", True), ("ben", "ben", True), ("ben", "bella", False)]
)
def test_the_shorter_text_may_begin_the_longer(one, other, alike):
    assert of_pair(begin_alike, one, other) is of_pair(begin_alike, other, one) is alike


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("ruiz vega", "vega", True), ("ruiz vega", "vega blanco", True), ("ruiz vega", "veg", False),
        ("ruiz", "vega", False),
    ],
)  # fmt: skip
def test_double_names_may_share_a_word(one, other, shared):
    assert of_pair(share_a_word, one, other) is of_pair(share_a_word, other, one) is shared


@pytest.mark.parametrize("measure", [slips_apart, begin_alike, share_a_word])
def test_no_pairs_are_measured_too(measure):
    assert measure(np.array(["ana"], object), NOTHING, NOTHING).tolist() == []
    assert measure(np.array([], object), NOTHING, NOTHING).tolist() == []


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=30))
def test_distinct_pairs_are_distinct_and_lead_back(pairs):
    one, other = (np.array([pair[side] for pair in pairs], "int64") for side in (0, 1))
    found = distinct_pairs(one, other)
    distinct = list(zip(found.one.tolist(), found.other.tolist(), strict=True))
    assert len(distinct) == len(set(pairs))
    assert [distinct[place] for place in found.place] == pairs


def test_initials_tell_texts_apart_by_their_first_character():
    assert initials(np.array(["ana", "", "山口", "amy", "山"], object)).tolist() == [0, 1, 2, 0, 2]


def test_lengths_are_those_in_characters():
    assert lengths(np.array(["", "ana", "山口"], object)).tolist() == [0, 3, 2]
