from __future__ import annotations

import pandas as pd
import pytest

from leadanalytics.identity.names import are_whole, canonical_names, flat_names


def canonical(first, last):
    return canonical_names(pd.Series([first], dtype="str"), pd.Series([last], dtype="str")).tolist()


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("Anna", "Müller"),
        ("ANNA", "muller"),
        ("Müller", "Anna"),
        ("Anna Müller", None),
        ("", "Müller, Anna"),
        ("Dr. Anna", "Müller"),
        ("Prof.Dr. Anna", "Müller Ph.D."),
        ("Anna M.", "Müller"),
        ("Anna Müller", "Müller"),
    ],
)
def test_one_name_has_one_spelling(first, last):
    assert canonical(first, last) == ["anna muller"]


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("Jean-Pierre", "d'Arc", "darc jean pierre"),
        ("J.", "Smith", "j smith"),
        ("桃子", "吉田", "吉田 桃子"),
        ("И. Артемий", "Крюков", "артемий крюков"),
        ("莫", "言", "莫 言"),
        ("Li", "Na", "li na"),
    ],
)
def test_the_parts_of_a_name_are_kept(first, last, name):
    assert canonical(first, last) == [name]


@pytest.mark.parametrize(
    ("first", "last"),
    [(None, None), ("", " "), ("Test", "User"), ("n/a", "-"), ("Dr.", ""), ("x", "y"), ("Unknown", "")],
)
def test_what_is_no_name_is_missing(first, last):
    assert pd.isna(canonical(first, last)[0])


def test_long_texts_are_cut_not_refused():
    assert len(canonical(" ".join(f"word{number}" for number in range(50)), "x" * 10_000)[0]) > 50


def test_one_latin_word_is_not_a_whole_name():
    names = flat_names(pd.Series(["Tom", "Tom", "山田太郎", ""]), pd.Series(["", "Lee", "", ""]))
    assert are_whole(names).tolist() == [False, True, True, False]
