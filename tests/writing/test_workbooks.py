import io
from datetime import datetime

import openpyxl
import pandas as pd
import pytest

from leadanalytics import schema
from leadanalytics.errors import LeadAnalyticsWarning, WriteError
from leadanalytics.writing import write_leads, write_table
from leadanalytics.writing.workbooks import workbook_image, write_workbook


def sheet_of(path):
    return openpyxl.load_workbook(path).active


def written(values, tmp_path, **options):
    path = write_table(pd.DataFrame({"value": values}), tmp_path / "book.xlsx", **options)
    return [cell.value for cell in sheet_of(path)["A"]][1:]


HOSTILE = [
    "=1+1",
    "+44 20 7946 0000",
    "0123",
    "https://example.com",
    "{=1}",
    "<r><t>&x</r>",
    "a & b <c>",
    "two\nlines",
    " blank ",
    "中国",
]


@pytest.mark.parametrize("for_", ["spreadsheet", "data"])
def test_text_stays_text_and_is_not_changed(tmp_path, for_):
    path = write_table(pd.DataFrame({"<r>=&name</r>": HOSTILE}), tmp_path / "book.xlsx", for_=for_)
    cells = list(sheet_of(path)["A"])
    assert {cell.data_type for cell in cells} == {"s"}
    read = pd.read_excel(path, engine="openpyxl", dtype="str", keep_default_na=False)["<r>=&name</r>"].tolist()
    assert read == HOSTILE


def test_the_sheet_is_ready_to_read(tmp_path):
    frame = pd.DataFrame({"email": ["ann@example.com"] * 3, "n": [1, 2, 3], "note": ["x" * 500] * 3})
    sheet = sheet_of(write_table(frame, tmp_path / "book.xlsx"))
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:C4"
    assert sheet["A1"].font.bold
    widths = [sheet.column_dimensions[letter].width for letter in "ABC"]
    assert [round(width) for width in widths] == [17, 9, 49]


def test_times_are_true_dates_in_utc(tmp_path):
    frame = pd.DataFrame(
        {"first_at": pd.to_datetime(["2024-06-30T14:05:09.9+02:00", None, "2024-01-01T00:00:00.0Z"], utc=True)}
    )
    sheet = sheet_of(write_table(frame, tmp_path / "book.xlsx"))
    assert [cell.value for cell in sheet["A"]] == [
        "first_at (UTC)",
        datetime(2024, 6, 30, 12, 5, 9),
        None,
        datetime(2024, 1, 1),
    ]
    assert sheet["A2"].is_date


def test_data_times_are_text_with_every_digit(tmp_path):
    times = pd.to_datetime(["2018-03-22T15:48:03.1318844Z"])
    assert written(times, tmp_path, for_="data") == ["2018-03-22T15:48:03.131884400Z"]


def test_numbers_flags_and_codes_keep_their_kind(tmp_path):
    assert written([1.5, None, 2], tmp_path) == [1.5, None, 2]
    assert written([True, False], tmp_path) == [True, False]
    assert written(pd.array([True, None, False], dtype="boolean"), tmp_path) == [True, None, False]
    assert written(pd.Categorical(["SPZA", None, "SPZA"]), tmp_path) == ["SPZA", None, "SPZA"]


def test_what_a_cell_cannot_hold_exactly_is_text(tmp_path):
    assert written([2**60, 1], tmp_path) == [str(2**60), "1"]
    assert written([float("inf"), 1.0], tmp_path) == ["inf", "1.0"]
    assert written(pd.to_datetime(["1899-12-31"], utc=True), tmp_path) == ["1899-12-31"]


def test_text_beyond_a_cell_is_cut_for_people_and_said(tmp_path):
    texts = pd.Series(["short", "é" * 40_000, "😀" * 16_384, "x" * 32_767], dtype=schema.TEXT)
    with pytest.warns(LeadAnalyticsWarning, match="2 in 'value'"):
        cells = written(texts, tmp_path)
    assert cells[0] == "short"
    assert cells[1] == "é" * (32_767 - 8) + " … (cut)"
    assert cells[2].endswith("😀 … (cut)")
    assert cells[3] == "x" * 32_767


def test_text_beyond_a_cell_is_refused_as_data(tmp_path):
    with pytest.raises(WriteError, match="longer text in the column 'value'"):
        written(["x" * 32_768], tmp_path, for_="data")
    assert list(tmp_path.iterdir()) == []


def test_a_long_table_goes_on_in_further_sheets_each_ready_to_read(tmp_path):
    frame = pd.DataFrame({"email": [f"p{row}@example.com" for row in range(5)], "big": [1, 2, 3, 4, 10**15]})
    path = tmp_path / "book.xlsx"
    write_workbook(frame, path, for_="spreadsheet", name="Customers", rows_of_sheet=2)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Customers", "Customers 2", "Customers 3"]
    assert [sheet.auto_filter.ref for sheet in book] == ["A1:B3", "A1:B3", "A1:B2"]
    assert all(sheet.freeze_panes == "A2" for sheet in book)
    again = pd.concat(pd.read_excel(path, sheet_name=None, engine="openpyxl", dtype=object))
    # One cell of the column is beyond what Excel holds exactly, so the column is text on every sheet.
    assert again.to_numpy().tolist() == frame.astype({"big": "str"}).to_numpy().tolist()


def test_a_table_without_rows_has_its_header_on_one_sheet(tmp_path):
    path = tmp_path / "funnel.xlsx"
    write_workbook(pd.DataFrame({"n": pd.Series([], dtype="int64")}), path, for_="data", name="Funnel", rows_of_sheet=1)
    book = openpyxl.load_workbook(path)
    assert (book.sheetnames, book["Funnel"]["A1"].value) == (["Funnel"], "n")


def test_sheets_are_called_what_they_hold(tmp_path):
    people = pd.DataFrame({"customer_id": ["C-1", "C-2"], "do_not_contact": [False, True]})
    write_leads(people, tmp_path / "customers.xlsx", left_out=tmp_path / "left_out.xlsx")
    names = [openpyxl.load_workbook(tmp_path / f"{name}.xlsx").sheetnames for name in ("customers", "left_out")]
    assert names == [["Customers"], ["Left out"]]
    for kind, sheet in {"counts": "Funnel", "leads with customer_id": "Leads", "funnels": "Table"}.items():
        path = write_table(schema.empty(kind), tmp_path / "book.xlsx")
        assert openpyxl.load_workbook(path).sheetnames == [sheet]


def test_more_columns_than_a_sheet_holds_are_refused(tmp_path):
    frame = pd.DataFrame([range(16_385)])
    with pytest.raises(WriteError, match=r"found 16,385 columns; write \.csv or \.parquet"):
        write_table(frame, tmp_path / "book.xlsx")


def test_the_definition_is_in_the_properties(tmp_path):
    frame = pd.DataFrame({"n": [1]})
    frame.attrs["definition"] = "Customers per offer, as of 2024-06-30."
    book = openpyxl.load_workbook(write_table(frame, tmp_path / "book.xlsx"))
    assert book.properties.description == frame.attrs["definition"]
    assert book.properties.created == datetime(2000, 1, 1)


def test_text_and_times_take_the_forms_asked_for():
    frame = pd.DataFrame({"phone": ["+44 20 7946 0018"], "day": pd.to_datetime(["2024-02-27"])})
    sheet = openpyxl.load_workbook(
        io.BytesIO(workbook_image(frame, name="day", text_form="@", time_form="yyyy-mm-dd"))
    ).active
    phone, day = sheet["A2"], sheet["B2"]
    assert (phone.value, phone.data_type, phone.number_format) == ("+44 20 7946 0018", "s", "@")
    assert (day.value, day.is_date, day.number_format) == (datetime(2024, 2, 27), True, "yyyy-mm-dd")
