from __future__ import annotations

import pandas as pd

from leadanalytics.identity.keys import match_keys


def usable(rule, **columns):
    """Return for each row whether the rule has a key for it."""
    return (match_keys(pd.DataFrame(columns))[rule] >= 0).tolist()


def same(rule, **columns):
    return match_keys(pd.DataFrame(columns))[rule].tolist()


def test_each_rule_needs_all_its_values():
    columns = {
        "first_name": ["Ana", "Ana", None],
        "last_name": ["Ruiz", "Ruiz", None],
        "phone": ["+44 20 7946 0018", None, "+44 20 7946 0018"],
        "company": [None, "Alpine", "Alpine"],
    }
    assert usable("e-mail", **columns) == [False, False, False]
    assert usable("phone and name", **columns) == [True, False, False]
    assert usable("name and company", **columns) == [False, True, False]


def test_different_companies_or_phones_make_different_keys():
    columns = {
        "first_name": ["Ana", "Ana", "ana"],
        "last_name": ["Ruiz", "Ruiz", "Ruiz"],
        "phone": ["020 7946 0018", "020 7946 0019", "+44 20 7946 0018"],
        "company": ["Alpine Ltd", "Grid", "Alpine"],
    }
    assert same("phone and name", **columns) == [0, 1, 0]
    assert same("name and company", **columns) == [0, 1, 0]


def test_a_first_name_alone_joins_nobody_at_a_company_but_at_a_phone():
    columns = {"first_name": ["Tom", "Tom"], "phone": ["020 7946 0018"] * 2, "company": ["Alpine"] * 2}
    assert usable("name and company", **columns) == [False, False]
    assert usable("phone and name", **columns) == [True, True]


def test_an_address_that_several_different_names_share_is_no_key():
    columns = {
        "first_name": ["Ana", "Li", "Tom", "Eva"],
        "last_name": ["Ruiz", "Chen", "Lee", "Novak"],
        "email": ["all@example.com"] * 3 + ["eva@example.com"],
    }
    assert usable("e-mail", **columns) == [False, False, False, True]


def test_repeats_and_variants_of_a_name_do_not_make_an_address_shared():
    columns = {
        "first_name": ["Ana", "Ana", "A.", "Ana Maria", None, "Ana"],
        "last_name": ["Ruiz", "Ruiz", "Ruiz", "Soto", None, "Riuz"],
        "email": ["ana@example.com"] * 6,
    }
    assert usable("e-mail", **columns) == [True] * 6


def test_very_many_names_make_an_address_shared_even_where_they_resemble_one_another():
    people = [f"{first}{second}" for first in "abcd" for second in "efgh"]
    columns = {"first_name": people, "last_name": ["Doe"] * 16, "email": ["doe@example.com"] * 16}
    assert usable("e-mail", **columns) == [False] * 16


def test_the_order_of_rows_does_not_decide_who_shares():
    names = ["ana ruiz", "ruiz soto", "soto lim", "li chen"]
    for order in (names, names[::-1], [names[2], names[0], names[3], names[1]]):
        assert usable("e-mail", first_name=order, email=["all@example.com"] * 4) == [True] * 4
