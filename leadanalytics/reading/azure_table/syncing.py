"""A local copy of a table is brought up to date: what was read stays read, and the copy changes in one step.

A sync reads what was written since the watermark, lands each page, and merges the pages when the scan is over. The
watermark is the service's own clock at the start of a scan, less an overlap: a row that is written behind the place
that the scan has reached comes with the next one. It is never the newest Timestamp seen, which would lose such a row.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING

import filelock

from leadanalytics.errors import TableError, WriteError
from leadanalytics.progress import Progress, tell_nobody
from leadanalytics.reading.azure_table.accounts import LeadTable, table_of
from leadanalytics.reading.azure_table.dataset import (
    FILE,
    WORK,
    Dataset,
    Merged,
    clear_remains,
    discard_scans,
    folder_name,
    merge_pages,
    open_dataset,
    scan_folder,
)
from leadanalytics.reading.azure_table.landing import (
    LandedPage,
    Scan,
    drop_others,
    is_complete,
    land_page,
    landed_pages,
)
from leadanalytics.reading.azure_table.origins import Origin, origin_of
from leadanalytics.reading.azure_table.patience import USUAL, Patience
from leadanalytics.reading.azure_table.scanning import scan_pages

if TYPE_CHECKING:
    from azure.data.tables import TableClient

# Must exceed the differences between the clocks of the service and the longest write, which is 30 s.
OVERLAP = timedelta(minutes=10)


@dataclass(frozen=True)
class Synced:
    """What a sync did.

    Attributes
    ----------
    path : Path
        The Parquet file of the copy.
    new, changed, deleted, total : int
        Rows that came, were replaced by a newer state, were removed, and are in the copy now.
    read : int
        Rows that this run received; rows of the overlap come again and are not counted as changed.
    resumed : int
        Rows that an earlier run had read before it was stopped, and this one used.
    discarded : int
        Rows that an earlier run had read before it was stopped, and this one could not use.
    retries : int
        Requests that had to be sent again.
    watermark : str or None
        Every row written before this time (UTC) is in the copy; None where the next sync has to read everything.
    unseen : str
        What this sync could not see, in one sentence.
    """

    path: Path
    new: int
    changed: int
    deleted: int
    total: int
    read: int
    resumed: int
    discarded: int
    retries: int
    watermark: str | None
    unseen: str


def sync_leads(
    table: LeadTable | TableClient,
    folder: str | os.PathLike[str],
    *,
    full: bool = False,
    deletions: bool = False,
    wait: bool = False,
    progress: Progress | None = None,
    patience: Patience = USUAL,
) -> Synced:
    """Bring the local copy of an Azure Table up to date and say what changed.

    The first sync reads the whole table, later ones what was written since. `read_leads(folder)` reads the copy at any
    time, also while a sync runs. A sync that was stopped, by an error, Ctrl-C or a power cut, is taken up where it was
    by the next one.

    Parameters
    ----------
    table : LeadTable or azure.data.tables.TableClient
        The table, as from `open_table`.
    folder : path
        A folder for this copy alone; it is made when it is missing.
    full : bool, default False
        Whether to read the whole table again.
    deletions : bool, default False
        Whether to look for rows that were deleted from the table, and remove them from the copy. Unless everything is
        read anyway this reads the keys of the whole table, and holds them in memory.
    wait : bool, default False
        Whether to wait for another sync of this folder to end, instead of raising an error at once.
    progress : callable, optional
        Called as `progress(step, rows)` after every page, with the rows of the step so far.
    patience : Patience, optional
        How often and how long to wait for a page.

    Returns
    -------
    Synced
        The counts, the watermark and what the sync could not see.

    Raises
    ------
    TableError
        When the table cannot be read, the folder holds something else, or another sync of it is running. The pages
        that were read stay; call again to go on.
    WriteError
        When the disk does not take a file.

    Examples
    --------
    >>> table = open_table("MarketplaceLeads")  # doctest: +SKIP
    >>> sync_leads(table, "leads").new  # doctest: +SKIP
    1532
    """
    source, folder = table_of(table), Path(folder)
    job = _Job(source, origin_of(source), folder, deletions, progress or tell_nobody, patience)
    _check_sight(job)
    open_dataset(folder)  # before anything is written beside what may be another's
    with _alone(folder, wait=wait):
        clear_remains(folder)
        synced, was_taken_up = _sync_once(job, full=full)
        if was_taken_up and synced.watermark:
            # A scan that was taken up again tells the state of when it began; a second one brings what came since.
            synced = _joined(synced, _sync_once(job, full=False)[0])
        return synced


@dataclass(frozen=True)
class _Job:
    """What to sync, and how."""

    source: LeadTable
    origin: Origin
    folder: Path
    deletions: bool
    tell: Progress
    patience: Patience


@dataclass
class _Reading:
    """The pages of a scan, and how they came."""

    pages: list[LandedPage]
    was_taken_up: bool
    resumed: int
    read: int = 0
    retries: int = 0


def _sync_once(job: _Job, *, full: bool) -> tuple[Synced, bool]:
    """Sync once and return what that did, and whether it went on with the scan of an earlier run."""
    copy = open_dataset(job.folder)
    if copy is not None:
        _check_same(job, copy.origin)
    wanted = Scan(job.origin, since=None if full or copy is None else copy.watermark)
    scan, discarded = _take_up(job, wanted)
    rows = _read(job, "Reading", scan)
    keys = None
    if job.deletions and scan.since is not None:
        keys = _read(job, "Reading keys", Scan(job.origin, keys_only=True))
    job.tell("Merging", sum(page.rows for page in rows.pages))
    merged = merge_pages(
        job.folder,
        rows.pages,
        keys.pages if keys else None,
        watermark=_watermark(rows.pages[0].started, copy),
        drop_gone=job.deletions,
    )
    discard_scans(job.folder)
    synced = Synced(
        path=job.folder / FILE,
        new=merged.tally.new,
        changed=merged.tally.changed,
        deleted=merged.tally.gone if job.deletions else 0,
        total=merged.tally.total,
        read=rows.read,
        resumed=rows.resumed,
        discarded=discarded,
        retries=rows.retries + (keys.retries if keys else 0),
        watermark=merged.watermark,
        unseen=_unseen(job, scan, merged),
    )
    return synced, rows.was_taken_up


def _read(job: _Job, step: str, scan: Scan) -> _Reading:
    """Read a scan to its end, from where an earlier run came to."""
    folder = scan_folder(job.folder, "keys" if scan.keys_only else "rows")
    pages = landed_pages(folder)
    drop_others(folder, pages)
    reading = _Reading(pages, was_taken_up=bool(pages), resumed=sum(page.rows for page in pages))
    if is_complete(pages):
        return reading
    resume = pages[-1].token if pages else None
    asked = scan_pages(job.source, filter=scan.filter, select=scan.select, resume=resume, patience=job.patience)
    try:
        with contextlib.closing(asked):
            for page in asked:
                started = pages[0].started if pages else page.date
                pages.append(land_page(folder, len(pages), page.rows, scan=scan, started=started, token=page.token))
                reading.read += page.rows.num_rows
                reading.retries += page.attempts - 1
                job.tell(step, reading.resumed + reading.read)
    except TableError as error:
        # A refusal that no other kind of error explains, of the very token that an earlier run left.
        if type(error) is TableError and resume is not None and not reading.read:
            raise _cannot_go_on(job, error) from None
        raise
    return reading


def _cannot_go_on(job: _Job, error: TableError) -> TableError:
    return TableError(
        f"{error.what} to go on with an earlier sync",
        found=error.found,
        next_step=f"remove the folder {WORK!r} in {folder_name(job.folder)} to begin that sync anew",
        request_id=error.request_id,
    )


def _take_up(job: _Job, wanted: Scan) -> tuple[Scan, int]:
    """Return the scan to go on with, and how many rows of another one had to be thrown away."""
    folder = scan_folder(job.folder, "rows")
    pages = landed_pages(folder)
    if pages:
        found = pages[0].scan
        _check_same(job, found.origin)
        if _suffices(found, wanted):
            return found, drop_others(folder, pages)
    discarded = drop_others(folder, [])
    discard_scans(job.folder)
    return wanted, discarded


def _suffices(found: Scan, wanted: Scan) -> bool:
    """Tell whether a scan that was begun reads all that is wanted now: everything, or from as early a time on."""
    return found.since is None or (wanted.since is not None and found.since <= wanted.since)


def _check_same(job: _Job, origin: Origin) -> None:
    """Refuse to mix what was read from different places."""
    if not origin.is_same(job.origin):
        raise TableError(
            f"the folder {folder_name(job.folder)} is not for {job.origin}",
            found=str(origin),
            next_step="give each its own folder",
        )


def _check_sight(job: _Job) -> None:
    """Refuse to take rows for deleted that are merely out of sight."""
    if job.deletions and job.origin.key_range:
        raise TableError(
            f"what was deleted from the table {job.origin.table!r} cannot be told",
            found="a signature limited to a range of keys",
            next_step="leave out deletions, or use a signature for the whole table",
        )


def _watermark(started: str | None, copy: Dataset | None) -> str | None:
    """Return up to when a copy is whole once a scan is merged: what it was before, or when the scan began."""
    marks = [copy.watermark] if copy is not None and copy.watermark else []
    with contextlib.suppress(TypeError, ValueError):  # a proxy may drop or spoil the header
        marks.append(f"{parsedate_to_datetime(started or '') - OVERLAP:%Y-%m-%dT%H:%M:%S.0000000Z}")
    return max(marks, default=None)


def _unseen(job: _Job, scan: Scan, merged: Merged) -> str:
    clauses = []
    if merged.untimed:
        clauses.append(f"rows have no Timestamp, {merged.untimed:,} by number, so the next sync reads the whole table")
    elif merged.watermark is None:
        clauses.append("the service did not tell its time, so the next sync reads the whole table")
    if job.origin.key_range:
        clauses.append(f"rows outside the range of keys of the signature ({job.origin.key_range}) are not seen")
    if not job.deletions and scan.since is not None:
        clauses.append("rows deleted from the table are not seen and stay in the copy (deletions=True finds them)")
    elif not job.deletions and merged.tally.gone:
        clauses.append(
            f"rows no longer in the table stay, {merged.tally.gone:,} by number (deletions=True removes them)"
        )
    clauses.append("what was written after the scan began may come only with the next sync")
    sentence = "; ".join(clauses)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _joined(first: Synced, later: Synced) -> Synced:
    sums = ("new", "changed", "deleted", "read", "resumed", "discarded", "retries")
    return dataclasses.replace(later, **{name: getattr(first, name) + getattr(later, name) for name in sums})


@contextlib.contextmanager
def _alone(folder: Path, *, wait: bool) -> Iterator[None]:
    """Hold the lock of a folder; the system frees it when the process ends, however it ends."""
    lock = filelock.FileLock(_work_folder(folder) / "lock", timeout=-1 if wait else 0)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise TableError(
            f"the folder {folder_name(folder)} is in use",
            found="another sync of it",
            next_step="wait until that one ends",
        ) from None
    try:
        yield
    finally:
        lock.release()


def _work_folder(folder: Path) -> Path:
    try:
        (folder / WORK).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(f"the folder {folder_name(folder)} cannot be written", found=error.strerror) from None
    return folder / WORK
