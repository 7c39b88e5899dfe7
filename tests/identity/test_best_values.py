from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from leadanalytics.identity.best_values import best_values

NAMES = ["Ana", "Anna", None, "Ana", " ", "Li", None]
CUSTOMER = np.array([0, 0, 0, 0, 0, 1, 2])
STARTS = np.array([0, 5, 6])


@pytest.mark.parametrize(
    ("rule", "dated", "expected"),
    [
        ("latest", [True] * 7, "Ana"),
        ("latest", [True, True, False, False, False, True, True], "Anna"),
        ("earliest", [True] * 7, "Ana"),
        ("commonest", [True] * 7, "Ana"),
    ],
)
def test_each_rule_chooses_among_values_that_are_not_blank(rule, dated, expected):
    best = best_values(pd.Series(NAMES, dtype="str"), np.array(dated), CUSTOMER, STARTS, rule)
    assert best.iloc[:2].tolist() == [expected, "Li"]
    assert pd.isna(best[2])


@pytest.mark.parametrize(("rule", "expected"), [("latest", "c"), ("earliest", "a"), ("commonest", "b")])
def test_the_rules_differ(rule, expected):
    texts = pd.Series(["a", "b", "b", "c"], dtype="str")
    best = best_values(texts, np.ones(4, bool), np.zeros(4, "int64"), np.array([0]), rule)
    assert best.tolist() == [expected]


def test_the_newest_of_equally_common_values_is_best():
    texts = pd.Series(["b", "a", "b", "a"], dtype="str")
    best = best_values(texts, np.ones(4, bool), np.zeros(4, "int64"), np.array([0]), "commonest")
    assert best.tolist() == ["a"]
