"""What was known of a unit at its landmark, and nothing that came after."""

from __future__ import annotations

import pandas as pd
import pytest

from leadanalytics.conversion.properties import DERIVED, known_properties, usable_leads

DAY = pd.Timedelta("1 day")
START = pd.Timestamp("2024-06-01", tz="UTC")


def known_of(leads: list[tuple[float, dict[str, object]]], columns: list[str], *, landmark: float = 3) -> dict:
    """The properties of one customer who entered on day 0, from leads on some days."""
    frame = pd.DataFrame([{"customer_id": "ann", "created_at": START + day * DAY, **facts} for day, facts in leads])
    units = pd.DataFrame({"customer_id": ["ann"], "entered_at": [START]})
    landmarks = units["entered_at"] + landmark * DAY
    known = known_properties(units, usable_leads(frame), who="customer_id", landmarks=landmarks, columns=columns)
    return known.iloc[0].to_dict()


def test_the_newest_value_up_to_the_landmark_counts():
    leads = [(0, {"title": "CTO"}), (2, {"title": "CEO"}), (3, {"title": None}), (3.1, {"title": "Owner"})]
    assert known_of(leads, ["title"]) == {"title": "CEO"}


def test_what_nobody_said_is_missing():
    assert known_of([(0, {"country": None})], ["country"]) == {"country": "(missing)"}


def test_leads_are_counted_before_and_since_the_entry():
    leads = [(-40, {}), (-1, {}), (0, {}), (1, {}), (4, {})]
    assert known_of(leads, ["earlier_leads", "leads_since_entry", "days_since_first_lead"]) == {
        "earlier_leads": "2 to 4",
        "leads_since_entry": "1",
        "days_since_first_lead": "up to 90",
    }


def test_a_newcomer_has_nothing_before():
    known = known_of([(0, {})], list(DERIVED))
    assert known["earlier_leads"] == known["leads_since_entry"] == known["days_since_first_lead"] == "0"


@pytest.mark.parametrize(
    "facts, kind",
    [
        ({"email": "a@cs.example.EDU", "company": "Example"}, "education"),
        ({"email": "a@example.ac.uk", "company": None}, "education"),
        ({"email": "a@example.education", "company": "Example"}, "named"),
        ({"email": "a@example.com", "company": None}, "not named"),
        ({"email": None, "company": None}, "no personal data"),
        ({}, "no personal data"),
    ],
)
def test_kinds_of_company(facts, kind):
    assert known_of([(0, facts)], ["company_kind"]) == {"company_kind": kind}


def test_leads_that_may_not_tell_do_not():
    leads = pd.DataFrame(
        {
            "record_id": ["a", "b", "c", "d", "d", None, None],
            "created_at": pd.to_datetime(["2024-06-02", "2024-06-01", None, *["2024-06-03"] * 4], utc=True),
            "is_test": [False, True, *[False] * 5],
            "do_not_contact": [False] * 7,
        }
    )
    assert usable_leads(leads).index.tolist() == [0, 3, 5, 6]
    assert usable_leads(leads.assign(do_not_contact=True)).empty


def test_units_keep_their_order_and_index():
    units = pd.DataFrame({"customer_id": ["bob", "ann"], "entered_at": [START, START]}, index=[7, 3])
    leads = pd.DataFrame({"customer_id": ["ann", "bob"], "created_at": START, "country": ["DE", "US"]})
    known = known_properties(
        units, leads, who="customer_id", landmarks=units["entered_at"], columns=["country", "earlier_leads"]
    )
    assert known["country"].to_dict() == {7: "US", 3: "DE"}
