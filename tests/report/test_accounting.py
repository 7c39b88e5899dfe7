import pandas as pd
import pytest
from report_cases import ROWS, found, leads_of, random_leads, random_rules, stories

from leadanalytics.report.accounting import (
    account_for_funnels,
    account_for_leads,
    account_for_units,
    leads_taking_part,
)


def numbers(cells):
    return [int(cell.replace(",", "").replace("\N{MINUS SIGN}", "-")) for cell in cells]


def test_the_leads_that_can_count_are_those_read_less_what_counts_nowhere():
    made = account_for_leads(stories(), len(ROWS), None)
    assert sum(numbers(row[1] for row in made.rows)) == numbers(made.total[1:])[0] == 10
    assert [row[0] for row in made.rows] == [
        "Leads read",
        "test leads (not real people)",
        "leads that say: do not contact",
    ]


def test_each_funnel_has_the_leads_of_its_offers():
    made = account_for_funnels(stories(), len(ROWS))
    assert [row[0] for row in made.rows] == ["Test drive → Get it now → Install", "Test drive → Contact me"]
    assert [numbers(row[1:]) for row in made.rows] == [[10, -3, 0, 0, 7], [10, -7, 0, 0, 3]]


@pytest.mark.parametrize("seed", range(6))
def test_every_account_adds_up_whatever_the_rules(seed):
    leads, rules = random_leads(seed), random_rules(seed)
    findings = found(leads, rules=rules)
    first = account_for_leads(findings.tallies, len(leads), None)
    assert sum(numbers(row[1] for row in first.rows)) == numbers(first.total[1:])[0]
    for made in (account_for_funnels(findings.tallies, len(leads)), account_for_units(findings.tallies)):
        assert len(made.rows) == len(findings.tallies)
        for row in [*made.rows, *([made.total] if made.total else [])]:
            *parts, total = numbers(row[1:])
            assert sum(parts) == total


def test_exact_duplicates_and_undated_leads_are_told():
    leads = pd.concat([leads_of(), leads_of().iloc[[0]]], ignore_index=True)
    leads.loc[1, "created_at"] = pd.NaT
    findings = found(leads)
    rows = {row[0]: row[1] for row in account_for_leads(findings.tallies, findings.leads, None).rows}
    assert rows["leads without a created time"] == "\N{MINUS SIGN}1"
    of_funnels = account_for_funnels(findings.tallies, findings.leads)
    assert of_funnels.rows[0][of_funnels.columns.index("Delivered again")] == "\N{MINUS SIGN}1"


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
    assert [numbers(row[1:]) for row in made.rows] == [[4, -1, 3], [2, -1, 1]]
    assert numbers(made.total[1:]) == [6, -2, 4]


def test_what_takes_part_is_what_was_not_removed():
    assert leads_taking_part(stories()[0], len(ROWS)) == 7
