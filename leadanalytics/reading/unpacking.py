"""Columns that hold several fields: a lead source within a text, a full name, a message made of labelled parts."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics.reading.contents import TEXT_TYPE
from leadanalytics.reading.layouts import Layout

# Source-Action, the source of one word and perhaps its other name in brackets, as in "AppSource (SPZA)-INS".
_CODES = r"[A-Za-z_]\w*(?: \(\w+\))?(?:-\w+)+"
# In any text, at the start of a line, only with an offer that is publisher.offer: notes hold bars and hyphens too.
_WITHIN = rf"(?m)^[ \t]*(?P<found>{_CODES}[ \t]*\|[ \t]*[^\s|.]+\.[^\s|]+)"
# As all that a cell holds, with a title as well.
_WHOLE = rf"^\s*(?P<found>{_CODES}[ \t]*\|[^|\r\n]+?)\s*$"
# The family name comes first where a comma says so, else last.
_FAMILY_FIRST = r"^\s*(?P<last_name>[^,]+?)\s*,\s*(?P<first_name>.*?)\s*$"
_FAMILY_LAST = r"^\s*(?:(?P<first_name>.*\S)\s+)?(?P<last_name>\S+)\s*$"

Columns = dict[str, pa.ChunkedArray]


def take_lead_sources(layout: Layout, columns: pa.Table) -> tuple[pa.Table, pa.ChunkedArray | None]:
    """Return the columns without the lead sources that were found in them, and those lead sources.

    A CRM puts `Source-Action|Offer` where its connector was told to: into the topic, the description or any other
    text. Of several columns the first in the layout's order that holds one is taken, row by row.

    Parameters
    ----------
    layout : Layout
        Says which columns are searched; without any there is nothing to find.
    columns : Table
        Columns of text.
    """
    found: pa.ChunkedArray | None = None
    for place in layout.search_plan(columns.column_names):
        column = columns.column(place)
        if not pc.any(pc.match_substring(column, "|"), min_count=0).as_py():
            continue
        within, whole = _extract(column, _WITHIN), _extract(column, _WHOLE)
        here = pc.coalesce(within, whole)
        if found is not None:
            here = pc.if_else(pc.is_valid(found), pa.scalar(None, TEXT_TYPE), here)
        rest = pc.replace_substring_regex(column, rf"{_WITHIN}[ \t]*\r?\n?", "", max_replacements=1)
        rest = pc.if_else(pc.is_valid(within), rest, pa.scalar(None, TEXT_TYPE))
        columns = columns.set_column(place, columns.column_names[place], pc.if_else(pc.is_valid(here), rest, column))
        found = here if found is None else pc.coalesce(found, here)
    return columns, found


def unpack(layout: Layout, plan: Mapping[str, pa.ChunkedArray]) -> Columns:
    """Return the served columns with blanks missing, and with every packed column as the fields that it holds."""
    columns = {name: _without(values, layout.blanks) for name, values in plan.items()}
    for packed, pattern in layout.patterns.items():
        if packed in columns:
            _unpack_pattern(columns, packed, pattern)
    if "full_name" in columns:
        _unpack_full_name(columns, columns.pop("full_name"))
    return columns


def filled(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Tell which values are not blank."""
    trimmed = pc.fill_null(pc.utf8_length(pc.utf8_trim_whitespace(values)), 0)
    return pc.greater(trimmed, 0)


def first_filled(candidates: Sequence[pa.ChunkedArray]) -> pa.ChunkedArray:
    """Return, row by row, the first value that is not blank."""
    return functools.reduce(lambda first, second: pc.if_else(filled(first), first, second), candidates)


def _without(values: pa.ChunkedArray, blanks: Sequence[str]) -> pa.ChunkedArray:
    if not blanks:
        return values
    is_blank = pc.is_in(values, pa.array(blanks, TEXT_TYPE))
    return pc.if_else(is_blank, pa.scalar(None, TEXT_TYPE), values)


def _unpack_pattern(columns: Columns, packed: str, pattern: str) -> None:
    """Give the groups of a pattern to the columns they are named for; a value that it does not match stays whole."""
    parts = pc.extract_regex(columns[packed], pattern)
    for name in re.compile(pattern).groupindex:
        part = pc.struct_field(parts, [name]).cast(TEXT_TYPE)
        if name == packed:
            columns[name] = pc.if_else(pc.is_valid(parts), part, columns[packed])
        else:
            columns[name] = first_filled([columns[name], part]) if name in columns else part


def _unpack_full_name(columns: Columns, names: pa.ChunkedArray) -> None:
    """Split full names where neither the first nor the last name is given."""
    has_comma = pc.fill_null(pc.match_substring(names, ","), False)
    fields = ("first_name", "last_name")
    nobody = pa.chunked_array([pa.nulls(len(names), TEXT_TYPE)])
    given = [columns.get(field, nobody) for field in fields]
    is_named = pc.or_(*map(filled, given))
    for field, values in zip(fields, given, strict=True):
        part = pc.if_else(has_comma, _extract(names, _FAMILY_FIRST, field), _extract(names, _FAMILY_LAST, field))
        columns[field] = pc.if_else(is_named, values, part)


def _extract(column: pa.ChunkedArray, pattern: str, group: str = "found") -> pa.ChunkedArray:
    return pc.struct_field(pc.extract_regex(column, pattern), [group]).cast(TEXT_TYPE)
