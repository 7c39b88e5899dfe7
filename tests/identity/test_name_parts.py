from __future__ import annotations

import pandas as pd
import pytest

from leadanalytics.identity.name_parts import nickname_classes, part_names


def parts(first, last):
    return tuple(None if pd.isna(part[0]) else part[0] for part in part_names(pd.Series([first]), pd.Series([last])))


@pytest.mark.parametrize(
    ("first", "last", "first_part", "last_part"),
    [
        ("Dr. Ana M.", "RUIZ", "ana", "ruiz"),
        ("Ana Ruiz", "", "ana", "ruiz"),
        ("", "Ruiz, Ana", "ana", "ruiz"),
        ("Ana María", "Ruiz", "ana maria", "ruiz"),
        ("J.", "Smith", "j", "smith"),
        ("明美", "山口", "明美", "山口"),
        ("n/a", "-", None, None),
    ],
)
def test_parts_are_taken_from_wherever_they_stand(first, last, first_part, last_part):
    assert parts(first, last)[:2] == (first_part, last_part)


def test_swapped_names_are_the_same_in_full():
    assert parts("Ana", "Ruiz")[2] == parts("Ruiz", "Ana")[2] == parts("Ana Ruiz", "")[2] == "ana ruiz"


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
    assert parts(first, last)[3] == generation
    assert "jr" not in (parts(first, last)[2] or "")


def test_short_forms_of_one_name_are_one_class():
    bob, robert, zenobia = nickname_classes(pd.Index(["bob", "robert", "zenobia"])).tolist()
    assert bob == robert != zenobia == -1
