from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from resembling_leads import RESEMBLING, lead_frame

from leadanalytics.identity.decisions import LINK, REVIEW
from leadanalytics.identity.matching import match_leads

ANA = {"first_name": "Ana", "last_name": "Ruiz", "email": "ana@contoso.com", "country": "ES"}


def match(leads):
    return match_leads(leads, threshold=0.0, review=-2.0)


def pairs(leads, decision=LINK):
    """Return the pairs of record ids of which something becomes."""
    matches = match(leads)
    of = {profile: record for record, profile in zip(leads["record_id"], matches.profiles.of.tolist(), strict=True)}
    found = matches.evidence.one, matches.evidence.other, matches.decision
    return {frozenset((of[one], of[other])) for one, other, became in zip(*found, strict=True) if became == decision}


def test_profiles_of_one_person_are_linked():
    leads = lead_frame([ANA, ANA | {"title": "CTO"}, {"first_name": "Li", "last_name": "Chen"}])
    assert pairs(leads) == {frozenset(("r0", "r1"))}


def test_a_name_and_a_country_alone_are_for_review():
    leads = lead_frame([ANA | {"email": None}, ANA | {"email": None, "title": "CTO"}])
    assert pairs(leads) == set()
    assert pairs(leads, REVIEW) == {frozenset(("r0", "r1"))}


def test_two_records_that_say_the_same_need_evidence_too():
    anas = match(lead_frame([ANA, ANA]))
    strangers = match(lead_frame([{"first_name": "Ana"}, {"first_name": "Ana"}]))
    assert anas.evidence.one.tolist() == anas.evidence.other.tolist() == [0]
    assert len(anas.links) == 1
    assert len(strangers.links) == 0


def test_one_record_delivered_twice_is_not_compared_with_itself():
    assert len(match(lead_frame([ANA, ANA]).assign(record_id="r0")).evidence.one) == 0


def test_a_higher_threshold_links_less():
    leads = lead_frame([ANA, ANA | {"title": "CTO"}])
    assert len(match_leads(leads, threshold=99.0, review=-2.0).links) == 0


@settings(max_examples=40, deadline=None)
@given(RESEMBLING, st.randoms())
def test_the_order_of_leads_does_not_matter(rows, random):
    leads = lead_frame(rows)
    shuffled = leads.iloc[random.sample(range(len(leads)), len(leads))]
    one, other = match(leads), match(shuffled)
    assert one.evidence.one.tolist() == other.evidence.one.tolist()
    assert one.evidence.total.tolist() == other.evidence.total.tolist()
    assert one.decision.tolist() == other.decision.tolist()
