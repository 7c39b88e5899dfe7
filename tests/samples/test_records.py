from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from leadanalytics.samples.journeys import CLICKS
from leadanalytics.samples.people import make_people
from leadanalytics.samples.records import connection_tests, deliver, write_times
from leadanalytics.samples.words import load_words

OFFERS = load_words("offers").head(2)


def rng() -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(4))


@pytest.fixture(scope="module")
def records() -> pd.DataFrame:
    people = make_people(rng(), 4_000)
    numbers = np.arange(4_000)
    clicks = pd.DataFrame(
        {"customer": numbers, "offer": numbers % 2, "click": numbers % len(CLICKS), "at": 1_700_000_000 + numbers * 60}
    )
    delivered = deliver(rng(), people=people, offers=OFFERS, clicks=clicks)
    columns = {name: column.to_pandas() for name, column in delivered.items()}
    return pd.DataFrame(columns).assign(habit=people.habit, click=clicks["click"])


def seconds(*times: str) -> np.ndarray:
    return np.array([pd.Timestamp(time).value // 1_000_000_000 for time in times])


def test_times_are_written_as_an_azure_table_writes_them():
    written = write_times(rng(), seconds("2024-02-27 00:00:05", "2024-03-09 12:00:00", "2024-12-31 23:59:59"))
    assert written["created"].to_pylist() == ["2/27/2024 12:00:05 AM", "3/9/2024 12:00:00 PM", "12/31/2024 11:59:59 PM"]
    assert written["partition_key"].to_pylist() == ["2:2F27:2F2024", "3:2F9:2F2024", "12:2F31:2F2024"]
    received = pd.to_datetime(pd.Series(written["received"].to_pylist()), format="ISO8601")
    assert received.dt.strftime("%Y-%m-%d").tolist() == ["2024-02-27", "2024-03-09", "2025-01-01"]


def test_no_times_can_be_written():
    assert len(write_times(rng(), np.array([], dtype="int64"))["created"]) == 0


def test_record_ids_are_partition_and_guid(records):
    pattern = r"\d+:2F\d+:2F\d{4}/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    assert records["record_id"].str.fullmatch(pattern).all() and records["record_id"].is_unique


def test_lead_sources_say_source_action_and_offer_in_three_forms(records):
    installs = records.loc[records["click"] == 2, "lead_source"].unique()
    assert "AzurePortal-Create|contoso-samples.flowguard-saas" in installs
    assert "AzurePortal-Create | contoso-samples.flowguard-saas" in installs
    assert records["lead_source"].str.startswith("AppSource (SPZA)-PLT|").any()


def test_the_truth_says_which_stage_an_action_reaches(records):
    reached = records.groupby("action_code")["true_stage"].unique().map(list)
    assert reached["StartTestDrive"] == ["Test drive"] and reached["INS"] == ["Get it now"]
    assert reached["Create"] == ["Install"] and reached["PLT"] == ["Contact me"]
    assert records.loc[records["action_code"].isin(["DNC", "Preview", "Enquiry"]), "true_stage"].isna().all()


def test_customer_info_is_json_at_times_encoded_twice_or_cut(records):
    cut = records["habit"] == "cut"
    assert records.loc[cut, "customer_info"].str.endswith('"Compa').all() and cut.any()
    decoded = records.loc[~cut, "customer_info"].map(json.loads)
    twice = decoded.map(lambda value: isinstance(value, str))
    assert twice.any()
    fields = decoded.where(~twice, decoded[twice].map(json.loads))
    assert fields.map(list).map(tuple).unique().tolist() == [
        ("FirstName", "LastName", "Email", "Phone", "Country", "Company", "Title")
    ]


def test_descriptions_hold_campaigns_parameters_and_notes(records):
    descriptions = records["description"]
    assert {"Campaigns: ", " ", ""} <= set(descriptions)
    assert descriptions.str.match("Campaigns: .").any() and descriptions.str.startswith('{"mktcmpid"').any()
    assert descriptions[records["action_code"] == "PLT"].str.contains("\n").any()


def test_connection_tests_carry_their_time_in_ticks():
    tests = connection_tests(rng(), offers=OFFERS, published=pd.Timestamp("2022-12-31"))
    name = tests["description"][0].as_py()
    ticks = pd.Timestamp("1970-01-01") + pd.Timedelta(int(name[10:]) - 621_355_968_000_000_000, unit="us") / 10
    created = pd.to_datetime(tests["created"][0].as_py(), format="%m/%d/%Y %I:%M:%S %p")
    assert abs(ticks - created) < pd.Timedelta(1, unit="s")
    assert tests["lead_source"].to_pylist()[:2] == [
        f"{name}-{name}|FlowGuard for Azure",
        "AzureMarketplace-INS|contoso-samples.flowguard-saas",
    ]
    assert json.loads(tests["customer_info"][1].as_py())["Phone"] == "1234567890"
