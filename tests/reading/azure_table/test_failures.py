import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from azure.core.exceptions import ServiceRequestError

from leadanalytics.errors import (
    AccessError,
    BrokenAnswerError,
    MissingTableError,
    TableError,
    ThrottledError,
    UnreachableError,
)
from leadanalytics.reading.azure_table.accounts import Account, LeadTable
from leadanalytics.reading.azure_table.failures import no_answer, not_a_page, refused, too_slow

ENDPOINT = "https://contoso.table.core.windows.net"
BY_KEY = LeadTable("Leads", Account(ENDPOINT, "contoso", key="a key"))


def by_signature(signature):
    return LeadTable("Leads", Account(ENDPOINT, "contoso", shared_access_signature=f"{signature}&sig=secret"))


def problem(code):
    return f'{{"odata.error": {{"code": "{code}", "message": {{"value": "of ana@example.com"}}}}}}'.encode()


@pytest.mark.parametrize(
    ("status", "code", "kind", "may_pass"),
    [
        (400, "InvalidInput", TableError, False),
        (400, "InvalidAuthenticationInfo", AccessError, False),
        (401, "NoAuthenticationInformation", AccessError, False),
        (403, "AuthenticationFailed", AccessError, False),
        (404, "TableNotFound", MissingTableError, False),
        (404, "ResourceNotFound", MissingTableError, False),
        (407, "", UnreachableError, False),
        (302, "", BrokenAnswerError, True),
        (408, "", ThrottledError, True),
        (429, "", ThrottledError, True),
        (500, "OperationTimedOut", ThrottledError, True),
        (502, "", ThrottledError, True),
        (503, "ServerBusy", ThrottledError, True),
        (504, "", ThrottledError, True),
    ],
)
def test_a_status_and_a_code_say_what_failed_and_whether_to_ask_again(status, code, kind, may_pass):
    failure = refused(BY_KEY, status, {}, problem(code))
    assert (failure.kind, failure.may_pass) == (kind, may_pass)
    assert f"status {status}" in failure.found
    assert code in failure.found
    assert "ana@example.com" not in repr(failure)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"x-ms-error-code": "ServerBusy"}, b""),
        ({}, problem("ServerBusy")),
        ({}, b"<?xml?><Error><Code>ServerBusy</Code><Message>ana@example.com</Message></Error>"),
    ],
)
def test_the_code_is_in_a_header_in_json_or_in_xml(headers, body):
    assert refused(BY_KEY, 503, headers, body).found == "status 503, ServerBusy"


def test_what_looks_like_no_code_is_not_quoted():
    assert (
        refused(BY_KEY, 503, {"x-ms-error-code": "ana@example.com"}, problem("ana@example.com")).found == "status 503"
    )


@pytest.mark.parametrize(
    ("text", "seconds"), [("8", 8.0), ("0.5", 0.5), ("", 0.0), ("Wed, 21 Oct 2026", 0.0), ("-3", 0.0)]
)
def test_the_wait_that_the_service_asks_for(text, seconds):
    assert refused(BY_KEY, 503, {"Retry-After": text}, b"").retry_after == seconds


def test_an_error_has_the_services_number_and_how_often_it_was_asked():
    error = refused(BY_KEY, 503, {"x-ms-request-id": "7"}, b"").error(6)
    assert str(error) == (
        "contoso.table.core.windows.net is too busy or failing; found status 503, 6 times; "
        "try again later; what was read so far counts"
    )
    assert (error.request_id, error.rows, error.resume) == ("7", 0, None)


@pytest.mark.parametrize(
    ("signature", "hint"),
    [
        ("se=2020-01-01T00:00:00Z", "the signature ended at 2020-01-01T00:00:00Z"),
        ("se=2020-01-01", "the signature ended at 2020-01-01"),
        ("se=2099-01-01&st=2098-01-01T00:00:00Z", "the signature begins only at 2098-01-01T00:00:00Z"),
        ("se=2099-01-01", "check the permission"),
        ("se=soon", "check the permission"),
        ("se=2099-01-01&spk=a&epk=b", "limited to a range of keys"),
    ],
)
def test_a_refused_signature_says_what_its_own_parts_tell(signature, hint):
    failure = refused(by_signature(signature), 403, {}, problem("AuthenticationFailed"))
    assert hint in failure.next_step
    assert "secret" not in repr(failure)


def test_a_refused_token_names_the_role():
    table = LeadTable("Leads", Account(ENDPOINT, token_credential=object()))
    assert "Storage Table Data Reader" in refused(table, 403, {}, problem("AuthorizationPermissionMismatch")).next_step


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("AuthorizationFailure", "a firewall of the account refuses so too"),
        ("KeyBasedAuthenticationNotPermitted", "credential='default'"),
        ("AuthenticationFailed", "check the account key"),
    ],
)
def test_a_refused_key_says_what_the_code_tells(code, hint):
    assert hint in refused(BY_KEY, 403, {}, problem(code)).next_step


@pytest.mark.parametrize(
    ("minutes", "hint"),
    [(23, "23 minutes behind the service's"), (-90, "90 minutes ahead of the service's"), (14, None)],
)
def test_a_clock_that_is_off_is_told(minutes, hint):
    service = datetime.now(UTC) + timedelta(minutes=minutes, seconds=1)
    failure = refused(BY_KEY, 403, {"Date": format_datetime(service, usegmt=True)}, b"")
    assert (hint in failure.next_step) if hint else ("clock" not in failure.next_step)


@pytest.mark.parametrize(
    ("cause", "found", "may_pass"),
    [
        (socket.gaierror("not known"), "no such name in the network", True),
        (ConnectionRefusedError(), "a refused connection", True),
        (TimeoutError(), "no answer in time", True),
        (ssl.SSLCertVerificationError("self-signed"), "a certificate that is not trusted", False),
        (ssl.SSLError("wrong version"), "a broken TLS connection", True),
        (ConnectionResetError(), "a connection that broke", True),
    ],
)
def test_the_reason_is_found_behind_the_errors_of_the_libraries(cause, found, may_pass):
    wrapped = ServiceRequestError("https://contoso.example?sig=secret", error=OSError("outer", cause))
    failure = no_answer(BY_KEY, wrapped)
    assert (failure.kind, failure.found, failure.may_pass) == (UnreachableError, found, may_pass)
    assert "secret" not in repr(failure)


def test_what_is_no_page_and_what_is_too_slow():
    assert not_a_page(BY_KEY, "no JSON").kind is BrokenAnswerError
    assert too_slow(BY_KEY, 300.0).found == "no whole page in 300 s"
