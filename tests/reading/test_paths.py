import pytest

from leadanalytics.errors import ReadError
from leadanalytics.reading.paths import find_files

CSV = b"LeadSource,ActionCode\nSPZA,INS\n"


def test_a_folder_means_all_files_below_it_by_name_and_nothing_hidden(tmp_path):
    for name in ("b.csv", "a.csv", "deep/c.csv", ".hidden.csv", ".git/d.csv", "__MACOSX/a.csv", "~$a.xlsx"):
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


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path):
    for name in ("a/leads.csv", "b/leads.csv"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(CSV)
    wanted = ["a/leads.csv", "b/leads.csv"]
    assert [source.origin for source in find_files([tmp_path / name for name in wanted])] == wanted
    assert [source.origin for source in find_files(tmp_path / "*" / "leads.csv")] == wanted


def test_a_source_gives_its_bytes_as_often_as_asked(tmp_path):
    (tmp_path / "a.csv").write_bytes(CSV)
    (source,) = find_files(tmp_path)
    for _ in range(2):
        with source.open() as stream:
            assert stream.read() == CSV
