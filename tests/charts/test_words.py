import math
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadanalytics.charts.words import characters, cleaned, of_previous, percent, told_apart, unit_words, wrapped


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
    [(0, "0"), (0.004, "<1"), (0.005, "<1"), (0.006, "1"), (0.534, "53"), (0.9949, "99"), (0.996, ">99"), (1, "100")],
)
def test_rates_are_whole_percent_and_never_round_to_none_or_all(rate, words):
    assert percent(rate) == f"{words}\xa0%"


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


def test_names_that_differ_late_keep_their_end():
    names = [f"Enterprise Resource Planning Accelerator for Manufacturing v{number}" for number in range(60)]
    for width, lines in ((11, 1), (16, 1), (26, 2)):
        short = told_apart(names, width=width, lines=lines)
        assert len(set(short)) == 60
        assert {line for name in short for line in name.split("\n") if len(line) > width} == set()
    assert told_apart(names[:2], width=16, lines=1) == ["Enterprise R… v0", "Enterprise R… v1"]


def test_names_that_differ_in_the_middle_show_where():
    names = [f"{'x' * 30}{letter}{'y' * 30}{end}" for letter, end in (("a", 1), ("b", 1), ("b", 2))]
    assert told_apart(names, width=10, lines=1) == ["xxxx…ayyy…", "xxxxx…yyy1", "xxxxx…yyy2"]


def test_names_that_fit_or_are_the_same_stay():
    assert told_apart(["one two", "one two"], width=5, lines=1) == ["one…", "one…"]
    assert told_apart(["one two", "one ten"], width=8, lines=1) == ["one two", "one ten"]


def test_wider_rooms_hold_more_characters():
    assert characters(100, size=10) == 20
    assert characters(1, size=10) == 8
