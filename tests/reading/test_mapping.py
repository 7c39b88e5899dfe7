import numpy as np
import pyarrow as pa
import pytest

from leadanalytics.reading.choosing import load_layouts
from leadanalytics.reading.contents import Part
from leadanalytics.reading.mapping import to_raw
from leadanalytics.schema import KINDS, check

LAYOUTS = {layout.name: layout for layout in load_layouts()}


def raw_of(layout, columns, origin="leads.csv"):
    table = pa.table({name: pa.array(values, pa.large_string()) for name, values in columns.items()})
    return to_raw([(origin, Part(LAYOUTS[layout], table, np.arange(1, table.num_rows + 1)))])


def test_the_frame_is_raw_with_all_its_columns_and_dtypes():
    raw = raw_of("azure_table", {"LeadSource": ["SPZA"], "CustomerInfo": ["{}"]})
    check(raw, "raw", columns=KINDS["raw"].names)
    assert raw["lead_source"].tolist() == ["SPZA"]
    assert raw["email"].isna().all()
    assert raw["origin_row"].tolist() == [1]
    assert set(raw["layout"]) == {"azure_table"}


def test_nothing_is_an_empty_raw_frame():
    assert list(to_raw([]).columns) == list(KINDS["raw"].names)


def test_text_is_verbatim():
    raw = raw_of("azure_table", {"LeadSource": [" a "], "CustomerInfo": ["{}"], "Description": [" "]})
    assert raw["lead_source"].tolist() == [" a "]
    assert raw["description"].tolist() == [" "]


def test_the_keys_of_an_entity_name_the_record():
    raw = raw_of("azure_table", {"PartitionKey": ["2:2F27"], "RowKey": ["r1"], "LeadSource": ["a"]})
    assert raw["record_id"].tolist() == ["2:2F27/r1"]


def test_without_keys_equal_records_have_equal_ids_and_others_do_not():
    raw = raw_of("https", {"LeadSource": ["a", "b", "a"], "UserDetails.Email": ["x", "x", "x"]})
    first, second, third = raw["record_id"]
    assert first == third != second
    assert len(first) == 16


def test_a_digest_is_the_same_on_every_machine():
    assert raw_of("https", {"LeadSource": ["SPZA-INS|contoso.app"]})["record_id"].tolist() == ["807cb9465c031873"]


def test_a_row_without_its_key_gets_a_digest():
    raw = raw_of("azure_table", {"PartitionKey": ["p", ""], "RowKey": ["r", ""], "LeadSource": ["a", "b"]})
    assert raw["record_id"].tolist()[0] == "p/r"
    assert len(raw["record_id"].tolist()[1]) == 16


def test_a_record_of_which_no_column_serves_has_the_digest_of_nothing():
    raw = raw_of("azure_table", {"Colour": ["red", "blue"]})
    assert raw["record_id"].nunique() == 1


def test_a_column_in_parts_is_joined_where_every_part_is_there():
    raw = raw_of(
        "leadanalytics",
        {"record_id": ["1", "2", "3"], "publisher_id": ["contoso", None, None], "offer_id": ["a.b", "c", None]},
    )
    assert raw["offer_id"].fillna("").tolist() == ["contoso.a.b", "c", ""]


def test_the_first_column_that_is_not_blank_serves_row_by_row():
    raw = raw_of("https_flat", {"JobTitle": ["CIO", " "], "Job Title": ["x", "CTO"], "LeadSource": ["a", "b"]})
    assert raw["title"].tolist() == ["CIO", "CTO"]


@pytest.mark.parametrize("order", ["month_first", "day_first"])
def test_what_our_own_file_says_of_its_dates_is_kept(order):
    raw = raw_of("leadanalytics", {"record_id": ["1"], "lead_source": ["a"], "date_order": [order]})
    assert raw["date_order"].tolist() == [order]
