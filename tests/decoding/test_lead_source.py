"""Every written form of the lead source, and what the columns beside it add."""

import dataclasses

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadanalytics.decoding.lead_source import Codes, Offer, read_combination, split_lead_source
from leadanalytics.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
CODES = Codes.of(VOCABULARY)
TEST = "MSFT_TEST_638445817914123000"


def reading(lead_source=None, action_code=None, offer_id=None, offer_title=None):
    return read_combination(CODES, lead_source, action_code, offer_id, offer_title)


@pytest.mark.parametrize(
    ("text", "source", "action", "offer"),
    [
        ("AzureMarketplace-INS|pub.offer", "AzureMarketplace", "INS", Offer("pub", "offer")),
        ("AzureMarketplace-INS \t|  pub.offer ", "AzureMarketplace", "INS", Offer("pub", "offer")),
        ("azuremarketplace-ins|pub.offer", "AzureMarketplace", "INS", Offer("pub", "offer")),
        ("AppSource (SPZA)-PLT|pub.offer", "SPZA", "PLT", Offer("pub", "offer")),
        ("Azure Marketplace - INS | x", "AzureMarketplace", "INS", Offer(title="x")),
        ("SPZA-INS|pub.a-b.c-1.0", "SPZA", "INS", Offer("pub", "a-b.c-1.0")),
        ("SPZA-INS|Version 2.0 of it", "SPZA", "INS", Offer(title="Version 2.0 of it")),
        ("SPZA-INS|.hidden", "SPZA", "INS", Offer(title=".hidden")),
        ("SPZA-INS|a|b", "SPZA", "INS", Offer(title="a|b")),
        ("SPZA-INS|", "SPZA", "INS", Offer()),
        ("AzurePortal|pub.offer", "AzurePortal", None, Offer("pub", "offer")),
        ("AzureMarketplace-INS", "AzureMarketplace", "INS", Offer()),
        ("AzureMarketplace", "AzureMarketplace", None, Offer()),
        ("Trade-Show", "Trade-Show", None, Offer()),
        ("SFDC-IN|Desk", "SFDC", "IN", Offer(title="Desk")),
        ("SFDC-dup-TD|Desk", "SFDC-dup", "TD", Offer(title="Desk")),
        ("SFDC-dup-XX|Desk", "SFDC-dup", "XX", Offer(title="Desk")),
        ("Package Installation", "Package Installation", "Package Installation", Offer()),
        (f"{TEST}-{TEST}|Desk", "test", "test", Offer(title="Desk")),
        ("|", None, None, Offer()),
        ("", None, None, Offer()),
        (None, None, None, Offer()),
    ],
)
def test_forms(text, source, action, offer):
    found = reading(text)
    assert (found.source, found.action, found.offer) == (source, action, offer)


def test_an_action_with_a_hyphen_of_its_own_is_found():
    actions = pd.concat(
        [VOCABULARY.actions, VOCABULARY.actions.tail(1).assign(action="Free-Trial", label="Free trial")]
    )
    codes = Codes.of(dataclasses.replace(VOCABULARY, actions=actions))
    assert split_lead_source("Azure-Shop-Free-Trial|x", codes)[:2] == ("Azure-Shop", "Free-Trial")


def test_parts_are_taken_from_wherever_they_stand():
    found = reading("SPZA", " ins ", "pub.offer", "Desk")
    assert (found.source, found.action, found.offer) == ("SPZA", "INS", Offer("pub", "offer", "Desk"))


def test_a_lone_offer_id_needs_no_publisher():
    assert reading("SPZA", offer_id="desk").offer == Offer(None, "desk")


@pytest.mark.parametrize(
    ("columns", "actions_disagree", "offers_disagree"),
    [
        (("SPZA-INS|pub.desk", "ins", "PUB.desk", "Desk"), False, False),
        (("SPZA-INS|pub.desk", "PLT"), True, False),
        (("SPZA-INS|pub.desk", TEST), False, False),
        (("SPZA-INS|pub.desk", None, "desk"), False, False),
        (("SPZA-INS|pub.desk", None, "pub.chair"), False, True),
        (("SPZA-INS|pub.desk", None, "other.desk"), False, True),
        (("SPZA-INS|The Desk", None, None, "the desk"), False, False),
        (("SPZA-INS|The Desk", None, None, "The Chair"), False, True),
    ],
)
def test_disagreement_is_told_and_the_lead_source_followed(columns, actions_disagree, offers_disagree):
    found = reading(*columns)
    assert (found.actions_disagree, found.offers_disagree, found.action) == (actions_disagree, offers_disagree, "INS")
    assert found.offer.offer_id in ("desk", None)


@pytest.mark.parametrize("columns", [("SPZA-DNC|a.b",), ("SPZA", "dnc"), ("SPZA-INS|a.b", "DNC")])
def test_either_action_may_say_not_to_contact(columns):
    assert reading(*columns).do_not_contact


@pytest.mark.parametrize("columns", [(TEST,), ("SPZA", TEST), ("test",), ("SPZA-test|a.b",)])
def test_tests_are_known_by_source_or_action(columns):
    assert reading(*columns).is_test


sources = st.sampled_from(sorted(set(VOCABULARY.sources["source"])))
actions = st.sampled_from(sorted(set(VOCABULARY.actions["action"])))
ids = st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True)
blanks = st.sampled_from(["", " ", "  "])


@given(sources, actions, ids, ids, blanks, blanks)
def test_a_written_lead_source_gives_back_its_parts(source, action, publisher, offer, before, after):
    found = reading(f"{source}-{action}{before}|{after}{publisher}.{offer}")
    assert (found.source, found.action, found.offer) == (source, action, Offer(publisher, offer))
