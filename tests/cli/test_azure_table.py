import re
import signal
import uuid

import pytest
import typer
from azure.data.tables import TableClient
from azurite import KEY, connection_string
from faulty_proxy import faulty_proxy, send, status
from table_endpoint import table_endpoint
from typer.testing import CliRunner

from leadanalytics.cli.azure_table import check, refuse_secret, sync
from leadanalytics.errors import AccessError, LeadAnalyticsError, MissingTableError, OptionError
from leadanalytics.reading import read_leads

app = typer.Typer()
app.command()(sync)
app.command()(check)


@pytest.fixture
def table(azurite, monkeypatch):
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", connection_string(azurite))
    name = f"Leads{uuid.uuid4().hex[:12]}"
    with TableClient.from_connection_string(connection_string(azurite), table_name=name, retry_total=0) as client:
        client.create_table()
        yield client
        client.delete_table()


def lead(number):
    return {
        "PartitionKey": "2:2F27:2F2024",
        "RowKey": f"r{number}",
        "ActionCode": "INS",
        "CreatedTime": "2024-02-27T05:41:09Z",
        "CustomerInfo": '{"Email": "ana@example.com"}',
        "LeadSource": "AzureMarketplace-INS|contoso.app",
    }


def create(table, *numbers):
    for number in numbers:
        table.create_entity(lead(number))


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words], terminal_width=200)


def said(result):
    return re.sub(r"\s+", " ", result.stdout)


def test_sync_writes_a_folder_that_reads_as_leads(table, tmp_path):
    create(table, 1, 2)
    done = run("sync", table.table_name, "--to", tmp_path / "leads")
    assert done.exit_code == 0
    assert "new 2 changed 0 deleted 0 in the copy 2" in said(done)
    assert done.stderr == ""
    assert len(read_leads(tmp_path / "leads")) == 2
    create(table, 3)
    table.delete_entity("2:2F27:2F2024", "r1")
    again = said(run("sync", table.table_name, "--to", tmp_path / "leads", "--deletions"))
    assert "new 1 changed 0 deleted 1 in the copy 2" in again


def test_sync_shows_its_step_and_rows_on_a_terminal(table, tmp_path, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    create(table, 1)
    assert re.search(r"(Reading|Merging) 1 rows", run("sync", table.table_name, "--to", tmp_path).stderr)


def test_sync_reads_the_connection_string_of_a_named_variable(table, tmp_path, monkeypatch, azurite):
    monkeypatch.delenv("AZURE_STORAGE_CONNECTION_STRING")
    monkeypatch.setenv("LEADS", connection_string(azurite))
    assert run("sync", table.table_name, "--to", tmp_path, "--connection-string-env", "LEADS").exit_code == 0
    refused = run("sync", table.table_name, "--to", tmp_path, "--connection-string-env", "LEDAS").exception
    assert str(refused).startswith("the environment variable 'LEDAS' is not set")


@pytest.fixture
def interruptible():
    """Let SIGINT interrupt, which a process that a shell began in the background ignores."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_says_how_to_go_on(tmp_path, monkeypatch):
    leads = [lead(number) | {"Timestamp": "2024-02-27T05:41:09.0000000Z"} for number in range(3)]

    def press_ctrl_c(connection, answer):
        signal.raise_signal(signal.SIGINT)
        send(connection, answer)

    with table_endpoint(leads, page_size=1) as endpoint:
        with faulty_proxy(endpoint.port, press_ctrl_c, when=lambda number: number == 3) as proxy:
            text = endpoint.connection_string.replace(str(endpoint.port), str(proxy.port))
            monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", text)
            stopped = run("sync", "MarketplaceLeads", "--to", tmp_path)
            assert stopped.exit_code == 130
            assert stopped.stderr == "stopped; rows kept: 2; the same command goes on from there\n"
            done = run("sync", "MarketplaceLeads", "--to", tmp_path)
    assert "new 3 changed 0 deleted 0 in the copy 3 read by an earlier run 2" in said(done)


def test_an_error_in_mid_scan_says_what_is_kept(tmp_path, monkeypatch):
    with table_endpoint([lead(1), lead(2)], page_size=1) as endpoint:
        with faulty_proxy(endpoint.port, status(403), when=lambda number: number == 2) as proxy:
            text = endpoint.connection_string.replace(str(endpoint.port), str(proxy.port))
            monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", text)
            failed = run("sync", "MarketplaceLeads", "--to", tmp_path)
    assert isinstance(failed.exception, AccessError)
    assert failed.stderr == "rows kept: 1; the same command goes on from there\n"


def test_an_error_says_what_to_do(table, tmp_path):
    failed = run("sync", "OtherLeads", "--to", tmp_path)
    assert isinstance(failed.exception, MissingTableError)
    assert "rows kept" not in failed.stderr


def test_check_shows_facts_and_no_person(table):
    create(table, 1, 2)
    done = run("check", table.table_name)
    assert done.exit_code == 0
    assert "2 of 2 entities" in said(done)
    assert "AzureMarketplace-INS / INS: 2" in said(done)
    assert "example.com" not in done.output
    assert KEY not in done.output


def test_check_ends_with_2_where_anything_is_wrong(table):
    empty = run("check", table.table_name)
    assert empty.exit_code == 2
    assert "the table is empty" in empty.stderr
    missing = run("check", table.table_name + "x")
    assert missing.exit_code == 2
    assert f"did you mean '{table.table_name}'?" in missing.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("check", "MarketplaceLeads", "--connection-string-env", f"AccountName=a;AccountKey={KEY}"),
        ("check", "MarketplaceLeads", "--sas-url-env", "https://contoso.table.core.windows.net/?sv=1&sig=abc%3D"),
        ("check", "MarketplaceLeads", "--account-url", "https://contoso.table.core.windows.net/?sig=abc%3D"),
        ("sync", KEY, "--to", "leads"),
    ],
)
def test_a_secret_on_the_command_line_is_refused_and_not_repeated(words):
    refused = run(*words)
    assert isinstance(refused.exception, OptionError)
    assert "--connection-string-env NAME or --sas-url-env NAME" in str(refused.exception)
    assert KEY not in str(refused.exception) + refused.output
    assert "abc" not in str(refused.exception) + refused.output


def test_what_is_no_secret_passes():
    for value in (None, "MarketplaceLeads", "LEADS_SAS_URL", "https://contoso.table.core.windows.net"):
        assert refuse_secret(value) == value


def test_two_ways_to_open_a_table_are_refused(monkeypatch):
    monkeypatch.setenv("LEADS", connection_string(1))
    both = run(
        "check",
        "MarketplaceLeads",
        "--connection-string-env",
        "LEADS",
        "--account-url",
        "https://contoso.table.core.windows.net",
    )
    assert isinstance(both.exception, LeadAnalyticsError)


def test_sync_brings_an_index_of_customers_up_to_date(table, tmp_path):
    create(table, 3)
    first = run("sync", table.table_name, "--to", tmp_path / "copy", "--index", tmp_path / "index")
    assert re.search(r"created\s+\d", first.stdout)
    assert "joined" in run("sync", table.table_name, "--to", tmp_path / "copy", "--index", tmp_path / "index").stdout
    assert (tmp_path / "index" / "records.arrow").exists()
