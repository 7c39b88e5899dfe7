"""Files of leads on disk, whatever wrote them: some of their columns as text, and the file again without some rows.

What is left of a CSV file is left byte by byte, with its quotes and line ends; Parquet and Arrow keep their schema.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet
from python_calamine import CalamineError, CalamineWorkbook

from leadanalytics.errors import ReadError
from leadanalytics.identity.grouping import pairs_among
from leadanalytics.identity.rules import ATTR, PAIRS
from leadanalytics.schema import TEXT

DELIMITED, PARQUET, ARROW, WORKBOOK = (".csv", ".tsv"), (".parquet",), (".arrow",), (".xlsx",)
_DELIMITERS = ",;\t|"
_RULES, _ATTRS = ATTR.encode(), b"PANDAS_ATTRS"
_BYTE_ORDER_MARK = "\ufeff"

Wanted = Callable[[str], bool]


def read_columns(path: Path, wanted: Wanted) -> pd.DataFrame:
    """Return the wanted columns of a file as text, one row per row of the file.

    Raises
    ------
    ReadError
        When the file is none that can be read; the message does not name the path.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise ReadError("not looked into", next_step="look into it yourself")
    try:
        return reader(path, wanted)
    except (OSError, UnicodeError, csv.Error, pa.ArrowException, CalamineError):
        # The cause is not chained: it may quote what the file holds.
        raise ReadError("cannot be read", next_step="look into it yourself") from None


def write_without(path: Path, part: Path, is_removed: np.ndarray) -> None:
    """Write a CSV, Parquet or Arrow file to a new place, without the rows that are marked."""
    if path.suffix.lower() in PARQUET:
        table = _without_pairs_of_others(pa.parquet.read_table(path).filter(pa.array(~is_removed)))
        pa.parquet.write_table(_with_own_words_only(table), part, compression="zstd")
        return
    if path.suffix.lower() in ARROW:
        table = _without_pairs_of_others(_arrow_table(path).filter(pa.array(~is_removed)))
        with pa.ipc.new_file(part, table.schema) as file:
            file.write_table(table)
        return
    with part.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        rows = iter(is_removed.tolist())
        for number, (values, text) in enumerate(_records(path)):
            if number == 0 or not values or not next(rows):
                file.write(text)


def _read_delimited(path: Path, wanted: Wanted) -> pd.DataFrame:
    records = _records(path)
    header = [name.strip() for name in next(records, ([], ""))[0]]
    places = {name: place for place, name in enumerate(header) if wanted(name)}
    columns: dict[str, list[str | None]] = {name: [] for name in places}
    rows = 0
    for values, _ in records:
        rows += bool(values)
        for name, place in places.items():
            if values:
                columns[name].append(values[place] if place < len(values) else None)
    return pd.DataFrame(columns, index=range(rows), dtype=TEXT)


def _records(path: Path) -> Iterator[tuple[list[str], str]]:
    """Yield the values of each record, the header first, and the text that they were read from."""
    # Bytes that are not UTF-8 pass through unchanged.
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        first = file.readline()
        if "\0" in first:
            raise UnicodeError("UTF-16")
        delimiter = max(_DELIMITERS, key=first.count)
        file.seek(0)
        taken: list[str] = []

        def lines() -> Iterator[str]:
            for line in file:
                taken.append(line)
                yield line.removeprefix(_BYTE_ORDER_MARK)

        # The reader takes no more lines than the record needs.
        for values in csv.reader(lines(), delimiter=delimiter):
            yield values, "".join(taken)
            taken.clear()


def _read_parquet(path: Path, wanted: Wanted) -> pd.DataFrame:
    schema = pa.parquet.read_schema(path)
    names = [field.name for field in schema if wanted(field.name) and not pa.types.is_nested(field.type)]
    table = pa.parquet.read_table(path, columns=names)
    columns = {name: table.column(name).cast(pa.large_string()).to_pandas().astype(TEXT) for name in names}
    return pd.DataFrame(columns, index=range(pa.parquet.read_metadata(path).num_rows))


def _read_arrow(path: Path, wanted: Wanted) -> pd.DataFrame:
    table = _arrow_table(path)
    names = [field.name for field in table.schema if wanted(field.name) and not pa.types.is_nested(field.type)]
    columns = {name: table.column(name).cast(pa.large_string()).to_pandas().astype(TEXT) for name in names}
    return pd.DataFrame(columns, index=range(table.num_rows))


def _arrow_table(path: Path) -> pa.Table:
    with pa.OSFile(str(path)) as file:  # not mapped: a mapped file cannot be replaced everywhere
        return pa.ipc.open_file(file).read_all()


def _without_pairs_of_others(table: pa.Table) -> pa.Table:
    """Return a table whose match rules, which an index and frames of pandas keep beside it, name its own records."""
    about = dict(table.schema.metadata or {})
    if "record_id" not in table.column_names or not about.keys() & {_RULES, _ATTRS}:
        return table
    record_ids = table.column("record_id").to_pandas()
    for key in about.keys() & {_RULES, _ATTRS}:
        written = json.loads(about[key])
        rules = written if key == _RULES else written.get(ATTR, {})
        rules.update({name: pairs_among(rules[name], record_ids) for name in PAIRS if name in rules})
        about[key] = json.dumps(written).encode()
    return table.replace_schema_metadata(about)


def _with_own_words_only(table: pa.Table) -> pa.Table:
    """Return a table whose dictionaries hold no value that stands in none of its rows any more."""
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type) and not field.type.ordered:
            words = table.column(place).cast(field.type.value_type).dictionary_encode()
            table = table.set_column(place, field.name, words)
    return table


def _read_workbook(path: Path, wanted: Wanted) -> pd.DataFrame:
    book = CalamineWorkbook.from_path(str(path))
    sheets = []
    for name in book.sheet_names:
        header, *rows = book.get_sheet_by_name(name).to_python() or [[]]
        places = {str(title): place for place, title in enumerate(header) if wanted(str(title))}
        columns = {title: [str(row[place]) for row in rows] for title, place in places.items()}
        sheets.append(pd.DataFrame(columns, index=range(len(rows)), dtype=TEXT))
    return pd.concat(sheets, ignore_index=True)


_READERS: dict[str, Callable[[Path, Wanted], pd.DataFrame]] = {
    **dict.fromkeys(DELIMITED, _read_delimited),
    **dict.fromkeys(PARQUET, _read_parquet),
    **dict.fromkeys(ARROW, _read_arrow),
    **dict.fromkeys(WORKBOOK, _read_workbook),
}
