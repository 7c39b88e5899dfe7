from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from leadanalytics.samples.journeys import CLICKS, make_journeys
from leadanalytics.samples.people import People, make_people
from leadanalytics.samples.words import load_words

FIRST, END = pd.Timestamp("2023-01-01"), pd.Timestamp("2024-07-01")


@pytest.fixture(scope="module")
def people() -> People:
    return make_people(np.random.Generator(np.random.PCG64(5)), 20_000)


@pytest.fixture(scope="module")
def clicks(people) -> pd.DataFrame:
    offers = load_words("offers", numbers=["share", "test_drive", "get_it_now", "last_step"]).head(6)
    made = make_journeys(np.random.Generator(np.random.PCG64(6)), people=people, offers=offers, first=FIRST, end=END)
    sources, actions = zip(*CLICKS)
    return made.assign(
        source=np.take(sources, made["click"]),
        action=np.take(actions, made["click"]),
        storefront=offers["storefront"].to_numpy()[made["offer"]],
        time=pd.to_datetime(made["at"], unit="s"),
    )


def test_every_customer_clicks_within_the_period_and_in_order_of_time(clicks):
    assert clicks["customer"].nunique() == 20_000
    assert clicks["time"].between(FIRST, END, inclusive="left").all()
    assert clicks["at"].is_monotonic_increasing


def test_a_withheld_or_cut_customer_leaves_one_lead(people, clicks):
    one_lead = np.flatnonzero(people.has("withheld", "cut"))
    assert (clicks.loc[clicks["customer"].isin(one_lead), "customer"].value_counts() == 1).all()


def test_each_storefront_sends_its_own_codes(clicks):
    assert not (clicks.loc[clicks["storefront"] == "azure", "source"] == "SPZA").any()
    app_source_only = clicks[(clicks["storefront"] == "appsource") & clicks["click"].lt(6)]
    assert set(app_source_only["source"]) == {"TestDrive", "SPZA"}
    assert {"SPZA", "AzurePortal"} <= set(clicks.loc[clicks["storefront"] == "both", "source"])


def test_most_customers_skip_the_test_drive_and_each_step_loses_some(clicks):
    reached = clicks.groupby("action")["customer"].nunique()
    assert reached["StartTestDrive"] < 0.5 * reached["INS"]
    assert reached["Create"] + reached["PLT"] < 0.6 * reached["INS"]


def test_there_are_repeats_skips_and_steps_out_of_order(clicks):
    units = clicks.groupby(["customer", "offer"])
    actions = units["action"].agg(list)
    assert actions.map(lambda taken: taken.count("INS") > 1).sum() > 100
    assert actions.map(lambda taken: "Create" in taken and "INS" not in taken).sum() > 100
    assert actions.map(lambda taken: taken[:2] == ["INS", "StartTestDrive"]).sum() > 20


def test_there_are_codes_that_nobody_documented_and_requests_not_to_be_contacted(clicks):
    counts = clicks["action"].value_counts()
    assert counts[["DNC", "Preview", "Enquiry"]].min() > 50
    assert (clicks.loc[clicks["action"] == "DNC", "source"] == "SPZA").all()


def test_interest_grows_and_rests_at_the_weekend(clicks):
    first_seen = clicks.drop_duplicates("customer")["time"]
    by_year = first_seen.dt.to_period("Q").value_counts()
    assert by_year["2024Q2"] > 1.3 * by_year["2023Q2"]
    weekday = first_seen.dt.day_of_week.value_counts()
    assert weekday[[5, 6]].max() < 0.5 * weekday[[0, 1, 2, 3, 4]].min()
