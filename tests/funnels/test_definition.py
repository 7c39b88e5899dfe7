"""The sentence that says what was counted."""

from __future__ import annotations

import itertools

import pytest
from funnel_cases import CON, GET, TD, at, leads_of

from leadanalytics.funnels import build_funnels

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
            {"excluding": CON, "exclusion": "unit"},
            f"Customers per offer who {PATH}, those with a lead of Contact me between two steps excluded",
        ),
        ({"anchor": "latest"}, f"Customers per offer who {PATH}, the last of equally long ways told"),
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
            {"entered": (at(0), at(86400))},
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


def test_the_sentence_says_all_that_was_left_out():
    leads = leads_of("u: TD@1 TD@2 TD@3 TD@4 TD@5")
    leads.loc[0, "customer_id"] = None
    leads.loc[[1, 2], "created_at"] = None
    said = build_funnels(leads, as_of=at(4), funnel="acquisition", window=None).attrs["definition"]
    assert said.endswith("; 2 leads without a created time, 1 lead with no customer and 1 later lead left out.")


def test_the_sentence_says_what_is_not_known_of_people_without_events():
    leads = leads_of("u: TD@1 GET@2; v: TD@1").assign(record_kind=["lead", "person", "referral"])
    funnels = build_funnels(leads, funnel="acquisition", window=None)
    assert funnels.attrs["people"] == 1
    assert funnels.attrs["removed"]["referrals"] == 1
    assert (
        "1 referral without a person left out. 1 record is of a person, not of an event:" in funnels.attrs["definition"]
    )


def test_no_data_has_no_date():
    assert (
        build_funnels(leads_of(""), funnel="acquisition", window=None).attrs["definition"]
        == f"Customers per offer who {PATH}."
    )


def test_every_combination_is_one_sentence():
    options = {
        "window": [None, "1 day"],
        "start": ["first", "any"],
        "entry": ["best", "first"],
        "ties": ["forward", "strict"],
        "entered": [(None, None), (at(0), None), (None, at(9))],
        "funnel": ["appexchange", [TD]],
        "order": ["ordered", "strict"],
        "gap": [None, "1 hour"],
        "excluding": [(), CON],
        "anchor": ["earliest", "latest"],
    }
    for choice in itertools.product(*options.values()):
        said = build_funnels(LEADS, **({"funnel": "acquisition", "window": None} | dict(zip(options, choice)))).attrs[
            "definition"
        ]
        assert said.count(".") == 1 and said.endswith(".")
        assert "  " not in said and " ," not in said and ",," not in said
