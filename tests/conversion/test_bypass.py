"""Who came without the first step, and what may lie behind it."""

from __future__ import annotations

import pandas as pd
import pytest
from funnel_cases import GET, TD, at, leads_of
from hypothesis import given, settings
from hypothesis import strategies as st

from leadanalytics.conversion import bypass_report
from leadanalytics.conversion.bypass import BYPASS_REASONS
from leadanalytics.errors import FrameError
from leadanalytics.funnels import build_funnels

FIELDS = ["first_name", "last_name", "email", "company", "marketplace"]


def report_of(text: str, people: dict[str, dict[str, str]], *, window: str = "50 s") -> dict[str, int]:
    """The units of each reason that has any; the feed began at 0, with a test drive of crane in one storefront."""
    leads = leads_of(f"first: TD@0 GET@1; {text}")
    known = {"email": "x@example.com", "marketplace": "Azure Marketplace"}
    facts = pd.DataFrame([{**known, **people.get(name, {})} for name in leads["customer_id"]]).reindex(columns=FIELDS)
    leads = leads.join(facts)
    report = bypass_report(build_funnels(leads, funnel=[TD, GET], window=window, as_of=at(1000)), leads)
    return report.loc[report["units"] > 0].set_index("reason")["units"].to_dict()


def test_a_stranger_has_no_reason():
    assert report_of("u: GET@50", {}) == {"other": 1}


def test_academic_and_nameless_people():
    people = {"a": {"email": "a@Example.edu "}, "b": {"email": None}}
    assert report_of("a: GET@60; b: GET@60; c: GET@60", people) == {"no personal data": 2, "other": 1}


def test_before_the_feed_ends_one_window_after_its_first_lead():
    assert report_of("u: GET@49", {}) == {"before the feed": 1}
    assert report_of("u: GET@49", {}, window="49 s") == {"other": 1}


def test_offers_and_storefronts_that_never_brought_a_first_step():
    assert report_of("u: GET@60/lift", {}) == {"no first steps there": 1}
    assert report_of("u: GET@60", {"u": {"marketplace": "AppSource"}}) == {"no first steps there": 1}


def test_a_first_step_of_an_unknown_storefront_may_be_of_any():
    people = {"first": {"marketplace": None}, "u": {"marketplace": "AppSource"}}
    assert report_of("u: GET@60", people) == {"other": 1}


@pytest.mark.parametrize(
    "ann, bob",
    [
        ({"company": "Example  Inc"}, {"company": "example inc "}),
        ({"first_name": "Ann", "last_name": "Lee"}, {"first_name": "ANN", "last_name": "LEE"}),
    ],
)
def test_a_shared_name_or_company_is_suspected(ann, bob):
    assert report_of("ann: TD@40; bob: GET@60", {"ann": ann, "bob": bob}) == {"suspected split": 1}


@pytest.mark.parametrize(
    "text",
    [
        "ann: TD@61; bob: GET@60",  # after
        "ann: TD@40 GET@41; bob: GET@60",  # went on
        "ann: TD@40/lift; bob: GET@60",  # another offer
    ],
)
def test_a_shared_company_alone_is_not_suspected(text):
    people = {"ann": {"company": "Example"}, "bob": {"company": "Example"}}
    assert report_of(text, people) == {"other": 1}


def test_the_first_name_alone_is_no_name():
    people = {"ann": {"first_name": "Ann"}, "bob": {"first_name": "Ann"}}
    assert report_of("ann: TD@40; bob: GET@60", people) == {"other": 1}


unit_of = st.tuples(
    st.sampled_from(["TD", "GET"]),
    st.integers(0, 99),
    st.sampled_from(["crane", "lift"]),
    st.sampled_from([None, "a@example.edu", "a@example.com"]),
    st.sampled_from([None, "A", "B"]),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(unit_of, min_size=1, max_size=12))
def test_reasons_add_up_to_the_bypass_units(units):
    leads = leads_of("; ".join(f"u{n}: {stage}@{time}/{offer}" for n, (stage, time, offer, *_) in enumerate(units)))
    leads = leads.assign(email=[unit[3] for unit in units], company=[unit[4] for unit in units])
    funnels = build_funnels(leads, funnel=[TD, GET], window="20 s")
    report = bypass_report(funnels, leads)
    assert report["reason"].tolist() == list(BYPASS_REASONS)
    assert report["units"].sum() == report.attrs["bypass"] == (funnels["status"] == "bypass").sum()


def test_an_offer_without_an_id_goes_by_its_name():
    leads = leads_of("a: TD@0; b: GET@60").assign(offer_id=None, offer_name="Crane", email="x@example.com")
    funnels = build_funnels(leads, funnel=[TD, GET], window="20 s")
    report = bypass_report(funnels, leads).set_index("reason")
    assert report.loc["other", "units"] == 1


def test_the_index_of_the_leads_does_not_matter_and_companies_may_be_the_units():
    leads = leads_of("a: TD@0; b: GET@60; c: GET@5").assign(email="x@example.com", marketplace="AppSource")
    for unit in ("customer_id", "company", ("customer_id", "marketplace"), ("customer_id", "company")):
        known = leads.assign(company=leads["customer_id"])
        funnels = build_funnels(known, unit=unit, funnel=[TD, GET], window="20 s")
        report = bypass_report(funnels, known.set_axis([0] * 3)).set_index("reason")
        assert report.loc[["before the feed", "other"], "units"].tolist() == [1, 1]


def test_the_lead_in_may_be_given():
    leads = leads_of("a: TD@0; b: GET@60").assign(email="x@example.com")
    report = bypass_report(build_funnels(leads, funnel=[TD, GET], window=None), leads, lead_in="60 s").set_index(
        "reason"
    )
    assert report.loc["other", "units"] == 1
    report = bypass_report(build_funnels(leads, funnel=[TD, GET], window=None), leads, lead_in="61 s").set_index(
        "reason"
    )
    assert report.loc["before the feed", "units"] == 1


def test_lost_attrs_are_named():
    with pytest.raises(FrameError, match="lost its attrs"):
        bypass_report(pd.DataFrame({"depth": [0]}), pd.DataFrame())


def test_each_funnel_has_its_own_report():
    leads = leads_of("first: TD@0 GET@1; u: GET@90; v: TD@5/desk CON@6/desk; w: CON@95/desk; x: CON@96/desk")
    leads = leads.assign(email="x@example.com")
    report = bypass_report(build_funnels(leads, window="50 s", as_of=at(1000)), leads)
    found = report[report["units"] > 0]
    assert found[["funnel", "reason", "units"]].to_numpy().tolist() == [
        ["contact_me", "other", 2],
        ["acquisition without Install", "other", 1],
    ]
    assert (report.attrs["bypass"], report.attrs["of"]) == (3, 5)
