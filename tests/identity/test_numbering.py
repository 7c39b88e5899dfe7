from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from leadanalytics.identity.numbering import calling_code_lengths, for_each, standard_number, without_prefixes


def test_three_digits_tell_how_long_a_calling_code_is():
    lengths = calling_code_lengths()
    assert [int(lengths[digits]) for digits in (120, 447, 353, 852)] == [1, 2, 3, 3]
    assert lengths[999] == 0


@pytest.mark.parametrize(
    ("phone", "region", "number", "key"),
    [
        ("49 30 901820", "DE", 930901820, 30901820),  # a calling code without plus
        ("06 1 234 5678", "HU", 612345678, 12345678),  # a trunk prefix that is not a zero
        ("0151 23456789", "DE", 123456789, 123456789),  # zeros change nothing
        ("48 123 45 67", "PL", 481234567, 481234567),  # a whole number that begins like the calling code
        ("206 267 4000", "US", 62674000, 62674000),  # no short numbers
        ("49 30 901820", None, 930901820, 930901820),
    ],
)
def test_only_prefixes_of_short_numbers_are_taken_off(phone, region, number, key):
    found = without_prefixes(np.array([number]), pd.Series([phone]), pd.Series([region], dtype="str"))
    assert found.tolist() == [key]


def test_each_distinct_number_is_asked_for_once():
    asked = []
    answers = for_each(
        lambda *pair: asked.append(pair) or len(asked), pd.Series(["a", "b", "a"]), pd.Series(["DE"] * 3)
    )
    assert answers == [1, 2, 1]
    assert asked == [("a", "DE"), ("b", "DE")]


@pytest.mark.parametrize(
    ("phone", "region", "standard"),
    [
        ("0049 30 901820", "", "+4930901820"),
        ("+49 (0)30 901820", "US", "+4930901820"),
        ("030 901820", "DE", "+4930901820"),
        ("030 901820", "US", None),
        ("call me", "DE", None),
    ],
)
def test_a_standard_number_is_one_that_a_plan_knows(phone, region, standard):
    assert standard_number(phone, region) == standard
