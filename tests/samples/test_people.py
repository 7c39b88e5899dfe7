from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from leadanalytics.samples.people import make_people


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    made = make_people(np.random.Generator(np.random.PCG64(3)), 20_000)
    return made.texts.to_pandas().assign(country=made.country, habit=made.habit)


def test_no_two_customers_share_an_address_or_a_phone_number(people):
    assert people["email"].is_unique and people["second_email"].is_unique
    assert not (people["phone_start"] + people["phone_end"]).duplicated().any()


def test_colleagues_have_different_names(people):
    assert not people.duplicated(["company", "first_plain", "last_plain"]).any()
    assert people["company"].duplicated().mean() > 0.3


def test_one_company_has_one_country_and_one_legal_form(people):
    spelled = people[["company", "country", "company_with_form"]].drop_duplicates()
    assert spelled["company"].is_unique


def test_a_shared_mailbox_is_shared_by_three_or_more_colleagues(people):
    sharing = people[people["habit"] == "shared mailbox"]
    assert sharing.groupby("role_email").size().min() >= 3
    assert sharing["role_email"].str.match("(info|sales|support|admin)@").all()


def test_every_habit_has_followers(people):
    assert people["habit"].value_counts().min() > 50


def test_names_come_in_several_scripts(people):
    assert people["first_name"].str.contains("[一-鿿]").any()
    assert people["last_name"].str.contains("[а-я]").any()
    assert (people["first_name"] != people["first_plain"]).any()


def test_a_single_customer_can_be_made():
    assert make_people(np.random.Generator(np.random.PCG64(0)), 1).texts.num_rows == 1
