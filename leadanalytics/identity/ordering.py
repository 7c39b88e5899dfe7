"""The order of leads: by number or time, and by text where these are equal, so that row order never matters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from leadanalytics.identity.flat import to_arrow
from leadanalytics.schema import TIME

UNDATED = np.iinfo("int64").max


def moments(times: pd.Series) -> np.ndarray:
    """Return times as nanoseconds since 1970, missing ones after all others."""
    values = times.astype(TIME).to_numpy("datetime64[ns]").view("int64")
    return np.where(times.isna(), UNDATED, values)


def sorted_rows(keys: Sequence[np.ndarray], ties: pd.Series) -> np.ndarray:
    """Return the row numbers sorted by keys, the first key first, and by a text where all keys are equal.

    Examples
    --------
    >>> sorted_rows([np.array([2, 1, 2])], pd.Series(["b", "c", "a"])).tolist()
    [1, 2, 0]
    """
    order = np.lexsort(keys[::-1])
    same = np.ones(max(len(order) - 1, 0), bool)
    for key in keys:
        same &= key[order[1:]] == key[order[:-1]]
    tied = np.append(same, False) | np.insert(same, 0, False) if len(order) else np.zeros(0, bool)
    # Sorting text is dear and ties are few, so only the tied rows are sorted by it, within their own places.
    rows = order[tied]
    ranks = np.empty(len(rows), "int64")
    ranks[pc.array_sort_indices(to_arrow(ties.iloc[rows])).to_numpy()] = np.arange(len(rows))
    order[tied] = rows[np.lexsort([ranks, *(key[rows] for key in keys[::-1])])]
    return order
