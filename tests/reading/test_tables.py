import uuid
from datetime import UTC, datetime

import pytest
from azure.data.tables import EdmType, TableClient
from azurite import connection_string

from leadanalytics.errors import RejectsWarning, TableError
from leadanalytics.reading import get_leads, get_records

pytestmark = pytest.mark.azurite


@pytest.fixture
def table(azurite):
    name = f"Leads{uuid.uuid4().hex[:12]}"
    with TableClient.from_connection_string(connection_string(azurite), table_name=name, retry_total=0) as client:
        client.create_table()
        yield client
        client.delete_table()


def lead(number, **properties):
    return {
        "PartitionKey": "2:2F27:2F2024",
        "RowKey": f"r{number:05d}",
        "ActionCode": "INS",
        "CreatedTime": "2/27/2024 5:41:09 AM",
        "CustomerInfo": '{"FirstName": "Jörg", "Email": "joerg@example.com"}',
        "LeadSource": "AzureMarketplace-INS|contoso.app",
        **properties,
    }


def test_every_entity_is_a_record_with_its_keys_and_time(table):
    for number in range(3):
        table.create_entity(lead(number))
    raw = get_leads(table)
    assert raw["record_id"].tolist() == [f"2:2F27:2F2024/r{number:05d}" for number in range(3)]
    assert raw["customer_info"].str.contains("Jörg").all()
    assert raw["received"].str.startswith("20").all()
    assert set(raw["layout"]) == {"azure_table"}
    assert set(raw["origin"]) == {table.table_name}


def test_more_entities_than_a_page_holds(table):
    for start in range(0, 1_100, 100):
        table.submit_transaction([("create", lead(number)) for number in range(start, start + 100)])
    raw = get_leads(table)
    assert len(raw) == 1_100
    assert raw["record_id"].is_unique


def test_properties_of_every_type_are_text(table):
    table.create_entity(
        lead(
            1,
            CreatedTime=datetime(2024, 2, 27, 5, 41, 9, tzinfo=UTC),
            Description=(2**40, EdmType.INT64),
            OfferDisplayName=uuid.UUID(int=7),
            CustomerInfo=b'{"FirstName": "Ana"}',
        )
    )
    (record,) = get_leads(table).to_dict("records")
    assert record["created"].startswith("2024-02-27T05:41:09")
    assert record["description"] == str(2**40)
    assert record["offer_title"] == str(uuid.UUID(int=7))
    assert record["customer_info"] == '{"FirstName": "Ana"}'


def test_an_entity_that_is_no_lead_is_set_aside(table):
    table.create_entity(lead(1))
    table.create_entity({"PartitionKey": "settings", "RowKey": "1", "Colour": "red"})
    with pytest.warns(RejectsWarning, match="1 of 2 delivered records were set aside"):
        assert len(get_leads(table)) == 1
    delivery = get_records(table)
    assert delivery.files[["delivered", "read", "set_aside"]].to_numpy().tolist() == [[2, 1, 1]]
    assert "Colour" in delivery.rejects["text"].iloc[0]


def test_an_empty_table_is_an_empty_frame(table):
    assert len(get_leads(table)) == 0


def test_a_table_without_any_lead_is_an_error_that_names_the_properties(table):
    table.create_entity({"PartitionKey": "p", "RowKey": "r", "Colour": "red"})
    with pytest.raises(TableError, match="Colour"):
        get_leads(table)


def test_a_missing_table_is_named(azurite):
    with TableClient.from_connection_string(connection_string(azurite), table_name="Nowhere", retry_total=0) as client:
        with pytest.raises(TableError, match="'Nowhere' cannot be read; found no such table; check its name"):
            get_leads(client)


def test_a_wrong_key_is_refused_without_being_shown(azurite):
    wrong = "d3JvbmcgYnV0IGxvbmcgZW5vdWdo"
    with (
        TableClient.from_connection_string(
            connection_string(azurite, key=wrong), table_name="Leads", retry_total=0
        ) as client,
        pytest.raises(TableError, match="access refused") as raised,
    ):
        get_leads(client)
    assert wrong not in repr(raised.value)
    assert raised.value.__cause__ is None


def test_a_service_that_is_not_there(azurite):
    nowhere = connection_string(1)
    with TableClient.from_connection_string(nowhere, table_name="Leads", retry_total=0) as client:
        with pytest.raises(TableError, match="no connection to the service"):
            get_leads(client)
