from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadanalytics.funnels import build_funnels
from leadanalytics.identity import identify_customers
from leadanalytics.identity.accounts import account_ids, account_keys
from leadanalytics.identity.clusters import customer_ids


def accounts(rows, before=None):
    """Return the accounts of rows of e-mail, company and country, as numbers; -1 for none."""
    leads = pd.DataFrame(rows, columns=["email", "company", "country"], dtype="str")
    return pd.factorize(ids_of(leads, before))[0].tolist()


def ids_of(leads, before=None):
    records = pd.Series([f"r{number}" for number in range(len(leads))])
    before = pd.Series(before or [None] * len(leads), dtype="str")
    return account_ids(account_keys(leads), records, np.arange(len(leads)), before=before)


def test_a_work_domain_is_a_company():
    rows = [
        ("ana@contoso.example", "Contoso", "ES"),
        ("li@Contoso.example", None, None),
        ("bo@grid.example", "Grid", "SE"),
    ]
    assert accounts(rows) == [0, 0, 1]


def test_a_role_mailbox_is_the_companys_too():
    assert accounts([("ana@contoso.example", None, None), ("info@contoso.example", None, None)]) == [0, 0]


@pytest.mark.parametrize("domain", ["gmail.com", "test.com"])
def test_domains_of_anybody_are_no_company(domain):
    assert accounts([(f"ana@{domain}", None, None), (f"li@{domain}", None, None)]) == [-1, -1]


def test_domains_that_leads_of_many_companies_use_are_no_company():
    assert accounts([(f"p{n}@mail.example", f"Firm {n}", "ES") for n in range(30)]) == list(range(30))


def test_without_a_work_domain_company_and_country_say_it():
    rows = [
        (None, "Alpine Ltd", "GB"),
        ("ana@gmail.com", "ALPINE", "United Kingdom"),
        (None, "Alpine", "FR"),
        (None, "Alpine", None),
    ]
    assert accounts(rows) == [0, 0, 1, -1]


def test_a_company_is_the_domain_that_most_of_its_leads_have():
    rows = [
        ("ana@contoso.example", "Contoso", "ES"),
        ("li@contoso.example", "Contoso", "ES"),
        ("bo@agency.example", "Contoso", "ES"),
        ("cy@gmail.com", "Contoso", "ES"),
    ]
    assert accounts(rows) == [0, 0, 1, 0]


def test_an_agency_does_not_join_its_clients():
    rows = [
        ("bo@agency.example", "Alpine", "GB"),
        ("bo@agency.example", "Grid", "SE"),
        ("ana@alpine.example", "Alpine", "GB"),
        ("li@grid.example", "Grid", "SE"),
    ]
    assert accounts(rows) == [0, 0, 1, 2]


def test_the_id_is_made_of_the_oldest_record_and_goes_on():
    leads = pd.DataFrame({"email": ["ana@contoso.example", "li@contoso.example"]})
    made = customer_ids(pd.Series(["r0"]), prefix="A-")[0]
    assert ids_of(leads).tolist() == [made, made]
    assert ids_of(leads, ["A-1", None]).tolist() == ["A-1", "A-1"]


def test_who_changes_the_company_belongs_with_each_lead_to_that_of_the_lead():
    leads = pd.DataFrame(
        {
            "record_id": ["r1", "r2"],
            "first_name": "Ana",
            "last_name": "Ruiz",
            "phone": "+34 612 345 671",
            "email": ["ana@contoso.example", "ana.ruiz@grid.example"],
        }
    )
    identified = identify_customers(leads)
    assert len(set(identified["customer_id"])) == 1
    assert len(set(identified["account_id"])) == 2


@pytest.mark.parametrize("method", ["evidence", "keys"])
def test_every_method_tells_accounts_and_test_leads_have_none(method):
    leads = pd.DataFrame({"record_id": ["r1", "r2"], "email": "ana@contoso.example", "is_test": [False, True]})
    assert identify_customers(leads, method=method)["account_id"].isna().tolist() == [False, True]


def test_funnels_by_account_show_who_tried_and_who_bought():
    leads = pd.DataFrame(
        {
            "record_id": ["r1", "r2", "r3"],
            "created_at": pd.to_datetime(["2024-03-01", "2024-03-05", "2024-03-06"], utc=True),
            "first_name": ["Ana", "Li", "Bo"],
            "last_name": ["Ruiz", "Chen", "Berg"],
            "email": ["ana@contoso.example", "li@contoso.example", "bo@grid.example"],
            "stage": ["Test drive", "Get it now", "Test drive"],
        }
    )
    identified = identify_customers(leads)
    steps = ["Test drive", "Get it now"]
    by_customer = build_funnels(identified, unit="customer_id", funnel=steps, window=None)
    by_account = build_funnels(identified, unit="account_id", funnel=steps, window=None)
    assert sorted(by_customer["depth"]) == [0, 1, 1]
    assert by_account.set_index("account_id").loc[identified["account_id"].unique(), "depth"].tolist() == [2, 1]


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a@contoso.example", "b@contoso.example", "c@grid.example", "d@gmail.com", None]),
        st.sampled_from(["Contoso", "Grid Ltd", None]),
        st.sampled_from(["ES", None]),
    ),
    max_size=10,
)


@settings(max_examples=40, deadline=None)
@given(ROWS, st.randoms())
def test_the_order_of_rows_does_not_matter(rows, random):
    order = random.sample(range(len(rows)), len(rows))
    shuffled = dict(zip(order, accounts([rows[place] for place in order]), strict=True))
    one, other = accounts(rows), [shuffled[place] for place in range(len(rows))]
    assert len(set(zip(one, other, strict=True))) == len(set(one)) == len(set(other))
