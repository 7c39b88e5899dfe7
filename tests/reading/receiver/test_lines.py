import os
import stat

import pytest

from leadanalytics.reading.receiver import lines
from leadanalytics.reading.receiver.lines import (
    end_last_line,
    lines_from_the_end,
    make_folder,
    open_lines,
    write_all,
)


def test_a_new_file_is_its_owners_alone_and_later_writes_come_after(tmp_path):
    path = tmp_path / "lines"
    for text in (b"one\n", b"two\n"):
        descriptor = open_lines(path)
        write_all(descriptor, text)
        os.close(descriptor)
    assert path.read_bytes() == b"one\ntwo\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_new_file_whose_name_cannot_be_forced_to_disk_is_not_there(tmp_path, monkeypatch):
    def refuse(descriptor):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="Input/output error"):
        open_lines(tmp_path / "lines")
    assert list(tmp_path.iterdir()) == []


def test_every_folder_that_was_made_is_forced_to_disk(tmp_path, monkeypatch):
    forced = []
    monkeypatch.setattr(lines, "sync_folder", forced.append)
    for _ in range(2):
        make_folder(tmp_path / "a" / "b")
    assert forced == [tmp_path / "a", tmp_path]
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700


def test_what_a_dead_writer_left_is_forced_to_disk(tmp_path, monkeypatch):
    (tmp_path / "lines").write_bytes(b"whole\n")
    forced = []
    monkeypatch.setattr(os, "fsync", forced.append)
    assert not end_last_line(tmp_path / "lines")
    assert len(forced) == 1


def test_all_is_written_where_the_system_takes_a_part_at_a_time():
    reading, writing = os.pipe()
    data = b"x" * 65_536
    write_all(writing, data)
    assert os.read(reading, 100_000) == data
    os.close(reading)
    os.close(writing)


@pytest.mark.parametrize(
    "before, after, was_cut",
    [(b"", b"", False), (b"a\n", b"a\n", False), (b"a\nb", b"a\nb\n", True), (b"\xc3", b"\xc3\n", True)],
)
def test_only_a_cut_line_is_ended(tmp_path, before, after, was_cut):
    path = tmp_path / "lines"
    path.write_bytes(before)
    assert end_last_line(path) is was_cut
    assert path.read_bytes() == after


@pytest.mark.parametrize("block", [1, 2, 3, 7, 100])
def test_lines_come_from_the_end_whatever_the_blocks(tmp_path, block):
    path = tmp_path / "lines"
    path.write_bytes(b"first\n\nsecond is longer\nthird\n")
    assert list(lines_from_the_end(path, block=block)) == [b"third", b"second is longer", b"first"]
