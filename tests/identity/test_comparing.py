import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lead_frames import leads_of, person
from resembling_leads import RESEMBLING, lead_frame

from leadanalytics.errors import FrameError
from leadanalytics.identity.comparing import compare, describe, describe_keys
from leadanalytics.identity.decisions import APART, LINK
from leadanalytics.identity.identifying import identify_customers
from leadanalytics.identity.reasons import NOT_THESE_RULES, YOU_PARTED
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


@given(RESEMBLING, st.data())
@settings(max_examples=25, deadline=None)
def test_what_the_rules_parted_has_a_true_reason(rows, data):
    leads = lead_frame(rows)
    numbers = st.integers(0, len(leads) - 1)
    pairs = data.draw(st.lists(st.tuples(numbers, numbers).filter(lambda pair: pair[0] != pair[1]), max_size=2))
    different = [tuple(leads["record_id"].iloc[list(pair)]) for pair in pairs]
    evidence = MatchRules(threshold=data.draw(st.sampled_from([-4.0, 0.0, 6.0])), different=different)
    one, other = np.triu_indices(len(leads), 1)
    for rules, pairs_of in ((evidence, describe), (MatchRules(method="keys"), describe_keys)):
        told = compare(identify_customers(leads, rules), rules)
        described = pairs_of(told, one, other)
        is_apart = told.customer[one] != told.customer[other]
        because = described.loc[is_apart, "kept_apart_by"]
        assert not because.isin(["", NOT_THESE_RULES]).any()
        said = described.loc[is_apart & (described["kept_apart_by"] == YOU_PARTED), ["record_id", "other_record_id"]]
        assert set(map(frozenset, said.to_numpy())) == set(map(frozenset, rules.different))


def test_leads_need_record_ids():
    with pytest.raises(FrameError, match="record_id"):
        compared(leads_of(ANA).drop(columns="record_id"))
