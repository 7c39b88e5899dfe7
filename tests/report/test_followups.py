import pandas as pd
from report_cases import found, leads_of

import leadanalytics as la
from leadanalytics.report.followups import NEEDED


def test_statuses_and_those_left_out_are_all_customers():
    todo = found().follow_ups
    assert todo.statuses == {"lost": 2, "bypass": 2}
    assert todo.left_out["do not contact"] == 1
    assert todo.customers == 7 == todo.listed + sum(todo.left_out.values())


def test_few_columns_give_the_same_counts_as_all():
    leads = la.make_leads(customers=100, seed=1).pipe(la.decode_leads).pipe(la.identify_customers)
    few, every = (la.follow_up_list(frame, window="14 days") for frame in (leads[NEEDED], leads))
    columns = ["customer_id", "status", "why", "follow_up", "hours_left"]
    pd.testing.assert_frame_equal(few[columns], every[columns])
    assert few.attrs == every.attrs


def test_people_are_there_only_when_asked_for():
    assert found().follow_ups.people is None
    people = found(with_people=True).follow_ups.people
    assert people.to_write_to["email"].eq("ana@example.com").all()


def test_whoever_asked_not_to_be_contacted_is_in_no_list_of_people():
    rows = [
        ("C-1", "crane", None, "Test drive", 29, False, False),
        ("C-2", "crane", None, "Test drive", 29, False, False),
        ("C-2", "lift", "AppSource", "Get it now", 20, False, True),
        ("C-3", "crane", None, "Test drive", 1, False, False),
        ("C-3", "crane", "Azure Marketplace", "Get it now", 2, False, False),
    ]
    people = found(leads_of(rows), with_people=True).follow_ups.people
    assert "C-2" not in people.to_write_to["customer_id"].tolist()
    assert people.still_warm["customer_id"].unique().tolist() == ["C-1"]


def test_the_last_lead_of_a_day_waits_for_an_answer():
    assert found(as_of="2024-06-29T12:00Z").follow_ups.waiting == 1
    assert found(as_of="2024-06-30T12:00Z").follow_ups.waiting == 0
