"""Intervals of rates against those of scipy and of the published formulas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binomtest

from leadanalytics.errors import OptionError
from leadanalytics.funnels.rates import rates_of

n_of = st.integers(1, 100_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(n_of)
def test_wilson_is_that_of_scipy(pair):
    n, of = pair
    rate, low, high = rates_of(np.array([n]), np.array([of]))
    interval = binomtest(n, of).proportion_ci(method="wilson")
    assert rate[0] == n / of
    assert [low[0], high[0]] == pytest.approx([interval.low, interval.high], abs=1e-12)


@given(n_of)
def test_jeffreys_holds_95_percent_of_the_posterior(pair):
    n, of = pair
    _, low, high = rates_of(np.array([n]), np.array([of]), interval="jeffreys")
    below, above = beta.cdf(low[0], n + 0.5, of - n + 0.5), beta.sf(high[0], n + 0.5, of - n + 0.5)
    assert below == (0 if n == 0 else pytest.approx(0.025, abs=1e-9))
    assert above == (0 if n == of else pytest.approx(0.025, abs=1e-9))


@pytest.mark.parametrize("interval", ["wilson", "jeffreys"])
def test_nothing_and_all_keep_the_ends(interval):
    _, low, high = rates_of(np.array([0, 5]), np.array([5, 5]), interval=interval)
    assert (low[0], high[1]) == (0, 1)
    assert low[1] > 0
    assert high[0] < 1


@pytest.mark.parametrize("interval", ["wilson", "jeffreys"])
def test_nothing_of_nothing_is_unknown(interval):
    assert np.isnan(rates_of(np.array([0]), np.array([0]), interval=interval)).all()


def test_another_interval_is_refused():
    with pytest.raises(OptionError, match="'wilson', 'jeffreys'"):
        rates_of(np.array([1]), np.array([2]), interval="wald")
