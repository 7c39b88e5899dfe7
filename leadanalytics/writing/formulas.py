"""Text that a spreadsheet would run as a formula, made harmless.

Leads are typed by strangers, and a spreadsheet program runs any cell of a CSV file that looks like a formula. The rule
is that of OWASP's page "CSV Injection": an apostrophe before the first character makes the cell text.
"""

from __future__ import annotations

import itertools
import re

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics import schema

# The full-width signs count in East Asian editions.
STARTS = "=+-@＝＋－＠\t\r\n"
# Where a new cell begins if a file is split line by line, or at the separators of other countries.
SEPARATORS = "\n\r\t;"
# What may stand unseen before a formula: control characters, blanks of any width, marks of direction, byte order marks.
UNSEEN_RANGES = (
    (0x00, 0x08), (0x0B, 0x0C), (0x0E, 0x20), (0x7F, 0xA0), (0xAD, 0xAD), (0x1680, 0x1680), (0x180E, 0x180E),
    (0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x206F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
)  # fmt: skip
UNSEEN = "".join(map(chr, itertools.chain(*(range(first, last + 1) for first, last in UNSEEN_RANGES))))

_FORMULA = re.compile(
    rf"""
      \A            (?= [{UNSEEN}]* [\r\n] )
    | (?: \A | (?<= [{SEPARATORS}] ))
                    (?! [{UNSEEN}]* - ([0-9]{{1,15}} (\.[0-9]+)?)? [{UNSEEN}]* ([{SEPARATORS}] | \Z) )  # - or -1.5 only
                    (?= [{UNSEEN}]* [=+\-@＝＋－＠\t] )
    """,
    re.VERBOSE,
)


def guard_formulas(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose text no spreadsheet runs as a formula, every other value unchanged.

    Text and column names get an apostrophe wherever a formula could begin: before one of `= + - @`, their full-width
    forms, a tab or a line break, also after blanks, at the start of each line and after a semicolon or tab, at which
    spreadsheets of some countries split. A lone dash and a plain negative number stay as they are. A phone number
    with its plus is guarded too, which keeps the plus. Numbers, times and flags are not text and are not touched.

    Parameters
    ----------
    frame : DataFrame
        Any frame.

    Examples
    --------
    >>> guard_formulas(pd.DataFrame({"company": ["=1+1", "Contoso"], "phone": ["+44 20 7946 0000", None]}))
        company              phone
    0    '=1+1  '+44 20 7946 0000
    1   Contoso                NaN
    """
    guarded = pd.DataFrame({number: _guarded(values) for number, (_, values) in enumerate(frame.items())})
    guarded = guarded.set_axis([_guarded_text(name) for name in frame.columns], axis="columns").set_axis(frame.index)
    guarded.attrs = dict(frame.attrs)
    return guarded


def _guarded(values: pd.Series) -> pd.Series:
    if isinstance(values.dtype, pd.CategoricalDtype):
        # Guarding could make two categories equal, so the column becomes text where one of them is dangerous.
        categories = pd.Series(values.cat.categories)
        return values if _guarded(categories).equals(categories) else _guarded(values.astype(schema.TEXT))
    if values.dtype == object:
        return values.map(_guarded_text)
    if not pd.api.types.is_string_dtype(values.dtype):
        return values
    text = pa.array(values.astype(schema.TEXT), type=pa.large_string(), from_pandas=True)
    if isinstance(text, pa.ChunkedArray):  # as the columns of concatenated frames are
        text = text.combine_chunks()
    suspects = pc.fill_null(_suspects(text), False)
    if not pc.any(suspects).as_py():
        return values
    # Few cells get here, and only a pattern can look into their lines.
    harmless = [_FORMULA.sub("'", cell) for cell in text.filter(suspects).to_pylist()]
    text = pc.replace_with_mask(text, suspects, pa.array(harmless, type=text.type))
    return pd.Series(schema.TEXT.__from_arrow__(text), index=values.index)


def _guarded_text(value: object) -> object:
    return _FORMULA.sub("'", value) if isinstance(value, str) else value


def _suspects(text: pa.Array) -> pa.Array:
    """Give which cells begin like a formula or have several lines or parts."""
    first = pc.utf8_slice_codeunits(pc.utf8_ltrim(text, characters=UNSEEN), 0, 1)
    suspects = pc.is_in(first, value_set=pa.array(list(STARTS), type=first.type))
    for separator in SEPARATORS:
        suspects = pc.or_(suspects, pc.match_substring(text, separator))
    return suspects
