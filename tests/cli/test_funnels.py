from pathlib import Path

import pandas as pd
import pytest
import typer

import leadanalytics as la
from leadanalytics.cli.funnels import explain, follow_up, reconcile
from leadanalytics.errors import FrameError

SHAPES = Path(__file__).parent.parent / "data" / "shapes"

app = typer.Typer()
app.command()(explain)
app.command()(follow_up)
app.command()(reconcile)

ANA = '"{""FirstName"":""Ana"",""LastName"":""Ruiz"",""Email"":""ana@example.com"",""Company"":""=cmd""}"'
LI = '"{""Email"":""li@example.org""}"'
ROWS = [
    "PartitionKey,RowKey,CreatedTime,LeadSource,CustomerInfo",
    f"p,r1,2024-03-01T00:00:00Z,TestDrive-StartTestDrive|contoso.app,{ANA}",
    f"p,r2,2024-03-02T04:00:00Z,AzureMarketplace-INS|contoso.app,{ANA}",
    f"p,r3,2024-06-01T00:00:00Z,AzurePortal-Create|contoso.app,{ANA}",
    f"p,r4,2024-06-01T12:00:00Z,TestDrive-StartTestDrive|contoso.app,{LI}",
]


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "leads.csv"
    path.write_text("\n".join(ROWS), encoding="utf-8")
    return path


def run(*words):
    app([str(word) for word in words], standalone_mode=False)


def said(capsys):
    return " ".join(capsys.readouterr().out.split())


def test_explain_tells_each_lead_and_the_definition(source, capsys):
    customer = la.load_leads(source)["customer_id"].iloc[0]
    run("explain", source, "--customer", customer, "--offer", "app", "--window", "14 days")
    text = said(capsys)
    assert f"{customer}, offer app: dropped at step 2 of 3, Get it now" in text
    assert "step 2, Get it now: 1 d 4 h after the entry" in text
    assert "out of the window by 78 d: step 3, Install, had to come within 14 days of the entry" in text
    assert "e-mail" in text
    assert "Customers per offer who took Test drive" in text
    assert "Ana" not in text


def test_explain_knows_customers_that_are_nearly_named_right(source):
    customer = la.load_leads(source)["customer_id"].iloc[0]
    with pytest.raises(FrameError, match=f"did you mean '{customer}'"):
        run("explain", source, "--customer", customer[:-1])


def test_follow_up_writes_the_list_and_says_why(source, tmp_path, capsys):
    out = tmp_path / "todo.csv"
    run("follow-up", source, "--out", out, "--most", "1")
    text = said(capsys)
    assert "1 of 2 customers to follow up" in text
    assert "2 written to" in text
    assert "left out: nobody" in text
    written = pd.read_csv(out)
    assert written["status"].tolist() == ["new", "new"]
    assert written["company"].tolist()[0] == "'=cmd"


@pytest.mark.parametrize(("window", "statuses"), [("1 day", ["lost", "lost"]), ("none", ["open"])])
def test_follow_up_can_be_without_a_window(source, tmp_path, window, statuses):
    out = tmp_path / "todo.csv"
    run("follow-up", source, "--out", out, "--as-of", "2024-06-20T00:00Z", "--window", window)
    assert pd.read_csv(out)["status"].tolist() == statuses


def test_follow_up_writes_for_a_crm_and_counts_whom_it_would_refuse(source, tmp_path, capsys):
    run("follow-up", source, "--out", tmp_path / "todo.csv", "--for", "dynamics365")
    assert "1 no Last Name" in said(capsys)


def test_reconcile_shows_both_sides_with_their_units(tmp_path, capsys):
    feed, download = SHAPES / "azure_table_storage_explorer_plain.csv", SHAPES / "partner_center_leads_download.csv"
    out = tmp_path / "counts.csv"
    run("reconcile", feed, "--partner-center", download, "--by", "month", "--out", out)
    text = said(capsys)
    assert "9 referrals of Partner Center beside 9 leads of 7 customers of the feed" in text
    assert "2024-02 2 2 1" in text
    assert pd.read_csv(out)["leads"].tolist() == [2, 6, 1]
