"""Which leads take part, under which name of their offer, and how many do not."""

from __future__ import annotations

import pandas as pd
import pytest
from funnel_cases import GET, TD, leads_of

from leadanalytics.funnels import build_funnels, code_units


def removed(leads: pd.DataFrame, **options: object) -> dict[str, int]:
    counts = build_funnels(leads, **({"funnel": "acquisition", "window": None} | options)).attrs["removed"]
    return {reason: count for reason, count in counts.items() if count}


def test_test_leads_and_do_not_contact_leads_never_take_part():
    leads = leads_of("u: TD@1 GET@2 INS@3").assign(is_test=[True, False, False], do_not_contact=[False, True, False])
    assert build_funnels(leads, funnel="acquisition", window=None)["status"].tolist() == ["bypass"]
    assert removed(leads) == {"test leads": 1, "do not contact": 1}


def test_do_not_contact_on_one_lead_leaves_the_others():
    leads = leads_of("u: TD@1 GET@2").assign(do_not_contact=[False, True])
    assert build_funnels(leads, funnel="acquisition", window=None)["depth"].tolist() == [1]


def test_excluding_leads_take_part_where_their_unit_has_a_step():
    leads = leads_of("u: TD@1 CON@2(a) CON@2(a) GET@3; v: CON@1").assign(do_not_contact=False)
    assert removed(leads, excluding="Contact me") == {"repeated records": 1, "in no step": 1}
    leads["do_not_contact"] = leads["stage"] == "Contact me"
    assert removed(leads, excluding="do not contact") == {"repeated records": 1, "in no step": 1}
    assert removed(leads, excluding="Contact me") == {"do not contact": 3}


def test_leads_without_a_customer_or_a_time_are_counted():
    leads = leads_of("u: TD@1 TD@2 TD@3")
    leads.loc[0, "customer_id"] = None
    leads.loc[1, "created_at"] = pd.NaT
    assert removed(leads) == {"no created time": 1, "no customer": 1}


def test_each_lead_is_counted_by_the_first_reason_that_applies():
    leads = leads_of("u: TD@1 CON@2").assign(is_test=[True, False], do_not_contact=True, customer_id=None)
    assert removed(leads) == {"test leads": 1, "do not contact": 1}


def test_leads_that_take_part_and_those_that_do_not_are_all_the_leads():
    leads = leads_of("u: TD@1(a) TD@1(a) CON@2 GET@3 TD@4 INS@9; v: TD@1").assign(
        is_test=[False] * 4 + [True] + [False] * 2
    )
    counted = removed(leads, as_of=leads["created_at"].iloc[4])
    assert counted == {"test leads": 1, "repeated records": 1, "after as_of": 1, "in no step": 1}
    assert sum(counted.values()) + 3 == len(leads)


@pytest.mark.parametrize(
    ("name", "expected"),
    [(["Crane", "Crane"], ["Crane"]), ([None, None], ["(missing)"]), (["Crane", None], ["(missing)", "Crane"])],
)
def test_an_offer_without_an_id_goes_by_its_name(name, expected):
    leads = leads_of("TD@1 GET@2").assign(offer_id=None, offer_name=name)
    assert build_funnels(leads, funnel="acquisition", window=None)["offer_id"].tolist() == expected


def test_an_offer_without_id_and_name_is_missing():
    leads = leads_of("TD@1 GET@2").assign(offer_id=pd.Categorical(["crane", None]))
    assert build_funnels(leads, funnel="acquisition", window=None)["offer_id"].tolist() == ["(missing)", "crane"]


@pytest.mark.parametrize("column", ["stage", "offer_id", "created_at", "customer_id"])
def test_a_record_repeats_another_only_if_all_is_equal(column):
    leads = leads_of("u: TD@1/X(r) GET@2/Y(r); v: TD@1/X(r)")
    pair = leads.iloc[[0, 0]].reset_index(drop=True)
    pair.loc[1, column] = leads.loc[2 if column == "customer_id" else 1, column]
    assert removed(pair, unit="customer_id") == {}
    assert removed(leads.iloc[[0, 0]], unit="customer_id") == {"repeated records": 1}


def test_leads_without_a_record_id_are_never_repeats():
    leads = leads_of("TD@1(r) TD@1(r)")
    assert removed(leads.drop(columns="record_id")) == {}
    assert removed(leads.assign(record_id=None)) == {}


def test_a_repeat_at_the_beginning_of_a_unit_leaves_the_units_apart():
    leads = leads_of("u: TD@1(b) TD@1(a) TD@1(b) GET@2; v: TD@1(c) TD@1(c)")
    funnels = build_funnels(leads, funnel=[TD, TD, TD, GET], window=None)
    assert funnels[["customer_id", "depth"]].to_numpy().tolist() == [["u", 2], ["v", 1]]


def test_units_of_any_type_and_number():
    leads = leads_of("u: TD@1 GET@2 TD@3").assign(
        account_id=[2, 2, 1], region=pd.Categorical(["b", "b", "a"], ["b", "a"])
    )
    funnels = build_funnels(leads, unit=["region", "account_id", "customer_id"], funnel="acquisition", window=None)
    assert funnels[["region", "account_id", "depth"]].to_numpy().tolist() == [["a", 1, 1], ["b", 2, 2]]


def test_stages_may_be_plain_text():
    leads = leads_of("TD@1 GET@2").astype({"stage": "str"})
    assert build_funnels(leads, funnel="acquisition", window=None)["depth"].tolist() == [2]


def test_any_index_will_do():
    leads = leads_of("TD@1(r) TD@1(r) GET@2").set_index(pd.Index([7, 7, 7]))
    assert build_funnels(leads, by="offer_id", funnel="acquisition", window=None)["depth"].tolist() == [2]


def test_coded_units_make_the_same_funnels():
    leads = leads_of("b: TD@1 GET@5; a: GET@2 TD@9; b: INS@3").assign(
        offer_name="Crane", country=["X", "Y", None, "X", "Y"]
    )
    leads.loc[1, "offer_id"] = None
    coded = code_units(leads, ["customer_id", "offer_id"])
    whole, same = (build_funnels(frame, window="3 s", funnel="acquisition") for frame in (leads, coded))
    pd.testing.assert_frame_equal(
        same.astype({"customer_id": "str", "offer_id": "str"}), whole.astype({"offer_id": "str"})
    )
