"""A table service in a few lines of Python that does what the emulator does not: it answers queries over HTTP only.

    with table_endpoint(entities, page_size=100, breaks_at_partitions=True) as endpoint:
        open_table(connection_string=endpoint.connection_string)

Like the real service and unlike the emulator, it compares times to 100 ns, may end a page at the end of a partition or
before its first row, and may name the next partition alone. The benchmark runs it in its own process:

    python tests/table_endpoint.py leads.parquet
"""

import base64
import bisect
import contextlib
import hashlib
import hmac
import json
import re
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qsl, unquote, urlsplit

from quiet_server import QuietHandler, serving

ACCOUNT = "contoso"
KEY = base64.b64encode(bytes(range(64))).decode()
SIGNATURE = "c2VjcmV0LXNpZ25hdHVyZQ"
TABLE = "MarketplaceLeads"

# Partition keys of two years, as the table of leads has them and as others have.
US_DATES = [f"{month}:2F{day}:2F{year}" for month in range(1, 13) for day in range(1, 29) for year in (2023, 2024)]
ISO_DATES = [f"{year}-{month:02d}-{day:02d}" for year in (2023, 2024) for month in range(1, 13) for day in range(1, 29)]

_EMPTY = "!empty"  # marks the token of a page without rows
_COMPARISON = re.compile(r"(\w+) (eq|gt|ge|lt|le) (?:datetime)?'((?:[^']|'')*)'")
_OPERATORS = {
    "eq": lambda value, limit: value == limit,
    "gt": lambda value, limit: value > limit,
    "ge": lambda value, limit: value >= limit,
    "lt": lambda value, limit: value < limit,
    "le": lambda value, limit: value <= limit,
}


@dataclass
class Endpoint:
    """A table and how it is served."""

    entities: list
    page_size: int = 1_000
    breaks_at_partitions: bool = False  # a page ends with its partition, and names the next one alone
    empty_pages: bool = False  # before each page comes one without rows
    latency: float = 0.0  # [s]
    clock: timedelta = timedelta(0)  # how far the service's clock is ahead
    port: int = 0
    queries: list = field(default_factory=list)

    def __post_init__(self):
        self.entities = sorted(self.entities, key=_key)
        self.keys = keys_of(self.entities)
        self.texts = [_json(entity) for entity in self.entities]

    @property
    def address(self):
        """The address of the account, as an emulator has it."""
        return f"http://127.0.0.1:{self.port}/{ACCOUNT}"

    @property
    def connection_string(self):
        """What a client needs."""
        return f"AccountName={ACCOUNT};AccountKey={KEY};TableEndpoint={self.address}"

    @property
    def sas_url(self):
        """The address of the table with a signature."""
        return f"{self.address}/{TABLE}?sv=2020-12-06&sp=r&se=2099-01-01T00:00:00Z&sig={SIGNATURE}"


@contextlib.contextmanager
def table_endpoint(entities, **options):
    """Serve entities on a port of this machine."""
    endpoint = Endpoint(entities, **options)
    with serving(_Handler, port=endpoint.port, endpoint=endpoint) as endpoint.port:
        yield endpoint


class _Handler(QuietHandler):
    wbufsize = -1

    def do_GET(self):
        target = urlsplit(self.path)
        query = dict(parse_qsl(target.query))
        self.endpoint.queries.append(query)
        time.sleep(self.endpoint.latency)
        if not _is_signed(self.headers, target.path, query):
            return self.answer(403, _problem("AuthenticationFailed"))
        if unquote(target.path).removesuffix("()") != f"/{ACCOUNT}/{TABLE}":
            return self.answer(404, _problem("TableNotFound"))
        if not _is_understood(query.get("$filter", "")):
            return self.answer(400, _problem("InvalidInput"))
        return self.answer(200, *_page(self.endpoint, query))

    def answer(self, status, body, headers=None):
        self.send_response_only(status)
        self.send_header("Date", format_datetime(datetime.now(UTC) + self.endpoint.clock, usegmt=True))
        self.send_header("x-ms-request-id", f"request-{len(self.endpoint.queries)}")
        self.send_header("Content-Type", "application/json;odata=minimalmetadata")
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(f"x-ms-continuation-{name}", value)
        self.end_headers()
        self.wfile.write(body)


def _page(endpoint, query):
    """Return the body of a page and its continuation token."""
    found = _COMPARISON.findall(query.get("$filter", ""))
    comparisons = [(name, operator, value.replace("''", "'")) for name, operator, value in found]
    start, end = _bounds(endpoint.keys, comparisons)
    token = query.get("NextPartitionKey", "")
    if token:
        key = _unmasked(token), _unmasked(query.get("NextRowKey", ""))
        start = bisect.bisect_left(endpoint.keys, key)
    if endpoint.empty_pages and start < end and not token.endswith(_EMPTY):
        return _body([]), _token(*endpoint.keys[start], mark=_EMPTY)
    chosen, stop = _chosen(endpoint, comparisons, start, end, int(query.get("$top", endpoint.page_size)))
    return _body(_texts(endpoint, chosen, query)), _next(endpoint, stop, end)


def _chosen(endpoint, comparisons, start, end, top):
    """Return the places of the rows of one page, and the place at which it stops."""
    chosen, limit = [], min(top, endpoint.page_size)
    for place in range(start, end):
        is_new_partition = place > start and endpoint.keys[place][0] != endpoint.keys[place - 1][0]
        if len(chosen) == limit or (endpoint.breaks_at_partitions and is_new_partition):
            return chosen, place
        entity = endpoint.entities[place]
        if all(_OPERATORS[operator](entity.get(name, ""), value) for name, operator, value in comparisons):
            chosen.append(place)
    return chosen, end


def _next(endpoint, stop, end):
    if stop >= end:
        return {}
    partition, row = endpoint.keys[stop]
    begins_partition = endpoint.keys[stop - 1][0] != partition
    return _token(partition, None if endpoint.breaks_at_partitions and begins_partition else row)


def _token(partition, row, *, mark=""):
    keys = {"NextPartitionKey": masked(partition) + mark, "NextRowKey": row and masked(row)}
    return {name: value for name, value in keys.items() if value is not None}


def _texts(endpoint, chosen, query):
    if "$select" not in query:
        return [endpoint.texts[place] for place in chosen]
    names = query["$select"].split(",")
    # The service sends a property that an entity does not have as null.
    return [json.dumps({name: endpoint.entities[place].get(name) for name in names}).encode() for place in chosen]


def _json(entity):
    try:
        return json.dumps(entity, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair
        return json.dumps(entity).encode()


def _body(texts):
    return b'{"odata.metadata":"it","value":[' + b",".join(texts) + b"]}"


def _bounds(keys, comparisons):
    """Return the places between which the partition keys of a query lie."""
    start, end = 0, len(keys)
    for name, operator, value in comparisons:
        if name == "PartitionKey":
            first, last = bisect.bisect_left(keys, (value,)), bisect.bisect_left(keys, (value + "\0",))
            start = max(start, {"eq": first, "ge": first, "gt": last}.get(operator, 0))
            end = min(end, {"eq": last, "le": last, "lt": first}.get(operator, len(keys)))
    return start, end


def _is_understood(filter):
    """Tell whether a filter is a conjunction of comparisons."""
    return not _COMPARISON.sub("", filter).replace("and", "").strip("() ")


def _is_signed(headers, path, query):
    if query.get("sig") == SIGNATURE:
        return True
    text = f"{headers['x-ms-date']}\n/{ACCOUNT}{path}"
    signature = base64.b64encode(hmac.digest(base64.b64decode(KEY), text.encode(), hashlib.sha256)).decode()
    return headers["Authorization"] == f"SharedKeyLite {ACCOUNT}:{signature}"


def _problem(code):
    return json.dumps({"odata.error": {"code": code, "message": {"value": "something about ana@example.com"}}}).encode()


def _key(entity):
    return entity["PartitionKey"], entity["RowKey"]


def masked(key):
    """Return a key as a token has it: nobody should read it."""
    return "1!" + base64.urlsafe_b64encode(key.encode()).decode()


def _unmasked(token):
    return base64.urlsafe_b64decode(token.removesuffix(_EMPTY).removeprefix("1!")).decode()


def made_leads(count, *, partitions=5):
    """Return made-up entities of a table of leads, in as many partitions and each written 100 ns after the other."""
    return [
        {
            "PartitionKey": f"2:2F{number * partitions // count + 10}:2F2024",
            "RowKey": f"r{number:06d}",
            "Timestamp": f"2024-02-28T05:41:09.{number:07d}Z",
            "ActionCode": "INS",
            "CreatedTime": "2/27/2024 5:41:09 AM",
            "CustomerInfo": f'{{"FirstName": "Jörg", "Email": "joerg{number}@example.com"}}',
            "LeadSource": "AzureMarketplace-INS|contoso.app",
        }
        for number in range(count)
    ]


def keys_of(entities):
    """Return the keys of some entities."""
    return [_key(entity) for entity in entities]


def main():
    """Serve the rows of a Parquet file until the input ends; print the port."""
    import pyarrow.parquet as pq

    rows = pq.read_table(sys.argv[1]).to_pylist()
    entities = [{name: value for name, value in row.items() if value is not None} for row in rows]
    with table_endpoint(entities) as endpoint:
        sys.stdout.write(f"{endpoint.port}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
