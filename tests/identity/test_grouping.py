from __future__ import annotations

import numpy as np
import pytest
from resembling_leads import lead_frame

from leadanalytics.errors import FrameError
from leadanalytics.identity.grouping import MOST_EMAILS, MOST_NAMES, group_leads, limit_sizes, oversized, pairs_among
from leadanalytics.identity.matching import match_leads

ANA = {"first_name": "Ana", "last_name": "Ruiz", "email": "ana@contoso.com", "phone": "020 7946 0018"}
LI = {"first_name": "Li", "last_name": "Chen", "email": "li@fabrikam.com"}


def groups(leads, **lists):
    """Return the records of each group, by the order of the leads."""
    found = group_leads(match_leads(leads, threshold=0.0, review=-2.0), leads["record_id"], **lists)
    return [" ".join(records) for _, records in leads["record_id"].groupby(found, sort=False)]


@pytest.fixture
def leads():
    return lead_frame([ANA, ANA | {"phone": None}, ANA | {"email": "ana@gmail.com"}, LI, LI])


def test_links_make_groups_through_one_another(leads):
    assert groups(leads) == ["r0 r1 r2", "r3 r4"]


def test_leads_of_one_record_are_one_persons(leads):
    leads = lead_frame([ANA, LI]).assign(record_id="r0")
    assert groups(leads) == ["r0 r0"]


def test_what_is_told_to_be_the_same_is(leads):
    assert groups(leads, same=[("r0", "r4")]) == ["r0 r1 r2 r3 r4"]


def test_what_is_told_to_be_different_is_parted_at_the_weakest_link(leads):
    # r1 and r2 hold together through r0, with which r1 has the address in common and r2 the number.
    assert groups(leads, different=[("r1", "r2")]) == ["r0 r1", "r2", "r3 r4"]


def test_two_leads_that_say_the_same_can_be_told_apart(leads):
    assert groups(leads, different=[("r3", "r4")]) == ["r0 r1 r2", "r3", "r4"]


@pytest.mark.parametrize(
    ("lists", "found"),
    [
        ({"same": [("r0", "r9")]}, "1 record ids"),
        ({"same": [("r0", "r1")], "different": [("r0", "r1")]}, "contradict"),
    ],
)
def test_lists_that_cannot_be_followed_are_refused(leads, lists, found):
    with pytest.raises(FrameError, match=found):
        groups(leads, **lists)


def test_pairs_of_records_that_are_not_there_can_be_left_out(leads):
    pairs = [("r0", "r1"), ("r0", "r9"), ("r4", "r3")]
    assert pairs_among(pairs, leads["record_id"]) == [["r0", "r1"], ["r4", "r3"]]
    assert pairs_among([], leads["record_id"]) == []


def test_no_leads_make_no_groups():
    assert groups(lead_frame([])) == []


def test_a_person_of_one_name_may_have_any_number_of_addresses():
    leads = lead_frame([ANA | {"email": f"ana{chr(97 + n)}@firm{chr(97 + n)}.example"} for n in range(MOST_EMAILS + 4)])
    assert len(groups(leads)) == 1


def test_a_group_of_many_names_is_a_giant():
    # A slip from each name to the next, so that neighbours link and the last is a stranger to the first.
    names = ["a" * at + "b" * (MOST_NAMES + 4 - at) for at in range(MOST_NAMES + 4)]
    leads = lead_frame([ANA | {"last_name": name, "title": name} for name in names])
    matches = match_leads(leads, threshold=-99.0, review=-99.0)
    assert oversized(matches, matches.profiles.of * 0).tolist() == [True]


def test_each_link_of_a_giant_is_cut_at_the_bits_that_it_lacks_and_stays_cut():
    names = ["a" * at + "b" * (MOST_NAMES + 4 - at) for at in range(MOST_NAMES + 4)]
    leads = lead_frame([{"first_name": "Ana", "last_name": name, "phone": ANA["phone"]} for name in names] + [LI, LI])
    matches = match_leads(leads, threshold=0.0, review=-2.0)
    found, needed = limit_sizes(matches)
    links, bits = matches.links, matches.evidence.total
    is_cut = needed[links] > -np.inf
    assert is_cut.sum() == len(links) - 1  # all but Li's
    assert (bits[links[is_cut]] < needed[links[is_cut]]).all()
    one, other = matches.evidence.one[links], matches.evidence.other[links]
    assert ((found[one] == found[other]) & (found[one] >= 0)).tolist() == (~is_cut).tolist()
