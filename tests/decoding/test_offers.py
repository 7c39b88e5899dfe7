"""What the leads tell about offers together."""

from leadanalytics.decoding.lead_source import Offer
from leadanalytics.decoding.offers import complete_offers, name_offers

NAMED, ALONE = Offer("pub", "desk", "The Desk"), Offer(title="the desk")


def completed(*offers, is_test=None):
    return complete_offers(offers, is_test=is_test or [False] * len(offers))


def test_a_lone_title_takes_the_ids_that_it_always_goes_with():
    assert completed(NAMED, ALONE, Offer(title="Chair")) == [
        NAMED,
        Offer("pub", "desk", "the desk"),
        Offer(title="Chair"),
    ]


def test_a_title_of_two_offers_proves_nothing():
    assert completed(NAMED, Offer("pub", "desk-2", "The Desk"), ALONE)[2] == ALONE


def test_tests_neither_prove_nor_gain():
    assert completed(NAMED, ALONE, is_test=[True, False])[1] == ALONE
    assert completed(NAMED, ALONE, is_test=[False, True])[1] == ALONE


def test_names_are_the_own_title_the_commonest_or_the_id():
    offers = [NAMED, Offer("pub", "desk", "Desk 2"), Offer("pub", "desk"), Offer("pub", "chair"), Offer(), ALONE]
    assert name_offers(offers, leads=[1, 5, 1, 1, 1, 1]) == ["The Desk", "Desk 2", "Desk 2", "chair", None, "the desk"]


def test_equally_common_titles_are_taken_by_alphabet():
    offers = [Offer("pub", "desk", "B"), Offer("pub", "desk", "A"), Offer("pub", "desk")]
    assert name_offers(offers, leads=[1, 1, 1])[2] == "A"
