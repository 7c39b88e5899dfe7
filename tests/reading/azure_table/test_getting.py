import uuid
from datetime import UTC, datetime

import pandas as pd
import pytest
from azure.data.tables import EdmType, TableClient
from azurite import connection_string
from faulty_proxy import faulty_proxy, replaced_by, status, without_continuation
from table_endpoint import keys_of, made_leads, table_endpoint

from leadanalytics.errors import BrokenAnswerError, MissingTableError, OptionError, RejectsWarning, TableError
from leadanalytics.reading import get_leads, get_records, open_table
from leadanalytics.reading.azure_table.accounts import VARIABLE
from leadanalytics.reading.azure_table.getting import since_filter
from leadanalytics.reading.azure_table.patience import Patience

HASTY = Patience(attempts=2, first_wait=0.001, longest_wait=0.002)


def table_of(endpoint):
    return open_table(connection_string=endpoint.connection_string)


def through(endpoint, proxy):
    return open_table(connection_string=endpoint.connection_string.replace(str(endpoint.port), str(proxy.port)))


@pytest.fixture
def client(azurite):
    name = f"Leads{uuid.uuid4().hex[:12]}"
    with TableClient.from_connection_string(connection_string(azurite), table_name=name, retry_total=0) as client:
        client.create_table()
        yield client
        client.delete_table()


def lead(number, **properties):
    entity = made_leads(number + 1, partitions=1)[number] | properties
    return {name: value for name, value in entity.items() if name != "Timestamp"}


@pytest.mark.azurite
def test_every_entity_is_a_record_with_its_keys_and_time(client):
    for number in range(3):
        client.create_entity(lead(number))
    raw = get_leads(client)
    assert raw["record_id"].tolist() == [f"2:2F10:2F2024/r{number:06d}" for number in range(3)]
    assert raw["customer_info"].str.contains("Jörg").all()
    assert raw["received"].str.startswith("20").all()
    assert set(raw["layout"]) == {"azure_table"}
    assert set(raw["origin"]) == {client.table_name}
    assert raw["origin_row"].tolist() == [1, 2, 3]


@pytest.mark.azurite
def test_properties_of_every_type_are_text(client):
    client.create_entity(
        lead(
            1,
            CreatedTime=datetime(2024, 2, 27, 5, 41, 9, tzinfo=UTC),
            Description=(2**40, EdmType.INT64),
            OfferDisplayName=uuid.UUID(int=7),
            CustomerInfo=b'{"FirstName": "Ana"}',
        )
    )
    (record,) = get_leads(client).to_dict("records")
    assert record["created"].startswith("2024-02-27T05:41:09")
    assert record["description"] == str(2**40)
    assert record["offer_title"] == str(uuid.UUID(int=7))
    assert record["customer_info"] == '{"FirstName": "Ana"}'


@pytest.mark.azurite
def test_large_texts_and_strange_keys_come_through(client):
    note = "日" * 32_768
    client.create_entity(lead(1, Description=note, CustomerInfo=""))
    client.create_entity(lead(2, PartitionKey="O'Hara %2F ü", RowKey=""))
    raw = get_leads(client)
    assert raw["description"].tolist()[0] == note
    assert raw["partition_key"].tolist() == ["2:2F10:2F2024", "O'Hara %2F ü"]
    assert raw["record_id"].is_unique


@pytest.mark.azurite
def test_what_the_sdk_reads_is_what_is_read(azurite_leads):
    connection = connection_string(azurite_leads)
    with TableClient.from_connection_string(connection, table_name="AzuriteLeads") as client:
        entities = [dict(entity) | {"Timestamp": entity.metadata["timestamp"]} for entity in client.list_entities()]
        raw = get_leads(client)
    theirs = pd.DataFrame(entities)
    assert raw["customer_info"].tolist() == theirs["CustomerInfo"].tolist()
    assert (raw["record_id"] == theirs["PartitionKey"] + "/" + theirs["RowKey"]).all()
    assert (pd.to_datetime(raw["received"]).dt.floor("us") == pd.to_datetime(theirs["Timestamp"])).all()


def test_what_is_no_lead_is_set_aside():
    entities = [*made_leads(1), {"PartitionKey": "settings", "RowKey": "1", "Colour": "red"}]
    with table_endpoint(entities) as endpoint:
        with pytest.warns(RejectsWarning, match="1 of 2 delivered records were set aside"):
            assert len(get_leads(table_of(endpoint))) == 1
        delivery = get_records(table_of(endpoint))
    assert delivery.files[["delivered", "read", "set_aside"]].to_numpy().tolist() == [[2, 1, 1]]
    assert "Colour" in delivery.rejects["text"].iloc[0]


def test_an_empty_table_is_an_empty_frame():
    with table_endpoint([]) as endpoint:
        assert len(get_leads(table_of(endpoint))) == 0


def test_a_table_without_any_lead_is_an_error_that_names_the_properties():
    with table_endpoint([{"PartitionKey": "p", "RowKey": "r", "Colour": "red"}]) as endpoint:
        with pytest.raises(TableError, match=r"'MarketplaceLeads' holds no lead; found 1 .*'Colour'"):
            get_leads(table_of(endpoint))


def test_the_table_of_the_environment_is_read(monkeypatch):
    with table_endpoint(made_leads(3)) as endpoint:
        monkeypatch.setenv(VARIABLE, endpoint.connection_string)
        assert len(get_leads()) == 3


def test_the_table_has_the_name_that_the_caller_gives():
    with table_endpoint(made_leads(1)) as endpoint:
        assert get_leads(table_of(endpoint), origin="our leads")["origin"].tolist() == ["our leads"]


def test_only_what_was_written_since_a_time_is_read():
    with table_endpoint(made_leads(10)) as endpoint:
        raw = get_leads(table_of(endpoint), since="2024-02-28T06:41:09.0000007+01:00")
    assert raw["received"].tolist() == [f"2024-02-28T05:41:09.000000{digit}Z" for digit in (7, 8, 9)]


@pytest.mark.parametrize(
    ("since", "literal"),
    [
        ("2024-06-30T00:00Z", "2024-06-30T00:00:00.0000000Z"),
        ("2024-06-30 00:00:00.1234567Z", "2024-06-30T00:00:00.1234567Z"),
        (datetime(2024, 6, 30, 1, 2, 3, 456_789, tzinfo=UTC), "2024-06-30T01:02:03.4567890Z"),
        (pd.Timestamp("2024-06-30T02:00+02:00"), "2024-06-30T00:00:00.0000000Z"),
    ],
)
def test_a_time_is_written_with_seven_digits(since, literal):
    assert since_filter(since) == f"Timestamp ge datetime'{literal}'"


@pytest.mark.parametrize("since", ["2024-06-30", datetime(2024, 6, 30), "yesterday evening", 5.5, ""])
def test_a_time_without_a_zone_is_refused(since):
    with pytest.raises(OptionError, match="since"):
        since_filter(since)


@pytest.mark.parametrize("threads", [None, 1, 3])
def test_only_some_partitions_are_read_each_once(threads):
    wanted = ["2:2F13:2F2024", "2:2F11:2F2024", "2:2F13:2F2024", "no such"]
    with table_endpoint(made_leads(50), page_size=4) as endpoint:
        raw = get_leads(table_of(endpoint), partitions=wanted, threads=threads)
    assert raw["partition_key"].tolist() == ["2:2F13:2F2024"] * 10 + ["2:2F11:2F2024"] * 10


@pytest.mark.parametrize(
    ("options", "message"), [({"partitions": "2:2F13"}, "partitions=\\['2:2F13'\\]"), ({"threads": 0}, "1 or more")]
)
def test_options_that_cannot_be_meant(options, message):
    with table_endpoint([]) as endpoint, pytest.raises(OptionError, match=message):
        get_leads(table_of(endpoint), **options)


@pytest.mark.parametrize("threads", [None, 1, 4])
def test_rows_come_in_the_order_of_the_table_however_they_are_read(threads):
    with table_endpoint(made_leads(60), page_size=7, latency=0.005) as endpoint:
        raw = get_leads(table_of(endpoint), threads=threads)
    assert raw["record_id"].tolist() == ["/".join(key) for key in keys_of(made_leads(60))]
    assert raw["origin_row"].tolist() == list(range(1, 61))


def test_progress_is_the_number_of_rows_after_every_page():
    seen = []
    with table_endpoint(made_leads(25), page_size=10) as endpoint:
        get_leads(table_of(endpoint), progress=seen.append)
    assert seen == [10, 20, 25, 25, 25]


def test_an_interruption_passes_through():
    def interrupt(rows):
        raise KeyboardInterrupt

    with table_endpoint(made_leads(25)) as endpoint, pytest.raises(KeyboardInterrupt):
        get_leads(table_of(endpoint), progress=interrupt, threads=2)


def test_the_account_tells_times_repeated_requests_and_what_came_after_the_end():
    with table_endpoint(made_leads(25), page_size=20) as endpoint:
        with faulty_proxy(endpoint.port, status(503), when=(1).__eq__) as proxy:
            note = get_records(through(endpoint, proxy), patience=HASTY).files["note"].item()
        assert note == (
            "written from 2024-02-28T05:41:09.0000000Z to 2024-02-28T05:41:09.0000024Z; 1 requests were repeated"
        )
        with faulty_proxy(endpoint.port, without_continuation) as proxy:
            note = get_records(through(endpoint, proxy)).files["note"].item()
        assert "5 rows came after the declared end" in note


def test_a_signature_for_a_range_of_keys_is_told():
    with table_endpoint(made_leads(2)) as endpoint:
        table = open_table(sas_url=endpoint.sas_url + "&spk=a&epk=b")
        assert "opens only a range of keys" in get_records(table).files["note"].item()


def test_rows_that_come_twice_are_an_error():
    with table_endpoint(made_leads(3)) as endpoint:
        body = b'{"value": [{"PartitionKey": "p", "RowKey": "r"}, {"PartitionKey": "p", "RowKey": "r"}]}'
        with faulty_proxy(endpoint.port, replaced_by(body), when=(1).__eq__) as proxy:
            with pytest.raises(BrokenAnswerError, match="rows twice; found 2 rows with 1 different keys"):
                get_records(through(endpoint, proxy))


@pytest.mark.azurite
def test_a_missing_table_is_named(azurite):
    with pytest.raises(MissingTableError, match=r"there is no table 'Nowhere'.*404"):
        get_leads(open_table("Nowhere", connection_string=connection_string(azurite)))
