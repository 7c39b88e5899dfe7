import json
import threading

import pytest
from azure.data.tables import TableClient
from azurite import connection_string, free_port, running, write_leads
from faulty_proxy import (
    FAULTS,
    SECRET_IN_BODY,
    faulty_proxy,
    replaced_by,
    status,
    with_continuation,
    without_continuation,
)
from table_endpoint import keys_of, made_leads, masked, table_endpoint

from leadanalytics.errors import (
    AccessError,
    BrokenAnswerError,
    MissingTableError,
    TableError,
    ThrottledError,
    UnreachableError,
)
from leadanalytics.reading.azure_table.accounts import open_table
from leadanalytics.reading.azure_table.patience import Patience
from leadanalytics.reading.azure_table.scanning import both, key_literal, scan_pages

HASTY = Patience(attempts=2, first_wait=0.001, longest_wait=0.002)
# For answers that do not come in time; more attempts, for a busy machine is slow too.
IMPATIENT = Patience(attempts=4, first_wait=0.001, longest_wait=0.002, read=0.6, page=0.8)

# The error of each fault when it stays, and what the error found.
ERRORS = {
    "503": (ThrottledError, "status 503"),
    "500": (ThrottledError, "status 500"),
    "502": (ThrottledError, "status 502"),
    "408": (ThrottledError, "status 408"),
    "429 for an hour": (ThrottledError, "status 429"),
    "closed connection": (UnreachableError, "a connection that broke"),
    "cut body": (UnreachableError, "a connection that broke"),
    "cut chunked body": (UnreachableError, "a connection that broke"),
    "half the JSON": (BrokenAnswerError, "no JSON"),
    "nothing": (BrokenAnswerError, "nothing"),
    "login page": (BrokenAnswerError, "no JSON"),
    "redirection": (BrokenAnswerError, "status 302"),
    "JSON without value": (BrokenAnswerError, "without a list"),
    "another list": (BrokenAnswerError, "without a list"),
    "stall": (UnreachableError, "no answer in time"),
    "slow drip": (UnreachableError, "no whole page in 0.8 s"),
}

LATE = ("stall", "slow drip")
KEYS = keys_of(made_leads(2_500))
SECOND = (2).__eq__
FROM_SECOND = (2).__le__


def azurite_table(port):
    return open_table("AzuriteLeads", connection_string=connection_string(port))


def read(pages):
    """Return the pages that come, and the error that ends them or None."""
    come = []
    try:
        for page in pages:
            come.append(page)
    except TableError as error:
        return come, error
    return come, None


def keys(pages):
    return keys_of(row for page in pages for row in page.rows.to_pylist())


@pytest.mark.azurite
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_that_passes_costs_nothing(azurite_leads, name):
    patience = IMPATIENT if name in LATE else HASTY
    with faulty_proxy(azurite_leads, FAULTS[name], when=SECOND) as proxy:
        pages, error = read(scan_pages(azurite_table(proxy.port), patience=patience))
    assert error is None
    assert keys(pages) == KEYS
    assert pages[1].attempts > 1


@pytest.mark.azurite
@pytest.mark.parametrize("name", [*FAULTS, "403"])
def test_a_fault_that_stays_is_an_error_from_which_to_go_on(azurite_leads, name):
    fault = FAULTS.get(name, status(403))
    kind, found = ERRORS.get(name, (AccessError, "status 403"))
    patience = IMPATIENT if name in LATE else HASTY
    with faulty_proxy(azurite_leads, fault, when=FROM_SECOND) as proxy:
        table = azurite_table(proxy.port)
        pages, error = read(scan_pages(table, patience=patience))
        proxy.fault = None
        rest = list(scan_pages(table, resume=json.loads(json.dumps(error.resume)), patience=HASTY))
    assert type(error) is kind
    assert found in error.found
    assert error.rows == len(keys(pages)) == 1_000
    assert keys([*pages, *rest]) == KEYS
    assert SECRET_IN_BODY not in repr(error)
    assert error.__context__ is error.__cause__ is None


@pytest.mark.parametrize("code", [400, 401, 403, 404])
def test_what_asking_again_cannot_help_is_asked_once(code):
    with table_endpoint(made_leads(3)) as endpoint, faulty_proxy(endpoint.port, status(code)) as proxy:
        _, error = read(scan_pages(proxied(endpoint, proxy), patience=HASTY))
        assert len(proxy.requests) == 1
    assert f"status {code}" in error.found


@pytest.mark.azurite
@pytest.mark.parametrize("when", [SECOND, lambda number: True], ids=["once", "always"])
def test_dropped_continuation_headers_lose_no_row(azurite_leads, when):
    with faulty_proxy(azurite_leads, without_continuation, when=when) as proxy:
        pages = list(scan_pages(azurite_table(proxy.port), patience=HASTY))
    assert keys(pages) == KEYS
    assert any(page.beyond_end and page.rows.num_rows for page in pages)
    assert [page.token is None for page in pages] == [*[False] * (len(pages) - 1), True]


def test_without_the_check_dropped_headers_lose_rows():
    with table_endpoint(made_leads(30), page_size=10) as endpoint:
        with faulty_proxy(endpoint.port, without_continuation) as proxy:
            pages = list(scan_pages(proxied(endpoint, proxy), check_end=False))
    assert len(keys(pages)) == 10


@pytest.mark.azurite
def test_a_service_that_dies_and_comes_back_loses_no_row(tmp_path):
    port = free_port()
    with running(port, "--location", str(tmp_path)):
        write_leads(port, made_leads(2_500))
        pages = scan_pages(azurite_table(port), patience=Patience(attempts=100, first_wait=0.05, longest_wait=0.2))
        come = [next(pages)]
    came_back, done = threading.Event(), threading.Event()

    def come_back():
        with running(port, "--location", str(tmp_path)):
            came_back.set()
            done.wait()

    thread = threading.Thread(target=come_back)
    thread.start()
    try:
        come.extend(pages)
    finally:
        done.set()
        thread.join()
    assert came_back.is_set()
    assert keys(come) == KEYS


@pytest.mark.azurite
def test_a_missing_table_is_an_error_that_names_it(azurite):
    table = open_table("Nowhere", connection_string=connection_string(azurite))
    _, error = read(scan_pages(table, patience=HASTY))
    assert type(error) is MissingTableError
    assert "'Nowhere'" in str(error)
    assert error.request_id


@pytest.mark.azurite
def test_deleting_the_row_that_a_token_names_is_harmless(azurite):
    write_leads(azurite, made_leads(1_200), table_name="Shrinking")
    pages = scan_pages(open_table("Shrinking", connection_string=connection_string(azurite)))
    come = [next(pages)]
    gone = keys_of(made_leads(1_200))[1_000]
    with TableClient.from_connection_string(connection_string(azurite), table_name="Shrinking") as client:
        client.delete_entity(*gone)
    come.extend(pages)
    assert keys(come) == [key for key in keys_of(made_leads(1_200)) if key != gone]


@pytest.mark.parametrize(
    "habits",
    [
        {"page_size": 7},
        {"page_size": 7, "breaks_at_partitions": True},
        {"page_size": 7, "empty_pages": True},
        {"page_size": 7, "empty_pages": True, "breaks_at_partitions": True},
    ],
    ids=" and ".join,
)
def test_pages_end_where_the_service_likes(habits):
    with table_endpoint(made_leads(40), **habits) as endpoint:
        pages = list(scan_pages(table_of(endpoint)))
    assert keys(pages) == keys_of(made_leads(40))


def test_a_partition_named_alone_is_a_place_to_go_on_from():
    with table_endpoint(made_leads(40), breaks_at_partitions=True) as endpoint:
        first = next(scan_pages(table_of(endpoint)))
        assert "NextPartitionKey" in first.token
        assert "NextRowKey" not in first.token
        rest = list(scan_pages(table_of(endpoint), resume=first.token))
    assert keys([first, *rest]) == keys_of(made_leads(40))


@pytest.mark.parametrize("place", range(6))
def test_a_scan_goes_on_from_the_token_of_any_page(place):
    with table_endpoint(made_leads(25), page_size=7) as endpoint:
        pages = list(scan_pages(table_of(endpoint)))
        token = json.loads(json.dumps(pages[place].token))
        rest = list(scan_pages(table_of(endpoint), resume=token)) if token else []
    assert keys([*pages[: place + 1], *rest]) == keys_of(made_leads(25))
    assert (token is None) == (place == len(pages) - 1)


def test_a_resumed_scan_that_sees_nothing_still_looks_behind_the_last_key():
    with table_endpoint(made_leads(25), page_size=7) as endpoint:
        first = next(scan_pages(table_of(endpoint)))
        with faulty_proxy(endpoint.port, replaced_by(b'{"value": []}'), when=(1).__eq__) as proxy:
            rest = list(scan_pages(proxied(endpoint, proxy), resume=first.token))
    assert keys([first, *rest]) == keys_of(made_leads(25))


def test_an_error_in_the_check_of_the_end_goes_on_there():
    with table_endpoint(made_leads(25), page_size=20) as endpoint:
        with faulty_proxy(endpoint.port, status(500), when=(4).__le__) as proxy:
            pages, error = read(scan_pages(proxied(endpoint, proxy), patience=HASTY))
            proxy.fault, asked = None, len(proxy.requests)
            rest = list(scan_pages(proxied(endpoint, proxy), resume=error.resume))
            assert len(proxy.requests) == asked + 1
    assert keys(pages) == keys_of(made_leads(25))
    assert keys(rest) == []


def test_a_token_that_comes_again_is_refused():
    fault = with_continuation("NextPartitionKey", masked("2:2F10:2F2024"))
    with table_endpoint(made_leads(3)) as endpoint, faulty_proxy(endpoint.port, fault) as proxy:
        with pytest.raises(BrokenAnswerError, match="same continuation token"):
            list(scan_pages(proxied(endpoint, proxy)))


def test_a_page_tells_the_services_time_and_number():
    with table_endpoint(made_leads(3)) as endpoint:
        page = next(scan_pages(table_of(endpoint)))
    assert page.date.endswith("GMT")
    assert page.request_id == "request-1"


def test_the_keys_and_the_time_come_with_every_selection():
    with table_endpoint(made_leads(3)) as endpoint:
        page = next(scan_pages(table_of(endpoint), select=["ActionCode", "RowKey", "Colour"]))
    assert page.rows.schema.names == ["PartitionKey", "RowKey", "Timestamp", "ActionCode", "Colour"]
    assert page.rows.column("Colour").null_count == 3


def test_times_are_compared_to_their_last_digit():
    with table_endpoint(made_leads(10)) as endpoint:
        pages = scan_pages(table_of(endpoint), filter="Timestamp ge datetime'2024-02-28T05:41:09.0000007Z'")
        assert len(keys(pages)) == 3


def test_keys_with_quotes_and_signs_are_keys():
    leads = [lead | {"PartitionKey": f"O'Hara & %2F {place} ü'"} for place, lead in enumerate(made_leads(5))]
    with table_endpoint(leads, page_size=2) as endpoint:
        pages = list(scan_pages(table_of(endpoint), filter=f"PartitionKey ge {key_literal(leads[1]['PartitionKey'])}"))
    assert keys(pages) == keys_of(leads[1:])


def test_an_empty_table_is_one_empty_page():
    with table_endpoint([]) as endpoint:
        (page,) = scan_pages(table_of(endpoint))
    assert page.rows.num_rows == 0
    assert page.token is None


def test_the_waits_between_attempts_are_bounded():
    waits = []
    with table_endpoint(made_leads(3)) as endpoint:
        with faulty_proxy(endpoint.port, status(429, Retry_After="3600"), when=(3).__ge__) as proxy:
            list(scan_pages(proxied(endpoint, proxy), patience=Patience(longest_wait=9), pause=waits.append))
    assert waits == [9, 9, 9]


def test_filters_are_joined():
    assert both(None, "a eq 'b'", "") == "a eq 'b'"
    assert both(None, None) is None


def table_of(endpoint):
    return open_table(connection_string=endpoint.connection_string)


def proxied(endpoint, proxy):
    return open_table(connection_string=endpoint.connection_string.replace(str(endpoint.port), str(proxy.port)))
