"""Parquet becomes a table of text columns; text that is there is shared, not copied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from leadanalytics.errors import ReadError
from leadanalytics.reading.contents import TEXT_TYPE, Contents, Part
from leadanalytics.reading.json_records import LARGEST_WHOLE, to_text
from leadanalytics.reading.layouts import Layout, find_layout, no_layout

BATCH = 1 << 17  # rows


def read_parquet(stream: BinaryIO, layouts: Sequence[Layout], what: str) -> Iterator[Contents]:
    """Yield the rows of a Parquet file batch by batch, every column as text.

    Raises
    ------
    ReadError
        When the file is damaged, or its columns prove no layout.
    """
    try:
        file = pyarrow.parquet.ParquetFile(stream)
        names = file.schema_arrow.names
        layout = find_layout(names, layouts)
        if layout is None:
            raise no_layout(f"the columns of {what}", names, layouts)
        first_row = 1
        for table in _batches(file):
            columns = pa.table({name: _as_text(table.column(name)) for name in names})
            rows = np.arange(first_row, first_row + len(table), dtype="int64")
            yield Contents(delivered=len(table), parts=[Part(layout, columns, rows)], encoding="parquet")
            first_row += len(table)
    except (pa.ArrowException, OSError):
        # The cause is not chained: its message names the whole path.
        raise ReadError(
            f"{what} is a damaged Parquet file", next_step="copy or write the file again; its end may be missing"
        ) from None


def _batches(file: pyarrow.parquet.ParquetFile) -> Iterator[pa.Table]:
    """Yield a file batch by batch, and a file without rows as one batch without rows."""
    # Batch by batch on one thread takes a fifth of the CPU time and less memory than the whole file at once.
    batches = file.iter_batches(BATCH, use_threads=False)
    if not file.metadata.num_rows:
        yield file.schema_arrow.empty_table()
    yield from (pa.Table.from_batches([batch], schema=file.schema_arrow) for batch in batches if batch.num_rows)


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_nested(column.type):
        return pa.chunked_array([[to_text(value) for value in column.to_pylist()]], TEXT_TYPE)
    if pa.types.is_floating(column.type):
        return pa.chunked_array([_numbers_as_text(chunk) for chunk in column.chunks], TEXT_TYPE)
    try:
        return column.cast(TEXT_TYPE)
    except pa.ArrowInvalid:  # bytes that are no text
        texts = [None if value is None else value.decode("utf-8", "replace") for value in column.to_pylist()]
        return pa.chunked_array([texts], TEXT_TYPE)


def _numbers_as_text(numbers: pa.Array) -> pa.Array:
    """Write whole numbers without a point or an exponent: a phone number that became a number is still one."""
    values = numbers.to_numpy(zero_copy_only=False)
    is_whole = (np.abs(values) < LARGEST_WHOLE) & (np.trunc(values) == values)
    whole = pa.array(np.where(is_whole, values, 0).astype("int64")).cast(TEXT_TYPE)
    return pc.if_else(pa.array(is_whole), whole, numbers.cast(TEXT_TYPE))
