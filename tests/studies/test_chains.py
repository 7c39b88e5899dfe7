"""The leads behind a counted chain: one lead serves one step, also where several come at one instant."""

from funnel_cases import GET, INS, TD, at, leads_of

from leadanalytics.funnels import FunnelRules, build_funnels
from leadanalytics.funnels.building import Plan
from leadanalytics.studies.chains import ROW, Lead, Question, find_chain

STEPS = {TD: (TD,), f"{GET} or {TD}": (GET, TD), INS: (INS,)}
RULES = FunnelRules(funnel=STEPS, window=None)
QUESTION = Question(RULES, Plan(None, STEPS))
LABELS = list(STEPS)


def funnels_of(leads):
    return build_funnels(leads, RULES, by=ROW).to_dict("records")


def rowed(text):
    leads = leads_of(text)
    return leads.assign(**{ROW: leads.index.astype(str)})


def test_a_stage_serves_every_step_that_names_it():
    assert QUESTION.served_by(TD) == (1, 2)
    assert QUESTION.served_by("Contact me") == ()


def test_leads_of_one_instant_are_shared_out_among_the_steps():
    leads = rowed("u: GET@3 TD@3 INS@4")
    (funnel,) = funnels_of(leads)
    part = [Lead(row, lead["created_at"], QUESTION.served_by(lead["stage"])) for row, lead in leads.iterrows()]
    chain = find_chain(funnel, part, LABELS)
    assert chain.serving == {1: 1, 0: 2, 2: 3}
    assert chain.times == {1: at(3), 2: at(3), 3: at(4)}
    assert (chain.depth, chain.status, chain.entered_step, chain.entry) == (3, "reached", 1, 1)


def test_who_skipped_the_first_step_is_served_by_nothing():
    (funnel,) = funnels_of(rowed("u: INS@4"))
    chain = find_chain(funnel, [Lead(0, at(4), (3,))], LABELS)
    assert (chain.serving, chain.entry, chain.status) == ({}, 0, "bypass")


def test_the_depth_from_one_entry_is_that_of_its_own_chain():
    question = Question(RULES.changed(window="5 s", as_of="2025-01-01"), Plan(None, STEPS))
    leads = rowed("u: TD@0 TD@9 GET@10")
    assert [question.depth_from(leads, at(second)) for second in (0, 9)] == [1, 2]


def test_in_any_order_each_lead_that_takes_a_step_more_serves():
    steps = {TD: (TD,), GET: (GET,), INS: (INS,)}
    question = Question(FunnelRules(order="any"), Plan(None, steps))
    leads = rowed("u: INS@0 TD@50 TD@52 GET@55 INS@56")
    part = [Lead(row, lead["created_at"], question.served_by(lead["stage"])) for row, lead in leads.iterrows()]
    times = {"1 of 3": at(50), "2 of 3": at(55), "3 of 3": at(56)}
    funnel = {ROW: "1", "depth": 3, "status": "reached", "entered_step": 1, "entered_at": at(50), **times}
    assert find_chain(funnel, part, list(times), any_order=True).serving == {1: 1, 3: 2, 4: 3}


def test_what_serves_a_step_of_the_funnel_does_not_exclude_in_it():
    question = Question(FunnelRules(excluding=["Contact me", GET]), Plan(None, STEPS))
    assert question.excluding == ["Contact me"]
