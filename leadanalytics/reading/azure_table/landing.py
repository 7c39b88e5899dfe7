"""The pages of a scan that has begun: each on disk together with the token that follows it, both or neither.

A page is one small Parquet file. Its schema metadata holds the continuation token, what the scan asks for and when it
began; nothing else is kept, so there is no state that could disagree with the rows.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet

from leadanalytics.reading.azure_table.origins import Origin
from leadanalytics.replacing import replacing

VERSION = 1
KEYS = ("PartitionKey", "RowKey")
_STATE = b"leadanalytics.page"


@dataclass(frozen=True)
class Scan:
    """What a scan asks for; a continuation token means something only within the same scan."""

    origin: Origin
    since: str | None = None  # the watermark, in UTC; None scans everything
    keys_only: bool = False

    @property
    def filter(self) -> str | None:
        """The condition as the service reads it: never `gt`, for many rows may share one Timestamp."""
        return None if self.since is None else f"Timestamp ge datetime'{self.since}'"

    @property
    def select(self) -> tuple[str, ...] | None:
        """The properties that are asked for; None asks for all."""
        return KEYS if self.keys_only else None


@dataclass(frozen=True)
class LandedPage:
    """One page on disk.

    Attributes
    ----------
    path : Path
        Its file.
    scan : Scan
        What was asked for.
    started : str or None
        The server's Date header of the first page of the scan.
    token : dict or None
        Where the scan goes on after this page; None after the last one.
    rows : int
        How many rows it holds.
    columns : tuple of str
        Their properties.
    """

    path: Path
    scan: Scan
    started: str | None
    token: dict[str, Any] | None
    rows: int
    columns: tuple[str, ...]


def land_page(
    folder: Path,
    number: int,
    rows: pa.Table | pa.RecordBatch,
    *,
    scan: Scan,
    started: str | None,
    token: dict[str, Any] | None,
) -> LandedPage:
    """Write one page and its token to a folder in one step, and return it.

    Raises
    ------
    WriteError
        When the disk does not take it.
    """
    state = {
        "version": VERSION,
        "scan": asdict(scan),
        "filter": scan.filter,
        "select": scan.select,
        "started": started,
        "token": token,
    }
    path, schema = folder / f"{number:08d}.parquet", rows.schema.with_metadata({_STATE: json.dumps(state)})
    with (
        replacing(path, lasting=True) as (part,),
        pyarrow.parquet.ParquetWriter(part, schema, compression="zstd") as writer,
    ):
        writer.write(rows.replace_schema_metadata(schema.metadata))
    return LandedPage(path, scan, started, token, rows.num_rows, tuple(schema.names))


def landed_pages(folder: Path) -> list[LandedPage]:
    """Return the pages of a folder in their order, up to the first that is missing, damaged or of another scan."""
    pages: list[LandedPage] = []
    while (path := folder / f"{len(pages):08d}.parquet").exists():
        page = _read_state(path)
        if page is None or (pages and (page.scan, page.started) != (pages[0].scan, pages[0].started)):
            break
        pages.append(page)
    return pages


def is_complete(pages: Sequence[LandedPage]) -> bool:
    """Tell whether the pages are a whole scan, to its proven end."""
    return bool(pages) and pages[-1].token is None


def drop_others(folder: Path, pages: Sequence[LandedPage]) -> int:
    """Remove every page of a folder but these, so that no old page is ever counted among new ones.

    Return how many rows the removed ones held, as far as that can still be read.
    """
    kept, rows = {page.path for page in pages}, 0
    for path in folder.glob("*.parquet"):
        if path not in kept:
            with contextlib.suppress(pa.ArrowException, OSError):
                rows += pyarrow.parquet.read_metadata(path).num_rows
            path.unlink()
    return rows


def _read_state(path: Path) -> LandedPage | None:
    """Return a page by its file, or None when it is damaged or of another version of this package."""
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
        state = json.loads((schema.metadata or {})[_STATE])
        if state["version"] != VERSION:
            return None
        scan = Scan(**state["scan"] | {"origin": Origin(**state["scan"]["origin"])})
        return LandedPage(path, scan, state["started"], state["token"], rows, tuple(schema.names))
    except (pa.ArrowException, OSError, KeyError, ValueError, TypeError):
        return None
