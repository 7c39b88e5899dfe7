import pandas as pd

from leadanalytics.writing.lengths import cut, too_long


def test_a_character_beyond_the_basic_plane_counts_two():
    values = pd.Series(["abcd", "ab𝄞", "abc𝄞", None, "äöüß"])
    assert too_long(values, 4).tolist() == [2]


def test_no_text_is_too_long_where_there_is_none():
    assert too_long(pd.Series([None, None], dtype="str"), 1).tolist() == []


def test_a_cut_text_ends_before_a_character_that_does_not_fit_whole():
    assert cut("abc𝄞", 4) == "abc"


def test_the_mark_is_within_the_limit():
    assert cut("abcdefgh", 6, mark="...") == "abc..."


def test_no_item_is_cut_in_two():
    assert cut("ids: a1; b2; c3", 14, between=["; "]) == "ids: a1; b2"
    assert cut("one long item", 8, between=["; "]) == "one long"
