"""The leads behind a counted chain: one lead serves one step, also where several come at one instant."""

import pandas as pd
from funnel_cases import GET, INS, TD, at, leads_of

from leadanalytics.studies.chains import ROW, Lead, Question, find_chain

STEPS = {TD: (TD,), f"{GET} or {TD}": (GET, TD), INS: (INS,)}
QUESTION = Question(options={"funnel": STEPS}, steps=STEPS)


def rowed(text):
    leads = leads_of(text)
    return leads.assign(**{ROW: leads.index.astype(str)})


def test_a_stage_serves_every_step_that_names_it():
    assert QUESTION.served_by(TD) == (1, 2)
    assert QUESTION.served_by("Contact me") == ()


def test_leads_of_one_instant_are_shared_out_among_the_steps():
    leads = rowed("u: GET@3 TD@3 INS@4")
    (funnel,) = QUESTION.funnels(leads).to_dict("records")
    part = [Lead(row, lead["created_at"], QUESTION.served_by(lead["stage"])) for row, lead in leads.iterrows()]
    chain = find_chain(funnel, part, QUESTION.labels)
    assert chain.serving == {1: 1, 0: 2, 2: 3}
    assert chain.times == {1: at(3), 2: at(3), 3: at(4)}
    assert (chain.depth, chain.status, chain.entered_step, chain.entry) == (3, "reached", 1, 1)


def test_a_bypass_is_served_by_nothing():
    (funnel,) = QUESTION.funnels(rowed("u: INS@4")).to_dict("records")
    chain = find_chain(funnel, [Lead(0, at(4), (3,))], QUESTION.labels)
    assert (chain.serving, chain.entry, chain.status) == ({}, 0, "bypass")


def test_the_depth_from_one_entry_is_that_of_its_own_chain():
    question = Question(
        options={"funnel": STEPS, "window": "5 s", "as_of": pd.Timestamp("2025", tz="UTC")}, steps=STEPS
    )
    leads = rowed("u: TD@0 TD@9 GET@10")
    assert [question.depth_from(leads, at(second)) for second in (0, 9)] == [1, 2]


def test_in_any_order_each_lead_that_takes_a_step_more_serves():
    steps = {TD: (TD,), GET: (GET,), INS: (INS,)}
    question = Question(options={}, steps=steps)
    leads = rowed("u: INS@0 TD@50 TD@52 GET@55 INS@56")
    part = [Lead(row, lead["created_at"], question.served_by(lead["stage"])) for row, lead in leads.iterrows()]
    times = {"1 of 3": at(50), "2 of 3": at(55), "3 of 3": at(56)}
    funnel = {ROW: "1", "depth": 3, "status": "reached", "entered_step": 1, "entered_at": at(50), **times}
    assert find_chain(funnel, part, list(times), any_order=True).serving == {1: 1, 3: 2, 4: 3}
