"""Whoever left a lead lately waits for an answer, and what the lead was."""

import pandas as pd
import pytest
from funnel_cases import at, leads_of

from leadanalytics.schema import conform
from leadanalytics.studies.answering import waiting_for_answer

HOUR = 3600


def waiting(text, **columns):
    leads = conform(leads_of(text).assign(**columns), "leads with customer_id")
    return waiting_for_answer(leads, at(10 * HOUR), within=pd.Timedelta("5 hours"))


def test_the_newest_lead_of_each_is_told():
    new = waiting(f"u: TD@{2 * HOUR} GET@{9 * HOUR}; v: TD@{5 * HOUR}; w: INS@{5 * HOUR + 1}")
    assert new["customer_id"].tolist() == ["u", "w"]
    assert new["news"].tolist() == [
        "left a lead 1 hour ago: Get it now of crane",
        "left a lead 5 hours ago: Install of crane",
    ]
    assert new["hours_left"].tolist() == pytest.approx([4, 1 / HOUR])


def test_a_request_is_told_before_a_later_lead():
    new = waiting(f"u: CON@{7 * HOUR} CON@{8 * HOUR} GET@{9 * HOUR}").iloc[0]
    assert new["news"] == "asked to be contacted 2 hours ago"
    assert (new["new_stage"], new["new_at"], new["hours_left"]) == ("Contact me", at(8 * HOUR), 4)


@pytest.mark.parametrize("column", [{"is_test": True}, {"do_not_contact": True}, {"record_kind": "referral"}])
def test_some_leads_ask_for_no_answer(column):
    assert waiting(f"u: CON@{9 * HOUR}", **column).empty


def test_a_lead_of_no_stage_waits_too():
    new = waiting(f"u: TD@{9 * HOUR}", stage=None, offer_id=None)
    assert new["news"].tolist() == ["left a lead 1 hour ago"]
