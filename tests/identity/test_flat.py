from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from leadanalytics.identity.flat import first_rows, first_rows_of_pairs, flatten, to_arrow, to_series
from leadanalytics.schema import TEXT

TEXTS = st.lists(st.one_of(st.none(), st.text(alphabet="ab é山", max_size=3)), max_size=30)
NUMBERS = st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 3)), max_size=30)


@given(TEXTS)
def test_first_rows_are_the_first_rows_with_the_same_text(texts):
    found = first_rows(flatten(to_arrow(pd.Series(texts, dtype=TEXT))))
    assert found.tolist() == [texts.index(text) if text else -1 for text in texts]


@given(NUMBERS)
def test_first_rows_of_pairs_are_the_first_rows_with_the_same_pair(pairs):
    left, right = (np.array([pair[side] for pair in pairs], "int64") for side in (0, 1))
    expected = [pairs.index(pair) if min(pair) >= 0 else -1 for pair in pairs]
    assert first_rows_of_pairs(left, right).tolist() == expected


@given(TEXTS)
def test_flat_text_returns_as_it_was_with_blanks_missing(texts):
    column = pd.Series(texts, dtype=TEXT)
    pd.testing.assert_series_equal(to_series(flatten(to_arrow(column)), column.index), column.replace("", None))


def test_a_slice_of_a_column_is_read_from_its_own_rows():
    column = pd.Series(["x", "ana", "bo"], dtype=TEXT).iloc[1:]
    assert to_series(flatten(to_arrow(column)), column.index).tolist() == ["ana", "bo"]
