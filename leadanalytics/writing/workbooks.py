"""A table as an Excel workbook of one sheet, in which text stays text."""

from __future__ import annotations

import io
import tempfile
import warnings
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from leadanalytics import schema
from leadanalytics.errors import LeadAnalyticsWarning, WriteError
from leadanalytics.writing.lengths import CUT, cut, too_long
from leadanalytics.writing.times import is_time, times_for_people, times_for_programs

# "Excel specifications and limits", Microsoft.
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MOST_TEXT = 32_767  # UTF-16 units in a cell
MOST_DIGITS = 10**15

# Excel counts days from here, with a day in 1900 that never was; before March of that year its dates are wrong.
FIRST_DAY = pd.Timestamp("1899-12-30")
FIRST_SAFE_DAY = pd.Timestamp("1900-03-01")

CLOCK = "yyyy-mm-dd hh:mm:ss"
CREATED = datetime(2000, 1, 1)  # the clock's time would make every file different
WIDTHS = (8, 48)  # the least and the greatest width of a column [characters]

Cells = tuple[Callable[..., object], Sequence[object]]


def write_workbook(frame: pd.DataFrame, path: Path, *, for_: str) -> None:
    """Write a frame to an Excel workbook, whose properties hold the definition of `frame.attrs`.

    Raises
    ------
    WriteError
        When the frame has more rows, columns or (as data) text in a cell than Excel holds.
    """
    _check_size(frame)
    frame = _with_short_text(times_for_people(frame)) if for_ == "spreadsheet" else times_for_programs(frame)
    path.write_bytes(workbook_image(frame))


def workbook_image(frame: pd.DataFrame, *, text_form: str = "General", time_form: str = CLOCK) -> bytes:
    """Return the bytes of an Excel workbook of one sheet; text stays text, times without a zone are true dates.

    Parameters
    ----------
    frame : DataFrame
        Its `attrs["definition"]` becomes the comment among the workbook's properties.
    text_form, time_form : str
        How Excel formats cells of text and of times; "@" keeps what somebody types over a text a text.

    Raises
    ------
    WriteError
        When the frame has more rows, columns or text in a cell than Excel holds.
    """
    _check_size(frame)
    _check_text(frame)
    image = io.BytesIO()
    # The rows wait in a temporary file, in a folder that goes away whatever happens: they hold personal data.
    with tempfile.TemporaryDirectory() as folder:
        workbook = xlsxwriter.Workbook(image, {"constant_memory": True, "tmpdir": folder})
        workbook.set_properties({"created": CREATED, "comments": str(frame.attrs.get("definition", ""))})
        _write_sheet(workbook, frame, text_form, time_form)
        workbook.close()
    return image.getvalue()


def _write_sheet(workbook: xlsxwriter.Workbook, frame: pd.DataFrame, text_form: str, time_form: str) -> None:
    sheet = workbook.add_worksheet()
    plain, clock = workbook.add_format({"num_format": text_form}), workbook.add_format({"num_format": time_form})
    columns = [_cells(sheet, values, plain, clock) for _, values in frame.items()]
    header = workbook.add_format({"bold": True, "bottom": 1})
    for place, name in enumerate(frame.columns):
        _write_text(sheet, 0, place, str(name), header)
        sheet.set_column(place, place, _width(str(name), frame.iloc[:, place]))
    sheet.freeze_panes(1, 0)
    if columns:
        sheet.autofilter(0, 0, len(frame), len(columns) - 1)
    writers = [write for write, _ in columns]
    # A loop over rows: the library takes one cell at a time, and row by row it needs little memory.
    for row, values in enumerate(zip(*(cells for _, cells in columns)), start=1):
        for place, value in enumerate(values):
            if value is not None:
                writers[place](row, place, value)


def _cells(sheet: Worksheet, values: pd.Series, plain: Format, clock: Format) -> Cells:
    """Give the method that writes a column's cells, and their values; None for an empty cell."""
    if is_time(values) and not (values < FIRST_SAFE_DAY).any():
        days = (values - FIRST_DAY) / pd.Timedelta(days=1)
        return lambda row, place, day: sheet.write_number(row, place, day, clock), _listed(days)
    if pd.api.types.is_bool_dtype(values.dtype):
        return sheet.write_boolean, _listed(values)
    if pd.api.types.is_numeric_dtype(values.dtype) and (values.abs() < MOST_DIGITS).where(values.notna(), True).all():
        return sheet.write_number, _listed(values)
    # What a cell cannot hold exactly is text: old dates, infinity, numbers of more than 15 digits.
    return lambda row, place, text: _write_text(sheet, row, place, text, plain), _listed(values.astype(schema.TEXT))


def _write_text(sheet: Worksheet, row: int, place: int, text: str, look: Format) -> None:
    if text.startswith("<r>") and text.endswith("</r>"):
        # The library takes such text for markup of its own and would write it unescaped; in two runs it escapes it.
        sheet.write_rich_string(row, place, look, text[:1], look, text[1:], look)
    else:
        sheet.write_string(row, place, text, look)


def _listed(values: pd.Series) -> list[object]:
    return values.astype(object).where(values.notna(), None).tolist()


def _width(name: str, values: pd.Series) -> float:
    """Give a column the width that most of its cells need."""
    if is_time(values):
        return max(len(name) + 3, 20)
    lengths = values.head(1_000).dropna().astype(str).str.len()
    needed = max(len(name) + 3, float(lengths.quantile(0.9)) + 1 if len(lengths) else 0)
    return float(np.clip(needed, *WIDTHS))


def _check_size(frame: pd.DataFrame) -> None:
    if len(frame) < MOST_ROWS and frame.shape[1] <= MOST_COLUMNS:
        return
    raise WriteError(
        f"an Excel sheet has room for {MOST_ROWS - 1:,} rows and {MOST_COLUMNS:,} columns",
        found=f"{len(frame):,} rows and {frame.shape[1]:,} columns",
        next_step="write .csv or .parquet",
    )


def _check_text(frame: pd.DataFrame) -> None:
    for name, values in frame.items():
        if len(_too_long(values)):
            raise WriteError(
                f"an Excel cell has room for {MOST_TEXT:,} characters",
                found=f"longer text in the column {name!r}",
                next_step="write .csv or .parquet, or for_='spreadsheet', which cuts it",
            )


def _with_short_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Cut text to what a cell holds, and say so in the cell and in a warning."""
    columns, counts = [], {}
    for name, values in frame.items():
        long = _too_long(values)
        if len(long):
            values = values.astype(object)
            values.iloc[long] = [cut(str(text), MOST_TEXT, mark=CUT) for text in values.iloc[long]]
            counts[str(name)] = len(long)
        columns.append(values)
    if not counts:
        return frame
    cells = ", ".join(f"{number:,} in {name!r}" for name, number in counts.items())
    warnings.warn(
        f"cells cut to the {MOST_TEXT:,} characters that Excel holds: {cells}; .csv and .parquet hold all of them",
        LeadAnalyticsWarning,
        stacklevel=5,
    )
    short = pd.DataFrame(dict(enumerate(columns)), index=frame.index).set_axis(frame.columns, axis="columns")
    short.attrs = dict(frame.attrs)
    return short


def _too_long(values: pd.Series) -> np.ndarray:
    """Give the places of the cells whose text does not fit."""
    if is_time(values) or pd.api.types.is_numeric_dtype(values.dtype):
        return np.array([], "int64")
    return too_long(values, MOST_TEXT)
