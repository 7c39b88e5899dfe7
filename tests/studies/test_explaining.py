"""The explanation of a customer's funnel agrees with `build_funnels`, lead by lead."""

import numpy as np
import pandas as pd
import pytest
from funnel_cases import CON, GET, INS, TD, at, leads_of, leads_of_units
from hypothesis import given
from hypothesis import strategies as st

import leadanalytics as la
from leadanalytics.errors import FrameError, OptionError
from leadanalytics.studies import explain_funnel

STEPS = [TD, GET, INS]
FUNNELS = [STEPS, [TD, TD, GET], [(TD, GET), TD], [GET, (TD, INS)]]


def told(text, customer="u", **options):
    return explain_funnel(leads_of(text), customer, **{"funnel": STEPS, "window": None} | options)


def roles(text, **options):
    return told(text, **options).frame["role"].tolist()


def test_each_lead_says_the_step_that_it_served_or_why_it_served_none():
    said = told("u: TD@0 CON@1 GET@10 GET@12 INS@25", window="20 s")
    assert said.verdicts == {"u, offer crane": "dropped at step 2 of 3, Get it now"}
    assert said.frame["step"].fillna(0).tolist() == [1, 0, 2, 0, 0]
    assert said.frame["why"].tolist() == [
        "step 1, Test drive: the entry",
        "Contact me is no step of this funnel",
        "step 2, Get it now: 10 s after the entry",
        "step 2, Get it now, was taken already, 2 s before",
        "out of the window by 5 s: step 3, Install, had to come within 20 seconds of the entry",
    ]


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("u: TD@100 TD@195 GET@205", {"window": "20 s"}, ["earlier chain", "serves", "serves"]),
        ("u: TD@1 GET@2 TD@3", {}, ["serves", "serves", "later chain"]),
        ("u: TD@1 GET@2 TD@3", {"entry": "first"}, ["serves", "serves", "not the first"]),
        ("u: GET@1 TD@2", {}, ["before the entry", "serves"]),
        ("u: TD@1 INS@2", {}, ["serves", "too early"]),
        ("u: TD@1 INS@2 GET@3", {}, ["serves", "too early", "serves"]),
        ("u: TD@1 INS@2 GET@3 INS@4", {}, ["serves", "too early", "serves", "serves"]),
        ("u: TD@3 GET@3", {"ties": "strict"}, ["serves", "tie"]),
        ("u: TD@3(a) TD@3(b)", {}, ["serves", "tie"]),
        ("u: TD@3(a) TD@3(a)", {}, ["serves", "exact duplicate"]),
        ("u: TD@1 GET@5", {"as_of": at(4)}, ["serves", "after as_of"]),
        ("u: GET@1 INS@2", {}, ["first seen", "no entry"]),
        ("u: TD@1 GET@2 INS@3", {"dates": (at(2), None)}, ["outside the range"] * 3),
        ("u: TD@1 TD@3", {"dates": (at(2), None)}, ["outside the range", "serves"]),
        ("u: GET@0 TD@1 INS@2", {"start": "any"}, ["serves", "later chain", "serves"]),
        ("u: GET@1 TD@1 INS@2", {"start": "any", "ties": "strict"}, ["serves", "earlier step", "serves"]),
    ],
)
def test_the_reasons_by_name(text, options, expected):
    assert roles(text, **options) == expected


def test_what_takes_no_part_says_so():
    leads = leads_of("u: TD@1 TD@2 TD@3 TD@4 GET@5").assign(
        is_test=[True, False, False, False, False],
        record_kind=["lead", "referral", "lead", "lead", "lead"],
        do_not_contact=[False, False, True, False, False],
    )
    leads.loc[3, "created_at"] = pd.NaT
    said = explain_funnel(leads, "u", funnel=STEPS).frame
    assert said["role"].tolist() == ["test lead", "referral", "do not contact", "first seen", "undated"]


def test_an_instant_that_is_too_late_is_told_by_days_and_hours():
    leads = leads_of("u: TD@0 GET@0")
    leads["created_at"] = pd.to_datetime(["2024-06-01 00:00", "2024-06-17 04:00"], utc=True)
    why = explain_funnel(leads, "u", funnel=STEPS, window="14 days").frame["why"]
    assert why.iloc[1] == "out of the window by 2 d 4 h: step 2, Get it now, had to come within 14 days of the entry"


def test_another_offer_is_told_where_one_was_asked_for():
    said = told("u: TD@1/crane GET@2/hoist GET@3/crane", offer_id="crane")
    assert said.frame["role"].tolist() == ["serves", "another offer", "serves"]
    assert list(said.verdicts) == ["u, offer crane"]


def test_without_an_offer_every_unit_of_the_customer_is_told():
    said = told("u: TD@1/crane GET@2/hoist; v: TD@1")
    assert said.verdicts == {
        "u, offer crane": "open at step 1 of 3, Test drive",
        "u, offer hoist": "skipped Test drive, first seen at step 2 of 3, Get it now",
    }
    assert len(said.frame) == 2


def test_as_of_is_the_newest_lead_of_everybody():
    assert told("u: TD@0; v: TD@100", window="20 s").verdicts == {
        "u, offer crane": "dropped at step 1 of 3, Test drive"
    }


def test_a_unit_wider_than_a_customer_shows_the_leads_of_all():
    leads = leads_of("u: TD@1; v: GET@2; w: GET@3").assign(account_id=["A", "A", "B"])
    said = explain_funnel(leads, "u", unit="account_id", funnel=STEPS)
    assert said.verdicts == {"account A": "open at step 2 of 3, Get it now"}
    assert said.frame["role"].tolist() == ["serves", "serves"]


def test_the_text_holds_the_leads_the_merges_and_the_definition():
    leads = leads_of("u: TD@1(r1) GET@5(r2)").assign(match_rule=["e-mail", "phone; name"], match_bits=[20.0, 12.5])
    text = str(explain_funnel(leads, "u", funnel=STEPS))
    assert text.splitlines() == [
        "u, offer crane: open at step 2 of 3, Get it now",
        "  2024-06-01 00:00  Test drive    step 1, Test drive: the entry  [r1]",
        "  2024-06-01 00:00  Get it now    step 2, Get it now: 4 s after the entry  [r2]",
        "Merged by, the weakest first:",
        "  +12.5 bits  phone; name  [r2]",
        "  +20.0 bits  e-mail  [r1]",
        "Customers per offer who took Test drive, then Get it now, then Install within 30 days of their Test drive, "
        "as of 2024-06-01 00:00:05 UTC.",
    ]


def test_the_repr_names_nobody_and_no_record():
    leads = leads_of("u: TD@1(r1)").assign(email="ana@example.com")
    shown = repr(explain_funnel(leads, "u", funnel=STEPS))
    assert shown == "<FunnelExplanation: u, offer crane: open at step 1 of 3, Test drive>"


def test_a_step_that_only_other_customers_have_is_known():
    leads = leads_of("u: TD@1; v: Dance@2").astype({"stage": "str"})
    assert explain_funnel(leads, "u", funnel=[TD, "Dance"]).frame["role"].tolist() == ["serves"]


def test_the_leads_stay_as_they_are():
    leads = leads_of("u: GET@5 TD@1")
    before = leads.copy()
    explain_funnel(leads, "u", funnel=STEPS)
    assert leads.equals(before)


def test_an_unknown_customer_an_offer_not_had_and_an_offer_without_sense_are_errors():
    with pytest.raises(FrameError, match="did you mean 'customer-1'"):
        told("customer-1: TD@1", customer="customer-2")
    with pytest.raises(FrameError, match="no lead of the offer 'hoist'"):
        told("u: TD@1", offer_id="hoist")
    with pytest.raises(OptionError, match="not counted per offer"):
        told("u: TD@1", offer_id="crane", unit="customer_id")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"excluding": CON}, ["serves", "excludes", "excluded"]),
        ({"excluding": CON, "policy": "unit"}, ["excluded", "excludes", "excluded"]),
        ({"excluding": "do not contact"}, ["serves", "excludes", "excluded"]),
        ({"excluding": "do not contact", "policy": "unit"}, ["excluded", "excludes", "excluded"]),
        ({}, ["serves", "do not contact", "serves"]),
    ],
)
def test_a_lead_that_excludes_says_so_and_the_one_that_it_stops_names_it(options, expected):
    leads = leads_of("u: TD@1 CON@2 GET@3")
    if options.get("excluding") != CON:
        leads["do_not_contact"] = [False, True, False]
    said = explain_funnel(leads, "u", funnel=STEPS, **options).frame
    assert said["role"].tolist() == expected
    if options.get("policy") is None and options:
        name = "Contact me" if options["excluding"] == CON else "do not contact"
        assert said["why"].iloc[2] == f"excluded by the {name} 1 s before"


def test_what_breaks_a_strict_order_is_named():
    said = told("u: TD@1 INS@2 GET@3", order="strict").frame
    assert said["role"].tolist() == ["serves", "too early", "broken"]
    assert said["why"].iloc[2] == "broken by the Install 1 s before"


lead = st.tuples(st.integers(0, 12), st.sampled_from([TD, GET, INS, CON]))
units = st.lists(st.lists(lead, min_size=1, max_size=7), min_size=1, max_size=2)
choices = st.fixed_dictionaries(
    {
        "funnel": st.sampled_from(FUNNELS),
        "window": st.sampled_from([None, "3 s", "7 s"]),
        "as_of": st.sampled_from([None, at(8)]),
        "start": st.sampled_from(["first", "any"]),
        "entry": st.sampled_from(["best", "first"]),
        "ties": st.sampled_from(["forward", "strict"]),
        "dates": st.sampled_from([(None, None), (at(2), at(9))]),
    }
)


@given(units=units, choices=choices)
def test_the_leads_that_serve_are_the_chain_that_was_counted(units, choices):
    leads = leads_of_units(units)
    funnels = la.build_funnels(leads, **choices)
    said = explain_funnel(leads, "000000", **choices)
    pd.testing.assert_frame_equal(
        said.funnels, funnels[funnels["customer_id"] == "000000"].reset_index(drop=True), check_categorical=False
    )
    labels = funnels.attrs["steps"]
    served = said.frame.dropna(subset="step").set_index("step")["created_at"]
    assert served.index.is_unique
    times = said.funnels[labels].iloc[0].dropna() if len(said.funnels) else pd.Series(dtype=object)
    assert {labels[step - 1]: time for step, time in served.items()} == times.to_dict()
    assert len(said.frame) == len(units[0])
    assert (said.frame["role"].eq("serves") == said.frame["step"].notna()).all()
    for row in said.frame.dropna(subset="step").to_dict("records"):
        assert _serves(row["stage"], choices["funnel"][row["step"] - 1])
    assert np.all(said.frame["why"].str.len() > 0)


def _serves(stage, step):
    return stage in ((step,) if isinstance(step, str) else step)


BOTH = "u: TD@1/both GET@5/both; v: CON@2/both; v: CON@3/desk; u: CON@9/desk"


def with_titles(text, **titles):
    leads = leads_of(text)
    return leads.assign(offer_name=[titles.get(offer, offer.title()) for offer in leads["offer_id"]])


def test_an_offer_with_two_buttons_is_told_once_for_each():
    said = explain_funnel(with_titles(BOTH), "u")
    assert said.verdicts == {
        "u, offer Both, to Get it now": "reached step 2 of 2, Get it now",
        "u, offer Both, to Contact me": "open at step 1 of 2, Test drive",
        "u, offer Desk": "reached step 1 of 1, Contact me",
    }
    assert said.frame["why"].tolist() == [
        "step 1, Test drive: the entry",
        "Get it now is no step of this funnel",
        "step 1, Test drive: the entry",
        "step 2, Get it now: 4 s after the entry",
        "step 1, Contact me: the entry",
    ]


def test_a_branch_in_which_a_customer_has_no_lead_is_not_told():
    said = explain_funnel(with_titles(BOTH), "v", offer_id="Both")
    assert said.verdicts == {
        "v, offer Both, to Contact me": "skipped Test drive, first seen at step 2 of 2, Contact me"
    }


def test_the_text_names_the_steps_that_the_offer_does_not_show():
    lines = str(explain_funnel(with_titles(BOTH), "u")).splitlines()
    assert lines[-3].startswith("Customers per offer who took Test drive, then Contact me within 30 days")
    assert lines[-2].endswith("No lead of these offers shows Install.")
    assert lines[-1].endswith("No lead of these offers shows Test drive.")


def test_the_steps_of_an_offer_are_those_that_all_customers_show():
    """u has no other lead than a test drive; that the offer has a second step is what v shows."""
    assert list(explain_funnel(leads_of("u: TD@1; v: GET@2"), "u").verdicts.values()) == [
        "open at step 1 of 2, Test drive"
    ]


def test_an_offer_is_asked_for_by_its_id_or_its_title():
    leads = with_titles("u: TD@1/a1 GET@2/b", a1="Crane")
    assert list(explain_funnel(leads, "u", offer_id="Crane").verdicts) == ["u, offer Crane"]
    assert list(explain_funnel(leads, "u", offer_id="a1").verdicts) == ["u, offer Crane"]
    with pytest.raises(FrameError, match="no lead of the offer 'Hoist'; found 'Crane', 'B'"):
        explain_funnel(leads, "u", offer_id="Hoist")


def test_the_ids_of_offers_stand_only_where_two_share_a_title():
    leads = with_titles("u: TD@1/a1; v: TD@2/a2", a1="Crane", a2="Crane")
    assert list(explain_funnel(leads, "u").verdicts) == ["u, offer Crane (a1)"]


def test_an_offer_none_of_whose_leads_is_of_a_step_says_why():
    leads = with_titles("u: TD@1/crane GET@2/crane OTHER@3/desk").astype({"stage": "str"})
    leads.loc[leads["stage"] == "OTHER", "stage"] = None
    said = explain_funnel(leads, "u")
    assert said.verdicts["u, offer Desk"] == "no lead takes part in this funnel"
    assert said.frame["why"].iloc[-1] == "it reaches no stage"


def test_rules_are_a_value_that_may_be_changed():
    rules = la.FunnelRules(funnel=STEPS, window="20 s")
    leads = leads_of("u: TD@0 GET@25")
    assert "dropped" in repr(explain_funnel(leads, "u", rules))
    assert "open" in repr(explain_funnel(leads, "u", dict(rules), window=None))
    with pytest.raises(OptionError, match="it is called 'dates' now"):
        explain_funnel(leads, "u", entered=(None, None))
