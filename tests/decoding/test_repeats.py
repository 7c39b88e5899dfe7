"""Rows that repeat an earlier one."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from leadanalytics.decoding.repeats import find_repeats
from leadanalytics.schema import TEXT


@given(st.lists(st.none() | st.sampled_from(["", "a", "b", "ab", "ü"])))
def test_all_but_the_first_of_equal_texts_repeat_it(texts):
    column = pd.Series(texts, dtype=TEXT)
    for frame in (column, pd.concat([column, column])):
        known = frame.notna()
        assert find_repeats(frame).tolist() == (frame.duplicated() & known).tolist()
