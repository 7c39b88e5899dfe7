"""A table whose pages are slow to come is read in several ranges of its partition keys at the same time.

Reading a page takes the service's time and then ours. As long as ours is the longer, one thread is as fast as eight.
"""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from functools import partial

from leadanalytics.errors import TableError
from leadanalytics.reading.azure_table.accounts import LeadTable
from leadanalytics.reading.azure_table.cuts import look_for_cuts, partition_filters
from leadanalytics.reading.azure_table.patience import USUAL, Patience
from leadanalytics.reading.azure_table.scanning import Page, both, last_key, rest_of_partition, scan_pages

MOST_THREADS = 8
# Pages that are timed before the decision; the first, which also opens the connection, does not count.
_TIMED = 3
# How many ranges each thread gets, so that a thread with a small one goes on with another.
_RANGES_PER_THREAD = 2
_HEARTBEAT = 0.5  # [s]
_LONGEST_GOODBYE = 2.0  # how long an abandoned thread is waited for [s]

Arrival = tuple[int, Page | BaseException | None]
"""The number of a scan with a page, an error, or None after its last page."""


def scan_ranges(
    table: LeadTable,
    *,
    filter: str | None = None,
    select: Sequence[str] | None = None,
    threads: int | None = None,
    patience: Patience = USUAL,
) -> Generator[tuple[int, Page], None, None]:
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
    look = partial(look_for_cuts, table, most * _RANGES_PER_THREAD, patience)
    if threads is None:
        cuts, key, rows = yield from _until_cut(one_by_one, look)
    else:
        cuts, key, rows = look("", threading.Event()) if threads > 1 else [], None, 0
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
) -> Generator[tuple[int, Page], None, None]:
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
    one_by_one: Iterator[Page], look: Callable[[str, threading.Event], list[str]]
) -> Generator[tuple[int, Page], None, tuple[list[str], list[str] | None, int]]:
    """Yield pages one by one until the table ends or cuts ahead are known, which are looked for when pages are slow.

    Returns the cuts (none at the end of the table), the last key and the number of rows.
    """
    times: list[tuple[float, float]] = []
    looking: Future[list[str]] | None = None
    key, rows = None, 0
    with _stopped_at_the_end() as stop:
        for page, waited, worked in _timed(one_by_one):
            yield 0, page
            times.append((waited, worked))
            key, rows = last_key(page.rows) or key, rows + page.rows.num_rows
            if page.token is not None and looking is not None and looking.done():
                return [cut for cut in looking.result() if key is None or cut > key[0]], key, rows
            if len(times) == _TIMED and page.token is not None and are_worth_threads(times[1:]):
                looking = _in_background(partial(look, key[0] if key else "", stop))
    return [], key, rows


@contextmanager
def _stopped_at_the_end() -> Iterator[threading.Event]:
    stop = threading.Event()
    try:
        yield stop
    finally:
        stop.set()


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
