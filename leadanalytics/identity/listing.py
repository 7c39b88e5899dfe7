"""Texts of each customer joined to one text."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics.identity.flat import first_rows, first_rows_of_pairs, flatten, to_arrow
from leadanalytics.schema import TEXT

BETWEEN = "; "
NO_OFFER = "(no offer)"


def listed(texts: pd.Series, customer: np.ndarray, customers: int) -> pd.Series:
    """Return each customer's different texts in order of appearance, joined; missing for none.

    Parameters
    ----------
    texts : Series of str
        Missing ones are left out.
    customer : array of int
        The number of each text's customer, ascending.
    customers : int
        How many customers there are.

    Examples
    --------
    >>> listed(pd.Series(["b", "a", "b", None]), np.array([0, 0, 0, 1]), 2).tolist()
    ['b; a', nan]
    """
    pairs = first_rows_of_pairs(customer, first_rows(flatten(to_arrow(texts))))
    new = np.flatnonzero(pairs == np.arange(len(pairs)))
    return _joined(to_arrow(texts.iloc[new]), customer[new], customers, BETWEEN)


def stages_per_offer(offers: pd.Series, stages: pd.Series, customer: np.ndarray, customers: int) -> pd.Series:
    """Return the stages that each customer reached with each offer: "Offer: Test drive, Install; Other: Install".

    Offers stand in order of first touch, stages in order of rank; offers without a stage are left out. `stages` is
    an ordered categorical, the rest as in `listed`.
    """
    names = to_arrow(offers.fillna(NO_OFFER))
    visit = first_rows_of_pairs(customer, first_rows(flatten(names)))  # first touches ascend, so visits do
    rank = stages.cat.codes.to_numpy("int64")
    labels = pa.array(stages.cat.categories.astype(TEXT), type=pa.large_string())
    reached = np.sort(visit[rank >= 0] * max(len(labels), 1) + rank[rank >= 0])
    visits, ranks = np.divmod(reached[_new(reached)], max(len(labels), 1))
    different = visits[_new(visits)]
    journeys = _joined(labels.take(pa.array(ranks)), np.cumsum(_new(visits)) - 1, len(different), ", ")
    texts = pc.binary_join_element_wise(names.take(pa.array(different)), to_arrow(journeys), _large(": "))
    return _joined(texts, customer[different], customers, BETWEEN)


def _new(numbers: np.ndarray) -> np.ndarray:
    """Return whether each of ascending numbers, none negative, differs from the one before."""
    return np.diff(numbers, prepend=-1) > 0


def _joined(texts: pa.LargeStringArray, group: np.ndarray, groups: int, between: str) -> pd.Series:
    bounds = np.searchsorted(group, np.arange(groups + 1))
    lists = pa.LargeListArray.from_arrays(pa.array(bounds, pa.int64()), texts)
    joined = pc.binary_join(lists, _large(between))
    filled = pc.if_else(pa.array(np.diff(bounds) > 0), joined, pa.scalar(None, pa.large_string()))
    return pd.Series(pd.array(filled, dtype=TEXT))


def _large(text: str) -> pa.LargeStringScalar:
    return pa.scalar(text, pa.large_string())
