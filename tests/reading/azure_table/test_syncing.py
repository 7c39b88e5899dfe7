import multiprocessing
import random
import signal
import threading
import time
import uuid
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest
import table_endpoint
from azure.data.tables import TableClient
from azurite import connection_string
from faulty_proxy import faulty_proxy, send, status

from leadanalytics.errors import BrokenAnswerError, RejectsWarning, TableError, ThrottledError
from leadanalytics.reading import read_leads
from leadanalytics.reading.azure_table.accounts import open_table
from leadanalytics.reading.azure_table.dataset import FILE, merge_pages
from leadanalytics.reading.azure_table.patience import Patience
from leadanalytics.reading.azure_table.syncing import sync_leads

PARTITION = "2:2F27:2F2024"
IMPATIENT = Patience(attempts=2, first_wait=0.001)


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


def entity(number, *, at="05:41:09", **properties):
    """Return a lead as the service has it, stored on one day at a time with up to seven digits."""
    clock, _, digits = at.partition(".")
    return lead(number, Timestamp=f"2024-02-27T{clock}.{digits:0<7}Z", **properties)


def serve(entities, *, at="06:00:00", **options):
    """Serve a table from a machine whose clock shows a time of that day."""
    shown = datetime.fromisoformat(f"2024-02-27T{at}.2+00:00")
    return table_endpoint.table_endpoint(entities, clock=shown - datetime.now(UTC), **options)


def opened(endpoint, port=None):
    text = endpoint.connection_string
    return open_table(connection_string=text.replace(str(endpoint.port), str(port or endpoint.port)))


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
    with pytest.warns(RejectsWarning, match="holds no lead: 0 leads"):
        assert len(read_leads(tmp_path)) == 0
    create(client, [1])
    assert sync_leads(table, tmp_path).new == 1


def test_one_folder_holds_one_table(client, table, tmp_path):
    create(client, [1])
    sync_leads(table, tmp_path / "copy")
    other = open_table("OtherLeads", connection_string=connection_string(1))
    with pytest.raises(TableError, match=r"is not for the table 'OtherLeads' of .*; found the table 'Leads"):
        sync_leads(other, tmp_path / "copy")
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "leads.csv").write_text("a,b")
    with pytest.raises(TableError, match="is no local copy of a table"):
        sync_leads(table, tmp_path / "exports")
    assert [path.name for path in (tmp_path / "exports").iterdir()] == ["leads.csv"]


def test_the_watermark_is_the_clock_of_the_service_at_the_start_less_ten_minutes(tmp_path):
    with serve([entity(1, at="23:59:59")], at="06:00:00") as endpoint:
        assert sync_leads(opened(endpoint), tmp_path).watermark == "2024-02-27T05:50:00.0000000Z"
    late = [entity(1), entity(2, at="05:50:00"), entity(3, at="05:49:59.9999999"), entity(4, at="05:50:00.0000001")]
    with serve(late, at="07:00:00") as endpoint:
        synced = sync_leads(opened(endpoint), tmp_path)
        assert endpoint.queries[0]["$filter"] == "Timestamp ge datetime'2024-02-27T05:50:00.0000000Z'"
    assert (synced.read, synced.new) == (2, 2)
    assert synced.watermark == "2024-02-27T06:50:00.0000000Z"


def test_a_change_of_one_tick_is_a_change(tmp_path):
    with serve([entity(1, at="06:00:00.0000001", Description="before")]) as endpoint:
        sync_leads(opened(endpoint), tmp_path)
    with serve([entity(1, at="06:00:00.0000002", Description="after")]) as endpoint:
        assert sync_leads(opened(endpoint), tmp_path).changed == 1
    assert descriptions(tmp_path) == {"r00001": "after"}


def test_a_sync_that_finds_nothing_leaves_the_file_and_its_watermark(tmp_path):
    with serve([entity(1)]) as endpoint:
        first = sync_leads(opened(endpoint), tmp_path)
        before = (tmp_path / FILE).stat()
        again = sync_leads(opened(endpoint), tmp_path)
    assert (again.read, again.total, again.watermark) == (0, 1, first.watermark)
    assert (tmp_path / FILE).stat() == before


@pytest.mark.parametrize("options", [{"empty_pages": True}, {"breaks_at_partitions": True}, {"page_size": 1}])
def test_pages_may_end_anywhere(tmp_path, options):
    entities = [entity(number) | {"PartitionKey": f"2:2F{number}:2F2024"} for number in range(10, 20)]
    with serve(entities, **options) as endpoint:
        assert sync_leads(opened(endpoint), tmp_path, deletions=True).total == 10
        assert sync_leads(opened(endpoint), tmp_path, deletions=True).total == 10


def test_a_table_without_times_is_read_whole_each_time(tmp_path):
    with serve([lead(1), lead(2)]) as endpoint:
        first = sync_leads(opened(endpoint), tmp_path)
        again = sync_leads(opened(endpoint), tmp_path)
    assert first.watermark is None
    assert "Rows have no Timestamp, 2 by number, so the next sync reads the whole table" in first.unseen
    assert (again.read, again.new, again.changed, again.total) == (2, 0, 0, 2)


def test_a_service_that_tells_no_time_is_read_whole_each_time(tmp_path):
    def without_date(connection, answer):
        del answer.headers["Date"]
        send(connection, answer)

    with serve([entity(1)]) as endpoint, faulty_proxy(endpoint.port, without_date) as proxy:
        synced = sync_leads(opened(endpoint, proxy.port), tmp_path)
    assert synced.watermark is None
    assert "the service did not tell its time" in synced.unseen.lower()


def test_a_sync_goes_on_where_the_service_stopped(tmp_path):
    with serve([entity(number) for number in range(5)], page_size=1) as endpoint:
        with faulty_proxy(endpoint.port, status(503), when=lambda number: number > 3) as proxy:
            with pytest.raises(ThrottledError):
                sync_leads(opened(endpoint, proxy.port), tmp_path, patience=IMPATIENT)
            with pytest.raises(ThrottledError):
                sync_leads(opened(endpoint, proxy.port), tmp_path, patience=IMPATIENT)
        assert not (tmp_path / FILE).exists()
        asked = len(endpoint.queries)
        synced = sync_leads(opened(endpoint), tmp_path)
    assert "NextRowKey" in endpoint.queries[asked]
    assert (synced.resumed, synced.read, synced.total) == (3, 2, 5)


def test_a_request_that_was_sent_again_is_counted(tmp_path):
    with serve([entity(1)]) as endpoint:
        with faulty_proxy(endpoint.port, status(500), when=lambda number: number == 1) as proxy:
            assert sync_leads(opened(endpoint, proxy.port), tmp_path, patience=IMPATIENT).retries == 1


def stopped_sync(tmp_path, entities, **options):
    """Leave a sync that has read the first two rows of a table."""

    def stop(step, rows):
        if rows == 2:
            raise KeyboardInterrupt

    with serve(entities, page_size=1) as endpoint, pytest.raises(KeyboardInterrupt):
        sync_leads(opened(endpoint), tmp_path, progress=stop, **options)


def test_a_refused_token_says_how_to_begin_anew(tmp_path):
    entities = [entity(number) for number in range(3)]
    stopped_sync(tmp_path, entities)
    with serve(entities) as endpoint, faulty_proxy(endpoint.port, status(400)) as proxy:
        with pytest.raises(TableError, match=r"remove the folder '\.sync'"):
            sync_leads(opened(endpoint, proxy.port), tmp_path)


def test_a_full_sync_throws_away_what_an_unfinished_smaller_one_read(tmp_path):
    with serve([entity(0)]) as endpoint:
        sync_leads(opened(endpoint), tmp_path)
    entities = [entity(0), *(entity(number, at="06:00:00") for number in range(1, 4))]
    stopped_sync(tmp_path, entities)
    with serve(entities) as endpoint:
        synced = sync_leads(opened(endpoint), tmp_path, full=True)
    assert (synced.discarded, synced.resumed, synced.read, synced.total) == (2, 0, 4, 4)


def test_what_another_version_read_is_read_again(tmp_path, monkeypatch):
    entities = [entity(number) for number in range(4)]
    with monkeypatch.context() as patch:
        patch.setattr("leadanalytics.reading.azure_table.landing.VERSION", 0)
        stopped_sync(tmp_path, entities)
    with serve(entities) as endpoint:
        synced = sync_leads(opened(endpoint), tmp_path)
    assert (synced.discarded, synced.resumed, synced.total) == (2, 0, 4)


def test_an_unfinished_full_sync_is_finished_by_any(tmp_path):
    entities = [entity(number) for number in range(4)]
    with serve(entities[:1]) as endpoint:
        sync_leads(opened(endpoint), tmp_path)
    stopped_sync(tmp_path, entities, full=True)
    with serve(entities) as endpoint:
        synced = sync_leads(opened(endpoint), tmp_path)
    assert (synced.discarded, synced.resumed, synced.read, synced.total) == (0, 2, 2, 4)


def test_what_was_read_of_another_table_is_not_mixed_in(tmp_path):
    stopped_sync(tmp_path, [entity(number) for number in range(3)])
    other = open_table("OtherLeads", connection_string=connection_string(1))
    with pytest.raises(TableError, match="found the table 'MarketplaceLeads' of account 'contoso'"):
        sync_leads(other, tmp_path)


def test_a_copy_that_was_removed_is_not_mistaken_for_whole(tmp_path):
    with serve([entity(0)]) as endpoint:
        sync_leads(opened(endpoint), tmp_path)
    entities = [entity(0), *(entity(number, at="06:00:00") for number in range(1, 4))]
    stopped_sync(tmp_path, entities)
    (tmp_path / FILE).unlink()
    with serve(entities) as endpoint:
        assert sync_leads(opened(endpoint), tmp_path).total == 4


def test_a_crash_between_the_switch_and_the_cleaning_doubles_nothing(tmp_path, monkeypatch):
    with serve([entity(1), entity(2)]) as endpoint:
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr("leadanalytics.reading.azure_table.syncing.merge_pages", crash_after(merge_pages))
            sync_leads(opened(endpoint), tmp_path)
        assert len(read_leads(tmp_path)) == 2
    with serve([entity(2), entity(3, at="06:30:00")], at="07:00:00") as endpoint:
        synced = sync_leads(opened(endpoint), tmp_path)
    assert list(descriptions(tmp_path)) == row_keys([1, 2, 3])
    assert (synced.resumed, synced.new, synced.total) == (2, 1, 3)


def crash_after(function):
    def crashing(*arguments, **options):
        function(*arguments, **options)
        raise KeyboardInterrupt

    return crashing


def test_a_repeated_page_is_refused_and_thrown_away(tmp_path):
    with serve([entity(number) for number in range(4)], page_size=2) as endpoint:
        kept = []

        def repeat(connection, answer):
            kept.append(answer.body)
            answer.body = kept[0]
            send(connection, answer)

        with faulty_proxy(endpoint.port, repeat, when=lambda number: number <= 2) as proxy:
            with pytest.raises(BrokenAnswerError, match="6 rows that share 4 keys"):
                sync_leads(opened(endpoint, proxy.port), tmp_path)
        assert sync_leads(opened(endpoint), tmp_path).total == 4


def test_a_copy_is_never_emptied(tmp_path):
    with serve([entity(1)]) as endpoint:
        sync_leads(opened(endpoint), tmp_path)
    with serve([]) as endpoint:
        for full in (True, False):
            with pytest.raises(TableError, match="shows no row at all, and 1 would be removed"):
                sync_leads(opened(endpoint), tmp_path, full=full, deletions=True)
    assert len(read_leads(tmp_path)) == 1


def test_a_signature_for_some_keys_finds_no_deletions(tmp_path):
    with serve([entity(1)]) as endpoint:
        narrow = open_table(sas_url=f"{endpoint.sas_url}&spk=2&epk=3")
        with pytest.raises(TableError, match="a signature limited to a range of keys"):
            sync_leads(narrow, tmp_path, deletions=True)
        assert "outside the range of keys of the signature (spk=2, epk=3)" in sync_leads(narrow, tmp_path).unseen
        # Its watermark says nothing of the keys outside, so the whole table needs a copy of its own.
        with pytest.raises(TableError, match="found the keys spk=2, epk=3 of the table"):
            sync_leads(opened(endpoint), tmp_path)


def test_one_sync_at_a_time(tmp_path):
    is_reading, may_go_on = threading.Event(), threading.Event()
    done = []

    def hold(step, rows):
        is_reading.set()
        assert may_go_on.wait(20)

    with serve([entity(1)]) as endpoint:
        table = opened(endpoint)
        first = threading.Thread(target=lambda: done.append(sync_leads(table, tmp_path, progress=hold)))
        first.start()
        assert is_reading.wait(20)
        with pytest.raises(TableError, match="is in use; found another sync of it; wait until that one ends"):
            sync_leads(table, tmp_path)
        second = threading.Thread(target=lambda: done.append(sync_leads(table, tmp_path, wait=True)))
        second.start()
        may_go_on.set()
        first.join()
        second.join()
    assert [(synced.new, synced.total) for synced in done] == [(1, 1), (0, 1)]


def test_nothing_on_disk_holds_a_secret(tmp_path):
    entities = [entity(number) for number in range(4)]
    with serve(entities, page_size=1) as endpoint:
        stopped_sync(tmp_path, entities)
        sas = open_table(sas_url=endpoint.sas_url)
        states = [stored_bytes(tmp_path)]
        sync_leads(sas, tmp_path)
        states.append(stored_bytes(tmp_path))
    for state in states:
        assert b"contoso" in state
        for secret in (table_endpoint.KEY, table_endpoint.SIGNATURE, "sig=", "?sv", str(endpoint.port)):
            assert secret.encode() not in state


def stored_bytes(folder):
    """Return every file below a folder, and what its Parquet files hold, as bytes."""
    parts = []
    for path in folder.rglob("*"):
        if path.suffix == ".parquet":
            parts.append(repr(pq.read_table(path).to_pydict()).encode() + repr(pq.read_schema(path).metadata).encode())
        parts.append(path.read_bytes() if path.is_file() else b"")
    return b"".join(parts)


@pytest.mark.skipif("forkserver" not in multiprocessing.get_all_start_methods(), reason="the system has no fork")
def test_a_sync_that_is_killed_at_any_moment_ends_as_an_undisturbed_one(tmp_path):
    before = [entity(number) for number in range(0, 300, 2)]
    after = [entity(number) for number in range(90, 270, 2)]
    after += [entity(number, at="06:30:00", Description="changed") for number in range(0, 90, 6)]
    after += [entity(number, at="06:10:00") for number in range(1, 99, 2)]
    moments, killed = random.Random(20240227), 0
    with serve(before) as first, serve(after, at="07:00:00", page_size=10) as second:
        sync_leads(opened(first), tmp_path / "undisturbed")
        sync_leads(opened(second), tmp_path / "undisturbed", deletions=True)
        expected, requests = pq.read_table(tmp_path / "undisturbed" / FILE), len(second.queries)
        stored = {row["RowKey"]: row["Timestamp"] for row in expected.to_pylist()}
        assert stored == {row["RowKey"]: row["Timestamp"] for row in after}
        for number in range(20):
            folder = tmp_path / f"killed {number}"
            sync_leads(opened(first), folder)
            # One in four is killed after its last request, in the merge or soon after it.
            request = requests if number % 4 == 0 else moments.randint(1, requests)
            killed += is_killed(second, request, moments.uniform(0, 0.02), opened(second), folder)
            assert len(read_leads(folder)) in (len(before), len(after))
            assert sync_leads(opened(second), folder, deletions=True).total == len(after)
            assert pq.read_table(folder / FILE).equals(expected)
            assert sorted(path.name for path in folder.rglob("*")) == [".sync", FILE, "lock"]
    assert killed >= 10


def is_killed(endpoint, request, delay, table, folder):
    """Start a sync in a process of its own, kill it a moment after a request, and tell whether it was still running."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["leadanalytics.reading.azure_table.syncing"])
    asked = len(endpoint.queries)
    process = context.Process(target=sync_leads, args=(table, folder), kwargs={"deletions": True})
    process.start()
    while process.is_alive() and len(endpoint.queries) < asked + request:
        time.sleep(0.001)
    process.join(delay)
    process.kill()
    process.join()
    return process.exitcode == -signal.SIGKILL
