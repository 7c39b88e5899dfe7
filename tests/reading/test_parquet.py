import pandas as pd
import pytest
from file_blocks import together

from leadanalytics.errors import ReadError
from leadanalytics.reading.choosing import load_layouts
from leadanalytics.reading.parquet import read_parquet


def read(path):
    with path.open("rb") as stream:
        return together(read_parquet(stream, load_layouts(), repr(path.name)))


def test_columns_of_every_type_are_text(tmp_path):
    frame = pd.DataFrame(
        {
            "LeadSource": ["SPZA"],
            "CustomerInfo": [{"FirstName": "Jörg"}],
            "Timestamp": pd.to_datetime(["2024-02-27T05:41:09.1234567Z"]),
            "ActionCode": pd.Categorical(["INS"]),
            "ProductId": [7],
        }
    )
    frame.to_parquet(tmp_path / "leads.parquet")
    (part,) = read(tmp_path / "leads.parquet").parts
    (record,) = part.columns.to_pylist()
    assert record["CustomerInfo"] == '{"FirstName": "Jörg"}'
    assert record["Timestamp"].startswith("2024-02-27 05:41:09.1234567")
    assert record["ActionCode"] == "INS"
    assert record["ProductId"] == "7"


def test_a_damaged_file_is_an_error_without_its_path(tmp_path):
    pd.DataFrame({"LeadSource": ["a"] * 100}).to_parquet(tmp_path / "leads.parquet")
    data = (tmp_path / "leads.parquet").read_bytes()
    (tmp_path / "leads.parquet").write_bytes(data[:-40])
    with pytest.raises(ReadError, match=r"'leads\.parquet' is a damaged Parquet file") as raised:
        read(tmp_path / "leads.parquet")
    assert str(tmp_path) not in str(raised.value)


def test_columns_that_are_not_leads_are_named(tmp_path):
    pd.DataFrame({"colour": ["red"]}).to_parquet(tmp_path / "leads.parquet")
    with pytest.raises(ReadError, match="'colour'"):
        read(tmp_path / "leads.parquet")


def test_a_phone_number_that_became_a_number_keeps_its_digits(tmp_path):
    phones = [442079460018.0, None, 0.5]
    pd.DataFrame({"email": ["a@example.com"] * 3, "last_name": "Lima", "phone": phones}).to_parquet(tmp_path / "leads")
    (part,) = read(tmp_path / "leads").parts
    assert part.columns.column("phone").to_pylist() == ["442079460018", None, "0.5"]


def test_bytes_that_are_no_text_do_not_cost_the_file(tmp_path):
    pd.DataFrame({"email": ["a@example.com"], "last_name": "Lima", "photo": [b"\xff\xd8"]}).to_parquet(
        tmp_path / "leads"
    )
    (part,) = read(tmp_path / "leads").parts
    assert part.columns.column("email").to_pylist() == ["a@example.com"]
