import pytest
from faulty_proxy import drip, faulty_proxy, replaced_by, status
from table_endpoint import ACCOUNT, KEY, made_leads, table_endpoint

from leadanalytics.errors import BrokenAnswerError, UnreachableError
from leadanalytics.reading.azure_table.accounts import open_table
from leadanalytics.reading.azure_table.failures import Failure
from leadanalytics.reading.azure_table.patience import USUAL, Patience
from leadanalytics.reading.azure_table.requests import Answer, ask_once, connection


def ask(address, query=None, *, patience=USUAL):
    table = open_table(account_url=address, account_key=KEY)
    with connection(table, patience) as client:
        return ask_once(client, table, query or {}, patience)


@pytest.fixture
def spoiled():
    """Give what asking through a proxy with a fault brings."""
    with table_endpoint(made_leads(3)) as endpoint:

        def through(fault, **options):
            with faulty_proxy(endpoint.port, fault) as proxy:
                return ask(f"http://127.0.0.1:{proxy.port}/{ACCOUNT}", **options)

        yield through


def test_an_answer_is_the_entities_and_where_to_go_on():
    with table_endpoint(made_leads(3), page_size=2) as endpoint:
        answer = ask(endpoint.address)
        rest = ask(endpoint.address, answer.continuation)
    assert [entity["RowKey"] for entity in answer.entities] == ["r000000", "r000001"]
    assert [entity["RowKey"] for entity in rest.entities] == ["r000002"]
    assert set(answer.continuation) == {"NextPartitionKey", "NextRowKey"}
    assert rest.continuation == {}
    assert answer.request_id == "request-1"


def test_numbers_and_letters_that_json_does_not_have_are_read(spoiled):
    body = rb'{"value": [{"PartitionKey": "p", "RowKey": "\ud83d", "Score": NaN}]}'
    answer = spoiled(replaced_by(body))
    assert isinstance(answer, Answer)
    assert answer.entities[0]["RowKey"] == "\ud83d"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[1]",
        b"null",
        b'{"value": 1}',
        b'{"value": [1]}',
        b'{"value": [{"RowKey": "r"}]}',
        b'{"value": ["',
    ],
)
def test_what_is_no_page_is_a_failure(spoiled, body):
    failure = spoiled(replaced_by(body))
    assert isinstance(failure, Failure)
    assert failure.kind is BrokenAnswerError
    assert failure.may_pass


def test_a_page_that_does_not_end_in_time_is_a_failure(spoiled):
    assert spoiled(drip(40, 0.02), patience=Patience(page=0.2)).found == "no whole page in 0.2 s"


def test_a_status_is_a_failure_with_its_wait(spoiled):
    failure = spoiled(status(503, Retry_After="7"))
    assert (failure.retry_after, failure.found) == (7.0, "status 503, Injected")


def test_nobody_there_is_a_failure():
    failure = ask("http://127.0.0.1:1/contoso")
    assert (failure.kind, failure.found) == (UnreachableError, "a refused connection")


def test_a_name_that_nobody_has_is_a_failure():
    failure = ask("http://contoso.invalid")
    assert (failure.kind, failure.found) == (UnreachableError, "no such name in the network")


def test_a_proxy_that_is_not_there_is_a_failure(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    failure = ask("http://contoso.example")
    assert (failure.kind, failure.found) == (UnreachableError, "no connection through the proxy")
