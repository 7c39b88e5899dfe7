from __future__ import annotations

import json

import pandas as pd
import pytest

from leadanalytics.errors import OptionError, ReadError, WriteError
from leadanalytics.identity import CustomerIndex, collapse_customers, identify_customers
from leadanalytics.identity.forgetting import everything_of, forget
from leadanalytics.writing import write_leads, write_table


@pytest.fixture
def leads():
    return identify_customers(
        pd.DataFrame(
            {
                "record_id": ["p/1", "p/2", "p/3"],
                "created_at": pd.to_datetime(["2024-03-01", "2024-03-02", "2024-03-03"], utc=True),
                "stage": ["Install", "Install", "Install"],
                "first_name": ["Ana", "Ana", "Bo"],
                "last_name": ["Ruiz", "Ruiz", "Chen"],
                "email": ["Ana+azure@Example.com", None, "bo@example.com"],
                "phone": ["020 7946 0018", "+44 20 7946 0018", None],
                "company": ["Alpine", "Alpine Ltd", "Alpine"],
            }
        )
    )


@pytest.fixture
def folder(leads, tmp_path):
    write_table(leads, tmp_path / "index" / "records.parquet")
    customers = collapse_customers(leads)
    write_table(customers[["customer_id", "leads"]], tmp_path / "index" / "customers.parquet")
    write_leads(customers, tmp_path / "exports" / "customers.csv")
    write_leads(customers, tmp_path / "exports" / "customers.xlsx")
    write_leads(customers, tmp_path / "exports" / "hubspot.csv", for_="hubspot")
    info = [json.dumps({"FirstName": "Ana", "Email": "ANA@example.com"}), json.dumps({"Email": "bo@example.com"})]
    table = pd.DataFrame({"PartitionKey": "p", "RowKey": ["2", "3"], "CustomerInfo": [None, info[1]]})
    write_table(table, tmp_path / "synced" / "by_key.csv", for_="data")
    write_table(table.assign(RowKey=["7", "8"], CustomerInfo=info), tmp_path / "synced" / "by_info.csv", for_="data")
    (tmp_path / "chart.svg").write_text("<svg/>")
    return tmp_path


def removed(report):
    return dict(zip(report["file"], report["rows_removed"], strict=True))


def test_a_person_is_gone_from_every_file_that_can_be_written(folder):
    report = forget(folder, email="ana@EXAMPLE.com")
    assert removed(report) == {
        "chart.svg": 0,
        "exports/customers.csv": 1,
        "exports/customers.xlsx": 0,
        "exports/customers_left_out.csv": 0,
        "exports/customers_left_out.xlsx": 0,
        "exports/hubspot.csv": 1,
        "exports/hubspot_left_out.csv": 0,
        "index/customers.parquet": 1,
        "index/records.parquet": 2,
        "synced/by_info.csv": 1,
        "synced/by_key.csv": 1,
    }
    notes = report.set_index("file")["note"]
    assert notes["exports/customers.xlsx"] == "holds 1 rows of the person: write it again"
    assert "not looked into" in notes["chart.svg"]
    assert (notes.drop(["exports/customers.xlsx", "chart.svg"]) == "").all()
    for path in folder.rglob("*.csv"):
        assert b"ana" not in path.read_bytes().lower(), path.name
    assert pd.read_parquet(folder / "index" / "records.parquet")["email"].tolist() == ["bo@example.com"]


def test_the_second_time_there_is_nothing_left_to_remove(folder):
    first = forget(folder, email="ana@example.com").set_index("file")
    second = forget(folder, email="ana@example.com").set_index("file")
    assert (second["rows_removed"] == 0).all()
    assert second["rows_left"].equals(first["rows_left"])


def test_a_dry_run_changes_nothing(folder):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    report = forget(folder, email="ana@example.com", dry_run=True)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert removed(report) == removed(forget(folder, email="ana@example.com"))


def test_only_the_records_that_are_found_go_when_the_customer_stays(folder):
    report = removed(forget(folder, email="ana@example.com", whole_customer=False))
    assert report["index/records.parquet"] == 1
    assert report["synced/by_key.csv"] == 0
    assert report["exports/customers.csv"] == 1


def test_records_can_be_named(folder):
    report = removed(forget(folder, record_ids=["p/3"]))
    assert report["index/records.parquet"] == report["index/customers.parquet"] == report["synced/by_key.csv"] == 1
    assert pd.read_parquet(folder / "index" / "records.parquet")["record_id"].tolist() == ["p/1", "p/2"]


def test_an_escaped_address_is_found(tmp_path):
    text = json.dumps(json.dumps({"Email": "ana@example.com"})).replace("@", "\\u0040")
    write_table(pd.DataFrame({"CustomerInfo": [text, "{broken ana@example.com"]}), tmp_path / "a.csv", for_="data")
    assert removed(forget(tmp_path, email="ana@example.com")) == {"a.csv": 2}


def test_when_one_file_cannot_be_written_all_stay(folder, monkeypatch):
    import leadanalytics.identity.forgetting as room

    def fail(path, part, is_removed):
        raise OSError(28, "No space left on device")

    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    monkeypatch.setattr(room, "write_without", fail)
    with pytest.raises(WriteError, match="No space left"):
        forget(folder, email="ana@example.com")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("who", "found"), [({}, "nobody"), ({"email": "info@example.com"}, "of many"), ({"email": "ana ruiz"}, "none")]
)
def test_somebody_must_be_named_and_is_not_quoted(tmp_path, who, found):
    with pytest.raises(OptionError, match=found) as error:
        forget(tmp_path, **who)
    assert "ruiz" not in str(error.value)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ReadError, match="not there"):
        forget(tmp_path / "nowhere", email="ana@example.com")


def test_everything_of_a_person_is_all_leads_of_the_customer(leads):
    assert everything_of(leads, email="ana@example.com")["record_id"].tolist() == ["p/1", "p/2"]
    assert everything_of(leads.drop(columns="customer_id"), email="ana@example.com")["record_id"].tolist() == ["p/1"]
    assert everything_of(leads, email="nobody.known@example.com").empty


def test_a_person_is_forgotten_by_an_index_and_everybody_else_is_known_as_before(leads, tmp_path):
    index = CustomerIndex.open(tmp_path)
    before = index.update(leads.drop(columns=["customer_id", "match_rule", "match_bits"])).leads
    forget(index, email="ana@example.com")
    assert index.crosswalk()["customer_id"].tolist() == [before.loc[2, "customer_id"]]
    for path in tmp_path.glob("*.arrow"):
        assert b"Ruiz" not in path.read_bytes()
    again = index.update(leads.tail(1)).leads
    assert again["customer_id"].tolist() == [before.loc[2, "customer_id"]]
