"""Rows that repeat an earlier one."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt
import pandas as pd

from leadanalytics.decoding.text_columns import bytes_of, pieces_of

__all__ = ["find_repeats"]

# FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv
BASIS, PRIME = np.uint64(14_695_981_039_346_656_037), np.uint64(1_099_511_628_211)


def find_repeats(column: pd.Series) -> npt.NDArray[np.bool_]:
    """Return which texts of a column stand in an earlier row as well; missing ones repeat nothing.

    Whole texts are compared only where their hashes are equal, which saves a table of all texts.
    """
    hashes = np.empty(len(column), "uint64")
    row = 0
    for texts in pieces_of(column):
        _hash_texts(*bytes_of(texts), hashes[row : row + len(texts)])
        row += len(texts)
    is_suspect = pd.Series(hashes).duplicated(keep=False).to_numpy()
    is_repeated = np.zeros(len(column), "bool")
    suspects = column[is_suspect]
    is_repeated[is_suspect] = suspects.duplicated() & suspects.notna()
    return is_repeated


@numba.njit(cache=True)
def _hash_texts(data, places, hashes):  # type: ignore[no-untyped-def]
    for row in range(len(hashes)):
        value = BASIS
        for at in range(places[row], places[row + 1]):
            value = (value ^ data[at]) * PRIME
        hashes[row] = value
