"""Text columns as flat bytes, and the first row that holds the same value.

An Arrow text column is one run of UTF-8 bytes and the place where each row begins. Compiled loops over these
bytes read a million values in some hundredths of a second, without making a Python object per value.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit

from leadanalytics.schema import TEXT

NONE = -1  # the first row of a value that is missing


class FlatText(NamedTuple):
    """A text column: row i is `data[offsets[i]:offsets[i + 1]]`, empty where there is no value."""

    offsets: np.ndarray
    data: np.ndarray


def to_arrow(column: pd.Series) -> pa.LargeStringArray:
    """Return a text column as one Arrow array, empty texts in place of missing ones."""
    texts = pa.array(column.astype(TEXT), type=pa.large_string())
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    return pc.fill_null(texts, "") if texts.null_count else texts


def flatten(texts: pa.LargeStringArray) -> FlatText:
    """Return the bytes of an Arrow array of texts without copying them."""
    _, offsets, data = texts.buffers()
    if not len(texts) or data is None:
        return FlatText(np.zeros(len(texts) + 1, "int64"), np.zeros(0, "uint8"))
    begins = np.frombuffer(offsets, "int64")[texts.offset : texts.offset + len(texts) + 1]
    return FlatText(begins, np.frombuffer(data, "uint8"))


def to_series(flat: FlatText, index: pd.Index) -> pd.Series:
    """Return flat texts as a text column, missing where they are empty."""
    filled = np.diff(flat.offsets) > 0
    valid = np.packbits(filled, bitorder="little")
    buffers = [pa.py_buffer(part) for part in (valid, flat.offsets, flat.data)]
    texts = pa.LargeStringArray.from_buffers(len(filled), buffers[1], buffers[2], buffers[0])
    return pd.Series(pd.array(texts, dtype=TEXT), index=index)


def first_rows(flat: FlatText) -> np.ndarray:
    """Return for each row the number of the first row that holds the same text, -1 where it is empty.

    Two rows hold the same text if and only if they get the same number, so the numbers serve as codes too.

    Examples
    --------
    >>> first_rows(flatten(to_arrow(pd.Series(["ana", "", "bo", "ana"])))).tolist()
    [0, -1, 2, 0]
    """
    return _first_rows_of_texts(flat.offsets, flat.data)


def first_rows_of_pairs(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return for each row the first row that holds the same two numbers, -1 where either is negative.

    Examples
    --------
    >>> first_rows_of_pairs(np.array([7, 7, 7, -1]), np.array([1, 2, 1, 1])).tolist()
    [0, 1, 0, -1]
    """
    return _first_rows_of_pairs(left.astype("int64", copy=False), right.astype("int64", copy=False))


@njit(cache=True)
def digest(data, begin, end):  # type: ignore[no-untyped-def]
    """Return 64 well-mixed bits of a run of bytes: FNV-1a, then the finaliser of MurmurHash3."""
    bits = np.uint64(0xCBF29CE484222325)
    for place in range(begin, end):
        bits = (bits ^ np.uint64(data[place])) * np.uint64(0x100000001B3)
    return mix(bits)


@njit(cache=True)
def mix(bits):  # type: ignore[no-untyped-def]
    """Return 64 bits of which each depends on every bit given (the finaliser of MurmurHash3)."""
    bits = (bits ^ (bits >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    bits = (bits ^ (bits >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return bits ^ (bits >> np.uint64(33))


@njit(cache=True)
def digests(offsets, data):  # type: ignore[no-untyped-def]
    """Return the digest of each row."""
    result = np.empty(len(offsets) - 1, np.uint64)
    for row in range(len(result)):
        result[row] = digest(data, offsets[row], offsets[row + 1])
    return result


def digests_of(texts: np.ndarray) -> np.ndarray:
    """Return the digest of each of some texts, which is the same in every run.

    Examples
    --------
    >>> digests_of(np.array(["ana", "bo"], object)) == digests_of(np.array(["ana", "Bo"], object))
    array([ True, False])
    """
    return digests(*flatten(pa.array(texts.tolist(), pa.large_string())))


@njit(cache=True)
def longest(offsets):  # type: ignore[no-untyped-def]
    """Return the number of bytes of the longest row."""
    most = 0
    for row in range(len(offsets) - 1):
        most = max(most, offsets[row + 1] - offsets[row])
    return most


@njit(cache=True)
def _first_rows_of_texts(offsets, data):  # type: ignore[no-untyped-def]
    bits = digests(offsets, data)
    table = _empty_table(len(bits))
    mask = np.uint64(len(table) - 1)
    result = np.full(len(bits), NONE, np.int64)
    for row in range(len(bits)):
        if offsets[row] == offsets[row + 1]:
            continue
        slot = bits[row] & mask
        while table[slot] != NONE and not (
            bits[table[slot]] == bits[row] and _same_text(offsets, data, table[slot], row)
        ):
            slot = (slot + np.uint64(1)) & mask
        if table[slot] == NONE:
            table[slot] = row
        result[row] = table[slot]
    return result


@njit(cache=True)
def _first_rows_of_pairs(left, right):  # type: ignore[no-untyped-def]
    table = _empty_table(len(left))
    mask = np.uint64(len(table) - 1)
    result = np.full(len(left), NONE, np.int64)
    for row in range(len(left)):
        if left[row] < 0 or right[row] < 0:
            continue
        slot = mix(mix(np.uint64(left[row])) ^ np.uint64(right[row])) & mask
        while table[slot] != NONE and not (left[table[slot]] == left[row] and right[table[slot]] == right[row]):
            slot = (slot + np.uint64(1)) & mask
        if table[slot] == NONE:
            table[slot] = row
        result[row] = table[slot]
    return result


@njit(cache=True)
def _empty_table(rows):  # type: ignore[no-untyped-def]
    """Return an open hash table, a power of two at least twice as long as its rows."""
    size = 2
    while size < 2 * rows:
        size *= 2
    return np.full(size, NONE, np.int32)


@njit(cache=True)
def _same_text(offsets, data, one, other):  # type: ignore[no-untyped-def]
    shift = offsets[other] - offsets[one]
    if offsets[other + 1] - offsets[one + 1] != shift:
        return False
    place = offsets[one]
    while place < offsets[one + 1] and data[place] == data[place + shift]:
        place += 1
    return place == offsets[one + 1]
