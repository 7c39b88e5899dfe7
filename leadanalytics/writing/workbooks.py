"""A table as an Excel workbook, in which text stays text; a long one goes on in further sheets."""

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
MOST_COLUMNS = 16_384
MOST_TEXT = 32_767  # UTF-16 units in a cell
MOST_DIGITS = 10**15
# Excel holds 1,048,576 rows; a round number tells at a glance which sheet a row is on.
ROWS_OF_SHEET = 1_000_000

# Excel counts days from here, with a day in 1900 that never was; before March of that year its dates are wrong.
FIRST_DAY = pd.Timestamp("1899-12-30")
FIRST_SAFE_DAY = pd.Timestamp("1900-03-01")

CLOCK = "yyyy-mm-dd hh:mm:ss"
CREATED = datetime(2000, 1, 1)  # the clock's time would make every file different
WIDTHS = (8, 48)  # the least and the greatest width of a column [characters]

Cells = tuple[Callable[..., object], Sequence[object]]


def write_workbook(
    frame: pd.DataFrame, path: Path, *, for_: str, name: str, rows_of_sheet: int = ROWS_OF_SHEET
) -> None:
    """Write a frame to an Excel workbook, whose properties hold the definition of `frame.attrs`.

    Parameters
    ----------
    frame : DataFrame
        Any frame.
    path : path
        A new file.
    for_ : {"spreadsheet", "data"}
        For people or for programs.
    name : str
        What the sheets are called: Customers, Customers 2 and so on.
    rows_of_sheet : int
        The most rows that a sheet has below its header.

    Raises
    ------
    WriteError
        When the frame has more columns or (as data) more text in a cell than Excel holds.
    """
    _check_columns(frame)
    frame = _with_short_text(times_for_people(frame)) if for_ == "spreadsheet" else times_for_programs(frame)
    path.write_bytes(workbook_image(frame, name=name, rows_of_sheet=rows_of_sheet))


def workbook_image(
    frame: pd.DataFrame,
    *,
    name: str,
    rows_of_sheet: int = ROWS_OF_SHEET,
    text_form: str = "General",
    time_form: str = CLOCK,
) -> bytes:
    """Return the bytes of an Excel workbook; text stays text, times without a zone are true dates.

    Parameters
    ----------
    frame : DataFrame
        Its `attrs["definition"]` becomes the comment among the workbook's properties.
    name : str
        What the sheets are called: Customers, Customers 2 and so on.
    rows_of_sheet : int
        The most rows that a sheet has below its header.
    text_form, time_form : str
        How Excel formats cells of text and of times; "@" keeps what somebody types over a text a text.

    Raises
    ------
    WriteError
        When the frame has more columns or text in a cell than Excel holds.
    """
    _check_columns(frame)
    _check_text(frame)
    image = io.BytesIO()
    # The rows wait in a temporary file, in a folder that goes away whatever happens: they hold personal data.
    with tempfile.TemporaryDirectory() as folder:
        workbook = xlsxwriter.Workbook(image, {"constant_memory": True, "tmpdir": folder})
        workbook.set_properties({"created": CREATED, "comments": str(frame.attrs.get("definition", ""))})
        looks = {
            "text": workbook.add_format({"num_format": text_form}),
            "time": workbook.add_format({"num_format": time_form}),
            "header": workbook.add_format({"bold": True, "bottom": 1}),
        }
        # The whole column decides, so that it is of one kind on every sheet.
        kinds = [_kind(values) for _, values in frame.items()]
        for number, start in enumerate(range(0, max(len(frame), 1), rows_of_sheet), start=1):
            sheet = workbook.add_worksheet(name if number == 1 else f"{name} {number}")
            _write_sheet(sheet, frame.iloc[start : start + rows_of_sheet], kinds, looks)
        workbook.close()
    return image.getvalue()


def _write_sheet(sheet: Worksheet, frame: pd.DataFrame, kinds: list[str], looks: dict[str, Format]) -> None:
    columns = [_cells(sheet, values, kind, looks) for kind, (_, values) in zip(kinds, frame.items())]
    for place, name in enumerate(frame.columns):
        _write_text(sheet, 0, place, str(name), looks["header"])
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


def _kind(values: pd.Series) -> str:
    """Return what the cells of a column are: what a cell cannot hold exactly is text.

    That is an old date, infinity, a number of more than 15 digits.
    """
    if is_time(values) and not (values < FIRST_SAFE_DAY).any():
        return "time"
    if pd.api.types.is_bool_dtype(values.dtype):
        return "flag"
    if pd.api.types.is_numeric_dtype(values.dtype) and (values.abs() < MOST_DIGITS).where(values.notna(), True).all():
        return "number"
    return "text"


def _cells(sheet: Worksheet, values: pd.Series, kind: str, looks: dict[str, Format]) -> Cells:
    """Give the method that writes a column's cells, and their values; None for an empty cell."""
    if kind == "time":
        days = (values - FIRST_DAY) / pd.Timedelta(days=1)
        return lambda row, place, day: sheet.write_number(row, place, day, looks["time"]), _listed(days)
    if kind == "flag":
        return sheet.write_boolean, _listed(values)
    if kind == "number":
        return sheet.write_number, _listed(values)
    texts = _listed(values.astype(schema.TEXT))
    return lambda row, place, text: _write_text(sheet, row, place, text, looks["text"]), texts


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


def _check_columns(frame: pd.DataFrame) -> None:
    if frame.shape[1] > MOST_COLUMNS:
        raise WriteError(
            f"an Excel sheet has room for {MOST_COLUMNS:,} columns",
            found=f"{frame.shape[1]:,} columns",
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
