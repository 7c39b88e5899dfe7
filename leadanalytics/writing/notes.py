"""The note that tells where a customer comes from, for the one free text field of a CRM."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics import schema
from leadanalytics.writing.times import times_for_programs

# What the lines begin with, and the columns that they tell, in order; the long lists last, for the end is what is cut.
LINES = {
    "Marketplace customer": ("customer_id",),
    "First touch": ("first_at", "first_source"),
    "Last touch": ("last_at", "last_source"),
    "Furthest stage": ("furthest_stage",),
    "Leads": ("leads",),
    "Offers": ("offers",),
    "Stages": ("stages",),
    "Record ids": ("record_ids",),
}
# The separators at which a note may be cut without half an item in it.
BETWEEN = ("\n", "; ")
_IDLE_ZEROS = r"(\.\d*?)0+Z$"
_LINE_BREAKS = r"[\n\r\v\f\x1c-\x1e\x{85}\x{2028}\x{2029}]+"


def notes(customers: pd.DataFrame) -> pd.Series:
    r"""Return each customer's note: lines of a name, a colon, a blank and the value, without those of no value.

    Times are ISO 8601 in UTC with every digit they have, and the channel follows a blank; lists are joined by "; ", as
    in the frame. A line break in a value becomes a blank, so `dict(line.split(": ", 1) for line in note.split("\n"))`
    reads a note.

    Parameters
    ----------
    customers : DataFrame
        The columns of the kind 'customers'.

    Examples
    --------
    >>> customers = schema.conform(pd.DataFrame({
    ...     "customer_id": ["C-1"],
    ...     "first_at": pd.to_datetime(["2024-02-27T05:41:09Z"]),
    ...     "first_source": ["SPZA"],
    ...     "leads": [2],
    ...     "offers": ["Flow; Guard"],
    ...     "do_not_contact": [False],
    ... }), "customers")
    >>> print(notes(customers)[0])
    Marketplace customer: C-1
    First touch: 2024-02-27T05:41:09Z SPZA
    Leads: 2
    Offers: Flow; Guard
    """
    told = times_for_programs(customers)
    for column in ("first_at", "last_at"):
        # A column's times have as many digits as the one that needs most; a note is not to depend on its neighbours.
        told[column] = told[column].str.replace(_IDLE_ZEROS, r"\1Z", regex=True).str.replace(".Z", "Z")
    lines = [_line(name, [told[column] for column in columns]) for name, columns in LINES.items()]
    texts = pc.utf8_rtrim(pc.binary_join_element_wise(*lines, _text("")), characters="\n")
    return pd.Series(schema.TEXT.__from_arrow__(texts), index=customers.index)


def _line(name: str, columns: list[pd.Series]) -> pa.Array:
    """Give a line for each customer; nothing where none of its columns has a value."""
    filled = [values.astype(schema.TEXT).fillna("").to_numpy() for values in columns]
    joined = pc.binary_join_element_wise(*(pa.array(texts, pa.large_string()) for texts in filled), _text(" "))
    joined = pc.utf8_trim_whitespace(pc.replace_substring_regex(joined, _LINE_BREAKS, " "))
    told = pc.binary_join_element_wise(_text(f"{name}: "), joined, _text("\n"), _text(""))
    return pc.if_else(pc.equal(joined, _text("")), _text(""), told)


def _text(text: str) -> pa.LargeStringScalar:
    return pa.scalar(text, pa.large_string())
