"""Lengths of time, read and said."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest

from leadanalytics.conversion.spans import read_span, say_span
from leadanalytics.errors import OptionError


@pytest.mark.parametrize("value", ["36 hours", timedelta(hours=36), pd.Timedelta("36 h")])
def test_spans_are_read_and_said(value):
    assert say_span(read_span("at", value)) == "1 day 12 hours"


@pytest.mark.parametrize(
    "value, what",
    [("7", "with its unit"), (7, "with its unit"), ("soon", "a length of time"), ("-1 s", "not below zero")],
)
def test_what_is_no_span_is_refused(value, what):
    with pytest.raises(OptionError, match=f"{what}.*found {value!r}.*at='7 days'"):
        read_span("at", value)


def test_no_time_at_all_is_no_span():
    with pytest.raises(OptionError):
        read_span("at", "NaT")
