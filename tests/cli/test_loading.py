import pandas as pd
import pytest

import leadanalytics as la
from leadanalytics.cli import main
from leadanalytics.cli.loading import load, load_with_rejects
from leadanalytics.cli.reading_options import Reading


def test_leads_come_with_the_customer_that_each_belongs_to(tmp_path):
    la.write_samples(tmp_path, raw=la.make_leads(customers=20, seed=1))
    leads = load([str(tmp_path)], Reading(layout=None))
    assert leads["customer_id"].notna().sum() + leads["is_test"].sum() == len(leads) > 0


def test_what_could_not_be_read_comes_beside_the_leads(tmp_path):
    la.write_samples(tmp_path, raw=la.make_leads(customers=20, seed=1))
    whole = load([str(tmp_path)], Reading())
    (tmp_path / "more.jsonl").write_text('{"body": {"UserDetails": {"FirstName": "cut\n', encoding="utf-8")
    leads, rejects = load_with_rejects([str(tmp_path)], Reading())
    assert leads["record_id"].tolist() == whole["record_id"].tolist()
    assert set(leads.columns) == set(whole.columns)
    assert rejects["origin"].tolist() == ["more.jsonl"]


@pytest.fixture
def exports(tmp_path):
    """A folder with a good file, a broken workbook, a table that is none of leads and an export without leads."""
    folder = tmp_path / "exports"
    la.write_samples(folder, raw=la.make_leads(customers=20, seed=1))
    (folder / "bad.xlsx").write_bytes(b"PK\x03\x04" + bytes(100))
    (folder / "colours.csv").write_bytes(b"Colour,Size\nred,1\nblue,2\n")
    (folder / "nobody.csv").write_bytes(b"LeadSource,ActionCode\n")
    return folder


def leadanalytics(*words):
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    return ended.value.code


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    ("command", "out"),
    [
        ("run", "job"),
        ("funnel", "funnel.csv"),
        ("report", "report.html"),
        ("review", "doubts.csv"),
        ("convert", "a.parquet"),
    ],
)
def test_every_file_that_is_not_read_is_named_and_strict_says_so_when_the_job_is_done(
    exports, tmp_path, capsys, command, out, strict
):
    to = "--to" if command == "convert" else "--out"
    code = leadanalytics(command, exports, to, tmp_path / out, *(["--strict"] if strict else []))
    assert code == (3 if strict else 0)
    said = [line for line in capsys.readouterr().err.splitlines() if "codes that" not in line]
    assert [line.partition(":")[0] for line in said] == ["warning"] * 3
    assert said[0].startswith("warning: bad.xlsx was not read: 'bad.xlsx' is a damaged archive")
    assert said[1].startswith("warning: colours.csv was not read: the columns of 'colours.csv' are not those of leads")
    assert said[2].startswith("warning: nobody.csv holds no lead: 0 leads")
    assert (tmp_path / out).exists()


def test_strict_is_content_where_all_is_read(exports, tmp_path, capsys):
    for name in ("bad.xlsx", "colours.csv", "nobody.csv"):
        (exports / name).unlink()
    assert leadanalytics("run", exports, "--out", tmp_path / "job", "--strict") == 0
    assert "was not read" not in capsys.readouterr().err


def test_rows_of_a_refused_table_are_in_the_account(exports, tmp_path):
    leadanalytics("run", exports, "--out", tmp_path / "job")
    rejects = pd.read_csv(tmp_path / "job" / "rejects.csv")
    assert rejects["origin"].tolist() == ["bad.xlsx", "colours.csv", "colours.csv"]
