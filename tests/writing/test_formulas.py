import csv
import io
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadanalytics import schema
from leadanalytics.writing import guard_formulas


def guarded(text):
    return guard_formulas(pd.DataFrame({"note": pd.Series([text], dtype=schema.TEXT)}))["note"].iloc[0]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+44 20 7946 0000", "'+44 20 7946 0000"),
        ("+442079460000", "'+442079460000"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3", "'-2+3"),
        ("- first point", "'- first point"),
        ("\t=1", "'\t'=1"),
        ("\tname", "'\tname"),
        ("\rname", "'\rname"),
        ("\nname", "'\nname"),
        ("＝1", "'＝1"),
        ("＠name", "'＠name"),
        ("  =1", "'  =1"),
        ("\xa0=1", "'\xa0=1"),
        ("\ufeff=1", "'\ufeff=1"),
        ("\x00=1", "'\x00=1"),
        ("Hello\n=1", "Hello\n'=1"),
        ("Hello\r\n +1", "Hello\r\n' +1"),
        ("Hello;=1", "Hello;'=1"),
        ("Hello\t@x", "Hello\t'@x"),
    ],
)
def test_text_that_begins_like_a_formula_gets_an_apostrophe(text, safe):
    assert guarded(text) == safe


@pytest.mark.parametrize(
    "text", ["", "-", " - ", "-5", "-12.50", "-\nnothing", "a=b", "ann@example.com", "well-known", "'=1", "一家公司"]
)
def test_harmless_text_is_unchanged(text):
    assert guarded(text) == text


def test_only_text_is_touched():
    frame = pd.DataFrame(
        {
            "n": [-1, 2],
            "rate": [-0.5, None],
            "flag": [True, False],
            "at": pd.to_datetime(["2024-01-01", None], utc=True),
            "source": pd.Categorical(["SPZA", None]),
            "text": pd.Series(["a\nb", None], dtype=schema.TEXT),
        },
        index=[7, 7],
    )
    frame.attrs["definition"] = "=kept"
    pd.testing.assert_frame_equal(guard_formulas(frame), frame)
    assert guard_formulas(frame).attrs == frame.attrs


def test_categories_names_and_mixed_columns_are_guarded_and_the_input_is_not_changed():
    frame = pd.DataFrame({"=source": pd.Categorical(["=a", "'=a"]), "mixed": pd.Series(["=b", 3], dtype=object)})
    safe = guard_formulas(frame)
    assert list(safe.columns) == ["'=source", "mixed"]
    assert safe["'=source"].tolist() == ["'=a", "'=a"]
    assert safe["mixed"].tolist() == ["'=b", 3]
    assert frame.iloc[0].tolist() == ["=a", "=b"]


def test_text_of_arrow_dtype_is_guarded():
    frame = pd.DataFrame({"note": pd.array(["=1"], dtype="string[pyarrow]")})
    assert guard_formulas(frame)["note"].tolist() == ["'=1"]


@given(st.text(alphabet="=+-@＝\t\r\n;, \xa0\u200b'\"a1.", max_size=12) | st.text(max_size=12))
def test_no_part_of_a_cell_begins_a_formula(text):
    safe = guarded(text)
    for part in re.split(r"[\r\n\t;]", safe):
        part = re.sub(r"^[\s\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\u180e\ufeff]+", "", part)
        assert part[:1] not in {*"=+-@＝＋－＠"} or re.fullmatch(r"-(\d{1,15}(\.\d+)?)?\W*", part)
    assert safe[:1] not in {"\t", "\r", "\n"}
    assert safe == text or "'" in safe


@given(st.lists(st.text(max_size=8), min_size=1, max_size=4))
def test_guarding_twice_changes_nothing_more(cells):
    frame = pd.DataFrame({"note": pd.Series(cells, dtype=schema.TEXT)})
    once = guard_formulas(frame)
    pd.testing.assert_frame_equal(guard_formulas(once), once)
    buffer = io.StringIO(once.to_csv(index=False, lineterminator="\r\n"), newline="")
    if "\x00" not in "".join(cells):
        assert len(list(csv.reader(buffer))) == len(cells) + 1


def test_columns_of_concatenated_frames_are_guarded():
    frame = pd.concat([pd.DataFrame({"company": ["=1+1"]}), pd.DataFrame({"company": ["Contoso"]})])
    assert guard_formulas(frame)["company"].tolist() == ["'=1+1", "Contoso"]
