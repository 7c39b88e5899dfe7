import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from azure.data.tables import TableClient
from azurite import connection_string
from receiving import lead, receiving

import leadanalytics as la
from leadanalytics.errors import OptionError, ReadError, TableError
from leadanalytics.reading.receiver import lead_table
from leadanalytics.reading.receiver.bodies import read_body
from leadanalytics.reading.receiver.envelopes import ReceivedLead
from leadanalytics.reading.receiver.lead_table import LONGEST_TEXT, open_lead_table, to_entity

TIME = datetime(2024, 2, 7, 5, 49, 9, 123000, tzinfo=UTC)
WINDOW = timedelta(minutes=10)


def received(body, when=TIME):
    return ReceivedLead(when, read_body(json.dumps(body).encode()))


@pytest.fixture
def table(azurite):
    name = f"Leads{uuid.uuid4().hex[:12]}"
    with TableClient.from_connection_string(connection_string(azurite), table_name=name) as client:
        yield client


def test_an_entity_is_of_the_shape_that_microsoft_writes():
    entity = to_entity(received(lead(1)), window=WINDOW)
    assert entity["PartitionKey"] == "2:2F7:2F2024"
    assert entity["CreatedTime"] == "2024-02-07T05:49:09.123Z"
    assert entity["OfferDisplayName"] == "Contoso App"
    assert json.loads(entity["CustomerInfo"]) == lead(1)["UserDetails"]


def test_the_same_body_has_the_same_row_key_within_a_stretch_of_time():
    keys = [to_entity(received(lead(1), TIME + timedelta(seconds=after)), window=WINDOW) for after in (0, 50, 51)]
    assert keys[0]["RowKey"] == keys[1]["RowKey"] != keys[2]["RowKey"]
    assert to_entity(received(lead(2)), window=WINDOW)["RowKey"] != keys[0]["RowKey"]


def test_a_lead_of_the_2018_shape_has_every_property():
    entity = to_entity(received({"userDetails": {}, "leadSource": "SPZA"}), window=WINDOW)
    assert (entity["LeadSource"], entity["ActionCode"], entity["Description"]) == ("SPZA", "", "")


def test_a_field_that_the_service_would_refuse_is_named():
    assert to_entity(received(lead(1, Description="x" * LONGEST_TEXT)), window=WINDOW)
    with pytest.raises(ReadError, match="found Description of more than 32,768 characters"):
        to_entity(received(lead(1, Description="😀" * LONGEST_TEXT)), window=WINDOW)


def test_a_text_that_is_no_connection_string_is_not_shown():
    with pytest.raises(OptionError) as raised:
        open_lead_table("AccountName=an-invented-account", "Leads", window=WINDOW)
    assert "an-invented-account" not in str(raised.value)


@pytest.mark.azurite
def test_posted_leads_are_read_from_the_table_with_their_times(azurite, table):
    string = connection_string(azurite)
    options = ["--to-table", table.table_name, "--connection-env", "INVENTED_CONNECTION", "--port", 0]
    with receiving(*options, INVENTED_CONNECTION=string) as receiver:
        assert [receiver.post(lead(number))[0] for number in range(3)] == [200] * 3
        assert receiver.post(lead(1))[::2] == (200, "received before\n")
        assert receiver.post(lead(4, Description="x" * 40_000))[0] == 400
        said = receiver.stop()[1]
    assert said.startswith("Stopped: received 3, repeated 1, rejected 1 ")
    leads = la.decode_leads(la.get_leads(table))
    assert sorted(leads["last_name"]) == ["No 0", "No 1", "No 2"]
    assert set(leads["layout"]) == {"azure_table"}
    age = datetime.now(UTC) - leads["created_at"]
    assert age.between(timedelta(0), timedelta(minutes=2)).all()
    assert set(leads["offer_title"]) == {"Contoso App"}


@pytest.mark.azurite
def test_the_table_itself_knows_a_repeat(azurite, table):
    string = connection_string(azurite)
    first = open_lead_table(string, table.table_name, window=WINDOW)
    after_a_restart = open_lead_table(string, table.table_name, window=WINDOW)
    assert first.write(received(lead(1)))
    assert not after_a_restart.write(received(lead(1)))
    assert len(la.get_leads(table)) == 1


@pytest.mark.azurite
def test_a_fault_that_only_the_service_finds_is_the_leads_and_not_tried_again(azurite, table, monkeypatch):
    monkeypatch.setattr(lead_table, "LONGEST_TEXT", 10**6)
    leads = open_lead_table(connection_string(azurite), table.table_name, window=WINDOW)
    with pytest.raises(ReadError, match=r"refused by the Azure Table; found HttpResponseError \(status 400\)"):
        leads.write(received(lead(1, Description="x" * 40_000)))


@pytest.mark.azurite
def test_what_the_service_does_not_confirm_is_an_error_without_addresses(azurite, table):
    leads = open_lead_table(connection_string(azurite), table.table_name, window=WINDOW)
    table.delete_table()
    with pytest.raises(TableError, match=r"the lead was not inserted; found ResourceNotFoundError \(status 404\)"):
        leads.write(received(lead(1)))


def test_a_service_that_is_not_there_is_an_error_at_the_start():
    with pytest.raises(TableError, match="the table 'Leads' cannot be written to; found ServiceRequestError") as raised:
        open_lead_table(connection_string(1), "Leads", window=WINDOW)
    assert raised.value.__cause__ is None
    assert "AccountKey" not in str(raised.value)
