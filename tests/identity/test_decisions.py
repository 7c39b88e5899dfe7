from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from leadanalytics.identity.decisions import APART, LINK, REVIEW, agreeing, decide
from leadanalytics.identity.evidence import DIFFERENT, INITIAL, SAME, SIMILAR, UNKNOWN, Evidence

STANDINGS = {field.name for field in fields(Evidence)} - {"one", "other", "bits"}


def evidence(total, **standings):
    columns = {field: np.array([standings.get(field, UNKNOWN)]) for field in STANDINGS}
    return Evidence(np.array([0]), np.array([1]), {"prior": np.array([total])}, **columns)


def decision(total, **standings):
    return decide(evidence(total, **standings), threshold=0.0, review=-2.0).tolist()[0]


@pytest.mark.parametrize(("total", "expected"), [(0.0, LINK), (-0.1, REVIEW), (-2.0, REVIEW), (-2.1, APART)])
def test_bits_decide(total, expected):
    assert decision(total, full=SAME, email=SAME) == expected


@pytest.mark.parametrize(
    "standings",
    [
        {"full": SAME, "email": SAME},
        {"full": SAME, "title": SAME},
        {"first": INITIAL, "last": SAME, "phone": SAME},
        {"first": SIMILAR, "last": SIMILAR, "company": SIMILAR},
        {"email": SAME},
        {"last": DIFFERENT, "first": SAME, "email": SAME},
        {"last": DIFFERENT, "first": DIFFERENT, "email": SAME, "phone": SAME},
        {"last": DIFFERENT, "first": DIFFERENT, "full": SAME, "phone": SAME},
    ],
)
def test_enough_bits_link(standings):
    assert decision(20.0, **standings) == LINK


@pytest.mark.parametrize(
    ("standings", "expected"),
    [
        ({"full": SAME}, REVIEW),  # a name and a country alone
        ({"phone": SAME, "company": SAME}, APART),  # no name in common, no address
        ({"first": SAME, "last": DIFFERENT, "phone": SAME}, APART),
        ({"first": DIFFERENT, "last": DIFFERENT, "email": SAME}, REVIEW),
        ({"first": DIFFERENT, "last": DIFFERENT, "phone": SAME}, APART),
    ],
)
def test_no_sum_of_bits_breaks_the_rules(standings, expected):
    assert decision(99.0, **standings) == expected


@pytest.mark.parametrize(
    ("standings", "expected"),
    [
        ({}, 0b00000),
        ({"email": SIMILAR}, 0b00001),
        ({"phone": SAME, "first": INITIAL}, 0b00110),
        ({"full": SAME, "company": SIMILAR, "title": SAME}, 0b11100),
        ({"email": DIFFERENT, "title": DIFFERENT}, 0b00000),
    ],
)
def test_the_fields_that_agree_are_bits_of_a_number(standings, expected):
    assert agreeing(evidence(1.0, **standings)).tolist() == [expected]
