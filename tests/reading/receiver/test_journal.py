import json
import os
import resource
import stat
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from receiving import lead, lines_of

import leadanalytics as la
from leadanalytics.errors import RejectsWarning, WriteError
from leadanalytics.reading.receiver.bodies import read_body
from leadanalytics.reading.receiver.envelopes import ReceivedLead, to_line
from leadanalytics.reading.receiver.journal import Journal

NOON = datetime(2024, 2, 27, 12, tzinfo=UTC)


def received(number, when=NOON):
    return ReceivedLead(when, read_body(json.dumps(lead(number), ensure_ascii=False).encode()))


def names(folder):
    return [line["body"]["UserDetails"]["LastName"] for line in lines_of(folder)]


@pytest.fixture
def small_files():
    """Let no file of this process grow beyond some bytes: the system then writes a part and refuses the rest."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_file_per_day_in_utc_that_only_its_owner_reads(tmp_path):
    with Journal(tmp_path / "leads") as journal:
        for number, hours in enumerate((0, 11, 12)):
            assert journal.write(received(number, NOON + timedelta(hours=hours)))
    files = sorted((tmp_path / "leads").glob("*.jsonl"))
    assert [path.name for path in files] == ["leads-2024-02-27.jsonl", "leads-2024-02-28.jsonl"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert names(tmp_path / "leads") == ["No 0", "No 1", "No 2"]


def test_many_threads_write_every_line_once_and_share_the_forcing_to_disk(tmp_path, monkeypatch):
    forced = []

    def force_slowly(descriptor, force=os.fsync):
        time.sleep(0.003)
        forced.append(force(descriptor))

    monkeypatch.setattr(os, "fsync", force_slowly)
    with Journal(tmp_path) as journal:
        threads = [
            threading.Thread(target=lambda start=start: [journal.write(received(start + i)) for i in range(25)])
            for start in range(0, 200, 25)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(names(tmp_path)) == sorted(f"No {number}" for number in range(200))
    assert 25 <= len(forced) < 150


def test_a_line_that_could_not_be_forced_to_disk_is_taken_back(tmp_path, monkeypatch):
    def refuse(descriptor):
        raise OSError(5, "Input/output error")

    with Journal(tmp_path) as journal:
        journal.write(received(1))
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", refuse)
            with pytest.raises(OSError, match="Input/output error"):
                journal.write(received(2))
        assert names(tmp_path) == ["No 1"]
        journal.write(received(2))
    assert names(tmp_path) == ["No 1", "No 2"]


def test_a_cut_last_line_is_ended_and_set_aside_and_costs_no_other(tmp_path):
    path = tmp_path / "leads-2024-02-27.jsonl"
    whole = to_line(received(1))
    # Within the two bytes of a letter.
    path.write_bytes(whole + to_line(received(2)).partition("ë".encode())[0] + b"\xc3")
    with Journal(tmp_path) as journal:
        assert journal.ended_lines == (path.name,)
        journal.write(received(3))
    with pytest.warns(RejectsWarning, match="1 of 3 delivered records were set aside"):
        raw = la.read_leads(tmp_path)
    assert raw["last_name"].tolist() == ["No 1", "No 3"]
    assert raw["first_name"].tolist() == ["Zoë", "Zoë"]


def test_the_zeros_that_a_power_loss_leaves_cost_no_other_line(tmp_path):
    path = tmp_path / "leads-2024-02-27.jsonl"
    path.write_bytes(to_line(received(1)) + bytes(3_000))
    with Journal(tmp_path) as journal:
        journal.write(received(2))
    with pytest.warns(RejectsWarning, match="1 of 3"):
        assert la.read_leads(tmp_path)["last_name"].tolist() == ["No 1", "No 2"]


def test_a_file_that_is_nothing_but_a_cut_line_costs_no_other(tmp_path):
    (tmp_path / "leads-2024-02-27.jsonl").write_bytes(to_line(received(1))[:100])
    with Journal(tmp_path) as journal:
        journal.write(received(2))
    with pytest.warns(RejectsWarning, match="1 of 2"):
        assert la.read_leads(tmp_path)["last_name"].tolist() == ["No 2"]


def test_receipts_are_those_since_a_time_from_the_ends_of_the_files(tmp_path):
    with Journal(tmp_path) as journal:
        for number, hours in enumerate((-36, -1, 0, 13)):
            journal.write(received(number, NOON + timedelta(hours=hours)))
    with Journal(tmp_path) as journal:
        receipts = list(journal.receipts(NOON))
    assert receipts == [
        (NOON + timedelta(hours=13), received(3).body.digest),
        (NOON, received(2).body.digest),
    ]


def test_what_could_not_be_written_leaves_nothing_and_may_be_written_again(tmp_path, small_files):
    with Journal(tmp_path) as journal:
        journal.write(received(1))
        small_files(len(to_line(received(1))) + 50)
        for _ in range(2):
            with pytest.raises(OSError):
                journal.write(received(2))
        assert names(tmp_path) == ["No 1"]
        small_files(100_000)
        journal.write(received(2))
    assert names(tmp_path) == ["No 1", "No 2"]


def test_a_file_that_somebody_took_away_is_made_again(tmp_path):
    with Journal(tmp_path) as journal:
        journal.write(received(1))
        (tmp_path / "leads-2024-02-27.jsonl").rename(tmp_path / "archived.jsonl")
        journal.write(received(2))
        assert (tmp_path / "archived.jsonl").read_bytes() == to_line(received(1))
        (tmp_path / "leads-2024-02-27.jsonl").unlink()
        journal.write(received(3))
    assert (tmp_path / "leads-2024-02-27.jsonl").read_bytes() == to_line(received(3))


def test_one_writer_per_folder(tmp_path):
    with Journal(tmp_path), pytest.raises(WriteError, match="another receiver writes to"):
        Journal(tmp_path)
    Journal(tmp_path).close()


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match="'leads' cannot be written to"):
        Journal(tmp_path / "file" / "leads")
