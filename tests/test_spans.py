"""Lengths of time, read and said."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadanalytics.errors import OptionError
from leadanalytics.spans import read_span, say_span


@pytest.mark.parametrize("value", ["2 days", "48:00:00", timedelta(2), pd.Timedelta("2 days"), np.timedelta64(2, "D")])
def test_a_span_in_every_form(value):
    assert read_span("window", value) == pd.Timedelta("2 days")


@pytest.mark.parametrize("value", ["30", 30, True, "soon", "", "0 days", "-1 day", pd.NaT, "1000000 days", "1 month"])
def test_no_span(value):
    with pytest.raises(OptionError, match="window='30 days'"):
        read_span("window", value)


def test_no_time_at_all_is_a_span_only_where_it_may_be():
    assert read_span("at", "0 days", zero=True) == pd.Timedelta(0)
    with pytest.raises(OptionError, match="at is not below zero; found '-1 s'"):
        read_span("at", "-1 s", zero=True)
    with pytest.raises(OptionError, match="at is longer than nothing"):
        read_span("at", "0 days")
    assert say_span(pd.Timedelta(0)) == "0 days"


@given(st.integers(1, 10**18))
def test_a_span_said_is_the_span(nanoseconds):
    span = pd.Timedelta(nanoseconds, unit="ns")
    assert pd.Timedelta(say_span(span)) == span
