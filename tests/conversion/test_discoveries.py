"""Adjusting for all that is shown, and saying so."""

from __future__ import annotations

import numpy as np
import pytest

from leadanalytics.conversion.discoveries import check_minimum, check_rate, discovery_adjusted, held_at
from leadanalytics.errors import OptionError


def test_the_published_fifteen():
    # Y. Benjamini, Y. Hochberg, 1995, section 4: at 0.05 the four smallest are discoveries.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert (discovery_adjusted(np.array(p)) <= 0.05).tolist() == [True] * 4 + [False] * 11


def test_what_is_not_tested_does_not_count():
    adjusted = discovery_adjusted(np.array([[0.01, np.nan], [0.04, np.nan]]))
    assert adjusted[:, 0].tolist() == pytest.approx([0.02, 0.04])
    assert np.isnan(adjusted[:, 1]).all()
    assert np.isnan(discovery_adjusted(np.array([np.nan]))).all()


def test_the_rate_is_said():
    assert held_at(0.1) == "false discoveries held at 10 %"


def test_numbers_out_of_range_are_refused():
    with pytest.raises(OptionError, match="share between 0 and 1; found 5"):
        check_rate(5)
    with pytest.raises(OptionError, match="minimum is a number of units from 1; found 0"):
        check_minimum(0)
