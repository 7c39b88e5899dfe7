"""What the compiled pass reads is what the standard library reads."""

import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadanalytics.decoding.flat_objects import FlatObjects

NAMES = ["email", "firstname"]
DECODER = json.JSONDecoder(strict=False, parse_int=str, parse_float=str)


def read(*texts):
    objects = FlatObjects(pa.array(texts, pa.large_string()), NAMES)
    return objects.is_read.tolist(), [column.to_pylist() for column in objects.columns()]


def expected(text):
    """The values under the names, by the standard library."""
    values = dict.fromkeys(NAMES)
    for key, value in DECODER.decode(text.strip(" \t\r\n") or "{}").items():
        name = key.replace("_", "").replace(" ", "").lower()
        if name in NAMES and value is not None:
            written = value if isinstance(value, str) else json.dumps(value)
            values[name] = written.encode("utf-8", "replace").decode().strip() or None
    return list(values.values())


keys = st.sampled_from(["Email", "email", "FIRST_NAME", "First Name", "other", "", "street-1", "emailaddressofwork"])
texts = st.text(st.characters(codec=None) | st.sampled_from(' \t\u00a0\u3000"\\/é王😀'), max_size=8)
values = st.none() | st.booleans() | st.integers() | texts
records = st.dictionaries(keys, values, max_size=3).filter(lambda record: not {"Email", "email"} <= record.keys())
records = records.filter(lambda record: not {"FIRST_NAME", "First Name"} <= record.keys())


@given(st.lists(records, min_size=1, max_size=4), st.booleans())
def test_flat_objects_are_read(records, is_ascii):
    written = [json.dumps(record, ensure_ascii=is_ascii).encode("utf-8", "replace").decode() for record in records]
    is_read, columns = read(*written)
    assert all(is_read)
    assert [list(row) for row in zip(*columns, strict=True)] == [expected(text) for text in written]


@pytest.mark.parametrize("number", ["0", "-0", "441234", "-1.50", "4.42079E+11", "1e5", "12345678901234567890123"])
def test_numbers_stay_as_they_are_written(number):
    assert read(f'{{"email":{number}}}')[1][0] == read(f'{{"email": {number} }}')[1][0] == [number]


def test_keys_in_any_writing_are_passed_over():
    assert read('{"Straße": "x", "email": "a", "電話": null}') == ([True], [["a"], [None]])


signs = st.sampled_from(list('"\\{}[]:,-+.eE/ \t\n\0\ufeff0123ud8nullté')) | st.sampled_from(
    ["\\u00e9", "\\ud83d", "NaN"]
)
edits = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 3), signs), min_size=1, max_size=3)


@given(records, edits)
def test_what_is_read_of_damaged_texts_is_what_json_says(record, edits):
    text = json.dumps(record)
    for place, removed, added in edits:
        text = text[:place] + added + text[place + removed :]
    is_read, columns = read(text)
    if is_read[0]:
        assert [column[0] for column in columns] == expected(text)
    else:
        assert columns == [[None], [None]]


@pytest.mark.parametrize(
    "text",
    ['{"email": 1.}', '{"email": 1e}', '{"email": .5}', '{"email": +1}', '{"email": 1.e5}', '{"email": 0x1}', '[{}]',
     '{"email": 01}', '{"email": -}', '{"email": True}', '{"email": nul}', '{"email": "\\q"}', "null",
     '{"email": "\\u12"}', '{"email": "a"', '{"email" "a"}', '{"email": "a",}', '{"email": "a"} x', '{"email": ["a"]}',
     '{"Email": "a", "email": "b"}', '{"email": null, "email": "b"}', '{"em\\u0061il": "a"}', '"{}"', "[]", "{", '{"'],
)  # fmt: skip
def test_all_else_is_left(text):
    assert read(text) == ([False], [[None], [None]])


def test_rows_that_are_left_can_be_written_anew():
    texts = pa.array(['{"email": "a"}', "x", None, '{"firstname": ["b"]}'], pa.large_string())
    objects = FlatObjects(texts, NAMES)
    assert objects.is_read.tolist() == [True, False, True, False]
    assert objects.unread() == ["x", '{"firstname": ["b"]}']
    objects.rewrite(["{}", '{"firstname": "b"}'])
    assert objects.is_read.all()
    assert [column.to_pylist() for column in objects.columns()] == [["a", None, None, None], [None, None, None, "b"]]


def test_a_slice_of_a_column_and_an_empty_one():
    texts = pa.array(['{"email": "a"}', '{"email": "b"}', '{"email": "c"}'], pa.large_string())
    for start, length in ((1, 2), (3, 0)):
        part = texts.slice(start, length)
        assert FlatObjects(part, NAMES).columns()[0].to_pylist() == ["b", "c"][:length]
