import pandas as pd
import pytest

from leadanalytics.report.words import counted, date, days, instant, listed, number, rate, sentence_case, span_of

NO_BREAK = "\N{NO-BREAK SPACE}"


def plain(text):
    return text.replace(NO_BREAK, " ")


def test_what_is_not_known_is_a_dash():
    assert {number(float("nan")), rate(float("nan")), days(float("nan"))} == {"–"}


def test_a_rate_never_reads_as_none_or_all_of_it_unless_it_is():
    assert [plain(rate(value)) for value in (0, 0.001, 0.999, 1)] == ["none", "<1 %", ">99 %", "100 %"]


def test_an_interval_keeps_together():
    assert rate(0.18, 0.142, 0.221).split() == ["18", "%", "(14", "to", "22", "%)"]
    assert " (" in rate(0.18, 0.142, 0.221)
    assert rate(0.18, 0.142, 0.221).count(" ") == 1


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2024-06-03", "2024-06-30", "3 to 30 June 2024"),
        ("2024-01-03", "2024-06-30", "3 January to 30 June 2024"),
        ("2023-12-31", "2024-06-30", "31 December 2023 to 30 June 2024"),
        ("2024-06-30 01:00", "2024-06-30 02:00", "30 June 2024"),
    ],
)
def test_a_span_says_what_is_common_once(first, last, said):
    assert plain(span_of(pd.Timestamp(first), pd.Timestamp(last))) == said


def test_a_moment_names_its_zone():
    assert plain(instant(pd.Timestamp("2024-12-01 09:05", tz="Europe/Berlin"))) == "1 December 2024, 09:05 CET"
    assert plain(date(pd.Timestamp("2024-12-01"))) == "1 December 2024"


def test_one_is_not_several():
    assert [plain(counted(n, "gap")) for n in (0, 1, 2)] == ["0 gaps", "1 gap", "2 gaps"]
    assert plain(days(1)) == "1 day"


def test_words_of_a_sentence():
    assert listed(["a", "b"], last="or") == "a or b"
    assert sentence_case("iPhone users") == "IPhone users"
