"""Excel workbooks: the first visible sheet with the names of a layout becomes records, its cells text."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import python_calamine

from leadanalytics.errors import ReadError
from leadanalytics.reading.contents import Contents
from leadanalytics.reading.grids import read_grid
from leadanalytics.reading.json_records import to_text
from leadanalytics.reading.layouts import Layout, no_layout

_OLE = b"\xd0\xcf\x11\xe0"  # .xls, and a workbook of today behind a password
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = b"PK\x03\x04"


def is_workbook(head: bytes, stream: BinaryIO) -> bool:
    """Tell whether a file is an Excel workbook, which but for old ones is a ZIP archive of certain members."""
    if not head.startswith(_ZIP):
        return head.startswith(_OLE)
    try:
        with zipfile.ZipFile(stream) as archive:
            return any(name.startswith("xl/") for name in archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False
    finally:
        stream.seek(0)


def read_workbook(stream: BinaryIO, layouts: Sequence[Layout], what: str) -> Contents:
    """Return the records of an Excel workbook (.xlsx, .xlsm, .xlsb, .xls), every row of the table accounted for.

    They stand in the first visible sheet of which a row near the top names the columns of a layout. Whole numbers are
    written without a point, dates in ISO 8601 without a zone, errors not at all. Other sheets are noted.

    Raises
    ------
    ReadError
        When it is damaged, another kind of file, or behind a password, or no visible sheet holds leads.
    """
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(stream)
        return _first_sheet(workbook, layouts, what)
    except ReadError:
        raise
    except BaseException as error:
        # On some damage the reader panics, with an exception that is known by its name only.
        if not isinstance(error, python_calamine.CalamineError) and type(error).__name__ != "PanicException":
            raise
        raise _not_readable(stream, error, what) from None


def _not_readable(stream: BinaryIO, error: BaseException, what: str) -> ReadError:
    stream.seek(0)
    if isinstance(error, python_calamine.PasswordError) or _ENCRYPTED in stream.read():
        return ReadError(f"{what} is protected by a password", next_step="save it without one in Excel")
    return ReadError(
        f"{what} is no Excel workbook, or a damaged one",
        next_step="open it in Excel and save it again, or save it as CSV",
    )


def _first_sheet(workbook: python_calamine.CalamineWorkbook, layouts: Sequence[Layout], what: str) -> Contents:
    visible = [sheet.name for sheet in workbook.sheets_metadata if _is_visible(sheet)]
    first: list[str] = []
    for name in visible:
        contents = read_grid(_rows(workbook, name), layouts)
        if contents is not None:
            contents.sheet, contents.encoding = name, "workbook"
            contents.notes += _others(workbook, name)
            return contents
        first = first or next(filter(any, _rows(workbook, name)), [])
    raise no_layout(f"the columns of {what}", first, layouts)


def _rows(workbook: python_calamine.CalamineWorkbook, name: str) -> Iterator[list[str]]:
    sheet = workbook.get_sheet_by_name(name)
    rows = sheet.iter_rows() if sheet.start else ()  # else it has no cell
    return ([_text(cell) for cell in row] for row in rows)


def _is_visible(sheet: python_calamine.SheetMetadata) -> bool:
    is_table = sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
    return is_table and sheet.visible == python_calamine.SheetVisibleEnum.Visible


def _others(workbook: python_calamine.CalamineWorkbook, taken: str) -> list[str]:
    """Say which sheets were not read."""
    others = [sheet for sheet in workbook.sheets_metadata if sheet.name != taken]
    return [f"the {'' if _is_visible(sheet) else 'hidden '}sheet {sheet.name!r} was not read" for sheet in others]


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if hasattr(cell, "isoformat"):
        return cell.isoformat()
    return to_text(str(cell) if hasattr(cell, "total_seconds") else cell) or ""
