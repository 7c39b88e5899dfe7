"""The sentence that says what a funnel counts."""

from __future__ import annotations

import itertools

import pytest
from funnel_cases import CON, GET, TD, at, leads_of

from leadanalytics.funnels import FunnelRules, build_funnels
from leadanalytics.funnels.sentence import Sentence, about_people, noun

LEADS = leads_of("u: TD@1 TD@2 TD@3 GET@4 INS@5 INS@6 TD@7(r) TD@7(r) CON@8").assign(
    is_test=[True] * 3 + [False] * 6, do_not_contact=[False] * 3 + [True] * 2 + [False] * 4, account_id=1, category="x"
)
LEFT_OUT = "3 test leads, 2 do-not-contact leads and 1 repeated record left out."
PATH = "took Test drive, then Get it now, then Install"
ANY = "came in at Test drive, Get it now or Install and took the steps after it in this order"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"window": "30 days"}, f"Customers per offer who {PATH} within 30 days of their Test drive"),
        ({}, f"Customers per offer who {PATH}"),
        ({"unit": "customer_id"}, f"Customers who {PATH}"),
        ({"unit": ("account_id", "offer_id")}, f"Accounts per offer that {PATH}"),
        ({"unit": ("category", "customer_id", "offer_id")}, f"Categories per customer and offer that {PATH}"),
        ({"entry": "first"}, f"Customers per offer who {PATH} counting from their first Test drive"),
        (
            {"entry": "first", "window": "1 day"},
            f"Customers per offer who {PATH} within 1 day of their first Test drive",
        ),
        ({"start": "any"}, f"Customers per offer who {ANY}"),
        ({"start": "any", "window": "2 hours"}, f"Customers per offer who {ANY} within 2 hours of coming in"),
        (
            {"start": "any", "entry": "first", "window": "1 day"},
            f"Customers per offer who {ANY} within 1 day of their first step",
        ),
        ({"ties": "strict"}, f"Customers per offer who {PATH}, each step later than the one before"),
        ({"gap": "7 days"}, f"Customers per offer who {PATH}, each step at most 7 days after the one before"),
        (
            {"gap": "7 days", "ties": "strict", "window": "30 days"},
            f"Customers per offer who {PATH} within 30 days of their Test drive, "
            "each step later than and at most 7 days after the one before",
        ),
        ({"order": "strict"}, f"Customers per offer who {PATH}, with no lead of another step between two steps"),
        ({"excluding": CON}, f"Customers per offer who {PATH}, with no lead of Contact me between two steps"),
        (
            {"excluding": CON, "order": "strict"},
            f"Customers per offer who {PATH}, with no lead of another step or Contact me between two steps",
        ),
        (
            {"excluding": CON, "policy": "unit"},
            f"Customers per offer who {PATH}, those with a lead of Contact me between two steps excluded",
        ),
        ({"prefer": "latest"}, f"Customers per offer who {PATH}, by the last of equally long ways"),
        ({"order": "any"}, "Customers per offer who took Test drive, Get it now and Install in any order"),
        (
            {"order": "any", "window": "1 day"},
            "Customers per offer who took Test drive, Get it now and Install in any order within 1 day of the first of "
            "them",
        ),
        (
            {"order": "any", "window": "1 day", "entry": "first"},
            "Customers per offer who took Test drive, Get it now and Install in any order within 1 day of their first "
            "step",
        ),
        ({"funnel": [TD], "order": "any", "window": "1 day"}, "Customers per offer who took Test drive"),
        ({"funnel": [TD], "window": "1 day", "ties": "strict"}, "Customers per offer who took Test drive"),
        ({"funnel": [TD, GET], "start": "any"}, "Customers per offer who came in at Test drive or Get it now and ..."),
        (
            {"dates": (at(0), at(86400))},
            f"Customers per offer who {PATH}, entered on or after 2024-06-01 and before 2024-06-02",
        ),
    ],
)
def test_the_sentence_says_the_choices(options, sentence):
    said = build_funnels(LEADS, as_of=at(8), **({"funnel": "acquisition", "window": None} | options)).attrs[
        "definition"
    ]
    beginning = sentence.removesuffix("...")
    assert said.startswith(beginning)
    if beginning == sentence:
        assert said == f"{sentence}, as of 2024-06-01 00:00:08 UTC; {LEFT_OUT}"


@pytest.mark.slow
def test_every_combination_is_one_sentence():
    options = {
        "window": [None, "1 day"],
        "start": ["first", "any"],
        "entry": ["best", "first"],
        "ties": ["forward", "strict"],
        "dates": [(None, None), (at(0), None), (None, at(9))],
        "funnel": ["appexchange", [TD]],
        "order": ["ordered", "strict"],
        "gap": [None, "1 hour"],
        "excluding": [(), CON],
        "prefer": ["earliest", "latest"],
    }
    for choice in itertools.product(*options.values()):
        said = build_funnels(LEADS, **({"funnel": "acquisition", "window": None} | dict(zip(options, choice)))).attrs[
            "definition"
        ]
        assert said.count(".") == 1 and said.endswith(".")
        assert "  " not in said and " ," not in said and ",," not in said


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({}, "Customers per offer who took the steps of their offer within 30 days of their entry."),
        ({"window": None}, "Customers per offer who took the steps of their offer."),
        (
            {"funnel": "acquisition", "as_of": "2024-06-30"},
            "Customers per offer who took the steps of the funnel 'acquisition' within 30 days of their entry, as of "
            "the end of 2024-06-30.",
        ),
        (
            {"funnel": ["Test drive", ("Install", "Purchase")], "unit": "account_id", "entry": "first"},
            "Accounts that took Test drive, then Install or Purchase within 30 days of their first Test drive.",
        ),
        (
            {"order": "any", "window": "1 day"},
            "Customers per offer who took the steps of their offer in any order within 1 day of the first of them.",
        ),
        (
            {"excluding": "do not contact"},
            "Customers per offer who took the steps of their offer within 30 days of their entry, with no lead of do "
            "not contact between two steps.",
        ),
    ],
)
def test_rules_alone_are_one_sentence(choices, said):
    assert str(FunnelRules(**choices)) == said


def test_steps_that_no_lead_shows_are_said_after_the_sentence():
    sentence = Sentence(FunnelRules(window=None), ["Test drive"], ["Get it now", "Install"])
    assert sentence.say() == (
        "Customers per offer who took Test drive. No lead of these offers shows Get it now or Install."
    )


def test_what_was_left_out_is_listed_but_for_what_is_no_loss():
    said = Sentence(FunnelRules(window=None), ["Test drive"]).say(
        {
            "test leads": 1,
            "referrals": 2,
            "in no step": 9,
            "outside the entry range": 9,
            "no account": 1_234,
            "after as_of": 0,
        }
    )
    assert said == (
        "Customers per offer who took Test drive; 1 test lead, 2 referrals without people and 1,234 leads with no "
        "account left out."
    )


def test_people_are_said_in_numbers():
    assert about_people(0) == []
    assert about_people(1)[0].startswith("1 record is of a person, not of an event:")
    assert about_people(2_000)[0].startswith("2,000 records are of people, not of events:")


def test_a_column_names_what_it_identifies():
    assert [noun(column) for column in ("account_id", "offer_name")] == ["account", "offer name"]
