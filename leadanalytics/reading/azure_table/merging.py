"""Sorted streams of entities become one: the newest row of each key, in the order of the keys.

Rows pass through in batches. Only the keys of the pages that were read are held whole, to sort them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from leadanalytics.reading.azure_table.landing import KEYS
from leadanalytics.reading.contents import TEXT_TYPE

TIME = "Timestamp"
BATCH = 1 << 16  # rows

# A byte that no key may hold, so that joined keys are equal only when both parts are.
_BETWEEN = "\0"

Key = tuple[str, str]


@dataclass
class Tally:
    """What a merge found."""

    new: int = 0
    changed: int = 0
    gone: int = 0
    total: int = 0


def merge_rows(
    old: Iterator[pa.Table],
    new: Iterator[pa.Table],
    present: Iterator[pa.Table] | None,
    *,
    drop_gone: bool,
    tally: Tally,
) -> Iterator[pa.Table]:
    """Yield the newest rows of two streams, in the order of their keys, and count into the tally.

    Parameters
    ----------
    old, new : iterator of Table
        Streams in the order of their keys, each with every key once. At the same Timestamp the new row counts.
    present : iterator of Table or None
        Every key that the table still has, in order; rows without one are gone. None when that is not known.
    drop_gone : bool
        Whether rows that are gone are left out, or only counted.
    tally : Tally
        Takes the counts.
    """
    for old_rows, new_rows, keys in aligned(old, new, iter(()) if present is None else present):
        both = [rows for rows in (old_rows, new_rows) if rows is not None]
        if not both:
            continue
        rows = newest_rows(pa.concat_tables(both))
        _count_changes(old_rows, new_rows, rows, tally)
        if present is not None:
            is_gone = _absent(rows, keys)
            tally.gone += pc.sum(is_gone).as_py() or 0
            rows = rows.filter(pc.invert(is_gone)) if drop_gone else rows
        tally.total += rows.num_rows
        yield rows


def newest_rows(rows: pa.Table) -> pa.Table:
    """Return the newest row of each key, in the order of the keys; of equally new ones the last.

    Examples
    --------
    >>> rows = pa.table({"PartitionKey": ["b", "a", "b"], "RowKey": ["1", "1", "1"],
    ...     "Timestamp": ["2024-01-01T00:00:00.0000002Z", "2024-01-01T00:00:00Z", "2024-01-01T00:00:00.0000001Z"]})
    >>> newest_rows(rows)["Timestamp"].to_pylist()
    ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00.0000002Z']
    """
    # Without its Z a time is text that sorts as the time does, however many digits its writer gave it.
    written = pc.fill_null(pc.utf8_rtrim(rows[TIME], "Z"), "")
    order = pc.sort_indices(
        pa.table([rows[KEYS[0]], rows[KEYS[1]], written], [*KEYS, TIME]),
        sort_keys=[(name, "ascending") for name in (*KEYS, TIME)],  # equal ones keep their order
    )
    rows = rows.take(order).combine_chunks()
    keys = _joined_keys(rows)
    is_last = np.ones(rows.num_rows, "bool")
    is_last[:-1] = pc.not_equal(keys[:-1], keys[1:]).to_numpy(zero_copy_only=False)
    return rows.filter(pa.array(is_last))


def sorted_rows(pages: Sequence[Path], index: pa.Table, columns: Sequence[str]) -> Iterator[pa.Table]:
    """Yield the rows of pages that an index names, in its order, with these columns.

    Pages come nearly in the order of their keys, so that each batch needs few of them.
    """
    for batch in in_batches(index):
        needed, places = np.unique(batch["page"].to_numpy(), return_inverse=True)
        tables = [read_rows(pages[number], columns) for number in needed]
        offsets = np.cumsum([0, *(table.num_rows for table in tables)])
        rows = offsets[places] + batch["row"].to_numpy()
        yield pa.concat_tables(tables).take(pa.array(rows))


def sorted_index(pages: Sequence[Path]) -> pa.Table:
    """Return the keys of pages in order, each once, with the page and the row in which its newest row stands."""
    tables = [_no_index()]
    for number, path in enumerate(pages):
        keys = read_rows(path, (*KEYS, TIME))
        rows = pa.array(np.arange(keys.num_rows))
        tables.append(keys.append_column("page", pa.array(np.full(len(rows), number))).append_column("row", rows))
    return newest_rows(pa.concat_tables(tables))


def in_batches(rows: pa.Table) -> Iterator[pa.Table]:
    """Yield a table in slices."""
    for start in range(0, rows.num_rows, BATCH):
        yield rows.slice(start, BATCH)


def read_rows(path: Path, columns: Sequence[str]) -> pa.Table:
    """Return the rows of a Parquet file with these text columns; those that it lacks are empty."""
    with pyarrow.parquet.ParquetFile(path) as file:
        here = set(file.schema_arrow.names)
        return fit_columns(file.read([name for name in columns if name in here], use_threads=False), columns)


def fit_columns(rows: pa.Table, columns: Sequence[str]) -> pa.Table:
    """Return rows with exactly these text columns; those that they lack are empty."""
    here = set(rows.column_names)
    nothing = pa.nulls(rows.num_rows, TEXT_TYPE)
    return pa.table({name: rows[name].cast(TEXT_TYPE) if name in here else nothing for name in columns})


def aligned(*streams: Iterator[pa.Table]) -> Iterator[tuple[pa.Table | None, ...]]:
    """Yield the rows of sorted streams side by side, in each step all that stand up to one common key."""
    waiting = [next(stream, None) for stream in streams]
    while here := [rows for rows in waiting if rows is not None]:
        bound = min(map(_last_key, here))
        counts = [0 if rows is None else _count_up_to(rows, bound) for rows in waiting]
        yield tuple(
            rows.slice(0, count) if rows is not None and count else None for rows, count in zip(waiting, counts)
        )
        rests = [rows and rows.slice(count) for rows, count in zip(waiting, counts)]
        waiting = [rest or next(stream, None) for rest, stream in zip(rests, streams)]


def _count_changes(old: pa.Table | None, new: pa.Table | None, kept: pa.Table, tally: Tally) -> None:
    """Count the keys that only the new rows have, and the old rows that are not kept as they were."""
    if new is None:
        return
    if old is None:
        tally.new += new.num_rows
        return
    tally.new += kept.num_rows - old.num_rows
    is_known = pc.is_in(_joined_keys(kept), _joined_keys(old))
    still = kept.filter(is_known)
    is_changed = np.zeros(old.num_rows, "bool")
    for name in old.column_names:
        differs = pc.not_equal(_or_mark(old[name]), _or_mark(still[name]))
        is_changed |= differs.to_numpy()
    tally.changed += int(is_changed.sum())


def _or_mark(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.fill_null(column, _BETWEEN)


def _absent(rows: pa.Table, keys: pa.Table | None) -> pa.Array:
    if keys is None:
        return pa.array(np.ones(rows.num_rows, "bool"))
    return pc.invert(pc.is_in(_joined_keys(rows), _joined_keys(keys)))


def _joined_keys(rows: pa.Table) -> pa.Array:
    first, second = (rows[name].cast(TEXT_TYPE) for name in KEYS)
    joined = pc.binary_join_element_wise(first, second, pa.scalar(_BETWEEN, TEXT_TYPE))
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def _last_key(rows: pa.Table) -> Key:
    partition, row = (rows[name][-1].as_py() for name in KEYS)
    return partition, row


def _count_up_to(rows: pa.Table, bound: Key) -> int:
    partition, row = (pa.scalar(part, TEXT_TYPE) for part in bound)
    partitions, keys = (rows[name].cast(TEXT_TYPE) for name in KEYS)
    before = pc.less(partitions, partition)
    within = pc.and_(pc.equal(partitions, partition), pc.less_equal(keys, row))
    return int(pc.sum(pc.or_(before, within)).as_py())


def _no_index() -> pa.Table:
    texts = {name: pa.array([], TEXT_TYPE) for name in (*KEYS, TIME)}
    return pa.table(texts | {name: pa.array([], pa.int64()) for name in ("page", "row")})
