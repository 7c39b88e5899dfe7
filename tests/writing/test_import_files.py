import csv
import io

import openpyxl
import pandas as pd
import pytest

from leadanalytics.errors import WriteError
from leadanalytics.writing import load_targets
from leadanalytics.writing.import_files import import_files, remove_older_parts
from leadanalytics.writing.targets import Target, TargetColumn

COLUMNS = (TargetColumn("Name", ("last_name",)), TargetColumn("Since", ("first_at",)))


def target(**limits):
    return Target("own", "Own", COLUMNS, **limits)


def people(rows):
    names = pd.Series([f"Person {number:03}" for number in range(rows)], dtype="str")
    return pd.DataFrame({"Name": names, "Since": pd.to_datetime(["2024-02-27T23:30:00Z"] * rows, utc=True)})


def rows_of(image):
    return list(csv.reader(io.StringIO(image.decode("utf-8"), newline="")))


def test_lines_and_dates_are_as_the_target_wants_them():
    frame = people(1).assign(Name='Ruiz, "Ana"\r\n=1+1')
    assert import_files(frame, target(date_form="M/D/YY"), ".csv") == [
        b'Name,Since\r\n"Ruiz, ""Ana""\r\n=1+1",2/27/24\r\n'
    ]
    assert import_files(people(1), target(encoding="utf-8-sig"), ".csv")[0].startswith(b"\xef\xbb\xbfName")
    assert import_files(people(1).assign(Name="a\rb"), target(line_end="\n"), ".csv")[0].endswith(
        b'"a\rb","2024-02-27"\n'
    )


def test_what_is_missing_is_an_empty_cell_and_never_a_word():
    frame = pd.DataFrame(
        {"Name": pd.Series([None, "Null"], dtype="str"), "Since": pd.to_datetime([None, None], utc=True)}
    )
    assert import_files(frame, target(), ".csv") == [b"Name,Since\r\n,\r\nNull,\r\n"]


def test_rows_beyond_the_limit_go_to_the_next_file_under_the_same_header():
    images = import_files(people(5), target(most_rows=2), ".csv")
    parts = [rows_of(image) for image in images]
    assert [len(part) - 1 for part in parts] == [2, 2, 1]
    assert all(part[0] == ["Name", "Since"] for part in parts)
    assert [row[0] for part in parts for row in part[1:]] == people(5)["Name"].tolist()


@pytest.mark.parametrize("rows", [1, 9, 40])
def test_no_file_is_larger_than_the_limit_and_no_row_is_lost(rows):
    images = import_files(people(rows), target(most_bytes=100), ".csv")
    assert max(map(len, images)) <= 100
    assert [row[0] for image in images for row in rows_of(image)[1:]] == people(rows)["Name"].tolist()
    assert (len(images) > 1) == (rows > 1 and sum(map(len, images)) > 100)


def test_workbooks_are_split_too():
    whole = import_files(people(3000), target(), ".xlsx")
    images = import_files(people(3000), target(most_bytes=len(whole[0]) * 2 // 3), ".xlsx")
    assert len(images) > 1
    assert max(map(len, images)) <= len(whole[0]) * 2 // 3
    sheets = [openpyxl.load_workbook(io.BytesIO(image)).active for image in images]
    assert sum(sheet.max_row - 1 for sheet in sheets) == 3000
    assert {sheet["A1"].value for sheet in sheets} == {"Name"}


def test_a_row_that_no_file_can_hold_is_an_error():
    with pytest.raises(WriteError, match="a single row is larger"):
        import_files(people(2).assign(Name="x" * 200), target(most_bytes=100), ".csv")


def test_nobody_is_one_file_with_a_header():
    assert import_files(people(0), target(most_rows=2), ".csv") == [b"Name,Since\r\n"]


def test_a_character_that_the_encoding_lacks_is_an_error_that_does_not_show_it():
    with pytest.raises(WriteError, match="lacks a character") as raised:
        import_files(people(1).assign(Name="Müller 中"), target(encoding="latin-1"), ".csv")
    assert "中" not in str(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_parts_of_an_older_list_go_away_up_to_a_file_of_somebody_else(tmp_path, suffix):
    path = tmp_path / f"customers{suffix}"
    older = load_targets()["hubspot"]
    [image] = import_files(pd.DataFrame(columns=list(older.headers), dtype="str"), older, suffix)
    for number in (2, 3, 4, 6, 2024):
        (tmp_path / f"customers-{number}{suffix}").write_bytes(image)
    (tmp_path / f"customers-5{suffix}").write_bytes(b"not,ours\r\n")
    remove_older_parts(path, 2, load_targets().values())
    left = sorted(int(file.stem.partition("-")[2]) for file in tmp_path.iterdir())
    assert left == [2, 5, 6, 2024]
