"""Bands and medians."""

from __future__ import annotations

import numpy as np
import pytest

from leadanalytics.conversion.bands import band_around, check_confidence, median_of
from leadanalytics.errors import OptionError


def ends(probability, variance, at_risk, *, band="log-log"):
    arrays = (np.array([value], float) for value in (probability, variance, at_risk))
    return [float(end[0]) for end in band_around(*arrays, band=band, confidence=0.95)]


def test_plain_is_two_deviations_cut_to_what_can_be():
    assert ends(0.5, 0.01, 25, band="plain") == pytest.approx([0.304, 0.696], abs=5e-4)
    assert ends(0.05, 0.01, 25, band="plain")[0] == 0
    assert ends(0.95, 0.01, 25, band="plain")[1] == 1


def test_log_log_is_plain_on_its_scale():
    low, high = ends(0.3, 0.01, 25)
    middle, *scaled = np.log(-np.log(1 - np.array([0.3, low, high])))
    width = 1.959964 * 0.1 / (0.7 * -np.log(0.7))
    assert scaled == pytest.approx([middle - width, middle + width])


@pytest.mark.parametrize("band", ["plain", "log-log"])
def test_r20_none_or_all_of_five_has_the_ends_of_wilson(band):
    assert ends(0, 0, 5, band=band) == pytest.approx([0, 0.4345], abs=5e-5)
    assert ends(1, 0, 5, band=band) == pytest.approx([1 - 0.4345, 1], abs=5e-5)


def test_rounding_near_the_ends_does_no_harm():
    assert ends(1 - 1e-16, 1e-17, 5) == ends(1, 0, 5)
    assert ends(1e-16, 1e-17, 5) == ends(0, 0, 5)


def test_the_unknown_stays_unknown():
    assert np.isnan(ends(np.nan, np.nan, 0)).all()


def test_a_band_that_is_none_is_refused():
    with pytest.raises(OptionError, match="did you mean 'log-log'"):
        ends(0.5, 0.1, 5, band="loglog")


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_is_a_share(confidence):
    with pytest.raises(OptionError, match=r"0\.95"):
        check_confidence(confidence)


def test_r15_the_median_is_the_first_time_of_a_half_or_not_reached():
    times = np.array([0, 5, 9])
    assert median_of(times, np.array([0, 0.5 - 1e-16, 0.8])) == np.timedelta64(5, "ns")
    assert np.isnat(median_of(times, np.array([0, 0.2, 0.49])))
