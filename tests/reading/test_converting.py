import gzip
import json
import zipfile

import pandas as pd
import pyarrow.parquet
import pytest

from leadanalytics.errors import ReadError, TruncatedExportWarning, WriteError
from leadanalytics.reading import read_leads, read_records
from leadanalytics.reading.converting import convert_leads

ROWS = "".join(
    f'SPZA-INS|contoso.app,INS,user{number}@example.com,"a note,\nof ""{number}"""\n'
    + ("SPZA,too,many,cells,here\n" if number % 100 == 0 else "")
    for number in range(3_000)
)
CSV = f"LeadSource,ActionCode,Email,Description\n{ROWS}Grand Totals (3000),,,\n"
BODY = {"UserDetails": {"FirstName": "Jörg"}, "LeadSource": "SPZA", "ActionCode": "INS"}


def same(found, wanted):
    pd.testing.assert_frame_equal(found, wanted, check_categorical=False, check_dtype=False)


@pytest.fixture
def folder(tmp_path):
    """Files of every kind that comes in blocks, and one that is no lead file."""
    files = tmp_path / "files"
    files.mkdir()
    (files / "a.csv").write_text(CSV, encoding="utf-8", newline="")
    (files / "b.csv").write_text(CSV, encoding="utf-16", newline="")
    (files / "c.csv.gz").write_bytes(gzip.compress(CSV.encode()))
    (files / "d.jsonl").write_text("\n".join([json.dumps(BODY), "no lead"] * 1_000), encoding="utf-8")
    with zipfile.ZipFile(files / "e.zip", "w") as archive:
        archive.writestr("f.csv", CSV)
        archive.writestr("notes.txt", "call Ana")
    return files


@pytest.mark.parametrize("block", [40_000, 1 << 25])
def test_a_conversion_holds_what_reading_gives(folder, tmp_path, block):
    wanted = read_records(folder)
    found = convert_leads(folder, tmp_path / "new" / "leads.parquet", block=block)
    same(pd.read_parquet(found.path), wanted.raw)
    same(pd.read_parquet(found.rejects_path), wanted.rejects)
    same(found.files, wanted.files)
    assert len(wanted.rejects) == 4 * 31 + 1_000 + 1
    assert (found.files["read"] + found.files["set_aside"]).equals(found.files["delivered"])
    same(found.rejects, wanted.rejects.head(1_000))


def test_progress_is_told_the_rows_so_far(folder, tmp_path):
    told = []
    conversion = convert_leads(folder, tmp_path / "leads.parquet", block=1 << 14, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == conversion.files["read"].sum()


def test_the_result_is_read_again_with_the_same_ids(folder, tmp_path):
    found = convert_leads(folder / "a.csv", tmp_path / "leads.parquet")
    again = read_leads(found.path)
    assert set(again["layout"]) == {"leadanalytics"}
    assert again["record_id"].tolist() == read_records(folder / "a.csv").raw["record_id"].tolist()


def test_a_converted_file_is_converted_once_more(folder, tmp_path):
    first = convert_leads(folder / "d.jsonl", tmp_path / "first.parquet")
    second = convert_leads(first.path, tmp_path / "second.parquet")
    columns = ["record_id", "lead_source", "first_name"]
    same(pd.read_parquet(second.path)[columns], pd.read_parquet(first.path)[columns])


def test_small_files_share_a_group_of_rows(tmp_path):
    files = tmp_path / "files"
    files.mkdir()
    for number in range(50):
        (files / f"{number}.json").write_text(json.dumps(BODY), encoding="utf-8")
    found = convert_leads(files, tmp_path / "leads.parquet")
    assert len(pd.read_parquet(found.path)) == 50
    assert pyarrow.parquet.ParquetFile(found.path).num_row_groups == 1


def test_a_file_that_breaks_off_leaves_nothing_behind(folder, tmp_path):
    (folder / "c.csv.gz").write_bytes((folder / "c.csv.gz").read_bytes()[:-20])
    before = sorted(tmp_path.iterdir())
    with pytest.raises(ReadError, match="damaged"):
        convert_leads(folder / "c.csv.gz", tmp_path / "leads.parquet", block=20_000)
    assert sorted(tmp_path.iterdir()) == before


def test_a_file_that_breaks_off_and_was_not_named_is_read_so_far_and_set_aside(folder, tmp_path):
    (folder / "c.csv.gz").write_bytes((folder / "c.csv.gz").read_bytes()[:-20])
    found = convert_leads(folder, tmp_path / "leads.parquet", block=20_000)
    broken = found.files.set_index("origin").loc["c.csv.gz"]
    assert broken["read"] > 0
    assert found.rejects.query("origin == 'c.csv.gz' and origin_row == 0")["reason"].str.contains("damaged").all()


def test_no_lead_at_all_leaves_nothing_behind(tmp_path):
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "notes.txt").write_text("call Ana", encoding="utf-8")
    with pytest.raises(ReadError, match="none of 1 files holds leads"):
        convert_leads(tmp_path / "files", tmp_path / "leads.parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["files"]


def test_the_target_is_parquet_and_none_of_the_files_to_read(folder, tmp_path):
    with pytest.raises(WriteError, match=r"name the file 'leads\.parquet'"):
        convert_leads(folder, tmp_path / "leads.csv")
    path = convert_leads(folder / "a.csv", folder / "leads.parquet").path
    with pytest.raises(WriteError, match=r"'leads\.parquet' is one of the files to read"):
        convert_leads(folder, path)


def test_a_truncated_export_is_warned_about(tmp_path):
    entity = {"CustomerInfo": "{}", "LeadSource": "SPZA", "PartitionKey": "p", "RowKey": "r"}
    (tmp_path / "a.json").write_text(json.dumps({"items": [entity], "nextMarker": {"x": "y"}}), encoding="utf-8")
    with pytest.warns(TruncatedExportWarning):
        convert_leads(tmp_path / "a.json", tmp_path / "leads.parquet")
