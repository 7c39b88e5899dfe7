import os
from pathlib import Path

import pytest

from leadanalytics.errors import WriteError
from leadanalytics.replacing import replacing, sync_folder


def test_files_appear_together_and_folders_are_made(tmp_path: Path):
    one, two = tmp_path / "a" / "one.txt", tmp_path / "b" / "two.txt"
    with replacing(one, two) as parts:
        for part in parts:
            part.write_text("new")
        assert not one.exists()
    assert [path.read_text() for path in (one, two)] == ["new", "new"]
    assert sorted(path.name for path in tmp_path.rglob("*.txt")) == ["one.txt", "two.txt"]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path):
    path = tmp_path / "list.csv"
    path.write_text("old")
    with pytest.raises(KeyError), replacing(path) as (part,):
        part.write_text("half")
        raise KeyError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_of_the_same_name_is_named_in_the_error(tmp_path: Path):
    (tmp_path / "list.csv").mkdir()
    complaint = r"list\.csv cannot be written; found a folder of that name"
    with pytest.raises(WriteError, match=complaint), replacing(tmp_path / "list.csv"):
        pass


def test_a_file_in_place_of_a_folder_is_an_error(tmp_path: Path):
    (tmp_path / "out").write_text("")
    with pytest.raises(WriteError, match=r"list\.csv cannot be written"), replacing(tmp_path / "out" / "list.csv"):
        pass


def test_lasting_files_are_forced_to_disk_with_their_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    forced = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: forced.append(os.fstat(descriptor).st_ino))
    with replacing(tmp_path / "a.txt", lasting=True) as (part,):
        part.write_text("all of it")
        written = part.stat().st_ino
    assert forced == [written, tmp_path.stat().st_ino]


def test_a_folder_can_be_forced_to_disk_and_a_missing_one_is_an_error(tmp_path: Path):
    sync_folder(tmp_path)
    with pytest.raises(FileNotFoundError):
        sync_folder(tmp_path / "missing")
