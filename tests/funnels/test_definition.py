"""What one funnel counts: its rules, steps and instant, and what was left out."""

from __future__ import annotations

import json

import pandas as pd
from funnel_cases import CON, GET, INS, TD, at, leads_of

from leadanalytics.funnels import FunnelRules, build_funnels
from leadanalytics.funnels.definition import Definition

PATH = "took Test drive, then Get it now, then Install"
STEPS = {TD: (TD,), "Later": (GET, INS)}


def test_steps_in_any_order_are_labelled_by_their_number():
    assert Definition(FunnelRules(), STEPS).labels == [TD, "Later"]
    assert Definition(FunnelRules(order="any"), STEPS).labels == ["1 of 2", "2 of 2"]


def test_the_stages_that_serve_come_before_those_that_exclude():
    assert Definition(FunnelRules(), STEPS, excluding=(CON,)).stages == [TD, GET, INS, CON]


def test_the_dates_are_instants():
    rules = FunnelRules(dates=("2024-06-01", None), zone="Europe/Berlin")
    assert Definition(rules).dates == (pd.Timestamp("2024-05-31 22:00", tz="UTC"), None)


def test_the_facts_are_plain_values():
    rules = FunnelRules(window="14 days", zone="Europe/Berlin")
    facts = Definition(rules, STEPS, funnel="mine", unshown=("Never",), as_of=at(5), by=("country",)).facts({"x": 1})
    assert json.loads(json.dumps(facts)) == facts
    assert facts["rules"] == rules and "zone" not in facts
    assert (facts["funnel"], facts["steps"], facts["unshown"]) == ("mine", [TD, "Later"], ["Never"])
    assert (facts["window"], facts["as_of"], facts["by"]) == ("14 days", at(5).isoformat(), ["country"])
    assert facts["definition"].endswith("1 lead with x left out. No lead of these offers shows Never.")


def test_the_sentence_says_all_that_was_left_out():
    leads = leads_of("u: TD@1 TD@2 TD@3 TD@4 TD@5")
    leads.loc[0, "customer_id"] = None
    leads.loc[[1, 2], "created_at"] = None
    said = build_funnels(leads, as_of=at(4), funnel="acquisition", window=None).attrs["definition"]
    assert said.endswith("; 2 leads without a created time, 1 lead with no customer and 1 later lead left out.")


def test_the_sentence_says_what_is_not_known_of_people_without_events():
    leads = leads_of("u: TD@1 GET@2; v: TD@1").assign(record_kind=["lead", "person", "referral"])
    funnels = build_funnels(leads, funnel="acquisition", window=None)
    assert funnels.attrs["people"] == 1
    assert funnels.attrs["removed"]["referrals"] == 1
    assert (
        "1 referral without a person left out. 1 record is of a person, not of an event:" in funnels.attrs["definition"]
    )


def test_no_data_has_no_date():
    assert (
        build_funnels(leads_of(""), funnel="acquisition", window=None).attrs["definition"]
        == f"Customers per offer who {PATH}."
    )
