import pandas as pd
import pytest
from lead_frames import leads_of, person

from leadanalytics.identity import identify_customers, review_matches

# A name and a country are for somebody to look at, at some -2 bits in a short list.
ANA = person("Ana Ruiz", country="ES")
LI = person("Li Chen", country="CN")


def asked(leads, **options):
    frame = review_matches(leads, **({"review": -4.0} | options))
    return frame[["record_id", "other_record_id"]].to_numpy().tolist()


def test_both_people_stand_side_by_side_with_what_speaks_for_and_against():
    leads = leads_of(ANA | {"email": "ana@example.com"}, ANA | {"title": "CTO"})
    (row,) = review_matches(leads, review=-4.0).to_dict("records")
    assert row["question"] == "one customer?"
    assert (row["name"], row["email"], row["other_title"]) == ("Ana Ruiz", "ana@example.com", "CTO")
    assert row["customer_id"] != row["other_customer_id"]
    assert row["speaks_for"] == "same full name; same country"
    assert row["speaks_against"] == "no e-mail, phone or company in common"
    assert row["asked_because"] == "nothing but a name in common"
    assert row["chance"] == pytest.approx(1 / (1 + 2 ** -row["bits"]))
    assert row["value"] == pytest.approx(row["chance"])


def test_a_pair_is_worth_the_records_of_the_smaller_customer():
    ana, more = ANA | {"email": "ana@example.com"}, ANA | {"phone": "020 7946 0018"}
    li = LI | {"email": "li@example.com"}
    frame = review_matches(leads_of(LI, li, ana, ana, ana, more, more), review=-5.0)
    assert frame[["record_id", "records_moved"]].to_numpy().tolist() == [["r3", 2], ["r1", 1]]
    assert frame["value"].tolist() == pytest.approx((frame["chance"] * [2, 1]).tolist())


def test_a_pair_of_different_stages_is_worth_double():
    leads = leads_of(ANA, ANA, LI, LI, stage=["Test drive", "Test drive", "Test drive", "Install"])
    assert asked(leads) == [["r3", "r4"], ["r1", "r2"]]
    frame = review_matches(leads, review=-4.0)
    assert frame["value"].tolist() == pytest.approx((frame["chance"] * [2, 1]).tolist())
    assert asked(leads, most=1) == [["r3", "r4"]]


def test_two_customers_are_asked_about_once():
    first, second = ANA | {"email": "ana@example.com"}, ANA | {"phone": "020 7946 0018"}
    assert len(asked(leads_of(first, first, second, second))) == 1


def test_names_that_contradict_on_one_address_have_even_odds_at_best():
    leads = leads_of(ANA | {"email": "ana@example.com"}, LI | {"email": "ana@example.com", "country": "ES"})
    (row,) = review_matches(leads, review=-40.0).to_dict("records")
    assert row["chance"] <= 0.5
    assert row["asked_because"].startswith("the whole name contradicts")


def test_customers_that_hold_together_by_a_thread_are_asked_about():
    bare = ANA | {"title": "Bell ringer"}
    leads = leads_of(bare | {"email": "ana@example.com"}, bare)
    (row,) = review_matches(leads, threshold=2.0, review=0.0).to_dict("records")
    assert row["question"] == "two customers?"
    assert row["customer_id"] == row["other_customer_id"]
    assert row["chance"] == pytest.approx(1 - 1 / (1 + 2 ** -row["bits"]))


def test_what_was_answered_is_not_asked_again():
    leads = leads_of(ANA, ANA)
    assert asked(identify_customers(leads, same=[("r1", "r2")])) == []
    assert asked(leads, different=[("r2", "r1")]) == []


def test_the_rules_of_the_leads_are_those_of_the_review():
    leads = identify_customers(leads_of(ANA, ANA), review=-4.0)
    assert asked(leads, review=1.0) == []
    assert len(review_matches(leads)) == 1
    assert review_matches(identify_customers(leads_of(ANA, ANA), review=-4.0, different=[("r1", "r2")])).empty


def test_what_keys_left_apart_is_asked_about_for_want_of_a_key():
    known = ANA | {"company": "Nordlicht Systems", "title": "CTO"}
    leads = identify_customers(leads_of(known, known | {"company": "Nordlicht System"}), method="keys")
    (row,) = review_matches(leads).to_dict("records")
    assert row["asked_because"].startswith("no key agrees")


def test_that_two_records_are_two_people_answers_for_their_customers():
    known = ANA | {"email": "ana@example.com"}
    assert asked(leads_of(known, known, ANA)) == [["r1", "r3"]]
    assert asked(leads_of(known, known, ANA), different=[("r2", "r3")]) == []


def test_a_weak_link_that_was_confirmed_is_not_asked_again():
    bare = ANA | {"title": "Bell ringer"}
    leads = leads_of(bare | {"email": "ana@example.com"}, bare)
    assert asked(leads, threshold=2.0, review=0.0) == [["r1", "r2"]]
    assert asked(leads, threshold=2.0, review=0.0, same=[("r1", "r2")]) == []


def test_the_order_of_the_leads_does_not_matter():
    leads = leads_of(ANA, ANA, ANA, LI, LI)
    pd.testing.assert_frame_equal(review_matches(leads.iloc[::-1], review=-4.0), review_matches(leads, review=-4.0))


def test_nothing_in_doubt_is_an_empty_list_with_its_columns():
    leads = leads_of(ANA | {"email": "ana@example.com"})
    assert list(review_matches(leads).columns) == list(review_matches(leads_of(ANA, ANA)).columns)
    assert review_matches(leads).empty
