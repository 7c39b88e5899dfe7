import base64

import pytest
from azure.core.credentials import AccessToken, AzureNamedKeyCredential, AzureSasCredential
from azure.data.tables import TableClient

from leadanalytics.errors import MissingExtraError, OptionError, TableError
from leadanalytics.reading.azure_table.accounts import VARIABLE, Account, LeadTable, open_table, table_of

KEY = base64.b64encode(b"k" * 64).decode()
SIGNED = "sv=2020-12-06&sp=r&se=2099-01-01&sig=c2VjcmV0"
ENDPOINT = "https://contoso.table.core.windows.net"


class Credential:
    def get_token(self, *scopes, **options):
        return AccessToken("secret-token", 4_102_444_800)


@pytest.mark.parametrize(
    ("given", "account"),
    [
        (
            {"connection_string": f"AccountName=contoso;AccountKey={KEY};"},
            Account(ENDPOINT, "contoso", key=KEY),
        ),
        (
            {"connection_string": f"TableEndpoint={ENDPOINT}/;SharedAccessSignature=?{SIGNED}"},
            Account(ENDPOINT, "contoso", shared_access_signature=SIGNED),
        ),
        (
            {"account_url": f"{ENDPOINT}/", "account_key": f" {KEY}\n"},
            Account(ENDPOINT, "contoso", key=KEY),
        ),
        (
            {"account_url": "http://127.0.0.1:10002/devstoreaccount1", "account_key": KEY},
            Account("http://127.0.0.1:10002/devstoreaccount1", "devstoreaccount1", key=KEY),
        ),
        ({"sas_url": f"{ENDPOINT}/?{SIGNED}"}, Account(ENDPOINT, "contoso", shared_access_signature=SIGNED)),
        ({"sas_url": f"{ENDPOINT}?{SIGNED}"}, Account(ENDPOINT, "contoso", shared_access_signature=SIGNED)),
    ],
)
def test_an_account_is_opened_in_many_ways(given, account):
    assert open_table(**given) == LeadTable("MarketplaceLeads", account)


def test_a_credential_opens_an_account():
    credential = Credential()
    table = open_table("Leads", account_url=ENDPOINT, credential=credential)
    assert table == LeadTable("Leads", Account(ENDPOINT, "contoso", token_credential=credential))


def test_nothing_given_is_the_environment(monkeypatch):
    monkeypatch.setenv(VARIABLE, f"AccountName=contoso;AccountKey={KEY}")
    assert open_table("Leads").account.key == KEY


@pytest.mark.parametrize("value", [None, " "])
def test_a_missing_variable_is_named(monkeypatch, value):
    monkeypatch.delenv(VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(VARIABLE, value)
    with pytest.raises(TableError, match=VARIABLE):
        open_table()


@pytest.mark.parametrize(
    ("path", "signature", "name", "opened"),
    [
        ("/Leads", SIGNED, "MarketplaceLeads", "Leads"),
        ("/Leads()", SIGNED, "MarketplaceLeads", "Leads"),
        ("/Leads", f"{SIGNED}&tn=leads", "Leads", "Leads"),
        ("", f"{SIGNED}&tn=leads", "MarketplaceLeads", "leads"),
        ("", f"{SIGNED}&tn=leads", "Leads", "Leads"),
        ("", f"{SIGNED}&tn=marketplaceleads", "MarketplaceLeads", "MarketplaceLeads"),
        ("", SIGNED, "Leads", "Leads"),
    ],
)
@pytest.mark.parametrize("host", [ENDPOINT, "http://127.0.0.1:10002/devstoreaccount1"])
def test_a_signed_address_may_name_the_table(host, path, signature, name, opened):
    table = open_table(name, sas_url=f"{host}{path}?{signature}")
    assert (table.name, table.account.endpoint) == (opened, host)


@pytest.mark.parametrize(("path", "signed_for"), [("/Leads", "other"), ("", "other"), ("/Other", "leads")])
def test_a_signed_address_of_another_table_is_refused(path, signed_for):
    with pytest.raises(TableError, match="different tables"):
        open_table("Leads", sas_url=f"{ENDPOINT}{path}?{SIGNED}&tn={signed_for}")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"connection_string": "AccountName=contoso"}, "neither AccountKey nor SharedAccessSignature"),
        ({"connection_string": f"AccountKey={KEY}"}, "neither TableEndpoint nor AccountName"),
        ({"connection_string": f"AccountKey={KEY};TableEndpoint=http://127.0.0.1:1"}, "AccountName is missing"),
        ({"connection_string": f"AccountKey={KEY};TableEndpoint=contoso"}, "TableEndpoint is no address"),
        ({"sas_url": f"contoso?{SIGNED}"}, "sas_url is no address"),
        ({"sas_url": ENDPOINT}, "no part 'sig'"),
        ({"account_url": "ftp://contoso.example", "account_key": KEY}, "account_url is no address"),
        ({"account_url": "https://me:c2VjcmV0@contoso.example", "account_key": KEY}, "account_url is no address"),
        ({"account_url": "https://contoso.example:port", "account_key": KEY}, "account_url is no address"),
        ({"account_url": "http://contoso.example", "credential": Credential()}, "a token travels over https only"),
        ({"account_url": ENDPOINT, "account_key": KEY, "ca_file": "nowhere.pem"}, "ca_file is not there"),
    ],
)
def test_what_cannot_be_right_is_refused_before_anything_is_sent(given, message):
    with pytest.raises(TableError, match=message) as raised:
        open_table(**given)
    assert KEY not in repr(raised.value)
    assert "c2VjcmV0" not in repr(raised.value)


@pytest.mark.parametrize("name", ["", "ab", "1Leads", "my-leads", "a" * 64, "Leads "])
def test_a_name_that_no_table_has_is_refused(name):
    with pytest.raises(TableError, match="is not the name of a table"):
        open_table(name, account_url=ENDPOINT, account_key=KEY)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"connection_string": "a", "sas_url": "b"}, "connection_string and sas_url"),
        ({"account_key": KEY}, "needs an account_url"),
        ({"sas_url": f"{ENDPOINT}?{SIGNED}", "credential": "default"}, "needs an account_url"),
        ({"account_url": ENDPOINT}, "found neither"),
        ({"account_url": ENDPOINT, "account_key": KEY, "credential": "default"}, "found both"),
        ({"account_url": f"{ENDPOINT}?{SIGNED}", "account_key": KEY}, "give it as sas_url"),
        ({"account_url": ENDPOINT, "credential": "defualt"}, "found str"),
        ({"account_url": ENDPOINT, "credential": AzureNamedKeyCredential("contoso", KEY)}, "given as account_key"),
    ],
)
def test_arguments_that_do_not_go_together(given, message):
    with pytest.raises(OptionError, match=message):
        open_table(**given)


def test_a_missing_azure_identity_names_the_extra(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "azure.identity", None)
    with pytest.raises(MissingExtraError, match=r"leadanalytics\[azure\]"):
        open_table(account_url=ENDPOINT, credential="default")


def test_a_table_shows_no_secret():
    credential = Credential()
    for secret in ({"key": KEY}, {"shared_access_signature": SIGNED}, {"token_credential": credential}):
        shown = repr(LeadTable("Leads", Account(ENDPOINT, "contoso", **secret)))
        assert shown.count("=") == 5
        assert "contoso" in shown


def test_the_facts_of_a_signature_are_no_secret():
    account = Account(ENDPOINT, shared_access_signature=SIGNED)
    assert account.signature_facts == {"sv": "2020-12-06", "sp": "r", "se": "2099-01-01"}


@pytest.mark.parametrize(
    ("client", "secret"),
    [
        (TableClient(ENDPOINT, "Leads", credential=AzureNamedKeyCredential("contoso", KEY)), {"key": KEY}),
        (
            TableClient.from_connection_string(f"AccountName=contoso;AccountKey={KEY}", "Leads"),
            {"key": KEY},
        ),
        (
            TableClient(ENDPOINT, "Leads", credential=AzureSasCredential(SIGNED)),
            {"shared_access_signature": SIGNED},
        ),
        (TableClient.from_table_url(f"{ENDPOINT}/Leads?{SIGNED}"), {"shared_access_signature": SIGNED}),
        (TableClient(ENDPOINT, "Leads", credential=(token := Credential())), {"token_credential": token}),
    ],
    ids=["key", "connection string", "signature", "signed address", "token"],
)
def test_a_client_of_the_sdk_is_a_table(client, secret):
    table = table_of(client)
    found = {name: value for name in secret if (value := getattr(table.account, name))}
    assert (table.name, table.account.endpoint, found) == ("Leads", ENDPOINT, secret)


def test_a_table_is_a_table():
    table = open_table(account_url=ENDPOINT, account_key=KEY)
    assert table_of(table) is table


def test_what_is_no_table_is_named():
    with pytest.raises(TableError, match="found str; table = open_table"):
        table_of("MarketplaceLeads")
