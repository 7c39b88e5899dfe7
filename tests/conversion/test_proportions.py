"""Intervals and tests of rates, against the literature and scipy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest, fisher_exact, hypergeom

from leadanalytics.conversion.proportions import contrast, mid_p_fisher, newcombe, wilson


@pytest.mark.parametrize("reached, n", [(0, 5), (5, 5), (2, 3), (7, 50), (400, 1000)])
def test_wilson_is_scipys(reached, n):
    interval = binomtest(reached, n).proportion_ci(method="wilson")
    low, high = wilson(np.array([reached]), np.array([n]))
    assert (low[0], high[0]) == pytest.approx((interval.low, interval.high), abs=1e-12)


def test_wilson_of_nothing_is_unknown():
    assert np.isnan(wilson(np.array([0]), np.array([0]))).all()


# R. G. Newcombe, 1998, table II, method 10.
@pytest.mark.parametrize(
    "table, ends",
    [
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((6, 7, 2, 7), (0.0582, 0.8062)),
        ((5, 56, 0, 29), (-0.0381, 0.1926)),
        ((10, 10, 0, 10), (0.6075, 1.0000)),
    ],
)
def test_newcombe_gives_the_published_ends(table, ends):
    low, high = newcombe(*(np.array([number]) for number in table))
    assert (low[0], high[0]) == pytest.approx(ends, abs=5e-5)


@pytest.mark.parametrize("table", [(3, 4, 1, 4), (0, 16, 4, 15), (7, 12, 1, 12), (30, 200, 55, 210), (0, 9, 0, 4)])
def test_mid_p_is_fishers_p_less_half_the_observed(table):
    reached, n, others, m = table
    p = fisher_exact([[reached, n - reached], [others, m - others]]).pvalue
    observed = hypergeom.pmf(reached, n + m, reached + others, n)
    assert mid_p_fisher(*table) == pytest.approx(p - observed / 2, rel=1e-9)
    assert mid_p_fisher(others, m, reached, n) == pytest.approx(mid_p_fisher(*table), rel=1e-9)


def test_mid_p_without_units_is_unknown():
    assert np.isnan(mid_p_fisher(0, 0, 1, 4))


def test_contrast_tests_only_what_it_is_told():
    counts = pd.DataFrame({"n": [10, 4], "reached": [9, 1], "others_n": [10, 0], "others_reached": [3, 0]})
    result = contrast(counts, tested=np.array([True, False]))
    assert result["difference"].tolist() == pytest.approx([0.6, np.nan], nan_ok=True)
    assert result["p"].tolist() == pytest.approx([mid_p_fisher(9, 10, 3, 10), np.nan], nan_ok=True)
    assert result["others_rate"].isna().tolist() == [False, True]
