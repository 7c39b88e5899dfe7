"""The files of an index: every known record with its keys, and every customer id ever given."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc

from leadanalytics.errors import ReadError
from leadanalytics.identity.flat import digests, flatten, to_arrow
from leadanalytics.identity.frozen_rarity import FrozenRarity, rarity_from_table, rarity_to_table
from leadanalytics.identity.record_keys import BLOCK_COLUMNS, COLUMNS, NO_KEY, near_in_block
from leadanalytics.identity.rules import ATTR, MatchRules
from leadanalytics.replacing import replacing
from leadanalytics.schema import CUSTOMER_FIELDS, TEXT, TIME

ACCOUNT_COLUMNS = ("domain", "account")
FILES = ("records.arrow", "customers.arrow", "rarity.arrow")
_UPDATES = b"updates"
_VALUES = ("record_id", *CUSTOMER_FIELDS, "customer_id", "account_id")
_MOMENT = pa.timestamp("ns", tz="UTC")

RECORDS = pa.schema(
    [
        *((name, pa.large_string()) for name in _VALUES),
        ("created_at", _MOMENT),
        ("since", _MOMENT),
        ("parted", pa.bool_()),
        *((name, pa.uint64()) for name in (*COLUMNS, *ACCOUNT_COLUMNS)),
    ]
)
CUSTOMERS = pa.schema(
    [
        ("customer_id", pa.large_string()),
        ("first_record_id", pa.large_string()),
        ("since", _MOMENT),
        ("superseded_by", pa.large_string()),
    ]
)


@dataclass(frozen=True)
class KnownRecords:
    """What an index holds.

    Attributes
    ----------
    records : Table
        One row per known record (and per way in which it was delivered): its id, time, the customer fields, customer
        and account id, since when it is that customer's, whether a link of it was left out, and its keys, see
        `record_keys`.
    customers : Table
        One row per customer id ever given, the first given first: the oldest record when it was given, since when it
        is there, and the id that goes on for it, missing while it is in use.
    rarity : FrozenRarity or None
        Rarity as last measured, None before the first leads.
    updates : int
        How often the index was written.
    rules : MatchRules or None
        What made the customers; None before the first leads, and where they were not written down.
    """

    records: pa.Table
    customers: pa.Table
    rarity: FrozenRarity | None
    updates: int
    rules: MatchRules | None = None


def nothing_known() -> KnownRecords:
    """Return an index before the first leads."""
    return KnownRecords(RECORDS.empty_table(), CUSTOMERS.empty_table(), None, 0)


def read_known(folder: Path) -> KnownRecords:
    """Return what the index in a folder holds, nothing where there is no index.

    Raises
    ------
    ReadError
        When files of the index are missing, damaged or of different updates.
    """
    paths = [folder / name for name in FILES]
    there = [path for path in paths if path.exists()]
    if not there:
        return nothing_known()
    if len(there) < len(paths):
        raise _unusable(f"only {', '.join(path.name for path in there)}")
    try:
        records, customers, rarity = map(_read_table, paths)
    except (OSError, pa.ArrowInvalid) as error:
        raise _unusable(type(error).__name__) from error
    updates = {table.schema.metadata.get(_UPDATES) for table in (records, customers)}
    if len(updates) > 1 or None in updates:
        raise _unusable("files that do not belong together")
    written = records.schema.metadata.get(ATTR.encode())
    rules = None if written is None else MatchRules.read(json.loads(written))
    return KnownRecords(records, customers, rarity_from_table(rarity), int(updates.pop()), rules)


def write_known(folder: Path, known: KnownRecords) -> None:
    """Write an index into a folder, all of it or nothing."""
    assert known.rarity is not None, "what was taken in was weighed"
    about = {_UPDATES: str(known.updates).encode()}
    rules = {} if known.rules is None else {ATTR.encode(): json.dumps(known.rules).encode()}
    tables = [
        known.records.replace_schema_metadata(about | rules),
        known.customers.replace_schema_metadata(about),
        rarity_to_table(known.rarity),
    ]
    with replacing(*(folder / name for name in FILES)) as parts:
        for table, part in zip(tables, parts, strict=True):
            with pa.ipc.new_file(part, table.schema) as file:
                file.write_table(table)


def find_near(records: pa.Table, keys: pd.DataFrame) -> np.ndarray:
    """Return the rows of known records that new ones, given by their keys, are compared with."""
    found = [np.zeros(0, "int64")]
    for column, block in BLOCK_COLUMNS.items():
        rows = _holders(records, column, keys[column])
        if len(rows):
            held = records.select([column, "profile", "place"]).take(rows).to_pandas()
            rows = rows[near_in_block(block, held, keys, column)]
        found.append(rows)
    return np.unique(np.concatenate(found))


def find_records(records: pa.Table, record_ids: pd.Series) -> np.ndarray:
    """Return the rows of known records with some record ids."""
    rows = _holders(records, "record", pd.Series(digests(*flatten(to_arrow(record_ids)))))
    held = take_records(records, rows, ("record_id",))
    return rows[held["record_id"].isin(record_ids).to_numpy()]


def find_accounts(records: pa.Table, keys: pd.DataFrame) -> np.ndarray:
    """Return the rows of known records that share work domain, or company and country, with new ones."""
    return np.unique(np.concatenate([_holders(records, column, keys[column]) for column in ACCOUNT_COLUMNS]))


def find_customers(records: pa.Table, ids: pd.Series) -> np.ndarray:
    """Return the rows of known records of some customers."""
    held = pc.is_in(records["customer_id"], value_set=pa.array(ids.unique(), pa.large_string()))
    return np.flatnonzero(held.to_numpy())


def take_records(records: pa.Table, rows: np.ndarray, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return some columns of known records as a frame."""
    frame = records.select(list(columns)).take(rows).to_pandas()
    return frame.astype({name: TEXT for name in columns if name in _VALUES})


def with_records(records: pa.Table, rows: np.ndarray, after: pd.DataFrame) -> pa.Table:
    """Return the records with the customers that some rows have now, and new rows.

    Parameters
    ----------
    records : Table
        As they were.
    rows : array of int
        Those looked at, in order.
    after : DataFrame
        These rows and then the new ones, as they are now. A record that says the same again adds no row.
    """
    is_new = np.arange(len(after)) >= len(rows)
    fresh = after[is_new & ~after.duplicated(["record", "profile"])]
    if len(rows) == records.num_rows:  # keys too are new
        return _to_records(after[~is_new | after.index.isin(fresh.index)])
    looked_at = np.zeros(records.num_rows, bool)
    looked_at[rows] = True
    now = _to_records(after[~is_new])
    for name in ("customer_id", "since", "parted"):
        column = records[name].combine_chunks()
        column = pc.replace_with_mask(column, pa.array(looked_at), now[name].combine_chunks())
        records = records.set_column(records.schema.get_field_index(name), RECORDS.field(name), column)
    return pa.concat_tables([records, _to_records(fresh)])


def _to_records(frame: pd.DataFrame) -> pa.Table:
    times = {name: frame[name].astype(TIME) for name in ("created_at", "since")}
    return pa.Table.from_pandas(frame.assign(**times), schema=RECORDS, preserve_index=False)


def with_events(customers: pa.Table, events: pd.DataFrame, as_of: pd.Timestamp) -> pa.Table:
    """Return the customers with the ids that events gave, and with what goes on for those that ended."""
    born = events[events["event"].isin(["created", "split"])]
    born = born.assign(customer_id=born["other_id"].fillna(born["customer_id"])).drop_duplicates("customer_id")
    is_given = pc.is_in(to_arrow(born["customer_id"]), value_set=customers["customer_id"])
    born = born[~is_given.to_numpy(zero_copy_only=False)]
    added = pd.DataFrame({"customer_id": born["customer_id"], "first_record_id": born["record_id"]})
    added = added.assign(since=pd.Series(as_of, index=added.index, dtype=TIME), superseded_by=None)
    ended = events[events["event"] == "merged"]
    place = pc.index_in(customers["customer_id"], value_set=pa.array(ended["other_id"], pa.large_string()))
    heirs = pc.take(pa.array(ended["customer_id"], pa.large_string()), place)
    column = customers.schema.get_field_index("superseded_by")
    customers = customers.set_column(column, CUSTOMERS.field(column), pc.coalesce(heirs, customers["superseded_by"]))
    return pa.concat_tables([customers, pa.Table.from_pandas(added, schema=CUSTOMERS, preserve_index=False)])


def _read_table(path: Path) -> pa.Table:
    """Return a table of which only what is looked at is read, where the system lets a file be replaced meanwhile."""
    source = pa.OSFile(str(path)) if os.name == "nt" else pa.memory_map(str(path))
    return pa.ipc.open_file(source).read_all()


def _holders(records: pa.Table, column: str, keys: pd.Series) -> np.ndarray:
    wanted = keys.unique()
    held = pc.is_in(records[column], value_set=pa.array(wanted[wanted != NO_KEY]))
    return np.flatnonzero(held.to_numpy())


def _unusable(found: str) -> ReadError:
    return ReadError(
        "the index cannot be read", found=found, next_step="put a copy of its folder back, or make it anew of all leads"
    )
