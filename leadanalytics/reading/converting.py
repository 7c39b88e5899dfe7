"""Files larger than memory become one Parquet file of raw records, block by block."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self

import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from leadanalytics import schema
from leadanalytics.errors import WriteError
from leadanalytics.reading.accounts import Accounts
from leadanalytics.reading.choosing import choose_layouts
from leadanalytics.reading.contents import Contents, Reject
from leadanalytics.reading.encodings import BLOCK
from leadanalytics.reading.files import read_file
from leadanalytics.reading.gathering import gather_raw
from leadanalytics.reading.layouts import Layout
from leadanalytics.reading.paths import Paths, find_files
from leadanalytics.reading.records import rejects_frame, telling
from leadanalytics.replacing import replacing

_SUFFIX = ".parquet"
_GROUP = 1 << 24  # bytes
_REJECTS_KEPT = 1_000


class Conversion(NamedTuple):
    """What was delivered and where it is now: read + set aside = delivered, in every file and in all.

    Attributes
    ----------
    path : Path
        The Parquet file of the raw records.
    rejects_path : Path
        The Parquet file of all records that could not be used.
    rejects : DataFrame
        The first thousand of them: origin, origin_row (0 for a whole file), reason, text.
    files : DataFrame
        One file per row: origin, layout, encoding, delimiter, delivered, read, set_aside, reason, note.
    """

    path: Path
    rejects_path: Path
    rejects: pd.DataFrame
    files: pd.DataFrame


def convert_leads(
    paths: Paths,
    path: str | os.PathLike[str],
    *,
    layout: str | None = None,
    layouts: Sequence[Layout] | None = None,
    columns: Mapping[str, str] | None = None,
    tz: str | None = None,
    date_order: str | None = None,
    progress: Callable[[int], object] | None = None,
    block: int = BLOCK,
) -> Conversion:
    """Return the account of lead files of any size, whose records are now one Parquet file that `read_leads` reads.

    The records are those of `read_leads`, with the same ids and numbers. Delimited text, JSON lines and Parquet, packed
    in a ZIP archive or a gzip file too, take a few hundred megabytes of memory however large they are. A JSON document,
    an Excel workbook, an HTML table and a text of "key = value" are read whole.

    Parameters
    ----------
    paths : path or iterable of paths
        As in `read_leads`.
    path : path
        The file to write, *.parquet. What was set aside is written beside it, as *.rejects.parquet. Both appear when
        all is written, in place of files of that name, or not at all.
    layout : str, optional
        As in `read_leads`.
    layouts : sequence of Layout, optional
        As in `read_leads`.
    columns : mapping of str to str, optional
        As in `read_leads`.
    tz : str, optional
        As in `read_leads`.
    date_order : {"month_first", "day_first"}, optional
        As in `read_leads`.
    progress : callable, optional
        As in `read_leads`.
    block : int, default 32 MiB
        How much text is held in memory at a time [bytes].

    Returns
    -------
    Conversion
        `path`, `rejects_path`, `rejects` (the first thousand) and `files`.

    Raises
    ------
    ReadError
        When a path is missing, a file that was named is no lead file or breaks off, or nothing can be read.
    WriteError
        When the path has another suffix, names one of the files to read, or cannot be written.

    Warns
    -----
    TruncatedExportWarning
        When an export looks as if its writer stopped before the end.
    AssumptionWarning
        When a file does not tell its encoding beyond doubt, or letters were repaired.

    Examples
    --------
    >>> import tempfile
    >>> import leadanalytics as la
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     conversion = convert_leads(la.sample_folder(), Path(folder) / "leads.parquet")
    ...     raw = la.read_leads(conversion.path)
    >>> len(raw) == sum(conversion.files["read"])
    True
    """
    path = Path(path)
    rejects_path = path.with_suffix(f".rejects{_SUFFIX}")
    chosen = choose_layouts(layout, layouts, columns=columns, tz=tz, date_order=date_order)
    sources = find_files(paths)
    _check_target(path, [source.path for source in sources if source.path])
    blocks = (each for source in sources for each in read_file(source, chosen, block=block))
    with replacing(path, rejects_path) as (records_part, rejects_part):
        accounts, rejects = _write_all(telling(blocks, progress), records_part, rejects_part)
        accounts.check()
    accounts.warn_of_truncation(stacklevel=2)
    accounts.warn_of_assumptions(stacklevel=2)
    return Conversion(path, rejects_path, rejects, accounts.frame())


def _write_all(blocks: Iterable[tuple[str, Contents]], path: Path, rejects_path: Path) -> tuple[Accounts, pd.DataFrame]:
    """Write the records of blocks to one file and what was set aside to another; return the first of the latter."""
    accounts = Accounts()
    first: list[tuple[str, Reject]] = []
    with _RowGroups(path, "raw", gather_raw) as records, _RowGroups(rejects_path, "rejects", rejects_frame) as aside:
        for origin, contents in blocks:
            accounts.add(origin, contents)
            parts = [(origin, part) for part in contents.parts]
            rejects = [(origin, reject) for reject in sorted(contents.rejects)]
            # The reader holds this block while it makes the next one: let it hold nothing.
            contents.parts, contents.rejects = [], []
            first += rejects[: _REJECTS_KEPT - len(first)]
            aside.add(rejects, sum(len(reject.text) for _, reject in rejects))
            records.add(parts, sum(part.columns.nbytes for _, part in parts))
    return accounts, rejects_frame(first)


class _RowGroups:
    """Writes a kind of frame to a Parquet file; small pieces wait for one another and make one group of rows."""

    def __init__(self, path: Path, kind: str, frame_of: Callable[[list[tuple[str, Any]]], pd.DataFrame]) -> None:
        types = {schema.NUMBER: pa.int64(), schema.CODE: pa.dictionary(pa.int32(), pa.large_string())}
        columns = schema.KINDS[kind].columns
        fields = [(column.name, types.get(column.dtype, pa.large_string())) for column in columns]
        self._writer = pyarrow.parquet.ParquetWriter(path, pa.schema(fields), compression="zstd")
        self._frame_of = frame_of
        self._waiting: list[tuple[str, Any]] = []
        self._size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if error is None:
            self._flush()
        self._writer.close()

    def add(self, pieces: list[tuple[str, Any]], size: int) -> None:
        """Take some pieces, each with its origin, of a size [bytes] in all."""
        self._waiting += pieces
        self._size += size
        if self._size >= _GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            frame = self._frame_of(self._waiting)
            self._writer.write_table(pa.Table.from_pandas(frame, self._writer.schema, preserve_index=False))
        self._waiting, self._size = [], 0


def _check_target(path: Path, sources: Sequence[Path]) -> None:
    if path.suffix != _SUFFIX:
        raise WriteError(
            f"raw records are written as {_SUFFIX}",
            found=repr(path.name),
            next_step=f"name the file {path.stem + _SUFFIX!r}",
        )
    written = (path, path.with_suffix(f".rejects{_SUFFIX}"))
    if any(each.exists() and each.samefile(source) for each in written for source in sources):
        raise WriteError(f"{path.name!r} is one of the files to read", next_step="write it into another folder")
