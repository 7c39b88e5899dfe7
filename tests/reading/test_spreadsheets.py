import io
import random
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
from binary_workbooks import binary_workbook, compound_file, old_workbook

from leadanalytics.errors import ReadError
from leadanalytics.reading.choosing import load_layouts
from leadanalytics.reading.spreadsheets import is_workbook, read_workbook

NAMES = ["LeadSource", "ActionCode", "Phone", "CreatedTime"]


def workbook(sheets, hidden=()):
    """The bytes of a workbook with sheets of rows by their names."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = dict(hidden).get(name, "visible")
        for row in rows:
            sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def read(data):
    return read_workbook(io.BytesIO(data), load_layouts(), "'leads.xlsx'")


def rows(contents):
    (part,) = contents.parts
    return [(int(number), *record.values()) for number, record in zip(part.rows, part.columns.to_pylist())]


def test_cells_become_text():
    cells = {
        442079460018: "442079460018",
        4.42079e11: "442079000000",
        45356.99863: "45356.99863",
        0.5: "0.5",
        True: "true",
        "007": "007",
        "#N/A": "",
        None: "",
        datetime(2024, 2, 27, 0, 41, 9): "2024-02-27T00:41:09",
        date(2024, 2, 27): "2024-02-27",
        time(5, 41, 9): "05:41:09",
        timedelta(hours=30): "1 day, 6:00:00",
    }
    contents = read(workbook({"Leads": [NAMES, *(["SPZA", "INS", "x", cell] for cell in cells)]}))
    assert [row[4] for row in rows(contents)] == list(cells.values())


def test_titles_empty_rows_repeated_names_and_a_footer():
    record = ["SPZA", "INS", 44, "x"]
    grid = [
        ["Marketplace Leads"],
        [],
        NAMES,
        record,
        [],
        NAMES,
        record,
        [],
        ["Copyright (c) 2024"],
        ["Grand Totals", 2],
    ]
    contents = read(workbook({"Leads": grid}))
    assert rows(contents) == [(1, "SPZA", "INS", "44", "x"), (4, "SPZA", "INS", "44", "x")]
    assert [(reject.row, reject.reason) for reject in sorted(contents.rejects)] == [
        (2, "an empty row"),
        (3, "the names of the columns once more"),
        (5, "an empty row"),
        (6, "the footer of a report"),
        (7, "the footer of a report"),
    ]
    assert (contents.delivered, contents.header_row) == (7, 3)
    assert contents.notes == ["2 rows before the names of the columns were skipped"]


def test_the_first_visible_sheet_with_the_names_of_a_layout_is_read_and_the_others_are_noted():
    table = [NAMES, ["SPZA", "INS", "1", "x"]]
    sheets = {"Old": table, "Secret": table, "Help": [["How to"]], "Leads": table, "More": table}
    contents = read(workbook(sheets, hidden={"Old": "hidden", "Secret": "veryHidden"}))
    assert (contents.sheet, contents.encoding, contents.delivered) == ("Leads", "workbook", 1)
    assert contents.notes == [
        "the hidden sheet 'Old' was not read",
        "the hidden sheet 'Secret' was not read",
        "the sheet 'Help' was not read",
        "the sheet 'More' was not read",
    ]


def test_a_remark_beside_the_table_is_a_column_without_a_name():
    contents = read(workbook({"Leads": [NAMES, ["SPZA", "INS", "1", "x", "", "call her"]]}))
    assert contents.parts[0].columns.column_names == [*NAMES, "", ""]
    assert rows(contents)[0][:3] == (1, "SPZA", "INS")


@pytest.mark.parametrize("make", [old_workbook, binary_workbook])
def test_workbooks_of_excel_97_and_of_binary_parts(make):
    contents = read(make([NAMES, ["SPZA", "INS", 442079460018.0, "東京"]]))
    assert rows(contents) == [(1, "SPZA", "INS", "442079460018", "東京")]


def test_a_workbook_without_leads_names_its_columns():
    with pytest.raises(ReadError, match=r"'leads\.xlsx' are not those of leads; found 'Colour', 'Size'"):
        read(workbook({"Empty": [], "Sizes": [["Colour", "Size"], ["red", 1]]}))


def test_a_workbook_behind_a_password_says_so():
    with pytest.raises(ReadError, match="protected by a password; save it without one"):
        read(compound_file({"EncryptionInfo": b"i", "EncryptedPackage": b"p"}))


GOOD = {
    "xlsx": workbook({"Leads": [NAMES, ["SPZA", "INS", "1", "x"]]}),
    "xls": old_workbook([NAMES, ["SPZA", "INS"]]),
    "xlsb": binary_workbook([NAMES, ["SPZA", "INS"]]),
}


@pytest.mark.parametrize("kind", GOOD)
def test_whatever_the_damage_a_workbook_is_read_or_a_clear_error(kind):
    draw = random.Random(0)
    for _ in range(100):
        data = bytearray(GOOD[kind])
        for _ in range(draw.randint(1, 20)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        try:
            contents = read(bytes(data[: draw.randint(600, len(data))]))
        except ReadError as error:
            assert "leads.xlsx" in str(error)
        else:
            assert sum(len(part.rows) for part in contents.parts) + len(contents.rejects) == contents.delivered


def test_a_workbook_is_told_from_its_members():
    assert [is_workbook(data, io.BytesIO(data)) for data in GOOD.values()] == [True] * 3
    broken = GOOD["xlsx"][:200]
    assert not is_workbook(broken, io.BytesIO(broken))
    assert not is_workbook(b"LeadSource", io.BytesIO(b"LeadSource"))
