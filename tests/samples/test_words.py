from __future__ import annotations

import itertools

import numpy as np
import pytest

from leadanalytics.samples.words import chance, choose, load_words, pick


def rng() -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(1))


def test_pick_draws_each_position_as_often_as_its_share():
    drawn = np.bincount(pick(rng(), [10, 0, 30], 40_000), minlength=3)
    assert drawn[1] == 0
    assert drawn[2] / drawn[0] == pytest.approx(3, rel=0.05)


def test_chance_is_per_thousand_for_all_or_for_each():
    assert not chance(rng(), 0, 100).any()
    each = chance(rng(), np.array([1000, 0]), 2)
    assert each.tolist() == [True, False]
    assert chance(rng(), 250, 40_000).mean() == pytest.approx(0.25, rel=0.05)


def test_choose_keeps_missing_words():
    assert choose(["a", None], np.array([1, 0])).to_pylist() == [None, "a"]


def test_habits_are_shares_of_a_thousand():
    assert load_words("habits", numbers=["per_thousand"])["per_thousand"].sum() == 1000


@pytest.mark.parametrize("column", ["without_accents", "mailbox"])
def test_no_two_names_of_a_language_are_the_same_to_a_matcher(column):
    names = load_words("names")
    folded = names[column].str.casefold()
    assert not folded.groupby(names["locale"]).apply(lambda same: same.duplicated().any()).any()


def test_mailboxes_are_plain():
    assert load_words("names")["mailbox"].str.fullmatch("[a-z-]+").all()


def test_company_words_are_different_and_many_enough():
    words = load_words("companies").groupby("part")["word"]
    assert words.nunique().equals(words.size())
    assert words.size().prod() > 1_000_000


def test_the_forms_of_a_phone_number_end_in_the_same_nine_digits():
    countries = load_words("countries")
    for country in countries.itertuples():
        forms = (f"{start}0123456" for start in (country.phone, country.phone_with_zeros, country.phone_at_home))
        digits = ["".join(filter(str.isdigit, form))[-9:] for form in forms]
        assert all(a == b for a, b in itertools.pairwise(digits)) and len(digits[0]) == 9, country.country


def test_every_country_has_names_in_its_language():
    spoken = set(load_words("names")["locale"])
    assert set(load_words("countries")["locale"]) <= spoken
    assert set(load_words("titles")["locale"]) <= spoken | {"any"}
