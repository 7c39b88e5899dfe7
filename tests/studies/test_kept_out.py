"""Every lead that `build_funnels` removes has its reason, as often as it was removed."""

import pandas as pd
from funnel_cases import GET, TD, at, leads_of

import leadanalytics as la
from leadanalytics.funnels import FunnelRules
from leadanalytics.funnels.building import Plan
from leadanalytics.studies.chains import Question
from leadanalytics.studies.kept_out import excluding_names, kept_out

# The reasons of `attrs["removed"]` and the names of the roles.
NAMES = {
    "test leads": "test lead",
    "referrals": "referral",
    "do not contact": "do not contact",
    "no created time": "undated",
    "no account": "no account",
    "repeated records": "exact duplicate",
    "after as_of": "after as_of",
    "in no step": "no step",
}


def asked(leads, **rules):
    question = Question(FunnelRules(**rules), Plan(None, {TD: (TD,), GET: (GET,)}))
    return kept_out(leads, pd.Series("u", index=leads.index), question=question)


def test_the_reasons_are_counted_as_build_funnels_counts_them():
    leads = leads_of("u: TD@1 TD@2 TD@3 TD@4 TD@5(r) TD@5(r) INS@6 TD@8 GET@7").assign(account_id="A")
    leads["is_test"] = leads.index == 0
    leads["record_kind"] = ["lead", "referral"] + ["lead"] * 7
    leads["do_not_contact"] = leads.index == 2
    leads.loc[3, "created_at"] = pd.NaT
    leads.loc[8, "account_id"] = None
    roles = asked(leads, unit="account_id", as_of=at(7))
    removed = la.build_funnels(leads, unit="account_id", funnel=[TD, GET], as_of=at(7), window=None).attrs["removed"]
    counts = pd.Series([role.name for role in roles.values()]).value_counts()
    assert {NAMES[reason]: count for reason, count in removed.items() if count} == counts.to_dict()


def test_words():
    leads = leads_of("u: TD@1(r) TD@1(r) INS@2 GET@70 X@3")
    leads["stage"] = leads["stage"].astype("str").replace("X", None)
    assert {row: role.why for row, role in asked(leads, as_of=at(5)).items()} == {
        1: "exact duplicate of r, delivered again",
        2: "Install is no step of this funnel",
        3: "after as_of, by 1 min 5 s",
        4: "it reaches no stage",
    }


def test_a_lead_that_takes_part_is_not_kept_out():
    assert asked(leads_of("u: TD@1 GET@2")) == {}


def test_leads_that_exclude_take_part_in_the_funnel():
    leads = leads_of("u: TD@1 INS@2 GET@3").assign(do_not_contact=[False, False, True])
    excluding = ["Install", "do not contact"]
    assert asked(leads, excluding=excluding) == {}
    assert excluding_names(leads, excluding).fillna("").tolist() == ["", "Install", "do not contact"]
