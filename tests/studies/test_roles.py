"""Roles are told from a chain alone; which chain it is, `test_explaining.py` asks of `build_funnels`."""

import pandas as pd
import pytest
from funnel_cases import GET, INS, TD, at

from leadanalytics.funnels import FunnelRules
from leadanalytics.funnels.building import Plan
from leadanalytics.studies.chains import Chain, Lead, Question
from leadanalytics.studies.roles import Rules, lasting, tell_excluding, tell_role

PLAN = Plan("acquisition", {TD: (TD,), GET: (GET,), INS: (INS,)})
RULES = Rules.of(Question(FunnelRules(window="20 s"), PLAN))
CHAIN = Chain(
    depth=2, status="open", entered_step=1, entered_at=at(5), entry=0, times={1: at(5), 2: at(9)}, serving={0: 1, 1: 2}
)


def role(lead, rules=RULES, chain=CHAIN):
    return tell_role(lead, chain, rules, depth_from=lambda instant: 1)


def test_rules_are_those_of_the_funnels():
    assert RULES.labels == [TD, GET, INS]
    assert RULES.window == pd.Timedelta("20 s")
    assert (RULES.start, RULES.entry, RULES.ties) == ("first", "best", "forward")
    assert RULES.place(2) == "step 2 of 3, Get it now"


@pytest.mark.parametrize(
    ("lead", "why"),
    [
        (Lead(0, at(5), (1,)), "step 1, Test drive: the entry"),
        (Lead(1, at(9), (2,)), "step 2, Get it now: 4 s after the entry"),
        (Lead(2, at(2), (1,)), "an earlier entry, from which the chain gets no further than step 1, Test drive"),
        (Lead(2, at(2), (2,)), "3 s before the entry"),
        (Lead(2, at(7), (1,)), "a later entry, from which the chain gets no further: step 1, Test drive"),
        (Lead(2, at(8), (3,)), "1 s before step 2, Get it now, was taken"),
        (
            Lead(2, at(26), (3,)),
            "out of the window by 1 s: step 3, Install, had to come within 20 seconds of the entry",
        ),
        (Lead(2, at(9), (2,)), "at the same time as the lead that served step 2, Get it now"),
        (Lead(2, at(12), (2,)), "step 2, Get it now, was taken already, 3 s before"),
    ],
)
def test_why_in_words(lead, why):
    assert role(lead).why == why


def test_a_tie_says_which_rule_decided():
    strict = RULES._replace(ties="strict")
    assert role(Lead(2, at(9), (3,)), strict).why == "at the same time as step 2, Get it now (ties='strict')"
    assert "one lead serves one step" in role(Lead(2, at(9), (3,))).why


def test_a_unit_that_entered_outside_the_range_has_no_chain():
    assert role(Lead(0, at(5), (1,)), chain=None).name == "outside the range"


@pytest.mark.parametrize(
    ("span", "words"),
    [("2 days 04:00:30", "2 d 4 h"), ("1 days 00:05:00", "1 d 5 min"), ("59 s", "59 s"), ("3 ms", "less than 1 s")],
)
def test_lengths_of_time_by_their_two_largest_units(span, words):
    assert lasting(pd.Timedelta(span)) == words


def test_a_step_that_comes_too_long_after_the_one_before_is_told_by_how_much():
    gap = RULES._replace(gap=pd.Timedelta("2 s"))
    assert role(Lead(2, at(14), (3,)), gap).why == (
        "out of the gap by 3 s: step 3, Install, had to come within 2 seconds of step 2, Get it now"
    )


def test_what_something_else_keeps_from_going_on_gets_no_further():
    assert role(Lead(2, at(14), (3,))).why == "a chain from step 2, Get it now, through it gets no further"


def test_a_unit_that_a_lead_excludes_says_which():
    excluded = Chain(0, "excluded", entered_step=1, entered_at=at(5), entry=0, times={}, serving={})
    told = role(Lead(0, at(5), (1,)), RULES._replace(excluding=["Contact me"]), excluded)
    assert told == ("excluded", "a lead of Contact me lies between the steps, which excludes all of them")


def test_in_any_order_a_lead_is_late_or_adds_no_step():
    rules = RULES._replace(order="any", labels=["1 of 3", "2 of 3", "3 of 3"])
    assert role(Lead(1, at(9), (2,)), rules).why == "2 of 3 steps: 4 s after the entry"
    assert role(Lead(2, at(9), (2,)), rules).name == "repeat"
    assert role(Lead(2, at(2), (3,)), rules).why.endswith("gets no further than 1 of 3 steps")
    assert role(Lead(2, at(30), (3,)), rules).why == (
        "out of the window by 5 s: every step, had to come within 20 seconds of the entry"
    )
    assert rules.place(2) == "2 of 3 steps"


def test_the_lead_that_excludes_or_breaks_the_order_is_named():
    late, contact, install = (
        Lead(2, at(14), (3,)),
        Lead(3, at(13), (), "Contact me"),
        Lead(4, at(12), (1,), "Test drive"),
    )
    stopped = tell_role(late, CHAIN, RULES, lambda instant: 1, others=[contact])
    assert stopped == ("excluded", "excluded by the Contact me 1 s before")
    strict = RULES._replace(order="strict")
    assert (
        tell_role(late, CHAIN, strict, lambda instant: 1, others=[install]).why == "broken by the Test drive 2 s before"
    )
    assert tell_role(late, CHAIN, RULES, lambda instant: 1, others=[install]).name == "no further"


def test_a_repeat_of_the_step_and_a_lead_at_the_instant_break_nothing():
    strict, late = RULES._replace(order="strict"), Lead(2, at(14), (3,))
    others = [
        Lead(3, at(12), (2,), "Get it now"),
        Lead(4, at(14), (1,), "Test drive"),
        Lead(5, at(9), (1,), "Test drive"),
    ]
    assert tell_role(late, CHAIN, strict, lambda instant: 1, others=others).name == "no further"


def test_a_lead_that_excludes_says_what_it_does():
    contact, tried = Lead(3, at(13), (), "Contact me"), [Lead(0, at(5), (1,))]
    excluded = Chain(0, "excluded", entered_step=1, entered_at=at(5), entry=0, times={}, serving={})
    assert (
        tell_excluding(contact, CHAIN, tried).why
        == "excludes what comes after it from what lies before it: no chain passes"
    )
    assert tell_excluding(contact, excluded, tried).why == "excludes all steps, if it lies between two of them"
    assert tell_excluding(contact, CHAIN, []).why == "excludes nothing, as no lead of a step lies before it"
