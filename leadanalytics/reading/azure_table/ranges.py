"""A table whose pages are slow to come is read in several ranges of its partition keys at the same time.

Reading a page takes the service's time and then ours. As long as ours is the longer, one thread is as fast as eight.
"""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial

from azure.core import PipelineClient

from leadanalytics.errors import TableError
from leadanalytics.reading.azure_table.accounts import LeadTable
from leadanalytics.reading.azure_table.patience import USUAL, Patience
from leadanalytics.reading.azure_table.requests import connection
from leadanalytics.reading.azure_table.retrying import ask
from leadanalytics.reading.azure_table.scanning import (
    Page,
    both,
    key_literal,
    later_partitions,
    rest_of_partition,
    scan_pages,
)

MOST_THREADS = 8
# Pages that are timed before the decision; the first, which also opens the connection, does not count.
_TIMED = 3
# How many ranges each thread gets, so that a thread with a small one goes on with another.
_RANGES_PER_THREAD = 2
_MOST_PROBES = 40
# Printable ASCII: what keys consist of, as far as cuts are looked for.
_FIRST, _LAST = " ", "~"
_HEARTBEAT = 0.5  # [s]
_LONGEST_GOODBYE = 2.0  # how long an abandoned thread is waited for [s]

NextKey = Callable[[str, str | None], str | None]
"""Gives the first partition key at or after a text and, where there is one, before another; None without one."""

Arrival = tuple[int, Page | BaseException | None]
"""The number of a scan with a page, an error, or None after its last page."""


def scan_ranges(
    table: LeadTable,
    *,
    filter: str | None = None,
    select: Sequence[str] | None = None,
    threads: int | None = None,
    patience: Patience = USUAL,
) -> Iterator[tuple[int, Page]]:
    """Yield the pages of a table as they come, each with the number of its range; sorted by it, they are in key order.

    Parameters
    ----------
    table : LeadTable
        As from `open_table`.
    filter, select : optional
        As in `scan_pages`.
    threads : int, optional
        How many ranges to read at once. By default one, and eight when the first pages are waited for longer than they
        take to decode.
    patience : Patience, optional
        How often and how long to wait.

    Raises
    ------
    TableError
        When a page of any range does not come; `resume` is None where several ranges were read, for one place cannot
        tell of all.
    """
    one_by_one = scan_pages(table, filter=filter, select=select, patience=patience)
    most = MOST_THREADS if threads is None else threads
    look = partial(_look_for_cuts, table, most * _RANGES_PER_THREAD, patience)
    if threads is None:
        cuts, key, rows = yield from _until_cut(one_by_one, look)
    else:
        cuts, key, rows = look("") if threads > 1 else [], None, 0
    if not cuts:
        yield from ((0, page) for page in one_by_one)
        return
    one_by_one.close()
    ahead = [rest_of_partition(key), *partition_filters(cuts, after=key)] if key else partition_filters(cuts)
    filters = [both(filter, part) for part in ahead]
    try:
        for number, page in scan_each(table, filters, select=select, threads=most, patience=patience):
            yield number + 1, page
    except TableError as error:
        error.rows += rows
        raise


def scan_each(
    table: LeadTable,
    filters: Sequence[str | None],
    *,
    select: Sequence[str] | None = None,
    threads: int = 1,
    patience: Patience = USUAL,
) -> Iterator[tuple[int, Page]]:
    """Yield the pages of several scans as they come, each with the number of its filter, read on some threads.

    When the caller stops, also by an error or Ctrl+C, the threads end after the page that they are reading.
    """
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(len(filters)):
        waiting.put(number)
    come: queue.SimpleQueue[Arrival] = queue.SimpleQueue()
    stop = threading.Event()

    def scan(number: int) -> Generator[Page, None, None]:
        return scan_pages(table, filter=filters[number], select=select, patience=patience, pause=stop.wait)

    readers = [
        threading.Thread(target=_read, args=(scan, waiting, come, stop), daemon=True)
        for _ in range(min(threads, len(filters)))
    ]
    for reader in readers:
        reader.start()
    try:
        yield from _arriving(come, len(filters))
    finally:
        stop.set()
        for reader in readers:
            reader.join(_LONGEST_GOODBYE)


def partition_filters(cuts: Sequence[str], *, after: Sequence[str] | None = None) -> list[str]:
    """Return filters that together let through every partition key exactly once.

    Parameters
    ----------
    cuts : sequence of str
        Partition keys, or beginnings of some, at which a new range begins.
    after : sequence of str, optional
        A key in front of the cuts: only the partitions after its own are meant.

    Examples
    --------
    >>> partition_filters(["2023", "2024"])
    ["PartitionKey lt '2023'", "PartitionKey ge '2023' and PartitionKey lt '2024'", "PartitionKey ge '2024'"]
    """
    # The order of the service: by the 16-bit units of the text.
    ordered = sorted(set(cuts), key=lambda cut: cut.encode("utf-16-be", "surrogatepass"))
    begins = [later_partitions(after) if after else None, *(f"PartitionKey ge {key_literal(cut)}" for cut in ordered)]
    ends = [*(f"PartitionKey lt {key_literal(cut)}" for cut in ordered), None]
    return [" and ".join(filter(None, pair)) for pair in zip(begins, ends)]


def find_cuts(next_key: NextKey, first: str, wanted: int) -> list[str]:
    """Return beginnings of partition keys that cut the keys from `first` on into ranges, none of them empty.

    The keys are walked like a tree of their characters, from the root, until there are enough cuts: the next key at or
    after a node's last character is its next child.

    Examples
    --------
    >>> keys = ["2022-11", "2023-01", "2023-02", "2024-07"]
    >>> def next_key(start, end):
    ...     return next((key for key in keys if key >= start and (end is None or key < end)), None)
    >>> find_cuts(next_key, "2022-11", wanted=3)
    ['2023', '2023-02', '2024']
    """
    cuts: list[str] = []
    nodes: deque[tuple[str, str]] = deque([("", first)])
    probes = 0
    while nodes and len(cuts) < wanted and probes < _MOST_PROBES:
        node, key = nodes.popleft()
        end = node[:-1] + chr(ord(node[-1]) + 1) if node else None
        while len(key) > len(node) and _FIRST <= key[len(node)] < _LAST:
            child = key[: len(node) + 1]
            nodes.append((child, key))
            probes += 1
            following = next_key(node + chr(ord(child[-1]) + 1), end)
            if following is None:
                break
            key = following
            cuts.append(key[: len(node) + 1])
    return sorted(cuts)


def are_worth_threads(times: Sequence[tuple[float, float]]) -> bool:
    """Tell whether pages were waited for clearly longer than worked on.

    Parameters
    ----------
    times : sequence of pairs
        How long each page was waited for, and worked on [s].

    Examples
    --------
    >>> are_worth_threads([(0.060, 0.008), (0.055, 0.008)]), are_worth_threads([(0.004, 0.008), (0.060, 0.040)])
    (True, False)
    """
    return sum(waited for waited, _ in times) > 2 * sum(worked for _, worked in times)


def _read(
    scan: Callable[[int], Generator[Page, None, None]],
    waiting: queue.SimpleQueue[int],
    come: queue.SimpleQueue[Arrival],
    stop: threading.Event,
) -> None:
    """Do one scan after the other until none is waiting or one fails: the work of a thread."""
    while not stop.is_set():
        try:
            number = waiting.get_nowait()
        except queue.Empty:
            return
        try:
            with closing(scan(number)) as pages:
                for page in itertools.takewhile(lambda _: not stop.is_set(), pages):
                    come.put((number, page))
            come.put((number, None))
        except BaseException as error:
            come.put((number, error))
            return


def _until_cut(
    one_by_one: Iterator[Page], look: Callable[[str], list[str]]
) -> Generator[tuple[int, Page], None, tuple[list[str], list[str] | None, int]]:
    """Yield pages one by one until the table ends or cuts ahead are known, which are looked for when pages are slow.

    Returns the cuts (none at the end of the table), the last key and the number of rows.
    """
    times: list[tuple[float, float]] = []
    looking: Future[list[str]] | None = None
    key, rows = None, 0
    for page, waited, worked in _timed(one_by_one):
        yield 0, page
        times.append((waited, worked))
        key, rows = _last_key(page) or key, rows + page.rows.num_rows
        if looking is not None and looking.done():
            return [cut for cut in looking.result() if key is None or cut > key[0]], key, rows
        if len(times) == _TIMED and page.token is not None and are_worth_threads(times[1:]):
            looking = _in_background(partial(look, key[0] if key else ""))
    return [], key, rows


def _in_background(function: Callable[[], list[str]]) -> Future[list[str]]:
    executor = ThreadPoolExecutor(1)
    future = executor.submit(function)
    executor.shutdown(wait=False)
    return future


def _timed(pages: Iterator[Page]) -> Iterator[tuple[Page, float, float]]:
    """Yield pages with the seconds that each was waited for and worked on."""
    while True:
        wall, work = time.perf_counter(), time.thread_time()
        page = next(pages, None)
        if page is None:
            return
        worked = time.thread_time() - work
        yield page, time.perf_counter() - wall - worked, worked


def _last_key(page: Page) -> list[str] | None:
    rows = page.rows
    return [rows.column(name)[-1].as_py() for name in ("PartitionKey", "RowKey")] if rows.num_rows else None


def _look_for_cuts(table: LeadTable, wanted: int, patience: Patience, first: str) -> list[str]:
    """Return cuts behind a partition key; none when there are none, or looking fails.

    To read the table in one piece may still go well then, and tells better what is wrong.
    """
    try:
        with connection(table, patience) as client:
            next_key = partial(_next_key, client, table, patience)
            there = first or next_key("", None)
            return find_cuts(next_key, there, wanted) if there is not None else []
    except TableError:
        return []


def _next_key(client: PipelineClient, table: LeadTable, patience: Patience, start: str, end: str | None) -> str | None:
    below = f"PartitionKey lt {key_literal(end)}" if end else None
    filter = both(f"PartitionKey ge {key_literal(start)}", below) or ""
    query = {"$filter": filter, "$select": "PartitionKey,RowKey", "$top": "1"}
    while True:
        answer = ask(client, table, query, patience=patience)
        if answer.entities:
            return str(answer.entities[0]["PartitionKey"])
        if not answer.continuation:
            return None
        query |= answer.continuation


def _received(come: queue.SimpleQueue[Arrival]) -> Arrival:
    """Return the next that arrives; the short waits are for Windows, where Ctrl+C cannot end a long one."""
    while True:
        with suppress(queue.Empty):
            return come.get(timeout=_HEARTBEAT)


def _arriving(come: queue.SimpleQueue[Arrival], scans: int) -> Iterator[tuple[int, Page]]:
    rows = 0
    while scans:
        number, item = _received(come)
        if item is None:
            scans -= 1
        elif isinstance(item, BaseException):
            if isinstance(item, TableError):
                item.rows, item.resume = rows, None
            raise item
        else:
            rows += item.rows.num_rows
            yield number, item
