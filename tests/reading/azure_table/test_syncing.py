import uuid

import pyarrow.parquet as pq
import pytest
from azure.data.tables import TableClient
from azurite import connection_string

from leadanalytics.errors import TableError
from leadanalytics.reading import read_leads
from leadanalytics.reading.azure_table.accounts import open_table
from leadanalytics.reading.azure_table.dataset import FILE
from leadanalytics.reading.azure_table.syncing import sync_leads

PARTITION = "2:2F27:2F2024"


def lead(number, **properties):
    return {
        "PartitionKey": PARTITION,
        "RowKey": f"r{number:05d}",
        "ActionCode": "INS",
        "CustomerInfo": '{"Email": "ana@example.com"}',
        "LeadSource": "AzureMarketplace-INS|contoso.app",
        **properties,
    }


@pytest.fixture
def client(azurite):
    name = f"Leads{uuid.uuid4().hex[:12]}"
    with TableClient.from_connection_string(connection_string(azurite), table_name=name, retry_total=0) as client:
        client.create_table()
        yield client
        client.delete_table()


@pytest.fixture
def table(client, azurite):
    return open_table(client.table_name, connection_string=connection_string(azurite))


def create(client, numbers):
    entities = [("create", lead(number)) for number in numbers]
    for start in range(0, len(entities), 100):
        client.submit_transaction(entities[start : start + 100])


def descriptions(folder):
    rows = pq.read_table(folder / FILE).to_pylist()
    return {row["RowKey"]: row.get("Description") for row in rows}


def row_keys(numbers):
    return [f"r{number:05d}" for number in numbers]


def test_a_first_sync_copies_every_row_with_all_its_digits(client, table, tmp_path):
    create(client, range(1_200))
    steps = []
    synced = sync_leads(table, tmp_path, progress=lambda step, rows: steps.append((step, rows)))
    assert (synced.new, synced.changed, synced.deleted, synced.total, synced.read) == (1_200, 0, 0, 1_200, 1_200)
    assert steps[0] == ("Reading", 1_000)
    assert steps[-1] == ("Merging", 1_200)
    stored = {entity["RowKey"]: entity.metadata["timestamp"].tables_service_value for entity in client.list_entities()}
    raw = read_leads(tmp_path)
    assert raw["record_id"].tolist() == [f"{PARTITION}/{key}" for key in row_keys(range(1_200))]
    assert raw["received"].tolist() == [stored[key] for key in sorted(stored)]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".sync", FILE]
    assert sorted(path.name for path in (tmp_path / ".sync").iterdir()) == ["lock"]


def test_a_second_sync_brings_what_is_new_and_changed(client, table, tmp_path):
    create(client, range(3))
    sync_leads(client, tmp_path)
    again = sync_leads(table, tmp_path)
    assert (again.new, again.changed, again.deleted, again.total) == (0, 0, 0, 3)
    client.upsert_entity(lead(1, Description="changed"))
    client.create_entity(lead(3))
    synced = sync_leads(table, tmp_path)
    assert (synced.new, synced.changed, synced.deleted, synced.total) == (1, 1, 0, 4)
    assert descriptions(tmp_path) == dict(zip(row_keys(range(4)), [None, "changed", None, None]))
    assert "rows deleted from the table are not seen" in synced.unseen.lower()


def test_deleted_rows_stay_until_they_are_asked_for(client, table, tmp_path):
    create(client, range(4))
    sync_leads(table, tmp_path)
    client.delete_entity(PARTITION, "r00001")
    assert sync_leads(table, tmp_path).total == 4
    full = sync_leads(table, tmp_path, full=True)
    assert (full.read, full.deleted, full.total) == (3, 0, 4)
    assert "Rows no longer in the table stay, 1 by number" in full.unseen
    synced = sync_leads(table, tmp_path, deletions=True)
    assert (synced.deleted, synced.total) == (1, 3)
    client.delete_entity(PARTITION, "r00002")
    synced = sync_leads(table, tmp_path, deletions=True, full=True)
    assert (synced.deleted, list(descriptions(tmp_path))) == (1, row_keys([0, 3]))


def test_a_row_written_behind_the_scan_comes_with_the_next_sync(client, table, tmp_path):
    create(client, range(1_000, 2_100))

    def write_behind_and_ahead(step, rows):
        if rows == 1_000:
            create(client, [1, 9_999])

    first = sync_leads(table, tmp_path, progress=write_behind_and_ahead)
    assert "r09999" in descriptions(tmp_path)
    assert "r00001" not in descriptions(tmp_path)
    second = sync_leads(table, tmp_path)
    assert (first.new, second.new) == (1_101, 1)
    assert "r00001" in descriptions(tmp_path)


def test_ctrl_c_keeps_what_was_read(client, table, tmp_path):
    create(client, range(1_100))

    def press_ctrl_c(step, rows):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync_leads(table, tmp_path, progress=press_ctrl_c)
    client.create_entity(lead(0, RowKey="a row behind"))
    synced = sync_leads(table, tmp_path)
    # What was read is not read again, and a second scan brings what came between.
    assert synced.resumed == 1_000
    assert (synced.new, synced.total) == (1_101, 1_101)
    assert descriptions(tmp_path).keys() == {"a row behind", *row_keys(range(1_100))}


def test_an_empty_table_is_copied_too(client, table, tmp_path):
    assert sync_leads(table, tmp_path).total == 0
    assert len(read_leads(tmp_path)) == 0
    create(client, [1])
    assert sync_leads(table, tmp_path).new == 1


def test_one_folder_holds_one_table(client, table, tmp_path):
    create(client, [1])
    sync_leads(table, tmp_path / "copy")
    other = open_table("OtherLeads", connection_string=connection_string(1))
    with pytest.raises(TableError, match=r"is not a copy of the table 'OtherLeads' of .*; found the table 'Leads"):
        sync_leads(other, tmp_path / "copy")
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "leads.csv").write_text("a,b")
    with pytest.raises(TableError, match="is no local copy of a table"):
        sync_leads(table, tmp_path / "exports")
    assert [path.name for path in (tmp_path / "exports").iterdir()] == ["leads.csv"]
