"""Files larger than memory become one Parquet file of raw records, block by block."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from leadanalytics import schema
from leadanalytics.errors import WriteError
from leadanalytics.reading.accounts import Accounts
from leadanalytics.reading.contents import Part
from leadanalytics.reading.encodings import BLOCK
from leadanalytics.reading.files import read_file
from leadanalytics.reading.gathering import gather_raw
from leadanalytics.reading.layouts import Layout, choose_layouts
from leadanalytics.reading.paths import Paths, find_files
from leadanalytics.reading.records import rejects_frame
from leadanalytics.replacing import replacing

_SUFFIX = ".parquet"
# Small files wait for one another, so that the rows of the result lie in few groups.
_GROUP_ROWS = 1 << 17
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
        One file per row: origin, layout, encoding, delimiter, delivered, read, set_aside, note.
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
    chosen = choose_layouts(layout, layouts)
    sources = find_files(paths)
    _check_target(path, [source.path for source in sources if source.path])
    accounts, first_rejects = Accounts(), []
    with replacing(path, rejects_path) as (records_part, rejects_part):
        with _writer(records_part, "raw") as records, _writer(rejects_part, "rejects") as set_aside:
            waiting: list[tuple[str, Part]] = []
            for source in sources:
                for origin, contents in read_file(source, chosen, block=block):
                    accounts.add(origin, contents)
                    rejects = [(origin, reject) for reject in sorted(contents.rejects)]
                    first_rejects += rejects[: _REJECTS_KEPT - len(first_rejects)]
                    _write(set_aside, rejects_frame(rejects))
                    waiting += [(origin, part) for part in contents.parts]
                    # The reader still holds this block while it makes the next one, but nothing of it.
                    contents.parts, contents.rejects = [], []
                    if sum(len(part.rows) for _, part in waiting) >= _GROUP_ROWS:
                        _write(records, gather_raw(waiting))
                        waiting = []
            _write(records, gather_raw(waiting))
        accounts.check()
    accounts.warn_of_truncation(stacklevel=2)
    return Conversion(path, rejects_path, rejects_frame(first_rejects), accounts.frame())


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


def _writer(path: Path, kind: str) -> pyarrow.parquet.ParquetWriter:
    types = {schema.NUMBER: pa.int64(), schema.CODE: pa.dictionary(pa.int32(), pa.large_string())}
    columns = schema.KINDS[kind].columns
    fields = [(column.name, types.get(column.dtype, pa.large_string())) for column in columns]
    return pyarrow.parquet.ParquetWriter(path, pa.schema(fields), compression="zstd")


def _write(writer: pyarrow.parquet.ParquetWriter, frame: pd.DataFrame) -> None:
    """Write a frame as a group of rows, unless it has none."""
    if len(frame):
        writer.write_table(pa.Table.from_pandas(frame, writer.schema, preserve_index=False))
