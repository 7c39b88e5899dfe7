import base64
import json
import stat
from datetime import UTC, datetime

import pytest

from leadanalytics.errors import OptionError, WriteError
from leadanalytics.reading.receiver.dead_letters import DeadLetters

TIME = datetime(2024, 2, 27, 5, 41, tzinfo=UTC)


def kept(folder):
    return [json.loads(line) for line in (folder / ".rejected" / "rejected.jsonl").read_text().splitlines()]


def test_text_is_kept_as_text_and_anything_else_as_base64(tmp_path):
    letters = DeadLetters(tmp_path)
    assert letters.keep("{ö".encode(), "not JSON", TIME)
    assert letters.keep(b"\xff\n", "not UTF-8", TIME)
    text, binary = kept(tmp_path)
    assert text == {"receivedAt": "2024-02-27T05:41:00.000Z", "reason": "not JSON", "text": "{ö"}
    assert base64.b64decode(binary["base64"]) == b"\xff\n"
    assert stat.S_IMODE((tmp_path / ".rejected" / "rejected.jsonl").stat().st_mode) == 0o600


def test_the_file_never_grows_beyond_its_size_and_goes_on_when_it_is_taken_away(tmp_path):
    letters = DeadLetters(tmp_path, largest_bytes=200)
    assert [letters.keep(b"x" * 50, "not JSON", TIME) for _ in range(3)] == [True, False, False]
    (tmp_path / ".rejected" / "rejected.jsonl").unlink()
    assert letters.keep(b"x", "not JSON", TIME)
    assert len(kept(tmp_path)) == 1


def test_a_line_cut_by_an_earlier_process_costs_no_other(tmp_path):
    (tmp_path / ".rejected").mkdir()
    (tmp_path / ".rejected" / "rejected.jsonl").write_text('{"receivedAt": "2024')
    assert DeadLetters(tmp_path).keep(b"x", "not JSON", TIME)
    cut, whole = (tmp_path / ".rejected" / "rejected.jsonl").read_text().splitlines()
    assert cut == '{"receivedAt": "2024'
    assert json.loads(whole)["text"] == "x"


def test_a_disk_that_does_not_take_it_costs_only_the_letter(tmp_path):
    (tmp_path / ".rejected").write_text("a file where the folder should be")
    assert not DeadLetters(tmp_path).keep(b"x", "not JSON", TIME)


def test_a_file_that_cannot_be_written_to_is_an_error(tmp_path):
    (tmp_path / ".rejected" / "rejected.jsonl").mkdir(parents=True)
    with pytest.raises(WriteError, match=r"\.rejected/rejected\.jsonl cannot be written to"):
        DeadLetters(tmp_path)


def test_a_size_of_nothing_is_an_error(tmp_path):
    with pytest.raises(OptionError, match="largest_bytes is above zero"):
        DeadLetters(tmp_path, largest_bytes=0)
