"""A table as a file: for people in a spreadsheet, or for programs with no value changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa

from leadanalytics import schema
from leadanalytics.errors import WriteError, check_option
from leadanalytics.replacing import replacing
from leadanalytics.writing.formulas import guard_formulas
from leadanalytics.writing.times import times_for_people, times_for_programs
from leadanalytics.writing.workbooks import write_workbook

FORMS = ("spreadsheet", "data")
# What the sheet of a workbook is called, and the kind of frame that it then holds; the first that fits.
SHEETS = {"Leads": "leads", "Funnel": "counts", "Customers": "customers"}


def write_table(frame: pd.DataFrame, path: str | Path, *, for_: str = "spreadsheet") -> Path:
    """Return the path of a CSV, Excel or Parquet file that holds a frame, without its index.

    Parameters
    ----------
    frame : DataFrame
        Any frame. Lists of leads or customers are better written by `write_leads`, which parts those not to contact.
    path : path
        Its suffix, .csv, .xlsx or .parquet, is the format. Missing folders are made; a file of that name is replaced
        in one step. The same frame gives the same bytes.
    for_ : {"spreadsheet", "data"}, default "spreadsheet"
        For people or for programs. A spreadsheet's times are UTC to the second, as the names of their columns then
        say; its CSV has a byte order mark and no text that would run as a formula (see `guard_formulas`). Data have
        every value as it is and times in ISO 8601 with all their digits. Parquet is always data.

    Raises
    ------
    OptionError
        When `for_` is not one of its options.
    WriteError
        When the suffix is another, the file cannot be written, or the frame does not fit into the format.

    Warns
    -----
    LeadAnalyticsWarning
        When text was cut to what an Excel cell holds (spreadsheet form only).

    Examples
    --------
    >>> import tempfile
    >>> frame = pd.DataFrame({"stage": ["Test drive"], "n": [3]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write_table(frame, Path(folder) / "counts.csv", for_="data")
    ...     path.read_text().splitlines()
    ['stage,n', 'Test drive,3']
    """
    path = Path(path)
    check_writable(path, for_=for_)
    with replacing(path) as (part,):
        write_part(frame, part, for_=for_)
    return path


def check_writable(path: Path, *, for_: str) -> None:
    """Raise an error unless a table can be written to a path in this form."""
    check_option("for_", for_, FORMS)
    if path.suffix.lower() not in WRITERS:
        raise WriteError(
            f"a table is written as {', '.join(WRITERS)}",
            found=repr(path.name),
            next_step=f"name the file {path.stem + '.csv'!r}",
        )


def write_part(frame: pd.DataFrame, path: Path, *, for_: str, sheet: str | None = None) -> None:
    """Write a frame to a new file in the format of its suffix; the sheet of a workbook is named after what it holds."""
    try:
        WRITERS[path.suffix.lower()](frame, path, for_=for_, name=sheet or _sheet_of(frame))
    except (pa.ArrowException, TypeError, ValueError) as error:
        # The cause is not chained: such errors quote the value that somebody typed. Its type is safe to name.
        raise WriteError(
            f"the frame cannot be written as {path.suffix}",
            found=f"{_odd_columns(frame)} ({type(error).__name__})",
            next_step="make the values of each column of one type, and text valid Unicode",
        ) from None


def _sheet_of(frame: pd.DataFrame) -> str:
    for sheet, kind in SHEETS.items():
        if {column.name for column in schema.KINDS[kind].columns if column.required} <= set(frame.columns):
            return sheet
    return "Table"


def _write_csv(frame: pd.DataFrame, path: Path, *, for_: str, **_: str) -> None:
    people = for_ == "spreadsheet"
    frame = guard_formulas(times_for_people(frame)) if people else times_for_programs(frame)
    frame.to_csv(
        path,
        index=False,
        lineterminator="\r\n",
        encoding="utf-8-sig" if people else "utf-8",
        date_format="%Y-%m-%d %H:%M:%S",
    )


def _write_parquet(frame: pd.DataFrame, path: Path, *, for_: str, **_: str) -> None:
    frame.to_parquet(path, engine="pyarrow", compression="zstd", index=False)


def _odd_columns(frame: pd.DataFrame) -> str:
    """Say which columns are the likely cause, by name only."""
    names = [str(name) for name in frame.columns[frame.columns.duplicated()]]
    if names:
        return f"several columns named {', '.join(map(repr, names))}"
    odd = [str(name) for name, values in frame.items() if values.dtype == object]
    return f"mixed values in {', '.join(map(repr, odd))}" if odd else "values that the format does not know"


WRITERS: dict[str, Callable[..., None]] = {".csv": _write_csv, ".xlsx": write_workbook, ".parquet": _write_parquet}
