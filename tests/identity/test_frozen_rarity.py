from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from leadanalytics.identity.evidence import measure_population
from leadanalytics.identity.frozen_rarity import freeze_rarity, rarity_from_table, rarity_to_table, recall_population
from leadanalytics.identity.profiles import read_profiles


@pytest.fixture
def profiles():
    return read_profiles(
        pd.DataFrame(
            {
                "record_id": ["a", "b", "c", "d"],
                "first_name": ["Ana", "Ana", "Li", "Bo"],
                "last_name": ["Ruiz", "Diaz", "Chen", "Berg"],
                "email": ["ana@example.com", "team@example.com", "team@example.com", None],
                "phone": ["020 7946 0018", None, "020 7946 0018", None],
                "company": ["Alpine", "Alpine", "Grid", None],
                "title": ["CTO", "CTO", None, None],
            }
        )
    )


def assert_same(one, other):
    for field in dataclasses.fields(one):
        np.testing.assert_allclose(getattr(one, field.name), getattr(other, field.name), err_msg=field.name)


def test_the_same_profiles_are_as_rare_as_they_were(profiles):
    recalled = recall_population(freeze_rarity(profiles), profiles)
    measured = measure_population(profiles)
    assert_same(
        dataclasses.replace(recalled, company=recalled.company[: len(profiles.company.texts) - 1]),
        dataclasses.replace(measured, company=measured.company[: len(profiles.company.texts) - 1]),
    )


def test_values_that_were_not_there_are_the_rarest(profiles):
    rarity = freeze_rarity(profiles)
    later = read_profiles(pd.DataFrame({"record_id": ["e", "f"], "first_name": ["Ana", "Zoe"]}))
    first = recall_population(rarity, later).first[later.first.codes]
    assert first.max() == rarity.rarest > first.min() == rarity.rarest - 1


def test_domains_that_were_free_stay_free():
    people = pd.DataFrame({"record_id": [f"r{n}" for n in range(30)], "company": [f"Firm {n}" for n in range(30)]})
    people["email"] = [f"person{n}@mail.example" for n in range(30)]
    rarity = freeze_rarity(read_profiles(people))
    later = people.tail(1)
    assert read_profiles(later, free_domains=rarity.free_domains).is_free.all()
    assert not read_profiles(later).is_free.any()


def test_it_is_the_same_after_writing_and_reading(profiles):
    rarity = freeze_rarity(profiles)
    again = rarity_from_table(rarity_to_table(rarity))
    assert (again.leads, again.size, again.rarest) == (4, rarity.size, rarity.rarest)
    assert_same(recall_population(again, profiles), recall_population(rarity, profiles))


def test_no_value_can_be_read_in_it(profiles):
    table = rarity_to_table(freeze_rarity(profiles))
    assert {str(field.type) for field in table.schema} == {
        "dictionary<values=string, indices=int32, ordered=0>",
        "uint64",
        "double",
    }
    assert "ana" not in table["field"].unique().to_pylist()
