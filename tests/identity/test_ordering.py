from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from leadanalytics.identity.ordering import moments, sorted_rows

ROWS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.text("ab", max_size=2)), max_size=20)


@given(ROWS)
def test_rows_are_sorted_by_each_key_and_then_by_text(rows):
    keys = [np.array([row[place] for row in rows], "int64") for place in (0, 1)]
    order = sorted_rows(keys, pd.Series([row[2] for row in rows], dtype="str"))
    assert [rows[row] for row in order] == sorted(rows)


def test_missing_times_come_last():
    times = pd.Series(pd.to_datetime(["2024-03-02", None, "2024-03-01"], utc=True))
    assert np.argsort(moments(times)).tolist() == [2, 0, 1]
