"""A live table becomes raw records: read, checked and accounted for."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics.errors import BrokenAnswerError, OptionError, TableError
from leadanalytics.reading.azure_table.accounts import LeadTable, open_table, table_of
from leadanalytics.reading.azure_table.entities import to_contents
from leadanalytics.reading.azure_table.patience import USUAL, Patience
from leadanalytics.reading.azure_table.ranges import MOST_THREADS, scan_each, scan_ranges
from leadanalytics.reading.azure_table.scanning import Page, both, key_literal
from leadanalytics.reading.contents import TEXT_TYPE
from leadanalytics.reading.records import Delivery, account, warn_of_rejects

if TYPE_CHECKING:
    from azure.data.tables import TableClient

Since = str | datetime | None

_SEPARATOR = pa.scalar("/", TEXT_TYPE)  # which no key may hold


def get_leads(
    table: LeadTable | TableClient | None = None,
    *,
    since: Since = None,
    partitions: Sequence[str] | None = None,
    threads: int | None = None,
    progress: Callable[[int], object] | None = None,
    origin: str | None = None,
    patience: Patience = USUAL,
) -> pd.DataFrame:
    """Return the lead records of an Azure Table as one raw frame, verbatim text.

    Parameters
    ----------
    table : LeadTable or azure.data.tables.TableClient, optional
        The table of the lead destination, as from `open_table`; `open_table()` by default.
    since : str or datetime with a time zone, optional
        Read only what was written at or after this time. The service reads the whole table for it.
    partitions : sequence of str, optional
        Read only the rows with these partition keys, which is quick.
    threads : int, optional
        How many ranges of the table to read at once; by default one, and more when its pages are slow to come.
    progress : callable, optional
        Called with the number of rows so far after every page.
    origin : str, optional
        How the frame names the table; its own name by default.
    patience : Patience, optional
        How often and how long to wait for a page.

    Returns
    -------
    DataFrame
        The columns of the kind 'raw'; the time at which an entity was stored is in `received`.

    Raises
    ------
    TableError
        When the table cannot be reached or read to its end, or holds entities of which none is a lead. Says what to
        do, and holds neither keys nor signatures.

    Warns
    -----
    RejectsWarning
        When entities were set aside; `get_records(table).rejects` holds them.

    Examples
    --------
    >>> import leadanalytics as la
    >>> raw = la.get_leads(la.open_table(), since="2024-06-30T00:00Z")  # doctest: +SKIP
    """
    delivery = get_records(
        table,
        since=since,
        partitions=partitions,
        threads=threads,
        progress=progress,
        origin=origin,
        patience=patience,
    )
    warn_of_rejects(delivery, where="get_records(table).rejects")
    return delivery.raw


def get_records(
    table: LeadTable | TableClient | None = None,
    *,
    since: Since = None,
    partitions: Sequence[str] | None = None,
    threads: int | None = None,
    progress: Callable[[int], object] | None = None,
    origin: str | None = None,
    patience: Patience = USUAL,
) -> Delivery:
    """Return the lead records of an Azure Table, the entities that were set aside, and the account of both.

    Parameters
    ----------
    table, since, partitions, threads, progress, origin, patience
        As in `get_leads`.

    Returns
    -------
    Delivery
        `raw`, `rejects` and `files`, which has one row for the table.

    Raises
    ------
    TableError
        As in `get_leads`.
    """
    opened = open_table() if table is None else table_of(table)
    with closing(_pages(opened, since, partitions, threads, patience)) as come:
        pages = _in_order(come, progress)
    batches = [page.rows for page in pages if page.rows.num_rows]
    _check_unique(opened, batches)
    contents = to_contents(batches)
    contents.notes = list(_notes(opened, pages, batches))
    if contents.delivered and not contents.parts:
        raise _no_lead(opened, batches)
    return account([(origin or opened.name, contents)], may_be_empty=True)


def since_filter(since: Since) -> str | None:
    """Return the filter for what was written at or after a time, to the service's seven digits.

    Raises
    ------
    OptionError
        When it is no time, or has no time zone.

    Examples
    --------
    >>> since_filter("2024-06-30T02:00:00.1234567+02:00")
    "Timestamp ge datetime'2024-06-30T00:00:00.1234567Z'"
    """
    if since is None:
        return None
    example = "since='2024-06-30T00:00Z'"
    try:
        time = pd.Timestamp(since).as_unit("ns")
    except (TypeError, ValueError, OverflowError):
        raise OptionError("since is a time with its zone", found=repr(since), next_step=example) from None
    if time is pd.NaT or time.tzinfo is None:
        raise OptionError("since needs a time zone", found=repr(since), next_step=example)
    utc = time.tz_convert("UTC")
    digits = utc.microsecond * 10 + utc.nanosecond // 100
    return f"Timestamp ge datetime'{utc:%Y-%m-%dT%H:%M:%S}.{digits:07d}Z'"


def _pages(
    table: LeadTable, since: Since, partitions: Sequence[str] | None, threads: int | None, patience: Patience
) -> Generator[tuple[int, Page], None, None]:
    if threads is not None and threads < 1:
        raise OptionError("threads is 1 or more", found=repr(threads))
    if partitions is None:
        return scan_ranges(table, filter=since_filter(since), threads=threads, patience=patience)
    if isinstance(partitions, str):
        raise OptionError("partitions is a list", found="one text", next_step=f"partitions=[{partitions!r}]")
    filters = [both(since_filter(since), f"PartitionKey eq {key_literal(key)}") for key in dict.fromkeys(partitions)]
    return scan_each(table, filters, threads=threads or MOST_THREADS, patience=patience)


def _in_order(pages: Iterator[tuple[int, Page]], progress: Callable[[int], object] | None) -> list[Page]:
    """Return the pages in the order of their ranges, and say after each how many rows there are."""
    come: list[tuple[int, Page]] = []
    rows = 0
    for number, page in pages:
        come.append((number, page))
        rows += page.rows.num_rows
        if progress is not None:
            progress(rows)
    return [page for _, page in sorted(come, key=lambda pair: pair[0])]


def _check_unique(table: LeadTable, batches: Sequence[pa.RecordBatch]) -> None:
    """Refuse rows that came twice: every key is there once in a table."""
    keys = [
        pc.binary_join_element_wise(batch.column("PartitionKey"), batch.column("RowKey"), _SEPARATOR)
        for batch in batches
    ]
    rows = sum(map(len, keys))
    different = len(pc.unique(pa.chunked_array(keys))) if keys else 0
    if different < rows:
        raise BrokenAnswerError(
            f"the table {table.name!r} was delivered with rows twice",
            found=f"{rows:,} rows with {different:,} different keys",
            next_step="read it again; look for a proxy or a cache between here and the service",
        )


def _notes(table: LeadTable, pages: Sequence[Page], batches: Sequence[pa.RecordBatch]) -> Iterator[str]:
    times = [pc.min_max(batch.column("Timestamp")) for batch in batches if "Timestamp" in batch.schema.names]
    first = min((time["min"].as_py() for time in times if time["min"].is_valid), default=None)
    last = max((time["max"].as_py() for time in times if time["max"].is_valid), default=None)
    if first:
        yield f"written from {first} to {last}"
    if repeated := sum(page.attempts - 1 for page in pages):
        yield f"{repeated:,} requests were repeated"
    if beyond := sum(page.rows.num_rows for page in pages if page.beyond_end):
        yield f"{beyond:,} rows came after the declared end"
    if any(part in table.account.signature_facts for part in ("spk", "srk", "epk", "erk")):
        yield "the signature opens only a range of keys, so rows outside it are missing"


def _no_lead(table: LeadTable, batches: Sequence[pa.RecordBatch]) -> TableError:
    rows = sum(batch.num_rows for batch in batches)
    return TableError(
        f"the table {table.name!r} holds no lead",
        found=f"{rows:,} entities with the properties {', '.join(map(repr, batches[0].schema.names))}",
        next_step="check the name of the table in the lead destination",
    )
