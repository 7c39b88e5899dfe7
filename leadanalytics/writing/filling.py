"""Customers in the columns of a target: filled in, checked against what it wants, and cut to what it holds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadanalytics import schema
from leadanalytics.writing.lengths import CUT, cut, too_long
from leadanalytics.writing.notes import BETWEEN, notes
from leadanalytics.writing.targets import NOTE, Target, TargetColumn
from leadanalytics.writing.times import is_time


def fill_in(customers: pd.DataFrame, target: Target) -> pd.DataFrame:
    """Return the columns of a target for customers: text, missing where there is nothing, and times in UTC.

    Parameters
    ----------
    customers : DataFrame
        The columns of the kind 'customers'.
    target : Target
        Which columns there are, and what fills them.

    Examples
    --------
    >>> from leadanalytics.writing.targets import load_targets
    >>> customers = pd.DataFrame({"customer_id": ["C-1"], "first_name": ["Ana"], "do_not_contact": [False]})
    >>> filled = fill_in(schema.conform(customers, "customers"), load_targets()["salesforce"])
    >>> filled[["First Name", "Last Name", "Company"]].iloc[0].tolist()
    [nan, 'Ana', '[not provided]']
    """
    known = {name: _without_blanks(customers[name]) for name in schema.KINDS["customers"].names}
    known[NOTE] = notes(customers)
    columns = {column.header: _filled(column, known, customers.index) for column in target.columns}
    return pd.DataFrame(columns, index=customers.index)


def misfits(filled: pd.DataFrame, target: Target) -> np.ndarray:
    """Return why a target would not take each row; nothing for a row that it takes.

    Parameters
    ----------
    filled : DataFrame
        As made by `fill_in`.
    target : Target
        What it wants.
    """
    reasons = np.full(len(filled), "", dtype=object)

    def give(wrong: np.ndarray, reason: str) -> None:
        reasons[wrong & (reasons == "")] = reason

    for headers in target.compulsory:
        missing = filled[list(headers)].isna().all(axis="columns").to_numpy()
        give(missing, f"no {_one_of(headers)}")
    for column in target.columns:
        values = filled[column.header]
        if column.whole and column.longest is not None:
            long = np.isin(np.arange(len(values)), too_long(values, column.longest))
            give(long, f"{column.header} is longer than {column.longest:,} characters")
        if column.must_match is not None:
            fits = values.isna() | values.str.fullmatch(column.must_match)
            give(~fits.to_numpy(dtype=bool), f"{column.header} is not of the form that {target.name} takes")
    return reasons


def shorten(filled: pd.DataFrame, target: Target, *, most: int | None = None) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return rows with every text cut to what its column holds, and how many values of which column were cut.

    A note ends where an item ends and says that it was cut; other text has room for its beginning alone.

    Parameters
    ----------
    filled : DataFrame
        As made by `fill_in`.
    target : Target
        What its columns hold.
    most : int, optional
        What a cell of the file holds, where that is less [UTF-16 units].
    """
    columns, counts = {}, {}
    for column in target.columns:
        values = filled[column.header]
        limits = [limit for limit in (column.longest, most) if limit is not None]
        long = np.array([], "int64") if is_time(values) or not limits else too_long(values, min(limits))
        if len(long):
            mark, between = (CUT, BETWEEN) if NOTE in column.sources else ("", ())
            values = values.copy()
            values.iloc[long] = [cut(text, min(limits), mark=mark, between=between) for text in values.iloc[long]]
            counts[column.header] = len(long)
        columns[column.header] = values
    return pd.DataFrame(columns, index=filled.index), counts


def _one_of(headers: tuple[str, ...]) -> str:
    *most, last = headers
    return f"{', '.join(most)} or {last}" if most else last


def _filled(column: TargetColumn, known: dict[str, pd.Series], index: pd.Index) -> pd.Series:
    values = pd.Series(None, index=index, dtype=schema.TEXT)
    for number, source in enumerate(column.sources):
        values = known[source] if number == 0 else values.fillna(known[source])
    if column.only_with is not None:
        values = values.where(known[column.only_with].notna())
    return values.fillna(column.otherwise) if column.otherwise else values


def _without_blanks(values: pd.Series) -> pd.Series:
    """Give a column as times, or as text without blanks round it; missing where nothing is left."""
    if is_time(values):
        return values
    text = values.astype(schema.TEXT).str.strip()
    return text.where(text != "")
