"""Leads joined by keys to customers, and the ids of these, which depend on the customer's oldest lead only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from leadanalytics.identity.flat import digests, flatten, to_arrow
from leadanalytics.schema import TEXT

_HEX_DIGITS = 16


def join(keys: Sequence[np.ndarray]) -> np.ndarray:
    """Return the number of each row's cluster: rows with the same key are in one, and so are those between.

    Parameters
    ----------
    keys : sequence of arrays of int
        Each holds for each row the first row with the same key, -1 for no key.

    Examples
    --------
    >>> join([np.array([0, 0, -1, -1]), np.array([-1, 1, 1, -1])]).tolist()
    [0, 0, 0, 1]
    """
    # Each row has one link per key, to the first row that holds it or to itself: that is a sparse matrix already.
    rows = np.arange(len(keys[0]), dtype="int32")
    links = np.stack([np.where(key < 0, rows, key).astype("int32") for key in keys], axis=1).ravel()
    bounds = np.arange(0, len(links) + 1, len(keys), dtype="int32")
    graph = csr_array((np.ones(len(links), "int8"), links, bounds), shape=(len(rows), len(rows)))
    return connected_components(graph, directed=False)[1]


def first_of_each(clusters: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Return each cluster's row that comes first in an order of the rows, in that order.

    Examples
    --------
    >>> first_of_each(np.array([0, 1, 0]), order=np.array([2, 1, 0])).tolist()
    [2, 1]
    """
    first = np.empty(clusters.max(initial=-1) + 1, "int64")
    first[clusters[order[::-1]]] = order[::-1]  # the one written last stays
    is_first = np.zeros(len(order), bool)
    is_first[first] = True
    return order[is_first[order]]


def customer_ids(record_ids: pd.Series, *, prefix: str = "C-") -> pd.Series:
    """Return an id for each customer, made from the record id of their oldest lead.

    An id is a prefix and 16 hexadecimal digits of a digest. Different record ids have different ids: should two digests
    be the same, the record id that comes later in this series gets the digest of a longer text.

    Parameters
    ----------
    record_ids : Series of str
        All different, the customer with the oldest lead first.
    prefix : str
        What an id begins with, which says what it names; in ASCII.

    Examples
    --------
    >>> customer_ids(pd.Series(["a", "b"])).tolist()
    ['C-82a2a958a9bece5b', 'C-6e673288764ad2d0']
    """
    numbers = distinct_digests(digests(*flatten(to_arrow(record_ids))), record_ids)
    return _written(numbers, prefix, record_ids.index)


def distinct_digests(numbers: np.ndarray, texts: pd.Series) -> np.ndarray:
    """Return digests of texts, each that was there before replaced by the digest of its text with a mark added."""
    repeated = pd.Series(numbers).duplicated().to_numpy()
    while repeated.any():
        texts = texts.where(~repeated, texts + "'")
        numbers = np.where(repeated, digests(*flatten(to_arrow(texts))), numbers)
        repeated = pd.Series(numbers).duplicated().to_numpy()
    return numbers


def _written(numbers: np.ndarray, prefix: str, index: pd.Index) -> pd.Series:
    digits = np.frombuffer(numbers.astype(">u8").tobytes().hex().encode(), "uint8").reshape(-1, _HEX_DIGITS)
    letters = np.hstack([np.tile(np.frombuffer(prefix.encode("ascii"), "uint8"), (len(numbers), 1)), digits])
    bounds = np.arange(len(numbers) + 1, dtype="int64") * letters.shape[1]
    texts = pa.LargeStringArray.from_buffers(len(numbers), pa.py_buffer(bounds), pa.py_buffer(letters.tobytes()))
    return pd.Series(pd.array(texts, dtype=TEXT), index=index)
