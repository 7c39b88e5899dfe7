import csv

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadanalytics import schema
from leadanalytics.errors import OptionError, WriteError
from leadanalytics.writing import write_table

SUFFIXES = (".csv", ".xlsx", ".parquet")
FORMS = ("spreadsheet", "data")


@pytest.fixture
def table():
    frame = pd.DataFrame(
        {
            "company": pd.Series(["=1+1", 'Say "hi", ann', None], dtype=schema.TEXT),
            "country": pd.Series(["NA", "DE", "中国"], dtype=schema.TEXT),
            "source": pd.Categorical(["SPZA", None, "SPZA"]),
            "leads": [1, 2, 3],
            "days_since": [0.5, None, 2.25],
            "do_not_contact": [False, True, False],
            "first_at": pd.to_datetime(["2018-03-22T15:48:03.1318844Z", None, "2024-01-31T23:30:00.0Z"]).astype(
                schema.TIME
            ),
        }
    )
    frame.attrs["definition"] = "Customers, as of 2024-06-30."
    return frame


def rows(path, encoding="utf-8"):
    with path.open(encoding=encoding, newline="") as lines:
        return list(csv.reader(lines))


def test_a_spreadsheet_csv_has_a_byte_order_mark_and_guarded_text(table, tmp_path):
    path = write_table(table, tmp_path / "table.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbfcompany,")
    assert path.read_bytes().count(b"\r\n") == 4
    assert rows(path, "utf-8-sig") == [
        ["company", "country", "source", "leads", "days_since", "do_not_contact", "first_at (UTC)"],
        ["'=1+1", "NA", "SPZA", "1", "0.5", "False", "2018-03-22 15:48:03"],
        ['Say "hi", ann', "DE", "", "2", "", "True", ""],
        ["", "中国", "SPZA", "3", "2.25", "False", "2024-01-31 23:30:00"],
    ]


def test_times_at_midnight_keep_their_hour(tmp_path):
    frame = pd.DataFrame({"at": pd.to_datetime(["2024-01-01"], utc=True)})
    assert rows(write_table(frame, tmp_path / "t.csv"), "utf-8-sig")[1] == ["2024-01-01 00:00:00"]


def test_a_data_csv_changes_no_value(table, tmp_path):
    path = write_table(table, tmp_path / "table.csv", for_="data")
    assert rows(path)[0] == list(table.columns)
    assert rows(path)[1] == ["=1+1", "NA", "SPZA", "1", "0.5", "False", "2018-03-22T15:48:03.131884400Z"]
    back = pd.read_csv(path, dtype={"company": "str", "country": "str"}, keep_default_na=False, na_values=[""])
    assert back["country"].tolist() == table["country"].tolist()
    assert pd.to_datetime(back["first_at"]).tolist()[0] == table["first_at"][0]


@pytest.mark.parametrize("for_", FORMS)
def test_parquet_keeps_values_dtypes_and_attrs(table, tmp_path, for_):
    back = pd.read_parquet(write_table(table, tmp_path / "table.parquet", for_=for_))
    pd.testing.assert_frame_equal(back, table)
    assert back.attrs == table.attrs


@pytest.mark.parametrize("for_", FORMS)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_frame_gives_the_same_bytes(table, tmp_path, suffix, for_):
    first = write_table(table, tmp_path / f"one{suffix}", for_=for_).read_bytes()
    assert write_table(table.copy(), tmp_path / f"two{suffix}", for_=for_).read_bytes() == first


@pytest.mark.parametrize("for_", FORMS)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_frame_without_rows_or_columns_is_written(table, tmp_path, suffix, for_):
    assert write_table(table.iloc[:0], tmp_path / f"rows{suffix}", for_=for_).stat().st_size > 0
    assert write_table(pd.DataFrame(), tmp_path / f"columns{suffix}", for_=for_).exists()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_frame_that_cannot_be_written_leaves_the_old_file_and_quotes_nobody(tmp_path, suffix):
    path = tmp_path / f"table{suffix}"
    write_table(pd.DataFrame({"n": [1]}), path)
    old = path.read_bytes()
    broken = pd.DataFrame({"name": pd.Series(["Ann\ud800"], dtype=object)})
    with pytest.raises(WriteError, match="mixed values in 'name'") as raised:
        write_table(broken, path)
    assert "Ann" not in str(raised.value)
    assert path.read_bytes() == old
    assert list(tmp_path.iterdir()) == [path]


def test_parquet_refuses_two_columns_of_one_name(tmp_path):
    with pytest.raises(WriteError, match="several columns named 'a'"):
        write_table(pd.DataFrame([[1, 2]], columns=["a", "a"]), tmp_path / "t.parquet")


def test_an_unknown_suffix_or_form_is_refused(tmp_path):
    frame = pd.DataFrame({"n": [1]})
    with pytest.raises(WriteError, match=r"\.csv, \.xlsx, \.parquet; found 't\.xls'; name the file 't\.csv'"):
        write_table(frame, tmp_path / "t.xls")
    with pytest.raises(OptionError, match="did you mean 'data'"):
        write_table(frame, tmp_path / "t.csv", for_="date")
    assert list(tmp_path.iterdir()) == []


CELLS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=10)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4))
def test_a_data_csv_gives_back_every_text(tmp_path, cells):
    frame = pd.DataFrame(cells, columns=["a", "b"], dtype=schema.TEXT)
    written = rows(write_table(frame, tmp_path / "t.csv", for_="data"))
    assert written == [["a", "b"], *map(list, cells)]


def test_an_error_names_the_type_of_its_cause(tmp_path):
    with pytest.raises(WriteError, match=r"as \.parquet; found mixed values in 'n' \(Arrow\w+\)"):
        write_table(pd.DataFrame({"n": [1, "two"]}), tmp_path / "a.parquet")
