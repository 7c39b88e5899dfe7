"""What a code means for an offer at a time."""

import numpy as np
import pandas as pd
import pytest

from leadanalytics.vocabulary import Listings, load_vocabulary, stage_table

UNDATED = np.iinfo(np.int64).min


def day(text):
    return pd.Timestamp(text, tz="UTC")


def listed(*rows):
    """The vocabulary of a publisher with these rows of offers.csv."""
    return load_vocabulary(offers=pd.DataFrame(rows, columns=["offer_id", "title", "route", "valid_from"]))


def stages_of(vocabulary, *leads):
    """The stages of leads, each an action, the name of an offer and a day."""
    table = stage_table(vocabulary, [action for action, _, _ in leads], [(offer,) for _, offer, _ in leads])
    times = np.array([UNDATED if when is None else day(when).value for _, _, when in leads])
    names = [*vocabulary.stages["stage"], None]
    return [names[place] for place in table.at(np.arange(len(leads)), times)]


@pytest.mark.parametrize(
    ("route", "stages"),
    [
        ("free_trial_list", ["Test drive", "Free trial", "Contact me", "Install"]),
        ("saas_transact_appsource", ["Test drive", "Purchase", "Contact me", "Install"]),
        ("saas_transact_azure", ["Test drive", "Get it now", "Contact me", "Purchase"]),
        ("bc_transact", ["Test drive", "Purchase", "Contact me", "Install"]),
        ("dynamics_licence", ["Test drive", "Get it now", "Contact me", "Install"]),
        ("vm_usage", ["Test drive", "Get it now", "Contact me", "Install"]),
        ("consulting", ["Test drive", "Get it now", "Contact me", "Install"]),
    ],
)
def test_a_listing_says_what_a_code_means(route, stages):
    actions = ["StartTestDrive", "INS", "PLT", "Create"]
    leads = [(action, "desk", "2024-06-01") for action in actions]
    assert stages_of(listed(("desk", None, route, None)), *leads) == stages


def test_without_a_listing_a_code_means_what_it_means_alone():
    leads = [(action, "sofa", "2024-06-01") for action in ["INS", "FreeTrial", "Create", "DNC", "NEW", None]]
    vocabulary = listed(("desk", None, "saas_transact_appsource", None))
    assert stages_of(vocabulary, *leads) == ["Get it now", "Free trial", "Install", None, None, None]


def test_a_listing_holds_from_its_day_until_the_next():
    vocabulary = listed(
        ("desk", None, "free_trial_list", "2024-03-01"), ("desk", None, "saas_transact_appsource", "2024-06-01")
    )
    days = ["2024-02-29", "2024-03-01", "2024-05-31", "2024-06-01", None]
    assert stages_of(vocabulary, *[("INS", "desk", when) for when in days]) == [
        "Get it now",
        "Free trial",
        "Free trial",
        "Purchase",
        "Purchase",
    ]


def test_an_edition_reads_every_time_alike():
    today, seed = load_vocabulary(), load_vocabulary(edition="2018")
    leads = [("FreeTrial", "desk", "2018-12-01"), ("FreeTrial", "desk", "2024-06-01"), ("PLT", "desk", "2024-06-01")]
    assert stages_of(today, *leads) == [None, "Free trial", "Contact me"]
    assert stages_of(seed, *leads) == [None, None, "Contact me"]


def test_an_offer_is_listed_by_its_id_with_or_without_the_publishers_or_by_its_title():
    listings = Listings.of(
        listed(("contoso.desk", "Desk 365", "contact_me", None), (" Crane ", None, "vm_usage", None))
    )
    times = day("2024-01-01"), day("2024-12-31")
    for names in (("contoso.desk", "desk"), ("CONTOSO.DESK",), ("other.desk", "desk", "desk 365"), (None, "Desk 365 ")):
        assert listings.routes(*times, *names) == ["contact_me"]
    assert listings.routes(*times, "None.crane", "crane", None) == ["vm_usage"]
    assert listings.routes(*times, "other.desk", "desk") == []
    assert listings.titles == {"contoso.desk": "Desk 365"}


def test_a_title_that_two_offers_share_names_neither():
    vocabulary = listed(
        ("a", "Desk", "contact_me", None), ("b", "Desk", "vm_usage", None), ("c", "a", "vm_usage", None)
    )
    listings = Listings.of(vocabulary)
    assert listings.find("Desk") == []
    assert [row.route for row in listings.find("a")] == ["contact_me"]


def test_a_title_may_be_known_without_a_listing():
    listings = Listings.of(listed(("a", "Desk", None, None)))
    assert listings.find("a") == listings.find("Desk") == []
    assert listings.titles == {"a": "Desk"}


@pytest.mark.parametrize(
    ("first", "last", "routes"),
    [
        ("2024-01-01", "2024-02-01", []),
        ("2024-01-01", "2024-03-01", ["contact_me"]),
        ("2024-03-01", "2024-05-31", ["contact_me"]),
        ("2024-05-31", "2024-06-01", ["contact_me", "vm_usage"]),
        ("2024-06-01", "2024-06-01", ["vm_usage"]),
        (None, None, ["vm_usage"]),
    ],
)
def test_the_routes_in_force_while_an_offer_had_leads(first, last, routes):
    listings = Listings.of(listed(("desk", None, "contact_me", "2024-03-01"), ("desk", None, "vm_usage", "2024-06-01")))
    times = (pd.NaT, pd.NaT) if first is None else (day(first), day(last))
    assert listings.routes(*times, "desk") == routes
