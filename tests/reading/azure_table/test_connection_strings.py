import base64

import pytest

from leadanalytics.errors import TableError
from leadanalytics.reading.azure_table.connection_strings import (
    check_key,
    check_signature,
    endpoint_of,
    read_connection_string,
    signature_parts,
)

KEY = base64.b64encode(b"k" * 64).decode()


@pytest.mark.parametrize(
    "text",
    [
        f"AccountName=contoso;AccountKey={KEY}",
        f"  AccountName=contoso;AccountKey={KEY};\n",
        f'"AccountName=contoso;AccountKey={KEY}"',
        f"'AccountName = contoso ; AccountKey = {KEY} ; '",
        f"accountname=contoso;;ACCOUNTKEY={KEY};",
    ],
)
def test_blanks_quotes_and_semicolons_do_not_matter(text):
    assert read_connection_string(text) == {"accountname": "contoso", "accountkey": KEY}


@pytest.mark.parametrize(
    "text", ["UseDevelopmentStorage=true", "usedevelopmentstorage=True;", '"UseDevelopmentStorage=true;"']
)
def test_the_emulator_is_a_word(text):
    fields = read_connection_string(text)
    assert endpoint_of(fields) == "http://127.0.0.1:10002/devstoreaccount1"
    assert check_key(fields["accountkey"], field="AccountKey")


def test_the_emulator_may_be_elsewhere():
    text = "UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://emulator.example"
    assert endpoint_of(read_connection_string(text)) == "http://emulator.example:10002/devstoreaccount1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        (' ";" ', "is empty"),
        ("hello", "part 1 of 1 without a name"),
        (f"AccountName=contoso;{KEY}", "part 2 of 2 without a name"),
        (f"AccountKey={KEY};AccountName=contoso;accountkey={KEY}", "gives accountkey twice"),
    ],
)
def test_what_is_no_connection_string_is_not_shown(text, message):
    with pytest.raises(TableError, match=message) as raised:
        read_connection_string(text)
    assert KEY not in repr(raised.value)
    assert "hello" not in repr(raised.value)


@pytest.mark.parametrize(
    ("text", "endpoint"),
    [
        ("AccountName=contoso", "https://contoso.table.core.windows.net"),
        ("AccountName=contoso;DefaultEndpointsProtocol=http", "http://contoso.table.core.windows.net"),
        ("AccountName=contoso;EndpointSuffix=core.chinacloudapi.cn", "https://contoso.table.core.chinacloudapi.cn"),
        ("AccountName=contoso;TableEndpoint=https://leads.example/", "https://leads.example/"),
    ],
)
def test_the_endpoint_is_given_or_made(text, endpoint):
    assert endpoint_of(read_connection_string(text)) == endpoint


def test_an_endpoint_of_blobs_alone_is_not_guessed_from():
    with pytest.raises(TableError, match="neither TableEndpoint nor AccountName"):
        endpoint_of(read_connection_string("BlobEndpoint=https://contoso.blob.core.windows.net"))


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("not base64!", "AccountKey is not base64"),
        (KEY.rstrip("="), "'==' at its end"),
        (base64.b64encode(b"k" * 32).decode(), "64 bytes; found 32"),
        ("", "64 bytes; found 0"),
    ],
)
def test_a_key_that_cannot_be_one_is_refused(key, message):
    with pytest.raises(TableError, match=message) as raised:
        check_key(key, field="AccountKey")
    assert not key or key not in repr(raised.value)


@pytest.mark.parametrize(
    ("signature", "message"),
    [("sv=2020-12-06&se=2099", "no part 'sig'"), ("?sp=wd&sig=secret", "does not permit reading")],
)
def test_a_signature_that_cannot_read_is_refused(signature, message):
    with pytest.raises(TableError, match=message) as raised:
        check_signature(signature, field="sas_url")
    assert "secret" not in repr(raised.value)


def test_a_signature_may_begin_with_a_question_mark():
    assert check_signature(" ?sp=r&sig=a%2Fb ", field="sas_url") == "sp=r&sig=a%2Fb"
    assert signature_parts("sp=r&sig=a%2Fb") == {"sp": "r", "sig": "a/b"}
