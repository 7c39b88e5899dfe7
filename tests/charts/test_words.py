import math
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadanalytics.charts.words import characters, cleaned, of_previous, percent, unit_words, wrapped, wrapped_apart


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        (["customer_id", "offer_id"], "customers per offer"),
        (("customer_id",), "customers"),
        ("customer_id", "customers"),
        ("carts", "carts"),
        (["lead", "day"], "units"),
        (None, "units"),
    ],
)
def test_a_unit_is_said_in_words(unit, words):
    assert unit_words(unit) == words


@pytest.mark.parametrize(
    ("rate", "words"),
    [(0.004, "<1"), (0.005, "<1"), (0.006, "1"), (0.534, "53"), (0.9949, "99"), (0.996, ">99"), (1, "100")],
)
def test_rates_are_whole_percent_and_never_round_to_none_or_all(rate, words):
    assert percent(rate) == f"{words}\xa0%"


def test_a_rate_of_nothing_is_none_and_not_a_percentage():
    assert percent(0) == "none"
    assert of_previous(0, 0, 0.3) == "none of previous (0 to 30\xa0%)"


def test_a_rate_that_does_not_exist_is_not_said():
    assert of_previous(math.nan, math.nan, math.nan) == ""
    assert of_previous(0.5, math.nan, math.nan) == "50\xa0% of previous"


def test_unshown_characters_become_blanks():
    assert cleaned("a\x00b\u202ec\ud800d\n e ") == "a b c d  e"
    assert cleaned(None) == "None"


@given(st.text(st.characters(exclude_categories=["C", "Z"]), max_size=60), st.integers(2, 30))
def test_no_line_is_wider_than_the_room_and_no_character_is_lost(text, width):
    lines = wrapped(text, width=width).split("\n")
    assert "".join(lines) == text
    for line in lines:
        assert sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line) <= width


def test_words_stay_whole_and_identifiers_break_at_their_signs():
    assert wrapped("one two three", width=8) == "one two\nthree"
    assert wrapped("contoso.document-manager", width=18) == "contoso.document-\nmanager"
    assert wrapped("云文档同步企业版", width=8) == "云文档同\n步企业版"


def test_more_lines_than_allowed_end_in_an_ellipsis():
    assert wrapped("one two three four", width=8, lines=2) == "one two\nthree…"
    assert wrapped("one two", width=8, lines=1) == "one two"


def test_wider_rooms_hold_more_characters():
    assert characters(100, size=10) == 20
    assert characters(1, size=10) == 8


def test_long_names_with_one_beginning_keep_their_ends():
    names = [f"Enterprise Resource Planning Accelerator for Hospitals {town}" for town in ("Bern", "Oslo")]
    assert wrapped_apart(names, width=22, lines=2) == [
        "Enterprise Resource…\nfor Hospitals Bern",
        "Enterprise Resource…\nfor Hospitals Oslo",
    ]
    assert wrapped_apart(["x" * 30 + "1", "x" * 30 + "2"], width=10, lines=1) == ["xxxx… xxx1", "xxxx… xxx2"]
    assert wrapped_apart([names[0], names[0]], width=22, lines=2) == [wrapped(names[0], width=22, lines=2)] * 2
