import gzip
import zipfile

import pytest

from leadanalytics.errors import ReadError
from leadanalytics.reading.choosing import load_layouts
from leadanalytics.reading.files import Source, find_files, read_file

CSV = b"LeadSource,ActionCode\nSPZA,INS\n"
JSON = b'{"UserDetails": {}, "LeadSource": "SPZA"}'


def read(path):
    return read_file(Source(path, path.name, is_named=True), load_layouts())


def test_a_folder_means_all_files_below_it_by_name_and_nothing_hidden(tmp_path):
    for name in ("b.csv", "a.csv", "deep/c.csv", ".hidden.csv", ".git/d.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(CSV)
    assert [source.origin for source in find_files(tmp_path)] == ["a.csv", "b.csv", "deep/c.csv"]


def test_files_globs_and_folders_together_each_file_once(tmp_path):
    for name in ("a.csv", "b.csv", "c.json"):
        (tmp_path / name).write_bytes(CSV)
    found = find_files([tmp_path / "a.csv", str(tmp_path / "*.csv"), tmp_path])
    assert [(source.origin, source.is_named) for source in found] == [
        ("a.csv", True),
        ("b.csv", False),
        ("c.json", False),
    ]


def test_a_missing_path_names_the_near_miss(tmp_path):
    (tmp_path / "leads.csv").write_bytes(CSV)
    with pytest.raises(ReadError, match=r"did you mean 'leads\.csv'"):
        find_files(tmp_path / "laeds.csv")


@pytest.mark.parametrize(("path", "complaint"), [("empty", "holds no file"), ("*.csv", "no file matches")])
def test_a_folder_or_glob_without_files_is_an_error(tmp_path, path, complaint):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ReadError, match=complaint):
        find_files(tmp_path / path)


def test_no_path_is_an_error():
    with pytest.raises(ReadError, match="nothing to read"):
        find_files([])


@pytest.mark.parametrize(("name", "data", "layout"), [("a.parquet", CSV, "https_flat"), ("b.csv", JSON, "https")])
def test_what_a_file_is_is_told_from_its_content_never_from_its_name(tmp_path, name, data, layout):
    (tmp_path / name).write_bytes(data)
    assert read(tmp_path / name).parts[0].layout.name == layout


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "is empty"),
        (b" \r\n\n", "is empty"),
        (bytes(range(256)) * 40, "found a binary file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200) + b"\x01\x02\x03" * 200, "found a binary file"),
        (gzip.compress(CSV), "found a gzip file"),
        (b"%PDF-1.7", "found a PDF document"),
    ],
)
def test_a_file_that_is_no_text_is_a_clear_error(tmp_path, data, complaint):
    (tmp_path / "leads.csv").write_bytes(data)
    with pytest.raises(ReadError, match=complaint):
        read(tmp_path / "leads.csv")


def test_a_zip_file_says_what_to_do(tmp_path):
    with zipfile.ZipFile(tmp_path / "leads.xlsx", "w") as archive:
        archive.writestr("leads.csv", CSV)
    with pytest.raises(ReadError, match="save the sheet as CSV"):
        read(tmp_path / "leads.xlsx")


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path):
    for name in ("a/leads.csv", "b/leads.csv"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(CSV)
    wanted = ["a/leads.csv", "b/leads.csv"]
    assert [source.origin for source in find_files([tmp_path / name for name in wanted])] == wanted
    assert [source.origin for source in find_files(tmp_path / "*" / "leads.csv")] == wanted


def test_a_file_of_zeros_is_a_binary_file(tmp_path):
    (tmp_path / "leads.csv").write_bytes(bytes(5_000))
    with pytest.raises(ReadError, match="a binary file"):
        read(tmp_path / "leads.csv")
