import uuid
from datetime import UTC, datetime, timedelta

import pytest
from azure.data.tables import TableServiceClient
from azurite import connection_string
from faulty_proxy import faulty_proxy, replaced_by, status
from table_endpoint import KEY, SIGNATURE, table_endpoint

from leadanalytics.errors import TableError
from leadanalytics.reading.azure_table import checking
from leadanalytics.reading.azure_table.accounts import open_table
from leadanalytics.reading.azure_table.checking import Code, check_table
from leadanalytics.reading.azure_table.patience import Patience

NOW = datetime.now(UTC)
TICKS = 636573304831318844


def lead(number, *, partition="2:2F27:2F2024", stored="2024-02-27T05:41:09.1234567Z", **properties):
    return {
        "PartitionKey": partition,
        "RowKey": f"r{number}",
        "Timestamp": stored,
        "ActionCode": "INS",
        "CustomerInfo": '{"FirstName": "Ana", "Email": "ana@example.com"}',
        "LeadSource": "AzureMarketplace-INS | contoso.app",
        **properties,
    }


def us_key(day):
    return f"{day.month}:2F{day.day}:2F{day.year}"


def opened(endpoint, port=None):
    text = endpoint.connection_string
    return open_table(connection_string=text.replace(str(endpoint.port), str(port or endpoint.port)))


def check_of(*entities, **options):
    with table_endpoint(list(entities), **options) as endpoint:
        return check_table(opened(endpoint))


def test_a_table_that_answers_and_holds_leads_has_no_problem():
    seen = check_of(
        lead(1),
        lead(2, LeadSource="SPZA", ActionCode="PLT", stored="2024-03-01T00:00:00Z"),
        lead(3),
        {"PartitionKey": "settings", "RowKey": "1", "Timestamp": "2024-05-01T00:00:00Z", "Colour": "red"},
    )
    assert seen.problems == ()
    assert seen.looked_at == "the whole table: 4 entities"
    assert (seen.entities, seen.leads, seen.test_leads) == (4, 3, 0)
    assert seen.codes == (Code("AzureMarketplace-INS", "INS", 2), Code("SPZA", "PLT", 1))
    assert seen.newest_lead == "2024-03-01T00:00:00Z"
    assert seen.last_test is None
    assert {"CustomerInfo", "Colour"} <= set(seen.properties)
    assert abs(seen.clock_ahead) < 2
    assert seen.latency > 0


def test_no_person_and_no_secret_is_shown():
    seen = check_of(lead(1))
    assert "ana@example.com" not in repr(seen) + repr(seen.facts)
    assert KEY not in repr(seen) + repr(seen.facts)
    assert seen.facts["lead source / action"] == "AzureMarketplace-INS / INS: 1"


def test_the_last_test_lead_tells_when_it_was_sent():
    older, newer = (f'{{"Email": "MSFT_TEST_{ticks}@test.com"}}' for ticks in (TICKS - 10_000_000, TICKS))
    seen = check_of(lead(1), lead(2, CustomerInfo=newer, stored="2030-01-01T00:00:00Z"), lead(3, CustomerInfo=older))
    assert (seen.leads, seen.test_leads) == (3, 2)
    assert seen.last_test == datetime(2018, 3, 22, 15, 48, 3, 131884, UTC)
    assert seen.newest_lead == "2024-02-27T05:41:09.1234567Z"
    assert seen.facts["last test lead sent"] == "2018-03-22 15:48:03 UTC"


def test_tests_are_counted_as_one_code_whatever_their_ticks():
    marks = [f"MSFT_TEST_{636573304831318844 + number}" for number in range(2)]
    seen = check_of(*(lead(n, LeadSource=f"{mark}-{mark}|Desk", ActionCode=mark) for n, mark in enumerate(marks)))
    assert seen.codes == (Code("MSFT_TEST_-MSFT_TEST_", "MSFT_TEST_", 2),)


def test_ticks_beyond_all_time_are_no_test():
    assert check_of(lead(1, Description="MSFT_TEST_9999999999999999999")).last_test is None


def test_the_newest_partition_is_looked_for_where_keys_are_dates():
    yesterday = us_key(NOW - timedelta(days=1))
    entities = [lead(number, partition="01:2F1:2F2020") for number in range(2)]  # before all others as text
    entities.append(lead(9, partition=yesterday, stored="2030-01-01T00:00:00Z"))
    seen = check_of(*entities, page_size=2)
    assert seen.newest_lead == "2030-01-01T00:00:00Z"
    assert seen.looked_at.endswith(f"and 1 of the partition {yesterday}")
    assert seen.leads == 3


def test_iso_dates_are_looked_for_in_one_request():
    entities = [lead(number, partition="2020-01-01") for number in range(2)]
    entities.append(lead(9, partition=f"{NOW:%Y-%m-%d}", stored="2030-01-01T00:00:00Z"))
    with table_endpoint(entities, page_size=2) as endpoint:
        assert check_table(opened(endpoint)).newest_lead == "2030-01-01T00:00:00Z"
        assert len(endpoint.queries) == 2


@pytest.mark.parametrize("partition", ["1:2F1:2F2020", "2020-01-01", "leads"])
def test_what_was_not_looked_at_is_said(partition):
    seen = check_of(*(lead(number, partition=partition) for number in range(3)), page_size=2)
    assert seen.looked_at.startswith("the first page of 2 entities")
    assert seen.looked_at.endswith("newer leads may stand behind it")


def test_empty_pages_before_the_first_are_passed_by():
    assert check_of(lead(1), empty_pages=True).leads == 1


def test_pages_without_end_and_entities_are_no_empty_table(monkeypatch):
    monkeypatch.setattr(checking, "_MOST_PAGES", 1)
    (problem,) = check_of(lead(1), empty_pages=True).problems
    assert problem.what == "the first 1 pages hold no entity"


def test_what_was_seen_is_told_even_when_the_next_request_fails(monkeypatch):
    monkeypatch.setattr(checking, "QUICK", Patience(attempts=1))
    entities = [lead(number, partition="2020-01-01") for number in range(3)]
    with table_endpoint(entities, page_size=2) as endpoint:
        with faulty_proxy(endpoint.port, status(503), when=lambda number: number > 1) as proxy:
            seen = check_table(opened(endpoint, proxy.port))
    assert "is too busy or failing" in seen.problems[0].what
    assert seen.leads == 2


def test_an_empty_table_and_one_without_leads_are_problems():
    (empty,) = check_of().problems
    assert empty.what == "the table is empty"
    assert "Microsoft sends a test lead" in str(empty)
    (wrong,) = check_of({"PartitionKey": "a", "RowKey": "1", "Timestamp": "2024-01-01T00:00:00Z"}).problems
    assert wrong.what == "none of 1 entities is a lead"


@pytest.mark.parametrize(
    ("ahead", "words"), [(timedelta(hours=1), "60 minutes behind"), (timedelta(hours=-2), "120 minutes ahead of")]
)
def test_a_clock_that_is_off_is_a_problem(ahead, words):
    (problem,) = check_of(lead(1), clock=ahead).problems
    assert problem.what == f"the clock of this computer is {words} the service's"


def test_a_missing_table_is_named_with_those_that_are_there(azurite):
    name = f"Leads{uuid.uuid4().hex[:12]}"
    with TableServiceClient.from_connection_string(connection_string(azurite), retry_total=0) as service:
        service.create_table(name)
        try:
            seen = check_table(open_table(f"{name}s", connection_string=connection_string(azurite)))
        finally:
            service.delete_table(name)
    (problem,) = seen.problems
    assert problem.what.startswith(f"there is no table '{name}s'")
    assert problem.next_step.startswith(f"did you mean '{name}'? the account has ")
    assert seen.facts["looked at"] == "nothing"


def test_a_credential_that_may_not_list_tables_still_gets_a_next_step():
    with table_endpoint([lead(1)]) as endpoint:
        (problem,) = check_table(
            open_table("OtherLeads", sas_url=endpoint.sas_url.replace("MarketplaceLeads", ""))
        ).problems
    assert problem.next_step.startswith("check the name of the table")
    assert SIGNATURE not in repr(problem)


def sas(endpoint, **parts):
    return open_table(
        sas_url=f"{endpoint.address}/MarketplaceLeads?sv=2020-12-06&" + "&".join(f"{k}={v}" for k, v in parts.items())
    )


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"sp": "r", "se": "2020-01-01T00:00:00Z"}, "the signature ended at 2020-01-01T00:00:00Z"),
        ({"se": "2099-01-01T00:00:00Z"}, "check the permission (read)"),
    ],
)
def test_a_signature_that_cannot_read_is_explained(parts, words):
    with table_endpoint([lead(1)]) as endpoint:
        (problem,) = check_table(sas(endpoint, **parts, sig="d3Jvbmc")).problems
    assert words in problem.next_step
    assert "d3Jvbmc" not in repr(problem)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (status(503), "is too busy or failing"),
        (replaced_by(b"<html>Log in</html>", "text/html"), "is no page of a table"),
    ],
)
def test_a_service_that_cannot_answer_is_a_problem(fault, words, monkeypatch):
    monkeypatch.setattr(checking, "QUICK", Patience(attempts=1))
    with table_endpoint([lead(1)]) as endpoint, faulty_proxy(endpoint.port, fault) as proxy:
        (problem,) = check_table(opened(endpoint, proxy.port)).problems
    assert words in problem.what
    assert problem.next_step


def test_an_address_where_nobody_answers_is_a_problem(monkeypatch):
    monkeypatch.setattr(checking, "QUICK", Patience(attempts=1))
    with table_endpoint([]) as endpoint:
        nobody = opened(endpoint)
    (problem,) = check_table(nobody).problems
    assert "cannot be reached; found a refused connection" in problem.what


def test_what_is_no_table_is_an_error():
    with pytest.raises(TableError, match="this is no table"):
        check_table("MarketplaceLeads")
