import pandas as pd
from report_cases import ROWS, found, leads_of, stories

from leadanalytics.report.accounting import account_for_leads, account_for_units, leads_taking_part


def numbers(cells):
    return [int(cell.replace(",", "").replace("\N{MINUS SIGN}", "-")) for cell in cells]


def test_every_column_of_the_leads_adds_up():
    made = account_for_leads(stories(), len(ROWS), None)
    for column in (1, 2):
        assert sum(numbers(row[column] for row in made.rows)) == numbers(made.total[1:])[column - 1]
    assert [row[0] for row in made.rows] == [
        "Leads read",
        "test leads, which are nobody",
        "leads that say: do not contact",
        "leads of a stage that is no step of this funnel",
    ]


def test_exact_duplicates_and_undated_leads_are_told():
    leads = pd.concat([leads_of(), leads_of().iloc[[0]]], ignore_index=True)
    leads.loc[1, "created_at"] = pd.NaT
    findings = found(leads)
    rows = {row[0]: row[1] for row in account_for_leads(findings.stories, findings.leads, None).rows}
    assert rows["exact duplicates, delivered again"] == "\N{MINUS SIGN}1"
    assert rows["leads without a created time"] == "\N{MINUS SIGN}1"


def test_rejects_stand_between_what_was_delivered_and_what_was_read():
    rejects = pd.DataFrame({"reason": ["no columns", "broken", "broken"]})
    made = account_for_leads(stories(), 12, rejects)
    assert [row[:2] for row in made.rows[:4]] == [
        ("Records delivered", "15"),
        ("could not be read: broken", "\N{MINUS SIGN}2"),
        ("could not be read: no columns", "\N{MINUS SIGN}1"),
        ("Leads read", "12"),
    ]


def test_the_units_add_up_to_those_who_entered():
    made = account_for_units(stories())
    for column in (1, 2):
        assert sum(numbers(row[column] for row in made.rows)) == numbers(made.total[1:])[column - 1]
    assert made.total == ("Entered the funnel at its first step", "3", "1")


def test_what_takes_part_is_what_was_not_removed():
    assert leads_taking_part(stories()[0], len(ROWS)) == 9
