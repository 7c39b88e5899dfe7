"""Each offer in the funnel of its listing: the listings there are, and what holds for any of them."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import leadanalytics as la
from leadanalytics import schema
from leadanalytics.funnels import build_funnels, count_stages, plan_funnels, split_funnels
from leadanalytics.offers import Branch, branches_of, offer_keys, offer_labels, route_offers
from leadanalytics.recipes import count_each_offer
from leadanalytics.vocabulary import load_vocabulary

START = pd.Timestamp("2024-06-01", tz="UTC")
TODAY, SEED = load_vocabulary(), load_vocabulary(edition="2018")
ROUTES = sorted(set(TODAY.route_codes["route"]))


def listed(*rows):
    """The vocabulary of a publisher with these rows of offers.csv: offer, route and perhaps a day."""
    offers = pd.DataFrame([(*row, None)[:3] for row in rows], columns=["offer_id", "route", "valid_from"])
    return load_vocabulary(offers=offers)


def feed(*leads, vocabulary=TODAY):
    """Decoded leads, each a customer, a source with its action, and hours since the start; perhaps with an offer."""
    rows = [(*lead, "desk")[:4] for lead in leads]
    raw = pd.DataFrame(
        {
            "record_id": [f"r{number}" for number in range(len(rows))],
            "lead_source": [f"{source}|contoso.{offer}" for _, source, _, offer in rows],
            "created": [(START + pd.Timedelta(hours, "h")).isoformat() for _, _, hours, _ in rows],
        }
    )
    return la.decode_leads(raw, vocabulary=vocabulary).assign(customer_id=[customer for customer, *_ in rows])


def branches(leads, vocabulary=TODAY, **rules):
    """The counts of each branch by its name: the steps, and how many reached them."""
    counts = count_stages(build_funnels(leads, vocabulary=vocabulary, **rules))
    return {name: dict(zip(part["stage"], part["n"].tolist())) for name, part in counts.groupby("funnel", sort=False)}


def test_r22_twelve_of_twenty_who_tried_ask_to_be_contacted():
    tried = [(f"c{number}", "SPZA-StartTestDrive", 0) for number in range(20)]
    asked = [(f"c{number}", "SPZA-PLT", 6) for number in range(12)]
    leads = feed(*tried, *asked)
    counts = count_stages(build_funnels(leads))
    assert counts["funnel"].tolist() == ["contact_me"] * 2
    assert counts["n"].tolist() == [20, 12]
    assert counts["of_first"].tolist() == [1, 0.6]
    assert count_stages(build_funnels(leads, funnel="acquisition"))["n"].tolist() == [20, 0, 0]


# One customer takes every step there is, another tries only.
STEPS = {
    "free_trial_list": {"free_trial": ["Test drive", "Free trial"]},
    "get_it_now_free": {"get_it_now": ["Test drive", "Get it now"]},
    "saas_transact_appsource": {"purchase without Get it now": ["Test drive", "Purchase"]},
    "bc_transact": {"purchase without Get it now": ["Test drive", "Purchase"]},
    "contact_me": {"contact_me": ["Test drive", "Contact me"]},
    "consulting": {"contact_me without Test drive": ["Contact me"]},
    "dynamics_licence": {"get_it_now": ["Test drive", "Get it now"], "contact_me": ["Test drive", "Contact me"]},
    "saas_transact_azure": {"purchase": ["Test drive", "Get it now", "Purchase"]},
    "vm_usage": {"acquisition": ["Test drive", "Get it now", "Install"]},
    "solution_template": {"acquisition without Test drive": ["Get it now", "Install"]},
}


@pytest.mark.parametrize("route", STEPS)
def test_r22_a_listing_gives_the_steps(route):
    vocabulary = listed(("desk", route))
    codes = TODAY.route_codes
    actions = codes.loc[(codes["route"] == route) & (codes["action"] != "FreeTrial"), "action"].unique()
    order = ["StartTestDrive", "INS", "PLT", "Create"]
    taken = [("u", f"SPZA-{action}", order.index(action)) for action in actions]
    tried = [("v", "SPZA-StartTestDrive", 0)] if "StartTestDrive" in actions else []
    found = branches(feed(*taken, *tried, vocabulary=vocabulary), vocabulary)
    assert {name: list(steps) for name, steps in found.items()} == STEPS[route]
    for steps in found.values():
        first, *others = steps.values()
        assert (first, set(others)) == (1 + len(tried), {1} if others else set())


@pytest.mark.parametrize(
    ("sources", "routes", "names"),
    [
        (["SPZA-INS"], ["appsource_ins_unknown"], ["get_it_now without Test drive"]),
        (["SPZA-StartTestDrive", "SPZA-INS"], ["appsource_ins_unknown"], ["get_it_now"]),
        (["SPZA-INS", "SPZA-PLT"], ["appsource_ins_unknown", "contact_me"], None),
        (["SPZA-INS", "AzureMarketplace-INS"], ["azure"], ["acquisition without Test drive and Install"]),
        (["SPZA-INS", "AzurePortal-Create"], ["azure"], ["acquisition without Test drive"]),
        (["AzureMarketplace-StartTestDrive", "AzureMarketplace-INS", "AzurePortal-Create"], ["azure"], ["acquisition"]),
        (["SPZA-PLT"], ["contact_me"], ["contact_me without Test drive"]),
        (["AzureMarketplace-PLT"], ["contact_me"], ["contact_me without Test drive"]),
        (["AzureMarketplace-INS", "AzureMarketplace-PLT"], ["azure", "contact_me"], None),
        (["SPZA-FreeTrial"], ["free_trial_list"], ["free_trial without Test drive"]),
        (["SPZA-StartTestDrive"], ["unknown"], ["acquisition without Get it now and Install"]),
        (["TestDrive-StartTestDrive", "SPZA-PLT"], ["contact_me"], ["contact_me"]),
        (["MicrosoftMarketplace-INS"], ["azure"], ["acquisition without Test drive and Install"]),
        (["MicrosoftMarketplace-INS", "SPZA-INS"], ["appsource_ins_unknown"], ["get_it_now without Test drive"]),
        (["TestDrive-INS"], ["azure"], ["acquisition without Test drive and Install"]),
        (["SFDC-IN", "Package Installation"], ["appexchange"], ["appexchange without Test drive"]),
        (["SFDC-TD"], ["appexchange"], ["appexchange without Get it now and Install"]),
        (["SFDC-PLT"], ["appexchange", "contact_me"], ["contact_me without Test drive"]),
    ],
)
def test_without_a_listing_the_codes_prove_what_they_can(sources, routes, names):
    leads = feed(*[(f"c{number}", source, 0) for number, source in enumerate(sources)])
    route = route_offers(leads, TODAY)["desk"]
    assert not route.is_given
    assert list(route.routes) == routes
    if names is not None:
        assert [branch.name for branch in route.branches] == names


def test_r22_both_buttons_are_branches_after_the_steps_that_they_share():
    leads = feed(
        ("u", "SPZA-StartTestDrive", 0), ("u", "SPZA-INS", 1), ("v", "SPZA-StartTestDrive", 0), ("v", "SPZA-PLT", 1)
    )
    assert branches(leads) == {
        "get_it_now": {"Test drive": 2, "Get it now": 1},
        "contact_me": {"Test drive": 2, "Contact me": 1},
    }


def test_a_listing_that_changed_keeps_what_was_before():
    vocabulary = listed(("desk", "contact_me"), ("desk", "free_trial_list", "2024-06-02"))
    leads = feed(
        ("u", "SPZA-StartTestDrive", 0),
        ("u", "SPZA-PLT", 1),
        ("v", "SPZA-StartTestDrive", 30),
        ("v", "SPZA-INS", 31),
        ("w", "SPZA-INS", 32),
        vocabulary=vocabulary,
    )
    assert route_offers(leads, vocabulary)["desk"].routes == ("contact_me", "free_trial_list")
    assert branches(leads, vocabulary) == {
        "free_trial": {"Test drive": 2, "Free trial": 1},
        "contact_me": {"Test drive": 2, "Contact me": 1},
    }


def test_a_change_that_no_listing_names_is_inferred():
    leads = feed(("u", "SPZA-PLT", 1), ("v", "SPZA-INS", 31))
    route = route_offers(leads, TODAY)["desk"]
    assert not route.is_given and set(route.routes) == {"contact_me", "appsource_ins_unknown"}
    assert branches(leads) == {
        "get_it_now without Test drive": {"Get it now": 1},
        "contact_me without Test drive": {"Contact me": 1},
    }


def test_codes_that_a_listing_cannot_have_are_counted_all_the_same():
    vocabulary = listed(("desk", "contact_me"))
    leads = feed(
        ("u", "SPZA-StartTestDrive", 0), ("u", "SPZA-PLT", 1), ("v", "AzurePortal-Create", 2), vocabulary=vocabulary
    )
    route = route_offers(leads, vocabulary)["desk"]
    assert (route.routes, route.is_given) == (("contact_me",), True)
    assert branches(leads, vocabulary) == {
        "contact_me": {"Test drive": 1, "Contact me": 1},
        "acquisition without Get it now": {"Test drive": 1, "Install": 0},
    }
    counts = count_stages(build_funnels(leads, vocabulary=vocabulary))
    assert counts.set_index(["funnel", "stage"]).loc[("acquisition without Get it now", "Install"), "skipped"] == 1


def test_a_listing_that_begins_after_the_last_lead_gives_nothing():
    route = route_offers(feed(("u", "SPZA-PLT", 1)), listed(("desk", "vm_usage", "2030-01-01")))["desk"]
    assert (route.routes, route.is_given) == (("contact_me",), False)


def test_a_unit_without_the_offer_has_the_funnels_of_all_listings():
    vocabulary = listed(("desk", "free_trial_list"), ("crane", "vm_usage"))
    leads = feed(
        ("u", "SPZA-StartTestDrive", 0, "desk"),
        ("u", "SPZA-INS", 1, "desk"),
        ("u", "AzureMarketplace-INS", 2, "crane"),
        ("v", "SPZA-PLT", 3, "lamp"),
        vocabulary=vocabulary,
    )
    assert branches(leads, vocabulary, unit="customer_id") == {
        "free_trial": {"Test drive": 1, "Free trial": 1},
        "acquisition without Install": {"Test drive": 1, "Get it now": 1},
        "contact_me": {"Test drive": 1, "Contact me": 0},
    }


def test_the_edition_of_2018_gives_the_chain_of_the_first_page():
    leads = feed(
        ("u", "SPZA-StartTestDrive", 0),
        ("u", "SPZA-INS", 1),
        ("u", "SPZA-PLT", 2),
        ("v", "AzurePortal-Create", 3, "vm"),
        vocabulary=SEED,
    )
    assert branches(leads, SEED) == {
        "appsource": {"Test drive": 1, "Get it now": 1, "Contact me": 1},
        "acquisition without Test drive and Get it now": {"Install": 1},
    }


def test_a_stage_of_the_users_own_is_a_step_where_a_funnel_has_it(tmp_path):
    shipped = la.vocabulary.loading.SHIPPED
    for table, line in (
        ("actions", "DEMO,Demo,Demo,no,watched a demo,,,"),
        ("stages", "Demo,0,watched a demo,,"),
        ("funnels", "acquisition,0,Demo,Demo,,"),
    ):
        text = (shipped / f"{table}.csv").read_text(encoding="utf-8")
        (tmp_path / f"{table}.csv").write_text(f"{text}{line}\n", encoding="utf-8")
    vocabulary = load_vocabulary(tmp_path)
    leads = feed(("u", "SPZA-DEMO", 0), ("u", "SPZA-PLT", 1), vocabulary=vocabulary)
    assert branches(leads, vocabulary) == {
        "acquisition without Test drive and Get it now and Install": {"Demo": 1},
        "contact_me without Test drive": {"Contact me": 1},
    }


def test_offers_are_told_apart_by_id_then_by_name_then_not_at_all():
    leads = pd.DataFrame({"offer_id": ["a", None, None], "offer_name": ["A", "B", None]})
    assert offer_keys(leads).tolist() == ["a", "B", "(missing)"]
    assert offer_keys(leads[["offer_name"]]).tolist() == ["A", "B", "(missing)"]
    assert offer_keys(leads[["offer_id"]].iloc[:1]).tolist() == ["a"]
    assert offer_keys(pd.DataFrame(index=[0])).tolist() == ["(missing)"]


def test_an_offer_is_called_by_its_commonest_title_and_twins_by_their_id_too():
    leads = pd.DataFrame(
        {
            "offer_id": ["a", "a", "a", "b", "c", "c", None, None],
            "offer_name": ["Desk", "Desk", "Old desk", "Desk", "c", "Crane", "Lamp", None],
        }
    )
    labels = {"a": "Desk (a)", "b": "Desk (b)", "c": "Crane", "Lamp": "Lamp", "(missing)": "(missing)"}
    assert offer_labels(leads) == labels
    assert offer_labels(leads.astype("category")) == labels
    counted = leads["offer_name"].isin(["Old desk", "Desk"]).to_numpy()
    assert offer_labels(leads, counted & (leads["offer_id"] != "b").to_numpy()) == {"a": "Desk"}
    assert offer_labels(leads[["offer_id"]].dropna()) == {"a": "a", "b": "b", "c": "c"}


def test_offers_with_the_same_branch_share_it():
    leads = feed(("u", "SPZA-PLT", 0, "desk"), ("u", "SPZA-PLT", 0, "lamp"), ("u", "SPZA-FreeTrial", 0, "lamp"))
    shared = branches_of(route_offers(leads, TODAY))
    assert {branch.name: offers for branch, offers in shared.items()} == {
        "contact_me without Test drive": ["desk", "lamp"],
        "free_trial without Test drive": ["lamp"],
    }


def test_a_branch_names_the_steps_that_it_leaves_out():
    branch = Branch("mine", (("One", ("a", "b")),), ("Two", "Three"))
    assert branch.name == "mine without Two and Three"
    assert branch.stages == {"a", "b"}
    assert branch._replace(unshown=()).name == "mine"


@pytest.mark.parametrize("columns", [["marketplace"], ["offer_name", "publisher_id"], ["record_id", "is_test"]])
def test_columns_that_are_not_there_change_no_count_of_listed_offers(columns):
    vocabulary = listed(("desk", "dynamics_licence"))
    leads = feed(("u", "SPZA-StartTestDrive", 0), ("u", "SPZA-PLT", 1), ("v", "SPZA-INS", 2), vocabulary=vocabulary)
    assert branches(leads.drop(columns=columns), vocabulary) == branches(leads, vocabulary)


@pytest.mark.parametrize("dtype", ["category", "object", "int"])
def test_offer_ids_of_any_type_are_counted(dtype):
    leads = feed(("u", "SPZA-PLT", 0, "1"), ("u", "SPZA-INS", 1, "2"))[
        ["customer_id", "offer_id", "stage", "created_at"]
    ]
    funnels = build_funnels(leads.assign(offer_id=leads["offer_id"].astype(dtype)))
    assert sorted(funnels["funnel"]) == ["acquisition without Test drive and Install", "contact_me without Test drive"]
    assert sorted(funnels["offer_name"]) == ["1", "2"]


def test_plans_are_what_is_counted():
    leads = feed(("u", "SPZA-PLT", 0, "desk"), ("u", "SPZA-PLT", 1, "desk"), ("v", "SPZA-FreeTrial", 0, "lamp"))
    plans = plan_funnels(leads)
    assert [(plan.name, plan.unshown, plan.offers) for plan in plans] == [
        ("contact_me without Test drive", ("Test drive",), ["desk"]),
        ("free_trial without Test drive", ("Test drive",), ["lamp"]),
    ]
    funnels = build_funnels(leads)
    assert [name for name, _ in split_funnels(funnels)] == [plan.name for plan in plans]
    ((_, part),) = split_funnels(funnels[funnels["offer_id"] == "lamp"])
    assert part["customer_id"].tolist() == ["v"] and part.attrs["steps"] == ["Free trial"]


SOURCES = [
    "AzureMarketplace",
    "AzurePortal",
    "SPZA",
    "Microsoft AppSource",
    "MicrosoftMarketplace",
    "SFDC",
    "TestDrive",
]
ACTIONS = ["StartTestDrive", "INS", "PLT", "FreeTrial", "Create", "IN", "TS", "LM", "DNC", "test", "Contact me"]
leads_of_feeds = st.lists(
    st.tuples(
        st.sampled_from("uvwx"),
        st.one_of(
            st.builds("{}-{}".format, st.sampled_from(SOURCES), st.sampled_from(ACTIONS)),
            st.sampled_from(["", "SPZA", "Unheard-NEW", "Package Installation"]),
        ),
        st.integers(0, 60 * 24),
        st.sampled_from(["desk", "crane", "lamp", "sofa"]),
    ),
    max_size=24,
)
listings = st.dictionaries(
    st.tuples(st.sampled_from(["desk", "contoso.crane", "lamp"]), st.sampled_from([None, "2024-06-20", "2024-07-10"])),
    st.sampled_from(ROUTES),
    max_size=5,
)
choices = st.fixed_dictionaries(
    {},
    optional={
        "window": st.sampled_from([None, "10 days"]),
        "gap": st.just("3 days"),
        "entry": st.just("first"),
        "order": st.just("strict"),
        "ties": st.just("strict"),
        "prefer": st.just("latest"),
        "as_of": st.sampled_from(["2024-06-25", "2024-09-01"]),
        "excluding": st.just("Contact me"),
        "policy": st.just("unit"),
    },
).filter(lambda rules: "policy" not in rules or "excluding" in rules)


@pytest.mark.filterwarnings("ignore::leadanalytics.errors.UnknownCodeWarning")
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(leads_of_feeds, listings, choices, st.sampled_from([None, "2018"]), st.data())
@example([], {}, {}, None, None)
def test_every_lead_of_every_listing_is_counted(rows, listing, rules, edition, data):
    offers = pd.DataFrame(
        [(*key, route) for key, route in listing.items()], columns=["offer_id", "valid_from", "route"]
    )
    vocabulary = load_vocabulary(edition=edition, offers=offers)
    leads = feed(*rows, vocabulary=vocabulary)
    if data is not None:
        leads = disturbed(leads, data)
    funnels = build_funnels(leads, rules, vocabulary=vocabulary)
    json.dumps(funnels.attrs)
    facts = funnels.attrs.get("funnels") or {funnels.attrs["funnel"]: funnels.attrs}

    countable = leads[~leads["is_test"] & leads["created_at"].notna() & leads["customer_id"].notna()]
    countable = countable[~countable["do_not_contact"] & countable["stage"].notna()]
    countable = countable.assign(
        offer=offer_keys(countable).astype(schema.TEXT), stage=countable["stage"].astype("str")
    )
    routes = route_offers(countable, vocabulary)
    assert set(routes) == set(countable["offer"])
    for offer, part in countable.groupby("offer"):
        shown = set(part["stage"])
        assert shown <= frozenset().union(*(branch.stages for branch in routes[offer].branches))
        for branch in routes[offer].branches:
            assert all(shown.intersection(stages) for _, stages in branch.steps)
            if "excluding" not in rules:
                assert facts[branch.name]["steps"] == [label for label, _ in branch.steps]

    newest = pd.Timestamp(funnels.attrs["as_of"]) if funnels.attrs["as_of"] else None
    counted = countable[countable["created_at"] <= newest] if newest is not None else countable
    by_offer = count_stages(funnels, by="offer_id")
    assert (by_offer["with_lead"] == by_offer["n"] + by_offer["skipped"] + by_offer["left_out"]).all()
    for row in by_offer.itertuples():
        serving = next(dict(b.steps)[row.stage] for b in routes[row.offer_id].branches if b.name == row.funnel)
        having = counted[(counted["offer"] == row.offer_id) & counted["stage"].isin(serving)]
        assert row.with_lead == having["customer_id"].nunique()

    if "excluding" not in rules:
        repeat = counted.duplicated(["customer_id", "offer", "stage", "created_at", "record_id"]).sum()
        removed = {name: count for name, count in funnels.attrs["removed"].items() if name != "outside the entry range"}
        assert len(counted) - repeat + sum(removed.values()) == len(leads)
        assert removed["repeated records"] == repeat

    whole, added = count_stages(funnels), by_offer.groupby(["funnel", "step"])
    for column in ("n", "open", "dropped", "entered", "bypass", "with_lead", "skipped", "left_out"):
        expected = whole.set_index(["funnel", "step"])[column]
        assert added[column].sum().reindex(expected.index, fill_value=0).equals(expected.astype("int64"))

    per_offer = la.count_offers(leads, rules, vocabulary=vocabulary)
    pd.testing.assert_frame_equal(per_offer, count_each_offer(funnels))
    keys = ["offer_id", "funnel", "step"]
    pd.testing.assert_frame_equal(
        per_offer.drop(columns="offer_name").sort_values(keys, ignore_index=True)[[*by_offer]],
        by_offer.sort_values(keys, ignore_index=True),
    )


def disturbed(leads, data):
    """Leads of which some have no time, no customer or no offer, and some are there twice, in any order."""
    masks = data.draw(
        st.lists(
            st.sampled_from(["", "", "", "created_at", "customer_id", "offer_id"]),
            min_size=len(leads),
            max_size=len(leads),
        )
    )
    for column in ("created_at", "customer_id", "offer_id"):
        leads[column] = leads[column].mask(np.array(masks, dtype=object) == column)
    again = data.draw(st.lists(st.integers(0, max(len(leads) - 1, 0)), max_size=4 if len(leads) else 0))
    order = data.draw(st.permutations([*range(len(leads)), *again]))
    return leads.iloc[order].reset_index(drop=True)
