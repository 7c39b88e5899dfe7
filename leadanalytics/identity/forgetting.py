"""A person's data found and removed: the rows of a folder's files, and what a frame of leads knows of somebody."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from leadanalytics.errors import OptionError, ReadError
from leadanalytics.identity.emails import canonical_emails, flat_emails, personal
from leadanalytics.identity.index import CustomerIndex
from leadanalytics.identity.stored_files import WORKBOOK, read_columns, write_without
from leadanalytics.replacing import replacing
from leadanalytics.schema import TEXT, check

_LETTERS = re.compile(r"[^a-z]")
_RECORDS, _KEYS = ("recordid", "recid", "firstrecordid"), ("partitionkey", "rowkey")
_CUSTOMERS, _HEIRS = ("customerid",), ("supersededby",)
_RECORD_LISTS, _CUSTOMER_INFO = ("recordids",), ("customerinfo", "userdetails")
_ADDRESS = re.compile(r"[^\s\"'<>,;:\\{}()\[\]]+@[^\s\"'<>,;:\\{}()\[\]]+")


def forget(
    folder: str | Path | CustomerIndex,
    *,
    email: str | None = None,
    record_ids: Collection[str] = (),
    whole_customer: bool = True,
    dry_run: bool = False,
) -> pd.DataFrame:
    r"""Remove a person from the files of a folder, and return what was removed from which.

    Looked into are CSV, TSV, Parquet and Arrow files with columns of this package, of an Azure Table or of an exported
    list, in the folder and those in it: a customer index, a synced copy, exports. They are written anew, all or none.
    Excel files are looked into as well, but must be written again by whoever made them; whatever else lies there is
    named, not touched. The Azure Table itself, backups and files that others have are not reached.

    Parameters
    ----------
    folder : path or CustomerIndex
        A folder, or an index, whose folder is meant.
    email : str, optional
        The person's address in any spelling.
    record_ids : collection of str
        Records of the person; of an Azure Table, both keys joined by "/".
    whole_customer : bool
        Whether all records of the person's customer go, where a file has a customer_id, and not only those found.
    dry_run : bool
        Whether to only say what would be removed.

    Returns
    -------
    DataFrame
        One row per file: *file* (within the folder), *rows_removed*, *rows_left* and *note*, what is left to do; the
        numbers are 0 for a file that was not looked into.

    Raises
    ------
    OptionError
        When nobody is named, or the address is none of a single person.
    ReadError
        When the folder is not there.
    WriteError
        When a file cannot be written; then all old files stay.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "leads.csv").write_text("email,phone\nAna@example.com,1\nbo@example.com,2\n")
    ...     forget(folder, email="ana@example.com").to_dict("records")
    [{'file': 'leads.csv', 'rows_removed': 1, 'rows_left': 1, 'note': ''}]
    """
    person = _Person(_addresses(email, record_ids), {str(name) for name in record_ids})
    root = folder.folder if isinstance(folder, CustomerIndex) else Path(folder)
    tables, unread = _read_folder(root)
    person.learn(tables, whole_customer)
    removed = {path: person.is_named_in(table) for path, table in tables.items()}
    changed = [path for path, rows in removed.items() if rows.any() and path.suffix.lower() not in WORKBOOK]
    if not dry_run:
        with replacing(*changed) as parts:
            for path, part in zip(changed, parts):
                write_without(path, part, removed[path])
    return _report(root, removed, unread)


def everything_of(leads: pd.DataFrame, *, email: str) -> pd.DataFrame:
    """Return the leads of a person, for somebody who asks what is known of them.

    Parameters
    ----------
    leads : DataFrame
        With email; where they have a customer_id, all leads of the person's customer count.
    email : str
        The person's address in any spelling.

    Raises
    ------
    OptionError
        When the address is none of a single person.

    Examples
    --------
    >>> leads = pd.DataFrame({
    ...     "email": ["Ana@example.com", None, "bo@example.com"],
    ...     "customer_id": ["C-1", "C-1", "C-2"],
    ... })
    >>> everything_of(leads, email="ana@example.com").index.tolist()
    [0, 1]
    """
    check(leads, "leads", columns=["email"])
    found = canonical_emails(leads["email"]).isin(_addresses(email, ()))
    if "customer_id" in leads.columns:
        found |= leads["customer_id"].isin(leads.loc[found, "customer_id"].dropna())
    return leads[found]


@dataclass
class _Person:
    """What a person is known by."""

    emails: set[str]
    records: set[str]
    customers: set[str] = field(default_factory=set)

    def learn(self, tables: dict[Path, pd.DataFrame], whole_customer: bool) -> None:
        """Take in the customer ids of the person's rows, then the record ids of that customer's rows."""
        for table in tables.values() if whole_customer else ():
            self.customers |= set(_column(table, _CUSTOMERS)[self.is_named_in(table)].dropna())
        for table in tables.values():
            self.records |= set(_record_ids(table)[self.is_named_in(table)].dropna())

    def is_named_in(self, table: pd.DataFrame) -> np.ndarray:
        """Return which rows of a file are the person's."""
        rows = _record_ids(table).isin(self.records)
        for ids in (_column(table, _CUSTOMERS), _column(table, _HEIRS)):
            rows |= ids.isin(self.customers)
        for name in table.columns[[_LETTERS.sub("", name.lower()).startswith("email") for name in table.columns]]:
            rows |= canonical_emails(table[name]).isin(self.emails)
        if self.emails:
            rows |= _holds_address(_column(table, _CUSTOMER_INFO), self.emails)
        lists = _column(table, _RECORD_LISTS).dropna().str.split("; ").explode()
        rows[lists.index[lists.isin(self.records)]] = True
        return rows.to_numpy("bool")


def _addresses(email: str | None, record_ids: Collection[str]) -> set[str]:
    """Return the canonical address, if one is given; errors do not quote it."""
    if email is None and not list(record_ids):
        raise OptionError("nobody is named", next_step="give email= or record_ids=")
    if email is None:
        return set()
    address = canonical_emails(pd.Series([email], dtype=TEXT))
    if not personal(flat_emails(address))[0]:
        raise OptionError(
            "email is a person's own address",
            found="none" if address.isna()[0] else "a mailbox of many, such as info@",
            next_step="give record_ids= instead",
        )
    return set(address)


def _read_folder(root: Path) -> tuple[dict[Path, pd.DataFrame], dict[Path, str]]:
    """Return what the files of a folder say of people, and why the others say nothing."""
    if not root.is_dir():
        raise ReadError("the folder is not there", found=root.name)
    tables: dict[Path, pd.DataFrame] = {}
    unread: dict[Path, str] = {}
    for path in sorted(path for path in root.rglob("*") if path.is_file() and not path.name.startswith(".")):
        try:
            tables[path] = read_columns(path, _tells_of_people)
        except ReadError as error:
            unread[path] = str(error)
    return tables, unread


def _tells_of_people(column: str) -> bool:
    name = _LETTERS.sub("", column.lower())
    return name.startswith("email") or name in (
        *(*_RECORDS, *_KEYS, *_CUSTOMERS, *_HEIRS, *_RECORD_LISTS, *_CUSTOMER_INFO),
    )


def _column(table: pd.DataFrame, names: Collection[str]) -> pd.Series:
    """Return the first column of one of these names, in any case and with any blanks; all missing if there is none."""
    found = [name for name in table.columns if _LETTERS.sub("", name.lower()) in names]
    return table[found[0]] if found else pd.Series(np.nan, index=table.index, dtype=TEXT)


def _record_ids(table: pd.DataFrame) -> pd.Series:
    partition, row = (_column(table, [name]) for name in _KEYS)
    return _column(table, _RECORDS).fillna(partition + "/" + row)


def _holds_address(texts: pd.Series, addresses: set[str]) -> pd.Series:
    """Return which JSON texts hold one of these addresses, however they are nested and escaped."""
    found = texts.dropna().map(lambda text: _ADDRESS.findall(_unescaped(text))).explode().dropna()
    held = canonical_emails(found.astype(TEXT)).isin(addresses)
    return pd.Series(texts.index.isin(found.index[held]), index=texts.index)


def _unescaped(text: str) -> str:
    r"""Return a text with letters for escapes such as \u0040, where it is JSON."""
    with contextlib.suppress(ValueError):
        return json.dumps(json.loads(text), ensure_ascii=False)
    return text


def _report(root: Path, removed: dict[Path, np.ndarray], unread: dict[Path, str]) -> pd.DataFrame:
    lines = []
    for path in sorted([*removed, *unread]):
        rows = removed.get(path, np.zeros(0, bool))
        found, note = int(rows.sum()), unread.get(path, "")
        if found and path.suffix.lower() in WORKBOOK:
            found, note = 0, f"holds {found:,} rows of the person: write it again"
        lines.append((path.relative_to(root).as_posix(), found, len(rows) - found, note))
    report = pd.DataFrame(lines, columns=["file", "rows_removed", "rows_left", "note"])
    return report.astype({"file": TEXT, "rows_removed": "int64", "rows_left": "int64", "note": TEXT})
