from lead_frames import leads_of, person

from leadanalytics.identity.comparing import compare
from leadanalytics.identity.rules import MatchRules
from leadanalytics.identity.weak_links import CONTRADICTS, NEAR_THE_LINE, TOO_LARGE, doubtful_links

ANA = person("Ana Ruiz", email="ana@example.com")
NAMES = [f"{first}{first}a {last}{last}o" for first in "bcdf" for last in "bcdf"]


def doubts(leads, threshold=0.0):
    compared = compare(leads, MatchRules(threshold=threshold, review=threshold - 2))
    edges, reasons, moved = doubtful_links(compared)
    record_ids = compared.people["record_id"].to_numpy()
    return list(zip(record_ids[edges.one], record_ids[edges.other], reasons, moved.tolist(), strict=True))


def test_a_customer_is_in_doubt_by_its_weakest_link_and_the_smaller_part_would_move():
    bare = person("Ana Ruiz", title="Bell ringer", country="ES")
    strong = bare | {"email": "ana@example.com", "phone": "020 7946 0018"}
    assert doubts(leads_of(strong, strong, strong, bare), threshold=1.0) == [("r1", "r4", NEAR_THE_LINE, 1)]


def test_a_customer_of_strong_links_is_not():
    assert doubts(leads_of(ANA, ANA, ANA)) == []


def test_a_contradiction_within_a_customer_is_a_doubt():
    li = person("Li Chen", email="ana@example.com")
    leads = leads_of(ANA, ANA, li, li, customer_id="C-1")
    ((_, _, reason, moved),) = doubts(leads)
    assert reason == CONTRADICTS
    assert moved == 1


def test_a_customer_of_too_many_names_is_a_doubt():
    people = [person(name, email="ana@example.com") for name in NAMES]
    leads = leads_of(*people, *people, customer_id="C-1")
    assert [reason for _, _, reason, _ in doubts(leads, threshold=-20)] == [TOO_LARGE]


def test_nobody_is_no_doubt():
    assert doubts(leads_of(ANA).iloc[:0].assign(customer_id="")) == []
