import pytest
from report_cases import found, leads_of

from leadanalytics.report.story_view import view_story

ENTERED = [
    ("C-1", "crane", None, "Test drive", 1, False, False),
    ("C-1", "crane", "Azure Marketplace", "Get it now", 2, False, False),
    ("C-1", "crane", "Azure Marketplace", "Install", 3, False, False),
    ("C-2", "crane", None, "Test drive", 40, False, False),
]


def view(freq="MS", rows=ENTERED, **options):
    (story,) = found(leads_of(rows), freq=freq, as_of="2024-07-20T00:00Z", **options).stories
    return view_story(story, key="one")


def test_the_steps_say_counts_and_both_rates():
    rows = [[cell.replace("\N{NO-BREAK SPACE}", " ") for cell in row] for row in view().tables["steps"].rows]
    assert [row[:2] for row in rows] == [["Test drive", "2"], ["Get it now", "1"], ["Install", "1"]]
    assert rows[0][2:4] == ["", ""]
    assert rows[1][3].startswith("50 % (")


def test_finished_periods_are_told_from_unfinished_ones():
    assert [row[-1] for row in view().tables["trend"].rows] == ["finished", "unfinished"]
    assert "in June 2024 reached Install" in view().recent.replace("\N{NO-BREAK SPACE}", " ")


def test_without_a_window_no_period_is_finished():
    shown = view(window=None)
    assert shown.recent == ""
    assert {row[-1] for row in shown.tables["trend"].rows} == {"unfinished"}


@pytest.mark.parametrize(
    ("freq", "name", "first"),
    [
        ("D", "day", "1 June 2024"),
        ("W-MON", "week", "the week of 27 May 2024"),
        ("QS", "quarter", "Q2 2024"),
        ("YS", "year", "2024"),
    ],
)
def test_periods_have_names(freq, name, first):
    shown = view(freq)
    assert shown.period == name
    assert shown.tables["trend"].rows[0][0].replace("\N{NO-BREAK SPACE}", " ") == first


def test_the_nowcast_says_what_it_rests_on():
    assert "the 2 who have entered so far" in view().rests_on
