import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import leadanalytics.replacing
from leadanalytics.errors import WriteError
from leadanalytics.replacing import replacing, replacing_folder, sync_folder


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


NAMES = ("a.csv", "b.csv", "c.csv")


def contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def old_folder(parent: Path) -> Path:
    """Give a folder of an earlier writing, in which the user keeps things too."""
    folder = parent / "out"
    (folder / "samples").mkdir(parents=True)
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text("old")
    (folder / "notes.txt").write_text("mine")
    (folder / "samples" / "leads.csv").write_text("mine")
    return folder


OLD = {"a.csv": "old", "b.csv": "old", "notes.txt": "mine", "samples/leads.csv": "mine"}
NEW = {"a.csv": "new", "c.csv": "new", "notes.txt": "mine", "samples/leads.csv": "mine"}


def write_anew(folder: Path) -> None:
    with replacing_folder(folder, NAMES) as new:
        for name in ("a.csv", "c.csv"):
            (new / name).write_text("new")


def test_a_folder_is_made_with_its_parents(tmp_path: Path):
    write_anew(tmp_path / "results" / "of today")
    assert contents(tmp_path) == {"results/of today/a.csv": "new", "results/of today/c.csv": "new"}


@pytest.mark.usefixtures("steps")
def test_a_folder_is_replaced_as_a_whole_and_what_is_not_ours_stays(tmp_path: Path):
    folder = old_folder(tmp_path)
    folder.chmod(0o750)
    kept = (folder / "notes.txt").stat().st_ino
    with replacing_folder(folder, NAMES) as new:
        (new / "a.csv").write_text("new")
        assert contents(folder) == OLD
        (new / "c.csv").write_text("new")
    assert contents(folder) == NEW
    assert (folder / "notes.txt").stat().st_ino == kept
    assert list(tmp_path.iterdir()) == [folder]
    assert os.name == "nt" or folder.stat().st_mode & 0o777 == 0o750


def test_a_failure_leaves_the_old_folder_and_nothing_else(tmp_path: Path):
    folder = old_folder(tmp_path)
    with pytest.raises(KeyError), replacing_folder(folder, NAMES) as new:
        (new / "a.csv").write_text("half")
        raise KeyError
    assert contents(folder) == OLD
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="whoever may write anything cannot be hindered")
def test_a_folder_that_may_not_be_written_is_an_error(tmp_path: Path):
    folder = old_folder(tmp_path)
    for place in (folder, tmp_path):
        place.chmod(0o500)
    try:
        with pytest.raises(WriteError, match="out cannot be written; found Permission denied"):
            write_anew(folder)
    finally:
        for place in (folder, tmp_path):
            place.chmod(0o700)
    assert contents(folder) == OLD


def test_a_folder_of_the_users_with_the_name_of_a_file_of_ours_is_kept(tmp_path: Path):
    folder = old_folder(tmp_path)
    (folder / "c.csv").mkdir()
    (folder / "c.csv" / "x").write_text("mine")
    write_anew(folder)
    assert contents(folder) == NEW | {"c.csv.old/x": "mine"}


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path):
    folder = old_folder(tmp_path / "disk")
    (tmp_path / "link").symlink_to(folder, target_is_directory=True)
    write_anew(tmp_path / "link")
    assert contents(folder) == NEW
    assert (tmp_path / "link").is_symlink()


def test_the_working_folder_keeps_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = old_folder(tmp_path)
    place = folder.stat().st_ino
    monkeypatch.chdir(folder / "samples")
    with replacing_folder(folder, NAMES) as new:
        (new / "a.csv").write_text("new")
        (new / "c.csv").write_text("new")
        assert {name: text for name, text in contents(folder).items() if not name.startswith(".")} == OLD
    assert contents(folder) == NEW
    assert (folder.stat().st_ino, list(tmp_path.iterdir())) == (place, [folder])


def test_a_file_in_place_of_the_folder_is_an_error(tmp_path: Path):
    (tmp_path / "out").write_text("")
    with pytest.raises(WriteError, match="out cannot be written; found a file of that name"):
        write_anew(tmp_path / "out")


def test_two_at_once_are_not_allowed(tmp_path: Path):
    with replacing_folder(tmp_path / "out", NAMES) as new:
        (new / "a.csv").write_text("first")
        with pytest.raises(WriteError, match="another process is writing out; wait"):
            write_anew(tmp_path / "out")
    assert contents(tmp_path / "out") == {"a.csv": "first"}


@pytest.fixture(params=["in one step", "in two steps"])
def steps(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let folders change places as here, and as where the system cannot do it in one step."""
    if request.param == "in two steps":
        monkeypatch.setattr(leadanalytics.replacing, "_exchange", lambda *_: False)
    return request.param


# Writes anew and is killed before its nth step of putting the folder in place or, for 0, while the files are written.
KILLED = """
import os, signal, sys
from pathlib import Path
import leadanalytics.replacing

folder, nth, seen = Path(sys.argv[1]), int(sys.argv[2]), 0
if sys.argv[3] == "in two steps":
    leadanalytics.replacing._exchange = lambda *_: False

def watch(event, arguments):
    global seen
    if event == "os.rename" or event == "ctypes.dlsym" and arguments[1] in ("renameat2", "renamex_np"):
        seen += 1
        if seen == nth:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
with leadanalytics.replacing.replacing_folder(folder, ("a.csv", "b.csv", "c.csv")) as new:
    (new / "a.csv").write_text("new")
    if nth == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    (new / "c.csv").write_text("new")
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("before", range(7))
def test_a_killed_process_leaves_all_old_or_all_new_files_and_the_next_one_puts_the_rest_right(
    tmp_path: Path, before: int, steps: str
):
    folder = old_folder(tmp_path)
    ended = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(before), steps], check=False)
    if ended.returncode == 0:
        assert before > (4 if steps == "in one step" else 6)  # the steps that there are
        return
    assert ended.returncode == -signal.SIGKILL
    between = steps == "in two steps" and before == 4
    assert folder.exists() != between
    found = contents(tmp_path / ".out.old" if between else folder)
    ours = {name: text for name, text in found.items() if name in NAMES}
    assert ours in ({"a.csv": "new", "c.csv": "new"}, {"a.csv": "old", "b.csv": "old"})
    with pytest.raises(KeyError), replacing_folder(folder, NAMES):
        raise KeyError  # even a writing that fails
    assert contents(folder) == (NEW if "c.csv" in ours else OLD)
    assert list(tmp_path.iterdir()) == [folder]
    write_anew(folder)
    assert contents(folder) == NEW
