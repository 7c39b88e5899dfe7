"""One lead with a time in the future changes nothing else, and every command that tells of the leads names it."""

import csv
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

import leadanalytics as la
from leadanalytics.cli import main

SAMPLES = Path(__file__).parents[1] / "data" / "samples"


def run(capsys, *words):
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    assert ended.value.code == 0
    return capsys.readouterr().out


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Return the sample leads, and the same with one lead of the year 2099 more."""
    home = tmp_path_factory.mktemp("feeds")
    before, after = (Path(shutil.copytree(SAMPLES, home / name)) for name in ("before", "after"))
    path = after / "azure_table_leads.csv"
    with path.open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    row |= {"PartitionKey": "1:2F2:2F2099", "RowKey": "from-the-future", "Timestamp": "2099-01-02T00:00:03Z"}
    row["CreatedTime"] = "1/2/2099 12:00:01 AM"
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, row.keys()).writerow(row)
    return before, after


def test_the_results_of_a_run_differ_by_that_lead_alone(folders, tmp_path, capsys):
    said = [run(capsys, "run", folder, "--out", tmp_path / folder.name) for folder in folders]
    assert re.search(r"of them with a time in the future\s+0\b", said[0])
    assert re.search(r"of them with a time in the future\s+1\b", said[1])
    files = [{path.name: path for path in (tmp_path / folder.name).iterdir()} for folder in folders]
    assert files[0]["funnel.csv"].read_bytes() == files[1]["funnel.csv"].read_bytes()
    assert files[0]["left_out.csv"].read_bytes() == files[1]["left_out.csv"].read_bytes()
    people = [pd.read_csv(each["customers.csv"]) for each in files]
    of_lead = ["leads", "record_ids"]
    pd.testing.assert_frame_equal(people[0].drop(columns=of_lead), people[1].drop(columns=of_lead))
    assert people[1]["leads"].sum() == people[0]["leads"].sum() + 1
    leads = [pd.read_parquet(each["leads.parquet"]) for each in files]
    common = leads[1][leads[1]["record_id"].isin(leads[0]["record_id"])].reset_index(drop=True)
    columns = ["record_id", "created_at", "stage", "customer_id", "account_id", "offer_id", "problem"]
    pd.testing.assert_frame_equal(common[columns].astype("str"), leads[0][columns].astype("str"))


def test_audit_and_report_name_it(folders, tmp_path, capsys):
    assert re.search(r"time in the future\s+1\b", run(capsys, "audit", folders[1]))
    assert "time in the future" not in run(capsys, "audit", folders[0])
    pages = []
    for folder in folders:
        run(capsys, "report", folder, "-o", tmp_path / f"{folder.name}.html")
        pages.append((tmp_path / f"{folder.name}.html").read_text(encoding="utf-8"))
    assert "time in the future" in pages[1]
    assert "2099" not in pages[1]
    assert "time in the future" not in pages[0]


def test_the_list_to_follow_up_and_the_days_stay(folders):
    before, after = (la.load_leads(folder) for folder in folders)
    assert la.build_funnels(before).attrs["as_of"] == la.build_funnels(after).attrs["as_of"]
    todo = [la.follow_up_list(leads).drop(columns=["leads", "record_ids"]) for leads in (before, after)]
    pd.testing.assert_frame_equal(*todo)
    days = [la.count_days(leads) for leads in (before, after)]
    pd.testing.assert_frame_equal(*days)
