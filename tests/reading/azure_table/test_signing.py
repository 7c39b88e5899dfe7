import base64
import contextlib
import io
import json
import logging
import threading
import time
import traceback
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from azure.core.credentials import AccessToken, AzureNamedKeyCredential
from azure.data.tables import AccountSasPermissions, TableSasPermissions, generate_account_sas, generate_table_sas
from azurite import ACCOUNT, KEY, connection_string, write_leads
from faulty_proxy import FAULTS, faulty_proxy, status
from table_endpoint import keys_of, made_leads

from leadanalytics.errors import AccessError, TableError, UnreachableError
from leadanalytics.reading.azure_table.accounts import Account, LeadTable, open_table
from leadanalytics.reading.azure_table.patience import Patience
from leadanalytics.reading.azure_table.scanning import scan_pages
from leadanalytics.reading.azure_table.signing import signatures_unlogged, signing_policy

HASTY = Patience(attempts=2, first_wait=0.001, longest_wait=0.002, read=0.4, page=0.5)
LEADS = made_leads(10)
NAMED_KEY = AzureNamedKeyCredential(ACCOUNT, KEY)
SIGNATURE = "c2VjcmV0+signature"


def address(port, *, scheme="http"):
    return f"{scheme}://127.0.0.1:{port}/{ACCOUNT}"


def account_signature(*, hours=1, **permissions):
    allowed = AccountSasPermissions(**permissions or {"read": True, "list": True})
    return generate_account_sas(NAMED_KEY, "sco", allowed, expiry=datetime.now(UTC) + timedelta(hours=hours))


def table_signature(*, name="AzuriteLeads", **options):
    options = {"permission": TableSasPermissions(read=True), "expiry": datetime.now(UTC) + timedelta(hours=1)} | options
    return generate_table_sas(NAMED_KEY, name, **options)


def token(*, audience="https://storage.azure.com", hours=1):
    """Return an unsigned token: the emulator looks at its claims only."""
    now = int(time.time())
    claims = {
        "aud": audience,
        "iss": "https://sts.windows.net/00000000-0000-0000-0000-000000000001/",
        "iat": now - 7_200,
        "nbf": now - 7_200,
        "exp": now + hours * 3_600,
        "sub": "somebody",
    }
    parts = [json.dumps({"typ": "JWT", "alg": "RS256"}), json.dumps(claims), "signature"]
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)


class Credential:
    def __init__(self, **options):
        self.token = token(**options)

    def get_token(self, *scopes, **options):
        assert scopes == ("https://storage.azure.com/.default",)
        return AccessToken(self.token, int(time.time()) + 3_600)


def ways(port, *, scheme="http"):
    """Return every way to open the table with a key or a signature."""
    url, account, table = address(port, scheme=scheme), account_signature(), table_signature()
    return {
        "key in a connection string": {"connection_string": connection_string(port, scheme=scheme)},
        "account key": {"account_url": url, "account_key": KEY},
        "account signature in a connection string": {
            "connection_string": f"TableEndpoint={url};SharedAccessSignature={account}"
        },
        "account signature": {"sas_url": f"{url}?{account}"},
        "account signature at the table": {"sas_url": f"{url}/AzuriteLeads?{account}"},
        "table signature": {"sas_url": f"{url}?{table}"},
        "table signature at the table": {"sas_url": f"{url}/AzuriteLeads?{table}"},
    }


WAYS = list(ways(1))


@pytest.fixture(scope="module")
def http_port(azurite_leads):
    return azurite_leads


@pytest.fixture(scope="module")
def https(azurite_with_tokens):
    """Give the port and the certificate of a service over TLS that holds a few leads."""
    port, certificate = azurite_with_tokens
    write_leads(port, LEADS, connection_verify=str(certificate), scheme="https")
    return port, certificate


def keys(pages):
    return keys_of(row for page in pages for row in page.rows.to_pylist())


@pytest.mark.azurite
@pytest.mark.parametrize("way", WAYS)
def test_a_key_or_a_signature_opens_a_table_over_http(http_port, way):
    table = open_table("AzuriteLeads", **ways(http_port)[way])
    assert next(scan_pages(table)).rows.num_rows == 1_000


@pytest.mark.azurite
@pytest.mark.parametrize("way", WAYS)
def test_a_key_or_a_signature_opens_a_table_over_https(https, way):
    port, certificate = https
    table = open_table("AzuriteLeads", ca_file=certificate, **ways(port, scheme="https")[way])
    assert keys(scan_pages(table)) == keys_of(LEADS)


@pytest.mark.azurite
def test_a_token_opens_a_table_over_https(https):
    port, certificate = https
    url = address(port, scheme="https")
    table = open_table("AzuriteLeads", account_url=url, credential=Credential(), ca_file=certificate)
    assert keys(scan_pages(table)) == keys_of(LEADS)


@pytest.mark.azurite
def test_the_default_credential_opens_a_table(https, monkeypatch):
    port, certificate = https
    with identity_service() as identity_port:
        monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential")
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://127.0.0.1:{identity_port}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "it")
        url = address(port, scheme="https")
        table = open_table("AzuriteLeads", account_url=url, credential="default", ca_file=certificate)
        assert keys(scan_pages(table)) == keys_of(LEADS)
        table.account.token_credential.close()


@contextlib.contextmanager
def identity_service():
    """Run what a machine of Azure asks for its token, on a port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            given = {"access_token": token(), "expires_on": str(int(time.time()) + 3_600), "token_type": "Bearer"}
            body = json.dumps(given | {"resource": "https://storage.azure.com"}).encode()
            self.send_response_only(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def refused(**given):
    with pytest.raises(TableError) as raised:
        list(scan_pages(open_table("AzuriteLeads", **given), patience=HASTY))
    return raised.value


@pytest.mark.azurite
@pytest.mark.parametrize(
    ("signature", "next_step"),
    [
        (lambda: account_signature(hours=-1), "the signature ended at"),
        (lambda: table_signature(start=datetime.now(UTC) + timedelta(hours=0.5)), "the signature begins only at"),
        (lambda: table_signature(name="Others").replace("tn=Others", "tn=AzuriteLeads"), "check the permission"),
        (lambda: table_signature().replace("sig=", "sig=AAAA"), "check the permission"),
    ],
    ids=["ended", "not begun", "of another table", "changed"],
)
def test_a_signature_that_does_not_fit_is_refused_with_what_may_be_wrong(http_port, signature, next_step):
    error = refused(sas_url=f"{address(http_port)}?{signature()}")
    assert type(error) is AccessError
    assert "status 403" in error.found
    assert next_step in error.next_step


@pytest.mark.azurite
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_wrong_key_is_refused(http_port, https, scheme):
    wrong = base64.b64encode(b"w" * 64).decode()
    port, ca_file = (http_port, None) if scheme == "http" else https
    error = refused(account_url=address(port, scheme=scheme), account_key=wrong, ca_file=ca_file)
    assert type(error) is AccessError
    assert "check the account key" in error.next_step


@pytest.mark.azurite
@pytest.mark.parametrize("options", [{"audience": "https://graph.example"}, {"hours": -1}], ids=["audience", "ended"])
def test_a_wrong_token_is_refused(https, options):
    port, certificate = https
    error = refused(account_url=address(port, scheme="https"), credential=Credential(**options), ca_file=certificate)
    assert type(error) is AccessError
    assert "Storage Table Data Reader" in error.next_step


@pytest.mark.azurite
def test_a_certificate_that_nobody_vouches_for_is_refused_at_once(https):
    error = refused(account_url=address(https[0], scheme="https"), account_key=KEY)
    assert type(error) is UnreachableError
    assert error.found == "a certificate that is not trusted"


# Each way to open a table, and what it must never show.
SECRETS = {
    "key": lambda port: ({"account_url": address(port), "account_key": KEY}, [KEY]),
    "connection string": lambda port: ({"connection_string": connection_string(port)}, [KEY]),
    "signature": lambda port: signed(port, account_signature(), path=""),
    "table signature": lambda port: signed(port, table_signature(), path="/AzuriteLeads"),
    "signature in a connection string": lambda port: in_connection_string(port, account_signature()),
}


def signed(port, signature, *, path):
    return {"sas_url": f"{address(port)}{path}?{signature}"}, secrets_of(signature)


def in_connection_string(port, signature):
    text = f"TableEndpoint={address(port)};SharedAccessSignature={signature}"
    return {"connection_string": text}, secrets_of(signature)


def secrets_of(signature):
    """Return a signature as it stands in addresses, and its first letters, which need no escapes."""
    written = signature.rpartition("sig=")[2].partition("&")[0]
    return [written, written[:8]]


@pytest.mark.azurite
@pytest.mark.parametrize("way", SECRETS)
@pytest.mark.parametrize("fault", [*FAULTS, "403", "none"])
def test_no_secret_is_ever_shown(http_port, capfd, caplog, way, fault):
    caplog.set_level(logging.DEBUG)
    given_fault = {**FAULTS, "403": status(403), "none": None}[fault]
    with faulty_proxy(http_port, given_fault, when=lambda number: number >= 2) as proxy:
        given, secrets = SECRETS[way](proxy.port)
        table = open_table("AzuriteLeads", **given)
        shown = [repr(table), repr(signing_policy(table.account)), read_and_tell(table)]
        sent = [name.rpartition(":")[2] for name in proxy.authorizations if name]
    shown += [caplog.text, *capfd.readouterr(), *(repr(vars(record)) for record in caplog.records)]
    assert "urllib3" in caplog.text
    assert not [secret for secret in [*secrets, *sent] if secret in "\n".join(shown)]


@pytest.mark.azurite
def test_no_token_is_ever_shown(https, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    port, certificate = https
    shown = []
    for credential in (Credential(), Credential(hours=-1)):
        url = address(port, scheme="https")
        table = open_table("AzuriteLeads", account_url=url, credential=credential, ca_file=certificate)
        shown += [repr(table), read_and_tell(table)]
        text = "\n".join([*shown, caplog.text, *capfd.readouterr()])
        assert credential.token not in text
        assert credential.token.split(".")[1][:40] not in text


def read_and_tell(table):
    """Return all that a traceback with the values of its variables can show of reading a table."""
    told = io.StringIO()
    try:
        list(scan_pages(table, patience=HASTY))
    except TableError as error:
        traceback.TracebackException.from_exception(error, capture_locals=True).print(file=told)
    return told.getvalue()


def test_other_requests_are_logged_as_before(caplog):
    caplog.set_level(logging.DEBUG)
    log = logging.getLogger("urllib3.connectionpool")
    filters = list(log.filters)
    with signatures_unlogged():
        log.debug('%s "%s %s"', "https://contoso.example", "GET", f"/Leads()?sp=r&sig={SIGNATURE}&se=2099")
        log.debug("a resetting connection")
    log.debug(f"sig={SIGNATURE}")
    assert caplog.messages == [
        'https://contoso.example "GET /Leads()?sp=r&sig=REDACTED&se=2099"',
        "a resetting connection",
        f"sig={SIGNATURE}",
    ]
    assert log.filters == filters


def test_an_account_without_a_secret_signs_nothing():
    with pytest.raises(ValueError, match="a key with a name, a signature or a token"):
        signing_policy(Account("https://contoso.example"))


def test_a_credential_that_fails_is_an_error_of_access():
    from azure.core.exceptions import ClientAuthenticationError

    class Failing:
        def get_token(self, *scopes, **options):
            raise ClientAuthenticationError("a long story with a secret-token")

    table = LeadTable("Leads", Account("https://127.0.0.1:1/contoso", "contoso", token_credential=Failing()))
    with pytest.raises(AccessError, match="no token for table 'Leads'") as raised:
        list(scan_pages(table, patience=HASTY))
    assert "secret-token" not in repr(raised.value)
