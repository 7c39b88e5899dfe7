from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadanalytics.errors import FrameError, OptionError
from leadanalytics.identity import collapse_customers, identify_customers
from leadanalytics.schema import KINDS
from leadanalytics.vocabulary import load_vocabulary


def frame(rows):
    columns = ["record_id", "customer_id", "created_at", "source", "stage", "offer_name", "email", "match_rule"]
    leads = pd.DataFrame(rows, columns=columns)
    return leads.assign(created_at=pd.to_datetime(leads["created_at"], utc=True))


@pytest.fixture
def leads():
    return frame(
        [
            ("r3", "C-1", "2024-03-03", "AzurePortal", "Install", "Flow", "ana@new.example", "e-mail"),
            ("r1", "C-1", "2024-03-01", "TestDrive", "Test drive", "Flow", "ana@old.example", "phone and name"),
            ("r2", "C-1", "2024-03-02", "SPZA", "Get it now", "Grid", None, "e-mail; phone and name"),
            ("r2", "C-1", "2024-03-02", "SPZA", "Get it now", "Grid", None, "e-mail; phone and name"),
            ("r4", "C-2", "2024-03-01", "SPZA", None, None, None, "alone"),
            ("r5", None, "2024-03-09", "test", None, None, "test@test.com", "test lead"),
        ]
    ).assign(is_test=[False] * 5 + [True])


def test_a_customer_is_one_row_with_all_that_the_leads_tell(leads):
    customers = collapse_customers(leads)
    assert tuple(customers.columns) == KINDS["customers"].names
    row = customers.iloc[0]
    assert row.drop(["first_at", "last_at"]).dropna().to_dict() == {
        "customer_id": "C-1",
        "email": "ana@new.example",
        "leads": 3,
        "first_source": "TestDrive",
        "last_source": "AzurePortal",
        "furthest_stage": "Install",
        "offers": "Flow; Grid",
        "stages": "Flow: Test drive, Install; Grid: Get it now",
        "match_rules": "e-mail; phone and name",
        "do_not_contact": False,
        "days_since": 6.0,
        "follow_up": "Welcome the customer and offer help with the deployment",
        "record_ids": "r1; r2; r3",
    }
    assert (row["first_at"].day, row["last_at"].day) == (1, 3)


def test_best_names_the_rule(leads):
    assert collapse_customers(leads, best="earliest")["email"][0] == "ana@old.example"
    with pytest.raises(OptionError, match="latest"):
        collapse_customers(leads, best="lates")


def test_a_country_is_one_however_the_leads_write_it(leads):
    leads = leads.assign(country=["US", "USA", "Atlantis", "Atlantis", "United States", "UK"])
    assert collapse_customers(leads)["country"].tolist() == ["United States", "United States"]
    one_customer = leads.assign(country=["Canada", "US", "U.S.A.", "U.S.A.", None, None])
    assert collapse_customers(one_customer, best="commonest")["country"][0] == "United States"
    assert leads["country"][0] == "US"


def test_test_leads_are_left_out_and_counted(leads):
    customers = collapse_customers(leads)
    assert customers["customer_id"].tolist() == ["C-1", "C-2"]
    assert customers.attrs["removed"] == {"test leads": 1}


def test_leads_that_nobody_identified_are_counted_too(leads):
    customers = collapse_customers(leads.assign(is_test=False))
    assert customers.attrs["removed"] == {"test leads": 0, "leads without customer": 1}


def test_days_are_counted_from_as_of(leads):
    customers = collapse_customers(leads, as_of="2024-03-03T12:00:00Z")
    assert customers["days_since"].tolist() == [0.5, 2.5]
    assert customers.attrs["as_of"] == "2024-03-03T12:00:00+00:00"
    with pytest.raises(OptionError, match="time zone"):
        collapse_customers(leads, as_of="2024-03-03")


def test_do_not_contact_takes_its_lead_out_of_the_stages(leads):
    customers = collapse_customers(leads.assign(do_not_contact=leads["record_id"] == "r3"))
    assert customers.loc[0, "do_not_contact"]
    assert customers.loc[0, "furthest_stage"] == "Get it now"
    assert customers.loc[0, "stages"] == "Flow: Test drive; Grid: Get it now"
    assert customers.loc[0, "follow_up"] == "Do not contact"


def test_customers_without_contact_details_are_not_written_to(leads):
    assert collapse_customers(leads).loc[1, "follow_up"].startswith("No e-mail address or phone")


def test_undated_leads_come_last_and_change_no_dated_value():
    leads = frame(
        [
            ("r0", "C-1", None, "SPZA", None, "Grid", "undated@example.com", "e-mail"),
            ("r1", "C-1", "2024-03-01", "TestDrive", None, "Flow", "ana@example.com", "e-mail"),
            ("r2", "C-2", None, "SPZA", "Install", None, "li@example.com", "alone"),
        ]
    )
    customers = collapse_customers(leads).set_index("customer_id")
    assert customers.loc["C-1", ["email", "last_source", "record_ids", "offers"]].tolist() == [
        "ana@example.com",
        "TestDrive",
        "r1; r0",
        "Flow; Grid",
    ]
    assert customers.loc["C-2", ["first_at", "last_at", "days_since"]].isna().all()
    assert customers.loc["C-2", "follow_up"] == "Ask how the deployment is going and what to add next"


def test_a_vocabulary_of_ones_own_is_followed(leads, tmp_path):
    (tmp_path / "follow_ups.csv").write_text("stage,up_to_days,follow_up\nInstall,,Say hello\n")
    customers = collapse_customers(leads, vocabulary=load_vocabulary(tmp_path))
    assert customers.loc[0, "follow_up"] == "Say hello"
    assert pd.isna(customers.loc[1, "follow_up"])


def test_leads_must_be_identified(leads):
    with pytest.raises(FrameError, match="identify_customers"):
        collapse_customers(leads.drop(columns="customer_id"))


def test_no_leads_make_no_customers(leads):
    assert collapse_customers(leads.head(0)).empty
    assert collapse_customers(leads.tail(1)).attrs["removed"] == {"test leads": 1}


@settings(max_examples=30, deadline=None)
@given(st.randoms())
def test_the_order_of_rows_does_not_matter(random):
    days = ["2024-03-01", "2024-03-01", None, "2024-03-02"]
    leads = frame(
        [(f"r{n}", f"C-{n % 3}", days[n % 4], None, None, f"o{n % 2}", f"{n}@x.example", "a") for n in range(12)]
    )
    shuffled = leads.iloc[random.sample(range(12), 12)]
    pd.testing.assert_frame_equal(collapse_customers(shuffled), collapse_customers(leads))


def test_every_record_is_behind_one_customer():
    leads = pd.DataFrame(
        {"record_id": [f"r{n}" for n in range(9)], "email": [f"{'abc'[n % 3]}li@x.example" for n in range(9)]}
    )
    identified = identify_customers(leads.assign(created_at=pd.Timestamp("2024-03-01", tz="UTC"), stage=None))
    customers = collapse_customers(identified)
    assert sorted("; ".join(customers["record_ids"]).split("; ")) == leads["record_id"].tolist()
    assert customers["leads"].sum() == 9
