"""Text columns between pandas and Arrow."""

import numpy as np
import pandas as pd
import pyarrow as pa

from leadanalytics.decoding.text_columns import (
    GrowingText,
    arrow_of,
    bytes_of,
    clean,
    encode,
    first_known,
    in_one_piece,
    mask_of,
    only_where,
    pandas_of,
    pieces_of,
    text_column,
)
from leadanalytics.schema import TEXT


def texts(*values):
    return pa.array(values, pa.large_string())


def test_there_and_back_of_one_piece_or_several():
    one = pd.Series(["a", None, "ü"], dtype=TEXT)
    for column in (one, pd.concat([one, one], ignore_index=True)):
        assert isinstance(arrow_of(column), pa.LargeStringArray)
        assert pd.Series(pandas_of(arrow_of(column))).equals(column)


def test_one_piece_of_several_and_of_one_without_a_copy():
    one = texts("a", "b")
    assert in_one_piece(pa.chunked_array([one, one])).to_pylist() == ["a", "b", "a", "b"]
    assert in_one_piece(pa.chunked_array([one])).buffers()[2].address == one.buffers()[2].address


def test_pieces_hold_every_row_in_order():
    column = pd.Series([str(row) for row in range(70_000)], dtype=TEXT)
    pieces = list(pieces_of(pd.concat([column, column], ignore_index=True)))
    assert all(len(piece) < 70_000 for piece in pieces)
    assert pa.chunked_array(pieces).to_pylist() == column.tolist() * 2
    assert list(pieces_of(column.iloc[:0])) == []


def test_the_bytes_of_a_slice_lie_between_its_places():
    data, places = bytes_of(texts("ab", "cde", None, "f").slice(1, 2))
    assert bytes(data[places[0] : places[-1]]) == b"cde"
    assert len(places) == 3
    assert bytes_of(texts())[1].tolist() == [0]


def test_a_column_is_made_of_the_bytes_of_another():
    column = texts("ab", "cde", None, "f", "")
    assert text_column(*bytes_of(column)).to_pylist() == ["ab", "cde", None, "f", None]


def test_a_column_grows_by_pieces_and_slices():
    grown = GrowingText(5)
    for piece in (texts("a", None), texts(), texts("b", "ü", "c", "").slice(1)):
        grown.append(piece)
    assert grown.column().to_pylist() == ["a", None, "ü", "c", None]
    assert GrowingText(0).column().to_pylist() == []


def test_encoded_columns_count_their_texts_through_all_pieces():
    one = pd.Series(["b", None, "a", "b"], dtype=TEXT)
    for column in (one, pd.concat([one, one]), one.iloc[:0]):
        encoded = encode(column)
        assert isinstance(encoded, pa.DictionaryArray)
        assert encoded.dictionary.to_pylist() == ["b", "a"][: len(column)]
        assert encoded.cast(pa.large_string()).to_pylist() == column.astype(object).where(column.notna(), None).tolist()


def test_clean_texts_have_no_outer_blanks_and_are_missing_where_blank():
    assert clean(texts(" a b\u00a0", "", "\t\n", None)).to_pylist() == ["a b", None, None, None]
    assert clean(texts(None)).to_pylist() == [None]


def test_the_first_known_value_is_taken():
    assert first_known([texts("a", None, None), texts("b", "c", None)]).to_pylist() == ["a", "c", None]
    assert first_known([texts(None), texts(None)]).to_pylist() == [None]


def test_masks():
    assert mask_of(pa.array([True, None, False])).tolist() == [True, False, False]
    assert only_where(np.array([True, False]), pd.Series(["a", "b"], dtype=TEXT)).to_pylist() == ["a", None]
