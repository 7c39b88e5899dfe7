import dataclasses

import pyarrow as pa
import pytest

from leadanalytics.reading.choosing import load_layouts
from leadanalytics.reading.unpacking import take_lead_sources, unpack

TEST = "MSFT_TEST_636573304831318844"
LAYOUTS = {layout.name: layout for layout in load_layouts()}


def text_table(**columns):
    return pa.table({name: pa.array(values, pa.large_string()) for name, values in columns.items()})


def taken(**columns):
    """The remaining columns and the lead sources, as lists."""
    table, found = take_lead_sources(LAYOUTS["dynamics365"], text_table(**columns))
    return table.to_pydict(), found.to_pylist()


def unpacked(layout, **columns):
    table = text_table(**columns)
    served = {name: table.column(name) for name in table.column_names}
    return {name: values.to_pylist() for name, values in unpack(layout, served).items()}


@pytest.mark.parametrize(
    ("text", "lead_source", "rest"),
    [
        ("AzurePortal-Create|contoso.desk", "AzurePortal-Create|contoso.desk", ""),
        ("SPZA-PLT | contoso.desk\nPlease call, A-B | C", "SPZA-PLT | contoso.desk", "Please call, A-B | C"),
        ("AppSource (SPZA)-INS|contoso.desk Campaigns: x", "AppSource (SPZA)-INS|contoso.desk", "Campaigns: x"),
        ("Hello,\r\nSPZA-INS|contoso.3701c77e-1c.a", "SPZA-INS|contoso.3701c77e-1c.a", "Hello,\r\n"),
        ("SPZA-INS|Desk for Azure", "SPZA-INS|Desk for Azure", None),
        (f"{TEST}-{TEST}|Desk", f"{TEST}-{TEST}|Desk", None),
    ],
)
def test_a_lead_source_is_taken_out_of_a_text(text, lead_source, rest):
    assert taken(Description=[text]) == ({"Description": [rest]}, [lead_source])


@pytest.mark.parametrize(
    "text", ["Follow up - asap | Desk", "well-known|brand and more\nlines", "Desk | Azure", "a.b-c", "", None]
)
def test_a_text_that_holds_no_lead_source_stays_as_it_is(text):
    table, found = take_lead_sources(LAYOUTS["dynamics365"], text_table(Description=[text, "SPZA-INS|a.b"]))
    assert table.column("Description").to_pylist()[0] == text
    assert found.to_pylist() == [None, "SPZA-INS|a.b"]


def test_the_preferred_column_wins_row_by_row_and_the_other_stays():
    rest, found = taken(Description=["SPZA-INS|a.b", "SPZA-PLT|a.c"], Topic=["SPZA-DNC|a.d", "Desk"])
    assert found == ["SPZA-DNC|a.d", "SPZA-PLT|a.c"]
    assert rest == {"Description": ["SPZA-INS|a.b", ""], "Topic": ["", "Desk"]}


def test_without_columns_to_search_nothing_is_found():
    table, found = take_lead_sources(LAYOUTS["azure_table"], text_table(LeadSource=["SPZA-INS|a.b"]))
    assert found is None
    assert table.column("LeadSource").to_pylist() == ["SPZA-INS|a.b"]


def test_a_message_is_unpacked_and_one_of_another_form_stays_whole():
    columns = unpacked(LAYOUTS["hubspot"], description=["Offer Title: Desk Description: Hi\nthere", "Hi", None])
    assert columns == {"offer_title": ["Desk", None, None], "description": ["Hi\nthere", "Hi", None]}


def test_what_a_column_of_its_own_says_comes_before_the_message():
    texts = ["Offer Title: Desk Description: "] * 2
    assert unpacked(LAYOUTS["hubspot"], offer_title=["Chair", ""], description=texts)["offer_title"] == [
        "Chair",
        "Desk",
    ]


def test_blanks_of_the_writer_are_missing():
    layout = dataclasses.replace(LAYOUTS["plain"], blanks=("null",))
    assert unpacked(layout, title=["null", "nullity", ""]) == {"title": [None, "nullity", ""]}


def test_a_full_name_is_split_where_no_part_is_given():
    names = ["Ana de la Cruz", "Cruz, Ana Maria", "Ana", " ", None, "Li Wei"]
    columns = unpacked(LAYOUTS["dynamics365"], full_name=names, last_name=[*[None] * 5, "Wei Li"])
    assert columns == {
        "first_name": ["Ana de la", "Ana Maria", "", None, None, None],
        "last_name": ["Cruz", "Cruz", "Ana", None, None, "Wei Li"],
    }
