"""The local copy of a table: one visible Parquet file, replaced in one step, and a hidden folder for work in progress.

The file knows of itself which table it holds and up to when; a copy of it is as good as the original.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet

from leadanalytics.errors import BrokenAnswerError, TableError, WriteError
from leadanalytics.reading.azure_table.landing import KEYS, VERSION, LandedPage
from leadanalytics.reading.azure_table.merging import (
    BATCH,
    TIME,
    Tally,
    fit_columns,
    in_batches,
    merge_rows,
    sorted_index,
    sorted_rows,
)
from leadanalytics.reading.azure_table.origins import Origin
from leadanalytics.reading.contents import TEXT_TYPE
from leadanalytics.replacing import replacing, sync_folder

FILE = "entities.parquet"
WORK = ".sync"  # hidden, so that reading the folder passes it by

# An empty table shows no properties; with these its copy can be read as one without leads.
LEAD_PROPERTIES = ("ActionCode", "CreatedTime", "CustomerInfo", "Description", "LeadSource", "OfferDisplayName")

_STATE = b"leadanalytics.dataset"
_SCAN = "scan"
_DONE = "done"


class Merged(NamedTuple):
    """What a merge did: its counts, up to when the copy is whole, and how many rows came without a Timestamp."""

    tally: Tally
    watermark: str | None
    untimed: int


@dataclass(frozen=True)
class Dataset:
    """The local copy of a table.

    Attributes
    ----------
    path : Path
        Its Parquet file.
    origin : Origin
        What it is a copy of.
    watermark : str or None
        Every row written before this time (UTC) is in it; None when that cannot be known.
    rows : int
        How many rows it holds.
    columns : tuple of str
        Their properties.
    """

    path: Path
    origin: Origin
    watermark: str | None
    rows: int
    columns: tuple[str, ...]


def open_dataset(folder: Path) -> Dataset | None:
    """Return the copy that a folder holds, or None when it holds nothing yet.

    Raises
    ------
    TableError
        When the folder holds something else, which must neither be replaced nor be read together with the copy.
    """
    path = folder / FILE
    if not path.exists():
        if folder.exists() and not folder.is_dir():
            raise _no_copy(folder, "a file")
        others = sorted(each.name for each in folder.glob("[!.]*"))
        if others:
            raise _no_copy(folder, f"other files, such as {others[0]!r}")
        return None
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
        state = json.loads((schema.metadata or {})[_STATE])
    except (pa.ArrowException, OSError, KeyError, ValueError):
        raise _no_copy(folder, f"a file {FILE!r} that is damaged or of another origin") from None
    if state["version"] != VERSION:
        raise _no_copy(folder, f"a copy of version {state['version']}; this is version {VERSION}")
    return Dataset(path, Origin(**state["origin"]), state["watermark"], rows, tuple(schema.names))


def merge_pages(
    folder: Path,
    pages: Sequence[LandedPage],
    key_pages: Sequence[LandedPage] | None,
    *,
    watermark: str | None,
    drop_gone: bool,
) -> Merged:
    """Merge the pages of a whole scan into the copy, in one step, and return what that changed.

    Doing it twice changes nothing: the newest row of a key stays the newest. Where nothing was read the copy stays as
    it is, with its earlier watermark.

    Parameters
    ----------
    folder : Path
        The folder of the copy.
    pages : sequence of LandedPage
        The scan of the rows.
    key_pages : sequence of LandedPage or None
        The scan of all keys, where one was made.
    watermark : str or None
        Up to when the copy is whole after the merge.
    drop_gone : bool
        Whether rows that the table no longer has are removed, or only counted.

    Raises
    ------
    TableError
        When a key came twice, which no scan of a table does, or nothing came and so the whole copy would be removed.
        The pages are thrown away, and the copy stays as it is.
    WriteError
        When the disk does not take the file.
    """
    scan, copy = pages[0].scan, open_dataset(folder)
    index = _index(folder, pages)
    is_whole = scan.since is None or key_pages is not None
    if copy is not None and not index.num_rows and not is_whole:
        return Merged(Tally(total=copy.rows), copy.watermark, untimed=0)
    untimed, columns = index[TIME].null_count, _columns(copy, pages)
    tally, watermark = Tally(), None if untimed else watermark
    keys = index if key_pages is None else _index(folder, key_pages)
    if drop_gone and copy is not None and copy.rows and not keys.num_rows:
        discard_scans(folder)
        raise _nothing_left(folder, scan.origin, copy.rows)
    merged = merge_rows(
        _rows(copy, columns),
        sorted_rows([page.path for page in pages], index, columns),
        in_batches(keys) if is_whole else None,
        drop_gone=drop_gone,
        tally=tally,
    )
    state = {"version": VERSION, "origin": asdict(scan.origin), "watermark": watermark}
    write_dataset(folder, merged, columns=columns, state=state)
    return Merged(tally, watermark, untimed)


def write_dataset(folder: Path, rows: Iterable[pa.Table], *, columns: Sequence[str], state: dict[str, object]) -> None:
    """Write the copy anew and put it in its place in one step.

    Raises
    ------
    WriteError
        When the disk does not take it.
    """
    schema = pa.schema([(name, TEXT_TYPE) for name in columns], metadata={_STATE: json.dumps(state)})
    new = folder / WORK / FILE
    with (
        replacing(new, lasting=True) as (part,),
        pyarrow.parquet.ParquetWriter(part, schema, compression="zstd") as writer,
    ):
        for group in _row_groups(rows):
            writer.write_table(group.replace_schema_metadata(schema.metadata))
    try:
        new.replace(folder / FILE)
    except OSError as error:
        raise WriteError(
            f"{FILE} cannot be replaced",
            found=error.strerror,
            next_step="close the program that has it open, and sync again",
        ) from None
    sync_folder(folder)


def folder_name(folder: Path) -> str:
    """Return what a message calls a folder: its last part, or all where there is none."""
    return repr(folder.name or str(folder))


def scan_folder(folder: Path, name: str) -> Path:
    """Return where the pages of a scan land."""
    return folder / WORK / _SCAN / name


def discard_scans(folder: Path) -> None:
    """Forget the landed pages: all in one step, for a part of them could be taken for a whole scan."""
    scan, done = folder / WORK / _SCAN, folder / WORK / _DONE
    shutil.rmtree(done, ignore_errors=True)
    if scan.exists():
        scan.replace(done)
        sync_folder(done.parent)
        shutil.rmtree(done, ignore_errors=True)


def clear_remains(folder: Path) -> None:
    """Remove what a killed run left half written or half removed."""
    work = folder / WORK
    shutil.rmtree(work / _DONE, ignore_errors=True)
    for remains in (work / FILE, *work.rglob(".*.parquet")):
        remains.unlink(missing_ok=True)


def _index(folder: Path, pages: Sequence[LandedPage]) -> pa.Table:
    index, rows = sorted_index([page.path for page in pages]), sum(page.rows for page in pages)
    if index.num_rows < rows:
        discard_scans(folder)
        raise BrokenAnswerError(
            f"{pages[0].scan.origin} was not read whole",
            found=f"{rows:,} rows that share {index.num_rows:,} keys",
            next_step="sync again; a proxy on the way may have repeated old answers",
        )
    return index


def _columns(copy: Dataset | None, pages: Sequence[LandedPage]) -> list[str]:
    """Return the columns of a copy: the keys and the time, then every property by its name."""
    names = {name for page in pages for name in page.columns} | set(copy.columns if copy else ())
    first = (*KEYS, TIME)
    return [*first, *(sorted(names - set(first)) or LEAD_PROPERTIES)]


def _rows(copy: Dataset | None, columns: Sequence[str]) -> Iterator[pa.Table]:
    if copy is None:
        return
    try:
        with pyarrow.parquet.ParquetFile(copy.path) as file:
            for batch in file.iter_batches(BATCH, use_threads=False):
                if batch.num_rows:
                    yield fit_columns(pa.Table.from_batches([batch]), columns)
    except (pa.ArrowException, OSError):
        folder = folder_name(copy.path.parent)
        raise TableError(
            f"the local copy in {folder} is damaged", next_step=f"remove {FILE!r} there, and sync again"
        ) from None


def _row_groups(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Yield the rows in groups of one size, so that many small syncs do not cut a file to pieces."""
    waiting: list[pa.Table] = []
    for table in tables:
        waiting.append(table)
        while sum(rows.num_rows for rows in waiting) >= BATCH:
            joined = pa.concat_tables(waiting)
            yield joined.slice(0, BATCH)
            waiting = [joined.slice(BATCH)]
    if waiting:
        yield pa.concat_tables(waiting)


def _nothing_left(folder: Path, origin: Origin, rows: int) -> TableError:
    return TableError(
        f"{origin} shows no row at all, and {rows:,} would be removed from the copy",
        next_step=f"check the connection; if the table is empty, remove the folder {folder_name(folder)}",
    )


def _no_copy(folder: Path, found: str) -> TableError:
    return TableError(
        f"the folder {folder_name(folder)} is no local copy of a table",
        found=found,
        next_step="give the copy a folder of its own",
    )
