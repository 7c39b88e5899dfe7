"""Columns of text between pandas and Arrow, and the few things that every room of this wing does with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics.schema import TEXT

__all__ = [
    "GrowingText",
    "arrow_of",
    "bytes_of",
    "clean",
    "encode",
    "first_known",
    "in_one_piece",
    "mask_of",
    "only_where",
    "pandas_of",
    "pieces_of",
    "text_column",
]

PIECE_ROWS = 16_384
MISSING = pa.scalar(None, pa.large_string())


def arrow_of(column: pd.Series) -> pa.LargeStringArray:
    """Return a text column as one Arrow array, without a copy unless its text lies in several pieces."""
    array = pa.array(column)
    return in_one_piece(array) if isinstance(array, pa.ChunkedArray) else array


def pieces_of(column: pd.Series) -> Iterator[pa.LargeStringArray]:
    """Return a text column as short Arrow arrays, for work that needs not hold the whole column at once."""
    for at in range(0, len(column), PIECE_ROWS):
        yield arrow_of(column.iloc[at : at + PIECE_ROWS])


def encode(column: pd.Series) -> pa.DictionaryArray:
    """Return a text column as its distinct texts and the number of each row's, missing where its text is."""
    encoded = pa.array(column).dictionary_encode()
    return in_one_piece(encoded) if isinstance(encoded, pa.ChunkedArray) else encoded


def in_one_piece(array: pa.ChunkedArray) -> pa.Array:
    """Return the pieces of an array as one, without a copy when there is only one."""
    return array.chunk(0) if array.num_chunks == 1 else array.combine_chunks()


def pandas_of(texts: pa.LargeStringArray) -> Any:
    """Return an Arrow array as pandas text, without a copy."""
    return TEXT.__from_arrow__(texts)


def bytes_of(texts: pa.LargeStringArray) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Return the bytes of a column, and the places at which each text begins and the last one ends."""
    _, offsets, data = texts.buffers()
    places = np.frombuffer(offsets, "int64", count=len(texts) + 1, offset=8 * texts.offset) if len(texts) else [0]
    return np.frombuffer(data or b"", "uint8"), np.asarray(places, "int64")


def text_column(data: npt.NDArray[np.uint8] | bytearray, places: npt.NDArray[np.int64]) -> pa.LargeStringArray:
    """Return the column of texts that lie one after the other in `data`, missing where empty: `bytes_of` undone."""
    is_known = np.packbits(places[1:] > places[:-1], bitorder="little")
    return pa.LargeStringArray.from_buffers(len(places) - 1, *map(pa.py_buffer, (places, data, is_known)))


class GrowingText:
    """A text column of a known number of rows, written piece by piece, so that no piece need be kept till the end."""

    def __init__(self, rows: int) -> None:
        self._data = bytearray()
        self._places = np.zeros(rows + 1, "int64")
        self._rows = 0

    def append(self, texts: pa.LargeStringArray) -> None:
        """Write the texts of the next rows."""
        data, places = bytes_of(texts)
        self._places[self._rows + 1 : self._rows + len(places)] = places[1:] + (len(self._data) - places[0])
        self._data += data[places[0] : places[-1]].data
        self._rows += len(texts)

    def column(self) -> pa.LargeStringArray:
        """Return the column, missing where a text is empty."""
        return text_column(self._data, self._places)


def mask_of(mask: pa.BooleanArray) -> npt.NDArray[np.bool_]:
    """Return a mask for numpy, False where Arrow does not know."""
    return pc.fill_null(mask, False).to_numpy(zero_copy_only=False)


def clean(texts: pa.LargeStringArray) -> pa.LargeStringArray:
    """Return texts without outer blanks, missing where nothing is left."""
    if texts.null_count == len(texts):
        return texts
    trimmed = pc.utf8_trim_whitespace(texts)
    is_blank = pc.equal(pc.binary_length(trimmed), 0)
    return pc.if_else(is_blank, MISSING, trimmed) if pc.any(is_blank).as_py() else trimmed


def first_known(columns: Iterable[pa.LargeStringArray]) -> pa.LargeStringArray:
    """Return the first value of each row that is not missing, out of several columns."""
    columns = list(columns)
    known = [column for column in columns if column.null_count < len(column)]
    return pc.coalesce(*known) if len(known) > 1 else (known or columns)[0]


def only_where(mask: npt.NDArray[np.bool_], column: pd.Series) -> pa.LargeStringArray:
    """Return the texts of a column where a mask says so, and missing values elsewhere."""
    return pc.replace_with_mask(pa.nulls(len(column), pa.large_string()), pa.array(mask), arrow_of(column[mask]))
