import pytest
from azure.core.credentials import AzureSasCredential
from azure.data.tables import TableClient
from table_endpoint import KEY

from leadanalytics.errors import TableError
from leadanalytics.reading.azure_table.accounts import open_table, table_of
from leadanalytics.reading.azure_table.origins import Origin, origin_of

TABLE = "MarketplaceLeads"
SIGNATURE = "sv=2020-12-06&sp=r&se=2099-01-01T00:00:00Z&sig=c2VjcmV0"


def client(endpoint):
    return table_of(TableClient(endpoint, TABLE, credential=AzureSasCredential(SIGNATURE)))


@pytest.mark.parametrize(
    "table",
    [
        open_table(account_url="https://contoso.table.core.windows.net", account_key=KEY),
        open_table(sas_url=f"https://contoso.table.core.windows.net/{TABLE}?{SIGNATURE}"),
        client("https://contoso.table.core.windows.net"),
        client("http://127.0.0.1:10002/contoso"),
    ],
)
def test_one_table_is_one_origin_however_it_is_opened(table):
    origin = origin_of(table)
    assert origin == Origin("contoso", TABLE)
    assert "c2VjcmV0" not in repr(origin)


def test_a_range_of_keys_is_another_origin():
    narrow = open_table(sas_url=f"https://contoso.table.core.windows.net/{TABLE}?{SIGNATURE}&spk=2&epk=3")
    assert str(origin_of(narrow)) == f"the keys spk=2, epk=3 of the table '{TABLE}' of account 'contoso'"
    assert not origin_of(narrow).is_same(Origin("contoso", TABLE))


def test_the_case_of_a_table_does_not_matter_that_of_nothing_else_is_known():
    assert Origin("contoso", TABLE).is_same(Origin("contoso", TABLE.lower()))
    assert not Origin("contoso", TABLE).is_same(Origin("fabrikam", TABLE))


def test_a_secondary_endpoint_is_refused():
    lagging = open_table(account_url="https://contoso-secondary.table.core.windows.net", account_key=KEY)
    with pytest.raises(TableError, match="lags behind by an unknown time"):
        origin_of(lagging)
