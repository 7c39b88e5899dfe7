from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from leadanalytics.samples.people import make_people
from leadanalytics.samples.spellings import PLACEHOLDER_EMAIL, PLACEHOLDER_PHONE, spell


@pytest.fixture(scope="module")
def leads() -> pd.DataFrame:
    rng = np.random.Generator(np.random.PCG64(8))
    people = make_people(rng, 8_000)
    customer = np.repeat(np.arange(8_000), 3)
    spelled = pd.DataFrame({name: column.to_pandas() for name, column in spell(rng, people, customer).items()})
    return spelled.assign(customer=customer, habit=people.habit[customer])


def of(leads: pd.DataFrame, habit: str) -> pd.DataFrame:
    return leads[leads["habit"] == habit]


def test_the_fields_are_the_seven_of_the_documentation(leads):
    assert list(leads)[:7] == ["FirstName", "LastName", "Email", "Phone", "Country", "Company", "Title"]


def test_two_addresses_belong_to_one_customer(leads):
    addresses = of(leads, "two addresses").assign(Email=lambda frame: frame["Email"].str.lower())
    assert addresses["Email"].str.contains("@post.example").mean() == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize(
    ("habit", "column"),
    [
        ("no e-mail", "Email"),
        ("no phone", "Phone"),
        ("no company", "Company"),
        ("name and company only", "Email"),
        ("name and company only", "Phone"),
    ],
)
def test_what_a_customer_never_gives_is_blank(leads, habit, column):
    assert (of(leads, habit)[column] == "").all()
    assert (of(leads, "plain")[column] != "").all()


def test_a_name_is_left_out_on_some_leads_only(leads):
    blank = of(leads, "name left out")["LastName"] == ""
    assert blank.any() and not blank.all()


def test_strangers_give_the_same_placeholders(leads):
    emails, phones = of(leads, "placeholder e-mail"), of(leads, "placeholder phone")
    assert set(emails["Email"]) == {PLACEHOLDER_EMAIL} and emails["customer"].nunique() > 20
    assert set(phones["Phone"]) == {PLACEHOLDER_PHONE} and phones["customer"].nunique() > 20


def test_colleagues_write_from_a_shared_mailbox(leads):
    emails = of(leads, "shared mailbox")["Email"].str.lower()
    role = of(leads, "shared mailbox")[emails.str.match("(info|sales|support|admin)@")]
    assert role.groupby(role["Email"].str.lower())["customer"].nunique().max() >= 3


def test_a_formula_names_its_own_company(leads):
    formulas = of(leads, "formula")
    assert formulas["Company"].str.startswith('=HYPERLINK("http://').all()
    assert formulas["Title"].str.startswith("@SUM").all()
    assert formulas.groupby("customer")["Company"].nunique().max() == 1


def test_an_edu_customer_arrives_blank_but_for_the_country(leads):
    withheld = of(leads, "withheld")
    assert (withheld[["FirstName", "LastName", "Email", "Phone", "Company", "Title"]] == "").all(axis=None)
    assert (withheld["Country"] != "").all()


def test_the_same_customer_is_spelled_in_many_ways(leads):
    plain = of(leads, "plain")
    assert plain["Email"].str.contains("+azure@", regex=False, case=False).mean() == pytest.approx(0.06, abs=0.01)
    assert plain["Email"].str.isupper().any() and plain["FirstName"].str.isupper().any()
    assert plain["Phone"].str.startswith("00").any() and plain["Phone"].str.startswith("+").any()
    assert plain["Company"].str.contains("GmbH").any() and plain["Country"].eq("Germany").any()
    assert plain.groupby("customer")["FirstName"].nunique().max() > 1
