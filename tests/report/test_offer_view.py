import pytest
from report_cases import ROWS, found, leads_of, listed_vocabulary, random_leads, random_rules

import leadanalytics as la
from leadanalytics.report.offer_view import view_offers
from leadanalytics.vocabulary import load_vocabulary


def view(findings, most=20):
    return view_offers(findings, most=most, vocabulary=listed_vocabulary())


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_every_offer_is_in_the_table_under_its_title_and_drawn():
    shown = view(found())
    assert [(row[0], row[1], row[2]) for row in shown.table.rows] == [
        ("Crane", "Test drive", "3"),
        ("Crane", "Get it now", "2"),
        ("Crane", "Install", "1"),
        ("Lift", "Test drive", "1"),
        ("Lift", "Contact me", "1"),
    ]
    assert [name for name, _ in shown.panels] == ["Crane", "Lift"]
    assert shown.rest == shown.doubts == ""


def test_an_offer_with_two_buttons_has_a_chart_for_the_way_to_each():
    rows = [*ROWS, ("C-2", "crane", "AppSource", "Contact me", 3, False, False)]
    shown = view(found(leads_of(rows)))
    assert [name for name, _ in shown.panels] == ["Crane: to Install", "Crane: to Contact me", "Lift"]
    assert [row[:3] for row in shown.table.rows if row[0] == "Crane: to Contact me"] == [
        ("Crane: to Contact me", "Test drive", "3"),
        ("Crane: to Contact me", "Contact me", "1"),
    ]


def test_the_offer_with_the_longest_first_bar_comes_first():
    # Most customers are of the lift, but skipped the first step, so that the bar of the crane is longer.
    rows = [*ROWS, *((f"C-{n}", "lift", "AppSource", "Contact me", 9, False, False) for n in range(20, 40))]
    findings = found(leads_of(rows))
    assert findings.offer_units.index[0] == "lift"
    assert view(findings).table.rows[0][0] == "Crane"
    bars = findings.counts[findings.counts["step"] == 1].set_index("offer_name")["n"]
    assert [name for name, _ in view(findings).panels] == list(bars.sort_values(ascending=False).index)


def test_what_is_not_drawn_is_said_with_its_share():
    shown = view(found(), most=1)
    assert plain(shown.rest) == "Not drawn: one offer of the table below, with 2 customers per offer, 33 % of all."
    assert len(shown.panels) == 1 and {row[0] for row in shown.table.rows} == {"Crane", "Lift"}
    assert view(found(), most=0).panels == []


def test_how_each_offer_is_listed_says_how_sure_it_is():
    findings = found(random_leads(1), as_of=None, vocabulary=listed_vocabulary())
    shown = view(findings)
    rows = {row[0]: row for row in shown.listings.rows}
    sure = {name: row[shown.listings.columns.index("How sure")] for name, row in rows.items()}
    assert sure["Listed Trial"] == "given"
    assert sure["Azure"] == "inferred"
    assert sure["Get It Now Alone"].startswith("not certain: free trial, free app and purchase")
    assert rows["Listed Trial"][2] == "free trial listing"
    assert shown.doubts.startswith("The codes do not tell how") and "Get It Now Alone" in shown.doubts
    assert "Azure" not in shown.doubts


def test_rules_that_count_over_all_offers_have_no_chart_of_one():
    shown = view_offers(found(unit="customer_id"), most=20, vocabulary=load_vocabulary())
    assert (shown.table, shown.panels) == (None, [])
    assert len(shown.listings.rows) == 2


def test_titles_that_two_offers_share_are_told_apart():
    leads = leads_of().assign(offer_name="Crane")
    assert {row[0] for row in view(found(leads)).table.rows} == {"Crane (crane)", "Crane (lift)"}


@pytest.mark.parametrize("seed", range(20))
def test_each_offer_has_the_numbers_of_count_offers(seed):
    leads, rules = random_leads(seed, 120 if seed % 3 else 30), random_rules(seed)
    vocabulary = listed_vocabulary()
    shown = view(found(leads, rules=rules, vocabulary=vocabulary), most=0).table
    rows = [dict(zip(shown.columns, row)) for row in shown.rows]
    counts = la.count_offers(leads, rules, vocabulary=vocabulary)
    names = {"n": "Reached", "open": "Still open", "dropped": "Dropped"}
    if rules.start == "any" and "Reached it or a later one" in shown.columns:
        names["n"] = "Reached it or a later one"
    if rules.order != "any":
        names |= {"with_lead": "With such a lead", "skipped": "Skipped the first step", "left_out": "Left out"}
    told = [
        (row["Offer"].split(": to ")[0], row["Step"], *(int(row[name].replace(",", "")) for name in names.values()))
        for row in rows
    ]
    counted = [tuple(row) for row in counts[["offer_name", "stage", *names]].itertuples(index=False)]
    assert len(told) > 5
    assert sorted(told) == sorted(counted)
