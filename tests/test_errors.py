import pytest

from leadanalytics.errors import LeadAnalyticsError, MissingExtraError, OptionError, ReadError, check_option, near_miss


def test_an_error_says_what_was_wrong_what_was_there_and_what_to_do():
    error = ReadError("'a.csv' is no lead file", found="the columns x, y", next_step="name a layout")
    assert str(error) == "'a.csv' is no lead file; found the columns x, y; name a layout"


def test_facts_of_an_argument_make_the_next_step_where_there_is_no_other():
    error = OptionError("window is a length of time", found="'soon'", argument="window", example="30 days")
    assert str(error) == "window is a length of time; found 'soon'; window='30 days'"
    assert (error.argument, error.example) == ("window", "30 days")
    told = OptionError("tz is a zone", argument="tz", example="UTC", next_step="did you mean 'UTC'?")
    assert str(told) == "tz is a zone; did you mean 'UTC'?"


def test_an_error_leaves_out_what_it_does_not_know():
    assert str(LeadAnalyticsError("the file is empty")) == "the file is empty"


def test_a_missing_extra_names_the_line_that_installs_it():
    assert "pip install 'leadanalytics[notebooks]'" in str(MissingExtraError("jupyterlab", extra="notebooks"))


def test_an_option_passes():
    check_option("start", "any", ["first", "any"])


def test_a_wrong_option_lists_the_options_and_the_near_miss():
    with pytest.raises(OptionError, match="start is one of 'first', 'any'; found 'frist'; did you mean 'first'"):
        check_option("start", "frist", ["first", "any"])


def test_an_option_far_from_all_gets_no_guess():
    with pytest.raises(OptionError) as raised:
        check_option("start", "zzz", ["first", "any"])
    assert "did you mean" not in str(raised.value)


def test_near_miss_of_nothing_is_none():
    assert near_miss("stage", []) is None
