import numpy as np
import pandas as pd
import pytest
from explorer_cases import leads_to_explore

import leadanalytics as la
from leadanalytics.explorer.people import Directory, join_members
from leadanalytics.explorer.preparing import ACCOUNT_ROW, CUSTOMER_ROW, prepare_leads


@pytest.fixture
def directory():
    return Directory(prepare_leads(leads_to_explore()).customers)


def funnels_of(leads, **options):
    """Return funnels that know the rows of their customers and accounts, and these customers' accounts."""
    prepared = prepare_leads(leads)
    return la.build_funnels(
        prepared.leads, by=[CUSTOMER_ROW, ACCOUNT_ROW], **({"funnel": "acquisition", "window": None} | options)
    ), prepared.accounts


def ids(directory, funnels, accounts, keeps=None, **options):
    keeps = np.ones(len(funnels), bool) if keeps is None else keeps
    selected = directory.select(join_members(funnels, accounts), keeps, **options)
    return directory.table(selected, funnels)["customer_id"].tolist()


def test_the_customers_of_the_units_come_the_latest_first(directory):
    funnels, accounts = funnels_of(leads_to_explore())
    assert ids(directory, funnels, accounts) == ["C-2", "C-3", "C-1"]
    assert ids(directory, funnels, accounts, keeps=(funnels["offer_id"] == "vm").to_numpy()) == ["C-2", "C-1"]


def test_of_a_company_all_customers_are_listed(directory):
    funnels, accounts = funnels_of(leads_to_explore(), unit="account_id")
    assert ids(directory, funnels, accounts, keeps=(funnels["account_id"] == "A-1").to_numpy()) == ["C-2", "C-1"]


@pytest.fixture
def two_buttons():
    """Give leads of an offer with two buttons: C-1 clicked one, C-2 of the same company both, C-3 neither."""
    leads = leads_to_explore().query("not is_test").assign(offer_id="suite", offer_name="Suite", do_not_contact=False)
    leads["marketplace"] = "AppSource"
    leads["stage"] = ["Test drive", "Get it now", "Get it now", "Get it now", "Test drive", "Test drive"]
    both = leads[leads["record_id"] == "r4"].assign(record_id="r8", stage="Contact me")
    return pd.concat([leads, both.assign(created_at=both["created_at"] + pd.Timedelta(days=1))], ignore_index=True)


def test_everybody_says_how_far_they_went_in_their_own_funnel(two_buttons):
    funnels, accounts = funnels_of(two_buttons, funnel=None)
    assert sorted(funnels["funnel"].unique()) == ["contact_me", "get_it_now"]
    directory = Directory(prepare_leads(two_buttons).customers)
    selected = directory.select(join_members(funnels, accounts), np.ones(len(funnels), bool))
    table = directory.table(selected, funnels).set_index("customer_id")
    assert table["step"].to_dict() == {"C-1": "Get it now", "C-2": "", "C-3": "Test drive"}
    only = (funnels["funnel"] == "contact_me").to_numpy()
    table = directory.table(directory.select(join_members(funnels, accounts), only), funnels).set_index("customer_id")
    assert table["step"].to_dict() == {"C-1": "Test drive", "C-2": "", "C-3": "Test drive"}


def test_of_a_company_with_a_row_in_two_funnels_each_customer_is_listed_once(two_buttons):
    funnels, accounts = funnels_of(two_buttons, funnel=None, unit="account_id")
    assert (funnels["account_id"] == "A-1").sum() == 2
    directory = Directory(prepare_leads(two_buttons).customers)
    selected = directory.select(join_members(funnels, accounts), np.ones(len(funnels), bool))
    table = directory.table(selected, funnels)
    assert sorted(table["customer_id"]) == ["C-1", "C-2", "C-3"]
    assert table.set_index("customer_id").loc[["C-1", "C-2"], "step"].tolist() == ["Contact me", "Contact me"]


def test_of_several_units_the_furthest_tells(directory):
    more = leads_to_explore()
    more.loc[more["record_id"] == "r5", ["customer_id", "offer_id"]] = ["C-1", "app"]
    funnels, accounts = funnels_of(more)
    selected = directory.select(join_members(funnels, accounts), np.ones(len(funnels), bool))
    table = directory.table(selected, funnels).set_index("customer_id")
    assert table.loc["C-1", ["step", "status"]].tolist() == ["Install", "reached"]


def test_whoever_never_took_a_step_has_none(directory):
    funnels, accounts = funnels_of(leads_to_explore())
    selected = directory.select(join_members(funnels, accounts), np.ones(len(funnels), bool))
    table = directory.table(selected, funnels).set_index("customer_id")
    assert table.loc["C-3", ["step", "status"]].tolist() == ["", "bypass"]


@pytest.mark.parametrize(
    ("words", "found"),
    [("RUIZ", ["C-1"]), ("contoso", ["C-2", "C-1"]), ("lee contoso", ["C-2"]), ("cleo@", ["C-3"]), (".*", [])],
)
def test_words_are_found_in_name_company_and_address(directory, words, found):
    assert ids(directory, *funnels_of(leads_to_explore()), find=words) == found


@pytest.mark.parametrize(
    ("order", "listed"),
    [
        ("name", ["C-2", "C-3", "C-1"]),
        ("company", ["C-2", "C-1", "C-3"]),
        ("country", ["C-3", "C-2", "C-1"]),  # France, Germany, Germany
        ("furthest step", ["C-1", "C-2", "C-3"]),
    ],
)
def test_they_come_in_the_order_asked_for(directory, order, listed):
    assert ids(directory, *funnels_of(leads_to_explore()), order=order) == listed
