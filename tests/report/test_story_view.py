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
    heads = view().tables["steps"].columns
    assert [row[:2] for row in rows] == [["Test drive", "2"], ["Get it now", "1"], ["Install", "1"]]
    assert heads[2:5] == ("Skipped Test drive", "Left out", "With such a lead")
    assert rows[1][heads.index("Of the first step")].startswith("50 % (")


def test_finished_periods_are_told_from_unfinished_ones():
    assert [row[-1] for row in view().tables["trend"].rows] == ["finished", "unfinished"]
    recent = view().recent.replace("\N{NO-BREAK SPACE}", " ")
    assert recent == "The last finished month, June 2024: 100 % (21 to 100 %) of 1 reached Install."


def test_a_finished_period_in_which_nobody_got_there_says_of_how_many():
    rows = [*ENTERED[:2], (*ENTERED[3][:4], 3, False, False), ("C-3", *ENTERED[2][1:])]
    assert "none of 2 reached Install" in view(rows=rows).recent.replace("\N{NO-BREAK SPACE}", " ")


def test_a_story_names_its_offers_and_the_step_that_they_do_not_show():
    shown = view(rows=ENTERED[:2])
    assert shown.offers.replace("\N{NO-BREAK SPACE}", " ") == "1 offer: Crane."
    assert "No lead of these offers shows Install." in shown.definition


def test_a_funnel_of_one_step_has_numbers_by_period_and_no_rate():
    shown = view(rows=ENTERED[1:2])
    assert shown.tables["trend"].columns == ("Entered in", "Entered")
    assert "Of the first step" not in shown.tables["steps"].columns


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
