import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lead_frames import leads_of, person

import leadanalytics as la
from leadanalytics.identity import identify_customers, matches
from leadanalytics.identity.clusters import join

PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "first_name": st.sampled_from(["Ana", "Li", None]),
            "last_name": st.sampled_from(["Ruiz", "Chen"]),
            "email": st.sampled_from(["ana@example.com", "ANA+x@example.com", "li@example.org", None]),
            "phone": st.sampled_from(["020 7946 0018", None]),
            "company": st.sampled_from(["Alpine", "Alpine Ltd", None]),
        }
    ),
    min_size=1,
    max_size=12,
)


def pairs(frame):
    return frame[["record_id", "other_record_id"]].to_numpy().tolist()


def connected(leads, edges):
    """Return the number of the part of each record that edges make."""
    place = pd.Series(np.arange(len(leads)), index=leads["record_id"])
    keys = [np.arange(len(leads))]
    for one, other in pairs(edges):
        key = np.full(len(leads), -1)
        key[[place[one], place[other]]] = place[one]
        keys.append(key)
    return join(keys)


def test_bits_add_up_and_are_told_in_words():
    ana = person("Ana Ruiz", phone="020 7946 0018", company="Alpine")
    leads = leads_of(ana | {"email": "ana@example.com"}, ana | {"email": "ana.ruiz@example.org"})
    (edge,) = matches(leads).to_dict("records")
    assert edge["reason"] == "same phone; same full name; same company; e-mail differs"
    fields = ["email", "phone", "name", "company", "title", "country", "prior", "caution"]
    assert edge["bits"] == pytest.approx(sum(edge[field] for field in fields))
    assert edge["email"] < 0 < edge["phone"]


def test_of_records_that_say_the_same_the_oldest_stands_for_all():
    ana = person("Ana Ruiz", email="ana@example.com")
    leads = leads_of(ana, ana, ana, ana | {"company": "Alpine"})
    assert pairs(matches(leads)) == [["r1", "r2"], ["r1", "r3"], ["r1", "r4"]]


def test_records_that_are_no_match_of_one_another_are_each_linked_to_what_joins_them():
    # So many names are on the address that it speaks against whoever has it; Ana without it has but her name and title.
    names = [f"{first}{first}a {last}{last}o" for first in "bcdfghklmnprst" for last in "bcdfghklmnprst"]
    crowd = [person(name, email="k7@contoso.example") for name in names]
    ana = person("Ana Ruiz", title="Bell ringer", country="ES")
    leads = leads_of(ana, ana | {"email": "k7@contoso.example"}, ana | {"email": "k7@contoso.example"}, *crowd)
    assert pairs(matches(leads)) == [["r1", "r2"], ["r1", "r3"]]


def test_links_lie_within_the_customers_that_the_leads_have():
    ana = person("Ana Ruiz", email="ana@example.com")
    leads = leads_of(ana, ana, ana, customer_id=["C-1", "C-2", "C-2"])
    assert pairs(matches(leads)) == [["r2", "r3"]]


def test_a_record_delivered_twice_is_no_match_of_itself():
    ana = person("Ana Ruiz", email="ana@example.com")
    leads = leads_of(ana, ana | {"company": "Alpine"}).assign(record_id="r1")
    assert matches(leads).empty


def test_test_leads_take_no_part():
    ana = person("Ana Ruiz", email="ana@example.com")
    assert matches(leads_of(ana, ana, is_test=[False, True])).empty


@pytest.mark.filterwarnings("ignore::leadanalytics.errors.UnknownCodeWarning")
def test_every_merged_record_of_the_samples_has_a_reason():
    leads = la.sample_leads().pipe(la.decode_leads).pipe(identify_customers)
    edges = matches(leads)
    merged = leads.loc[leads["match_bits"].notna(), "record_id"]
    assert len(merged) > 1_000
    assert set(merged) == {*edges["record_id"], *edges["other_record_id"]}
    assert (edges["reason"] != "").all()


@given(PEOPLE, st.randoms())
@settings(max_examples=25)
def test_links_join_the_records_of_each_customer_and_no_others_in_any_order(rows, random):
    leads = leads_of(*rows)
    identified = identify_customers(leads)
    edges = matches(identified)
    assert (connected(leads, edges) == pd.factorize(identified["customer_id"])[0]).all()
    shuffled = leads.iloc[random.sample(range(len(leads)), len(leads))]
    pd.testing.assert_frame_equal(matches(shuffled), edges)
