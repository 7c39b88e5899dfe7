import logging

import pytest
from faulty_proxy import faulty_proxy, status
from table_endpoint import ACCOUNT, KEY, made_leads, table_endpoint

from leadanalytics.errors import AccessError, ThrottledError
from leadanalytics.reading.azure_table.accounts import open_table
from leadanalytics.reading.azure_table.patience import Patience
from leadanalytics.reading.azure_table.requests import connection
from leadanalytics.reading.azure_table.retrying import ask


@pytest.fixture
def asked():
    """Give what asking through a proxy brings that spoils the first answers, and the waits between."""
    with table_endpoint(made_leads(3)) as endpoint:

        def through(fault, *, times):
            waits = []
            with faulty_proxy(endpoint.port, fault, when=lambda number: number <= times) as proxy:
                table = open_table(account_url=f"http://127.0.0.1:{proxy.port}/{ACCOUNT}", account_key=KEY)
                with connection(table, Patience()) as client:
                    return ask(client, table, {}, pause=waits.append), waits

        yield through


def test_a_page_is_asked_for_until_it_comes(asked):
    answer, waits = asked(status(503), times=5)
    assert answer.attempts == 6
    assert len(answer.entities) == 3
    assert len(waits) == 5


def test_after_six_attempts_it_is_an_error(asked):
    with pytest.raises(ThrottledError, match="status 503, Injected, 6 times") as raised:
        asked(status(503), times=6)
    assert raised.value.__context__ is None


def test_what_cannot_pass_is_asked_once(asked):
    with pytest.raises(AccessError, match="found status 403, Injected; "):
        asked(status(403), times=6)


def test_a_wait_is_told_in_the_log(asked, caplog):
    caplog.set_level(logging.INFO, logger="leadanalytics")
    asked(status(503, Retry_After="8"), times=1)
    assert "status 503, Injected): asking again in 8.0 s" in caplog.text
