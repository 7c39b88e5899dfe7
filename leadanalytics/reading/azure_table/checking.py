"""Whether a table answers and holds leads, told without showing a person; and what to do where it does not."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics.errors import MissingTableError, TableError, near_miss
from leadanalytics.reading.azure_table.accounts import Account, LeadTable, table_of
from leadanalytics.reading.azure_table.entities import to_contents
from leadanalytics.reading.azure_table.landing import KEYS
from leadanalytics.reading.azure_table.merging import TIME, fit_columns, newest_rows
from leadanalytics.reading.azure_table.patience import Patience
from leadanalytics.reading.azure_table.scanning import Page, scan_pages
from leadanalytics.reading.azure_table.signing import signatures_unlogged
from leadanalytics.vocabulary.connection_tests import LAST_TICK, TEST_MARK, TEST_TICKS, time_of_ticks

if TYPE_CHECKING:
    from azure.data.tables import TableClient

QUICK = Patience(attempts=3, longest_wait=2.0, connect=10.0, read=20.0, page=30.0)
DAYS_LOOKED_AT = 14
_CLOCK_TOLERANCE = timedelta(minutes=5)
_MOST_NAMES = 100
_MOST_PAGES = 10

_US_DATE = re.compile(r"\d{1,2}:2F\d{1,2}:2F\d{4}")
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")


class Code(NamedTuple):
    """How many leads bear a lead source (without its offer) and an action code, as delivered."""

    lead_source: str | None
    action_code: str | None
    leads: int


class Problem(NamedTuple):
    """What is wrong, and what to do about it."""

    what: str
    next_step: str | None

    def __str__(self) -> str:
        return "; ".join(part for part in self if part)


@dataclass(frozen=True)
class Check:
    """What was seen of a table. It holds no name, no address and no text of a person.

    Attributes
    ----------
    table, account : str
        What was looked at.
    problems : tuple of Problem
        What is wrong; empty where the table answers and holds leads.
    looked_at : str
        Which entities were looked at, in words; a large table is not read whole.
    entities, leads, test_leads : int
        How many of them there were; test leads are Microsoft's own, and counted among the leads.
    properties : tuple of str
        The names of their properties.
    codes : tuple of Code
        The codes seen, the commonest first.
    newest_lead : str or None
        When the newest lead that is no test was stored (UTC, the service's clock).
    last_test : datetime or None
        When the newest test lead was sent (UTC).
    clock_ahead : float or None
        How far this computer's clock is ahead of the service's [s], to about a second.
    latency : float or None
        How long the first page took, with the connection [s].
    """

    table: str
    account: str
    problems: tuple[Problem, ...] = ()
    looked_at: str = "nothing"
    entities: int = 0
    leads: int = 0
    test_leads: int = 0
    properties: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()
    newest_lead: str | None = None
    last_test: datetime | None = None
    clock_ahead: float | None = None
    latency: float | None = None

    @property
    def facts(self) -> dict[str, str]:
        """What was seen, in words, for a table of two columns."""
        if self.latency is None:
            return {"table": f"{self.table} of {self.account}", "looked at": self.looked_at}
        codes = [
            f"{code.lead_source or 'no source'} / {code.action_code or 'no action'}: {code.leads:,}"
            for code in self.codes
        ]
        return {
            "table": f"{self.table} of {self.account}",
            "looked at": self.looked_at,
            "leads": f"{self.leads:,} of {self.entities:,} entities, {self.test_leads:,} of them tests",
            "properties": ", ".join(self.properties) or "none",
            "lead source / action": "; ".join(codes) or "none",
            "newest lead stored": self.newest_lead or "none seen",
            "last test lead sent": f"{self.last_test:%Y-%m-%d %H:%M:%S} UTC" if self.last_test else "none seen",
            "clock of this computer": "unknown" if self.clock_ahead is None else f"{self.clock_ahead:+.0f} s",
            "first page": f"{self.latency:.2f} s",
        }


def check_table(table: LeadTable | TableClient) -> Check:
    """Ask a table for one page, and for its newest leads where that is cheap, and say what is there and what is wrong.

    Parameters
    ----------
    table : LeadTable or azure.data.tables.TableClient
        The table, as from `open_table`.

    Returns
    -------
    Check
        The facts and the problems. A table that cannot be read is a problem, not an exception.

    Raises
    ------
    TableError
        When `table` is no table.

    Examples
    --------
    >>> check_table(open_table("MarketplaceLeads")).problems  # doctest: +SKIP
    ()
    """
    source = table_of(table)
    name = source.account.name or source.account.host
    began = time.perf_counter()
    try:
        first = _first_page(source)
        latency = time.perf_counter() - began
    except TableError as error:
        return Check(source.name, name, problems=(_explained(source, error),))
    ahead = _clock_ahead(first.date, datetime.now(UTC))
    recent, where, problems = None, None, []
    if first.token is not None:
        try:
            recent, where = _recent_page(source, first)
        except TableError as error:
            problems = [_explained(source, error)]
    seen = _told(source.name, name, first, recent, where, ahead=ahead, latency=latency)
    return dataclasses.replace(seen, problems=(*problems, *seen.problems))


def _told(
    table: str,
    account: str,
    first: Page,
    recent: Page | None,
    where: str | None,
    *,
    ahead: float | None,
    latency: float,
) -> Check:
    rows = _joined([first, recent] if recent else [first])
    leads = _leads(rows)
    ticks = _test_ticks(leads)
    is_test = ticks.is_valid()
    last_tick = pc.max(ticks).as_py()
    return Check(
        table,
        account,
        problems=tuple(_problems(rows, leads, is_whole=first.token is None, ahead=ahead)),
        looked_at=_looked_at(first, recent, where),
        entities=rows.num_rows,
        leads=leads.num_rows,
        test_leads=pc.sum(is_test).as_py() or 0,
        properties=tuple(name for name in rows.column_names if rows[name].null_count < rows.num_rows),
        codes=_codes(leads),
        newest_lead=pc.max(_texts(leads.filter(pc.invert(is_test)), "Timestamp")).as_py(),
        last_test=last_tick and time_of_ticks(last_tick),
        clock_ahead=ahead,
        latency=latency,
    )


def _first_page(source: LeadTable, condition: str | None = None) -> Page:
    """Return the first page that holds anything; the service may send a few empty ones before."""
    with contextlib.closing(scan_pages(source, filter=condition, patience=QUICK, check_end=False)) as pages:
        for page in itertools.islice(pages, _MOST_PAGES):
            if page.rows.num_rows or page.token is None:
                break
    return page


def _recent_page(source: LeadTable, first: Page) -> tuple[Page | None, str | None]:
    """Return a page of the newest partition and its name: keys sort as text, so the newest need not be the last.

    Each look is at one key or at a range of keys, which the service finds without reading the table.
    """
    partition = first.rows["PartitionKey"][0].as_py() if first.rows.num_rows else ""
    today = _time_of(first.date) or datetime.now(UTC)
    for condition, where in _conditions(partition, today.date()):
        page = _first_page(source, condition)
        if page.rows.num_rows:
            return page, where
    return None, None


def _conditions(partition: str, today: date) -> Iterator[tuple[str, str]]:
    """Yield where the newest leads would be in a table with such a partition, and how to call that place."""
    days = [today - timedelta(days=past) for past in range(-1, DAYS_LOOKED_AT)]
    if _US_DATE.fullmatch(partition):
        for day in days:
            key = f"{day.month}:2F{day.day}:2F{day.year}"
            yield f"PartitionKey eq '{key}'", f"partition {key}"
    elif _ISO_DATE.match(partition):
        yield f"PartitionKey ge '{days[-1]}'", f"partitions from {days[-1]} on"


def _looked_at(first: Page, recent: Page | None, where: str | None) -> str:
    if first.token is None:
        return f"the whole table: {first.rows.num_rows:,} entities"
    begin = f"the first page of {first.rows.num_rows:,} entities, in the order of their keys as text"
    if recent is not None:
        return f"{begin}, and {recent.rows.num_rows:,} of the {where}"
    return f"{begin}; newer leads may stand behind it"


def _problems(rows: pa.Table, leads: pa.Table, *, is_whole: bool, ahead: float | None) -> Iterator[Problem]:
    if not rows.num_rows and not is_whole:
        yield Problem(f"the first {_MOST_PAGES} pages hold no entity", "read the table with get_leads, which goes on")
    elif not rows.num_rows:
        yield Problem(
            "the table is empty",
            "open the lead destination of an offer in Partner Center and validate it: Microsoft sends a test lead",
        )
    elif not leads.num_rows:
        yield Problem(
            f"none of {rows.num_rows:,} entities is a lead",
            "check the name of the table in the lead destination; it is usually MarketplaceLeads",
        )
    if ahead is not None and abs(ahead) > _CLOCK_TOLERANCE.total_seconds():
        side = "ahead of" if ahead > 0 else "behind"
        yield Problem(
            f"the clock of this computer is {abs(ahead) / 60:,.0f} minutes {side} the service's",
            "set it right: the service refuses a key at a difference of 15 minutes",
        )


def _explained(source: LeadTable, error: TableError) -> Problem:
    """Return an error as a problem; where the table is missing, with the tables that are there."""
    what = f"{error.what}; found {error.found}" if error.found else error.what
    names = _tables_of(source.account) if isinstance(error, MissingTableError) else []
    if not names:
        return Problem(what, error.next_step)
    close = near_miss(source.name.lower(), [name.lower() for name in names])
    meant = [f"did you mean {name!r}?" for name in names if name.lower() == close]
    return Problem(what, " ".join([*meant, f"the account has {', '.join(map(repr, names))}"]))


def _tables_of(account: Account) -> list[str]:
    """Return the names of an account's tables, or none where the credential may not list them."""
    from azure.core.credentials import AzureNamedKeyCredential, AzureSasCredential
    from azure.core.exceptions import AzureError
    from azure.data.tables import TableServiceClient

    credential: Any = account.token_credential
    if account.name and account.key:
        credential = AzureNamedKeyCredential(account.name, account.key)
    elif account.shared_access_signature:
        credential = AzureSasCredential(account.shared_access_signature)
    try:
        with (
            signatures_unlogged(),
            TableServiceClient(
                account.endpoint,
                credential=credential,
                connection_verify=account.ca_file or True,
                connection_timeout=QUICK.connect,
                read_timeout=QUICK.read,
                retry_total=0,
            ) as client,
        ):
            return [table.name for table in itertools.islice(client.list_tables(), _MOST_NAMES)]
    except (AzureError, ValueError, TypeError, AttributeError):  # the client's ways of refusing an answer
        return []


def _clock_ahead(service: str | None, here: datetime) -> float | None:
    """Return how far a clock is ahead of the service's, which tells whole seconds [s]."""
    told = _time_of(service)
    return None if told is None else (here - told).total_seconds()


def _time_of(header: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(header or "")
    except ValueError:
        return None


def _joined(pages: Sequence[Page]) -> pa.Table:
    """Return the entities of pages, each once."""
    rows = pa.concat_tables([pa.Table.from_batches([page.rows]) for page in pages], promote_options="default")
    return newest_rows(fit_columns(rows, list(dict.fromkeys((*KEYS, TIME, *rows.column_names)))))


def _leads(rows: pa.Table) -> pa.Table:
    parts = to_contents(rows.to_batches()).parts
    return rows.take(np.sort(np.concatenate([np.empty(0, "int64"), *(part.rows - 1 for part in parts)])))


def _texts(rows: pa.Table, name: str) -> pa.ChunkedArray:
    return fit_columns(rows, [name])[name]


def _test_ticks(leads: pa.Table) -> pa.ChunkedArray:
    """Return the ticks of each lead that is a test, null for the others."""
    ticks = _texts(leads, "").cast(pa.uint64())
    for name in leads.column_names:
        found = pc.struct_field(pc.extract_regex(_texts(leads, name), TEST_TICKS), "ticks").cast(pa.uint64())
        ticks = pc.coalesce(ticks, pc.if_else(pc.less_equal(found, pa.scalar(LAST_TICK, pa.uint64())), found, None))
    return ticks


def _codes(leads: pa.Table) -> tuple[Code, ...]:
    # The marks of tests differ in their ticks only.
    sources, actions = (
        pc.replace_substring_regex(_texts(leads, name), TEST_TICKS, TEST_MARK).to_pylist()
        for name in ("LeadSource", "ActionCode")
    )
    counted = Counter(zip((text and text.partition("|")[0].strip() for text in sources), actions))
    return tuple(Code(source, action, leads) for (source, action), leads in counted.most_common())
