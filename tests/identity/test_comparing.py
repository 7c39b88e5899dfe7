import numpy as np
import pytest
from lead_frames import leads_of, person

from leadanalytics.errors import FrameError
from leadanalytics.identity.comparing import compare, describe
from leadanalytics.identity.decisions import APART, LINK
from leadanalytics.identity.reasons import NOT_THESE_RULES
from leadanalytics.identity.rules import MatchRules

ANA = person("Ana Ruiz", email="ana@example.com")


def compared(leads, threshold=0.0):
    return compare(leads, MatchRules(threshold=threshold, review=threshold - 2))


def test_people_stand_by_time_whatever_the_order_of_the_leads():
    leads = leads_of(ANA, ANA | {"email": None}, ANA)
    assert compared(leads.iloc[::-1]).people["record_id"].tolist() == ["r1", "r2", "r3"]


def test_leads_without_a_time_stand_by_record_id():
    leads = leads_of(ANA, ANA, ANA).drop(columns="created_at")
    assert compared(leads.iloc[[2, 0, 1]]).people["record_id"].tolist() == ["r1", "r2", "r3"]


def test_customers_are_those_that_the_leads_have_and_else_those_of_the_evidence():
    leads = leads_of(ANA, ANA)
    assert compared(leads).customer.tolist() == [0, 0]
    assert compared(leads, threshold=50).customer.tolist() == [0, 1]
    assert compared(leads.assign(customer_id=["C-1", "C-2"])).customer.tolist() == [0, 1]
    assert compared(leads.assign(customer_id=["C-1", None])).people["record_id"].tolist() == ["r1"]


def test_a_pair_says_what_becomes_of_it_and_what_keeps_it_apart():
    leads = leads_of(ANA, ANA, person("Li Ruiz", email="li@example.com"))
    described = describe(compared(leads), np.array([0, 0]), np.array([1, 2]))
    assert described["decision"].tolist() == [LINK, APART]
    assert described["kept_apart_by"].tolist() == [
        "",
        "a part of the name contradicts, and the address is not the same",
    ]


def test_a_link_between_two_customers_that_nothing_cut_is_put_down_to_their_ids():
    leads = leads_of(ANA, ANA).assign(customer_id=["C-1", "C-2"])
    described = describe(compared(leads), np.array([0]), np.array([1]))
    assert described["kept_apart_by"].tolist() == [NOT_THESE_RULES]


def test_leads_need_record_ids():
    with pytest.raises(FrameError, match="record_id"):
        compared(leads_of(ANA).drop(columns="record_id"))
