from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadanalytics.identity.name_parts import nickname_classes, part_names
from leadanalytics.identity.names import canonical_names

WORDS = st.sampled_from(["Ana", "RUIZ", "vega", "Dr.", "M.", "O'Neil", "山口", ""])


def parts(first, last):
    found = part_names(pd.Series([first], dtype="str"), pd.Series([last], dtype="str"))
    return tuple(None if pd.isna(column[0]) else column[0] for column in (found.first, found.last, found.full))


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("Ana", "Ruiz", ("ana", "ruiz", "ana ruiz")),
        ("Ruiz", "Ana", ("ruiz", "ana", "ana ruiz")),
        ("Dr. Ana M.", "Ruíz Vega", ("ana", "ruiz vega", "ana ruiz vega")),
        ("", "Ruiz, Ana", ("ana", "ruiz", "ana ruiz")),
        ("Ana Luz Ruiz", None, ("ana luz", "ruiz", "ana luz ruiz")),
        ("A.", "Ruiz", ("a", "ruiz", None)),
        ("Ana", None, ("ana", None, None)),
        (None, "O’Neil", (None, "oneil", None)),
        (None, "山口明美", (None, "山口明美", "山口明美")),
        ("test", "test", (None, None, None)),
        ("", ",", (None, None, None)),
        (None, None, (None, None, None)),
    ],
)
def test_each_part_is_taken_from_where_it_stands(first, last, expected):
    assert parts(first, last) == expected


def test_the_index_of_the_leads_is_kept():
    found = part_names(pd.Series(["Ana"], index=["x"]), pd.Series(["Ruiz"], index=["x"]))
    assert [list(column.index) for column in found] == [["x"]] * 4


@given(WORDS, WORDS)
def test_whole_names_are_those_that_serve_as_keys(first, last):
    whole = parts(first, last)[2]
    if whole is not None:
        assert whole == canonical_names(pd.Series([first], dtype="str"), pd.Series([last], dtype="str"))[0]


def test_nicknames_of_one_name_are_one_class():
    bob, robert, bill, zenobia = nickname_classes(pd.Index(["bob", "robert", "bill", "zenobia"])).tolist()
    assert bob == robert != bill
    assert zenobia == -1


def generation_of(first, last):
    found = part_names(pd.Series([first], dtype="str"), pd.Series([last], dtype="str")).generation[0]
    return None if pd.isna(found) else found


@pytest.mark.parametrize(
    ("first", "last", "generation"),
    [
        ("John", "Smith Jr.", "junior"),
        ("John Jr", "Smith", "junior"),
        ("", "Smith Sr, John", "senior"),
        ("John", "Smith, III", "iii"),
        ("Sr. Juan", "Perez", None),
        ("Junior", "Santos", None),
        ("John", "Smith", None),
    ],
)
def test_generations_stand_after_a_name_and_are_no_part_of_it(first, last, generation):
    assert generation_of(first, last) == generation
    assert "jr" not in (parts(first, last)[2] or "")
