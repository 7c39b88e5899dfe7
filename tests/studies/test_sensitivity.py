import pandas as pd
import pytest
from lead_frames import leads_of, person

import leadanalytics as la

ANA = person("Ana Ruiz", country="ES")


@pytest.fixture
def leads():
    """One Ana tries and buys under two addresses, if a name, a phone and a title are enough; another tries only."""
    tries = ANA | {"email": "ana@example.com", "phone": "020 7946 0018"}
    buys = ANA | {"email": "ruiz@example.org", "phone": "020 7946 0018"}
    stages = ["Test drive", "Get it now", "Test drive"]
    return leads_of(tries, buys, person("Li Chen", email="li@example.com"), stage=stages, offer_id="app")


def test_the_rate_falls_as_the_threshold_rises(leads):
    rates = la.identity_sensitivity(leads, thresholds=[0, 30], funnel=["Test drive", "Get it now"])
    assert rates["method"].tolist() == ["evidence", "evidence", "keys"]
    assert rates["customers"].tolist() == [2, 3, 2]
    assert rates["merged_records"].tolist() == [2, 0, 2]
    assert rates["entered"].tolist() == [2, 2, 2]
    assert rates["reached"].tolist() == [1, 0, 1]
    assert rates["rate"].tolist() == [0.5, 0.0, 0.5]
    assert (rates["rate_low"] <= rates["rate"]).all()
    assert (rates["rate"] <= rates["rate_high"]).all()


def test_each_row_is_what_the_sentence_says_at_that_threshold(leads):
    steps = ["Test drive", "Get it now"]
    rates = la.identity_sensitivity(leads, thresholds=[2], funnel=steps, as_of="2024-03-01T00:00:01Z")
    funnels = leads.pipe(la.identify_customers, threshold=2).pipe(
        la.build_funnels, funnel=steps, as_of="2024-03-01T00:00:01Z"
    )
    counts = la.count_stages(funnels)
    assert rates["reached"].iloc[0] == counts["n"].iloc[-1]
    assert rates.attrs["definition"] == counts.attrs["definition"]


def test_the_leads_stay_as_they_are(leads):
    before = leads.copy()
    la.identity_sensitivity(leads, thresholds=[0], funnel=["Test drive", "Get it now"])
    assert leads.equals(before)


STEPS = ["Test drive", "Get it now"]


def test_each_choice_is_one_step_from_the_base(leads):
    leads = leads.pipe(la.identify_customers)
    rates = la.definition_sensitivity(leads, funnel=STEPS, window="1 day", windows=["24 hours", "2 s"], thresholds=[30])
    assert rates[["choice", "value"]].to_numpy().tolist() == [
        ["base", ""],
        ["entry", "first"],
        ["ties", "strict"],
        ["start", "any"],
        ["order", "any"],
        ["order", "strict"],
        ["unit", "customer_id"],
        ["unit", "account_id"],
        ["window", "none"],
        ["window", "2 s"],
        ["identity", "30 bits"],
        ["identity", "keys"],
    ]
    strict = rates.set_index("value").loc["30 bits"]
    assert (strict["n"], strict["reached"], strict["rate"], strict["difference"]) == (2, 0, 0.0, -0.5)
    assert rates["difference"].iloc[0] == 0


def test_a_row_is_what_the_sentence_says_with_that_choice(leads):
    leads = leads.pipe(la.identify_customers)
    rates = la.definition_sensitivity(leads, funnel=STEPS, windows=["1 s", "1 ms"], thresholds=[])
    counts = la.count_stages(la.build_funnels(leads, funnel=STEPS, window="1 ms"))
    row = rates[rates["value"] == "1 ms"].iloc[0]
    assert (row["n"], row["reached"], row["definition"]) == (2, 0, counts.attrs["definition"])
    assert row["rate_high"] == counts["of_first_high"].iloc[-1]
    assert rates.attrs["definition"] == rates["definition"].iloc[0]


def test_leads_that_know_no_account_are_not_counted_by_account(leads):
    leads = leads.pipe(la.identify_customers).drop(columns="account_id")
    assert "account_id" not in la.definition_sensitivity(leads, funnel=STEPS)["value"].tolist()


def test_of_several_funnels_the_largest_is_counted_and_said(leads):
    """Two tried the app and one got it; one asked the consultants."""
    asked = leads_of(person("Bo Li", email="bo@example.com"), stage=["Contact me"], offer_id="advice")
    leads = pd.concat([leads, asked.assign(record_id="r9")], ignore_index=True).pipe(la.identify_customers)
    base = la.definition_sensitivity(leads, windows=[], thresholds=[])
    assert base.loc[0, ["n", "reached"]].tolist() == [2, 1]
    assert base.loc[base["value"] == "customer_id", "n"].item() == 2  # of the customers of the app alone
    assert base.attrs["funnel"] == "acquisition without Install"
    assert base.attrs["definition"].startswith("The largest of 2 funnels. Customers per offer who took Test drive")
    rates = la.identity_sensitivity(leads, thresholds=[0])
    assert rates["entered"].tolist() == [2, 2]
    assert rates.attrs["definition"].startswith("The largest of 2 funnels. ")


def test_what_means_nothing_together_with_the_base_is_not_tried(leads):
    leads = leads.pipe(la.identify_customers)
    choices = la.definition_sensitivity(leads, funnel=STEPS, gap="1 day", windows=[], thresholds=[])
    assert ["order", "any"] not in choices[["choice", "value"]].to_numpy().tolist()
