import os
import signal
import subprocess
import sys

import openpyxl
import pandas as pd
import pytest

import leadanalytics as la
from leadanalytics.cli.running import FILES, run_job


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("job")
    la.write_samples(folder / "leads")
    with (folder / "leads" / "https_leads.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"body": {"UserDetails": {"FirstName": "cut\n')
    return run_job(
        [str(folder / "leads")],
        folder / "out",
        reading={},
        decoding={"vocabulary": la.load_vocabulary()},
    )


def test_the_folder_holds_every_result_and_nothing_else(results):
    assert sorted(results.written[0].parent.iterdir()) == list(results.written)
    assert [path.name for path in results.written] == [
        *("customers.csv", "customers.xlsx", "funnel.csv", "funnel.png", "funnel.svg"),
        *("leads.parquet", "left_out.csv", "rejects.csv"),
    ]
    assert sorted(FILES) == [path.name for path in results.written]
    assert results.failures == ()


def test_what_was_read_and_set_aside_is_what_was_delivered(results):
    facts = results.facts
    assert facts["leads read"] + facts["set aside"] == facts["delivered"]
    assert facts["set aside"] == 1
    assert (results.files["read"] + results.files["set_aside"]).equals(results.files["delivered"])


def test_the_numbers_are_the_known_truth(results):
    truth = la.sample_truth(la.sample_leads())
    assert results.facts["leads read"] == truth.leads
    assert results.facts["of them test leads"] == truth.test_leads
    assert results.facts["customers"] == truth.customers


def test_everybody_is_in_one_of_the_two_lists(results):
    out = results.written[0].parent
    contacts = pd.read_csv(out / "customers.csv")
    left_out = pd.read_csv(out / "left_out.csv")
    assert len(contacts) + len(left_out) == results.facts["customers"] + results.facts["of them test leads"]
    assert set(left_out["reason"]) == {"test lead", "do not contact"}
    assert len(contacts) == results.facts["of them in customers.csv"]


def test_the_written_leads_can_be_read_again(results):
    again = la.read_leads(results.written[0].parent / "leads.parquet")
    assert len(again) == results.facts["leads read"]


def test_a_rejected_record_is_kept_with_its_place_and_reason(results):
    rejects = pd.read_csv(results.written[0].parent / "rejects.csv")
    assert rejects["origin"].tolist() == ["https_leads.jsonl"]
    assert rejects["reason"].notna().all()


def test_an_index_lets_the_ids_of_customers_last(results, tmp_path):
    choices = {"reading": {}, "decoding": {"vocabulary": la.load_vocabulary()}}
    source = str(results.written[0].parent / "leads.parquet")
    for _ in range(2):
        run_job([source], tmp_path / "out", **choices, index=tmp_path / "index")
    index = la.CustomerIndex.open(tmp_path / "index")
    ids = pd.read_parquet(tmp_path / "out" / "leads.parquet")["customer_id"].dropna()
    assert set(ids) == set(index.crosswalk()["present_id"])


def test_a_country_has_one_spelling_in_every_list_and_stays_as_delivered_in_the_leads(results):
    out = results.written[0].parent
    (sheet,) = openpyxl.load_workbook(out / "customers.xlsx")
    assert sheet.title == "Customers"
    workbook = pd.read_excel(out / "customers.xlsx", engine="openpyxl")
    lists = [workbook, *(pd.read_csv(out / name) for name in ("customers.csv", "left_out.csv"))]
    for people in lists:
        countries = set(people["country"].dropna())
        assert "United States" in countries
        assert not countries & {"US", "USA", "GB", "UK", "DE", "Deutschland"}
    assert {"US", "USA"} <= set(pd.read_parquet(out / "leads.parquet")["country"].dropna())


# Runs the job with no file allowed to be larger than so many bytes, as on a full disk.
LIMITED = """
import resource, sys
from leadanalytics.cli import main

sys.dont_write_bytecode = True
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), -1))
main(sys.argv[2:])
"""
# Runs the job and is killed when it opens the workbook, the last of its files.
KILLED = """
import os, signal, sys
from leadanalytics.cli import main

def watch(event, arguments):
    if event == "open" and ".out.new" in str(arguments[0]) and str(arguments[0]).endswith(".xlsx"):
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
main(sys.argv[1:])
"""


def start(code, *words):
    return subprocess.run([sys.executable, "-c", code, *map(str, words)], capture_output=True, text=True, check=False)


@pytest.fixture
def old(results, tmp_path):
    """Give a folder of an earlier run in which the user keeps files too, and leads of today."""
    out = tmp_path / "out"
    out.mkdir()
    for name in (*FILES, "notes.txt"):
        (out / name).write_text(f"old {name}")
    (out / "samples").mkdir()
    (out / "samples" / "leads.csv").write_text("mine")
    return out


def is_old(path):
    return path.read_bytes() == f"old {path.name}".encode()


needs_posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL and no limit of files")


@needs_posix
def test_a_file_that_cannot_be_written_leaves_the_others_and_is_named(results, old):
    leads = results.written[0].parent / "leads.parquet"
    sizes = {path.name: path.stat().st_size for path in results.written}
    # The parts of a workbook are larger than the whole, which is packed.
    limit = sizes["customers.csv"] - 1
    assert max(size for name, size in sizes.items() if name != "customers.csv") < limit
    ended = start(LIMITED, limit, "run", leads, "--out", old)
    assert ended.returncode == 2
    errors = [line for line in ended.stderr.splitlines() if line.startswith("error: ")]
    assert [error.split(" not written: ")[0] for error in errors] == [
        "error: customers.csv and left_out.csv",
        "error: customers.xlsx",
    ]
    assert all("File too large" in error for error in errors)
    there = {path.name for path in old.iterdir()}
    assert there == {*FILES, "notes.txt", "samples"} - {"customers.csv", "customers.xlsx", "left_out.csv"}
    assert not any(is_old(old / name) for name in there & {*FILES})
    assert (old / "samples" / "leads.csv").read_text() == "mine"
    assert "Written to" in ended.stdout


@needs_posix
def test_where_no_file_can_be_written_the_old_ones_stay(results, old):
    ended = start(LIMITED, 10, "run", results.written[0].parent / "leads.parquet", "--out", old)
    assert ended.returncode == 2
    assert ended.stderr.count("error: ") == 6
    assert all(is_old(old / name) for name in FILES)
    assert list(old.parent.iterdir()) == [old]


@needs_posix
def test_a_killed_run_leaves_the_old_folder_whole_and_the_next_one_sweeps_up(results, old):
    leads = results.written[0].parent / "leads.parquet"
    ended = start(KILLED, "run", leads, "--out", old)
    assert ended.returncode == -signal.SIGKILL
    assert {path.name for path in old.iterdir()} == {*FILES, "notes.txt", "samples"}
    assert all(is_old(old / name) for name in FILES)
    assert (old.parent / ".out.new" / "leads.parquet").exists()
    again = start("from leadanalytics.cli import main; main()", "run", leads, "--out", old)
    assert again.returncode == 0, again.stderr
    assert {path.name for path in old.iterdir()} == {*FILES, "notes.txt", "samples"}
    assert not any(is_old(old / name) for name in FILES)
    assert is_old(old / "notes.txt")
    assert list(old.parent.iterdir()) == [old]
