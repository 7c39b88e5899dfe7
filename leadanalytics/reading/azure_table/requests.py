"""One request to the service and its answer: a page, or the reason why there is none."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from azure.core import PipelineClient
from azure.core.exceptions import AzureError
from azure.core.pipeline.policies import HeadersPolicy, HttpLoggingPolicy, ProxyPolicy, RequestIdPolicy, UserAgentPolicy
from azure.core.rest import HttpRequest, HttpResponse

from leadanalytics.reading.azure_table.accounts import LeadTable
from leadanalytics.reading.azure_table.failures import Failure, no_answer, not_a_page, refused, too_slow
from leadanalytics.reading.azure_table.patience import Patience
from leadanalytics.reading.azure_table.signing import signatures_unlogged, signing_policy
from leadanalytics.reading.json_records import parse

# With minimal metadata an entity says which of its properties are no plain text.
_HEADERS = {
    "Accept": "application/json;odata=minimalmetadata",
    "DataServiceVersion": "3.0",
    "x-ms-version": "2020-12-06",
}
_CONTINUATION = "x-ms-continuation-"
_NEXT_KEYS = ("NextPartitionKey", "NextRowKey")
# A body is read in parts of this size, between which the clock is looked at.
_PART = 1 << 14


class Answer(NamedTuple):
    """A page as the service sent it."""

    entities: list[dict[str, Any]]
    continuation: dict[str, str]
    date: str | None
    request_id: str | None
    attempts: int = 1


@contextlib.contextmanager
def connection(table: LeadTable, patience: Patience) -> Iterator[PipelineClient]:
    """Give a client for one thread that signs its requests; proxies and certificates are those of the environment.

    The client has no policy of retries: those of azure.core give up early and sleep as long as they are told to.
    """
    policies = [
        RequestIdPolicy(),
        HeadersPolicy(_HEADERS),
        UserAgentPolicy("leadanalytics"),
        ProxyPolicy(),
        signing_policy(table.account),
        HttpLoggingPolicy(),
    ]
    client: PipelineClient = PipelineClient(
        table.account.endpoint,
        policies=policies,
        connection_timeout=patience.connect,
        read_timeout=patience.read,
        connection_verify=table.account.ca_file or True,
        connection_data_block_size=_PART,
    )
    with signatures_unlogged(), client:
        yield client


def ask_once(
    client: PipelineClient, table: LeadTable, query: Mapping[str, str], patience: Patience
) -> Answer | Failure:
    """Return the page that a query names, or why it did not come."""
    address = f"{table.account.endpoint}/{table.name}()"
    request = HttpRequest("GET", f"{address}?{urlencode(query, quote_via=quote)}" if query else address)
    deadline = time.monotonic() + patience.page
    try:
        with client.send_request(request, stream=True) as response:
            body = _body(response, deadline)
    except (AzureError, OSError) as error:
        return no_answer(table, error)
    if body is None:
        return too_slow(table, patience.page)
    if response.status_code != 200:
        return refused(table, response.status_code, response.headers, body)
    return _page(table, response.headers, body)


def _body(response: HttpResponse, deadline: float) -> bytes | None:
    """Return the body of an answer, or None when it does not end in time: each part may come in time, all of it not."""
    parts = []
    for part in response.iter_bytes():
        parts.append(part)
        if time.monotonic() > deadline:
            return None
    return b"".join(parts)


def _page(table: LeadTable, headers: Mapping[str, str], body: bytes) -> Answer | Failure:
    request_id = headers.get("x-ms-request-id")
    try:
        document = parse(body)
    except ValueError:
        return not_a_page(table, "no JSON" if body else "nothing", request_id)
    entities = document.get("value") if isinstance(document, dict) else None
    if not isinstance(entities, list) or not all(map(_has_keys, entities)):
        return not_a_page(table, "JSON without a list of entities", request_id)
    # The service may name the next partition alone.
    continuation = {name: headers[_CONTINUATION + name] for name in _NEXT_KEYS if headers.get(_CONTINUATION + name)}
    return Answer(entities, continuation, headers.get("Date"), request_id)


def _has_keys(entity: Any) -> bool:
    return isinstance(entity, dict) and "PartitionKey" in entity and "RowKey" in entity
