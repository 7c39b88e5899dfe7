import pandas as pd
import pytest
import typer

import leadanalytics as la
from leadanalytics.cli.identity import forget, review, why
from leadanalytics.errors import FrameError, OptionError

app = typer.Typer()
app.command()(why)
app.command()(review)
app.command()(forget)

COLUMNS = "PartitionKey,RowKey,CreatedTime,LeadSource,CustomerInfo"


def line(key, day, **person):
    fields = ",".join(f'""{name}"":""{value}""' for name, value in person.items())
    return f'p,{key},2024-03-0{day}T00:00:00Z,SPZA-INS|contoso.app,"{{{fields}}}"'


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "leads.csv"
    ana = {"FirstName": "Ana", "LastName": "Ruiz", "Country": "ES"}
    rows = [
        line("r1", 1, **ana, Email="ana@example.com", Company="=cmd"),
        line("r2", 2, **ana, Email="Ana+azure@example.com"),
        line("r3", 3, **ana),
        line("r4", 4, FirstName="Li", LastName="Chen", Email="li@example.org"),
    ]
    path.write_text("\n".join([COLUMNS, *rows]), encoding="utf-8")
    return path


def run(*words):
    app([str(word) for word in words], standalone_mode=False)


def test_why_compares_two_records(source, capsys):
    run("why", source, "--record", "p/r1", "--record", "p/r3")
    said = capsys.readouterr().out
    assert "two customers" in said
    assert "nothing but a name in common" in " ".join(said.split())


def test_why_explains_the_customer_of_a_record_and_names_the_nearest_other(source, capsys):
    run("why", source, "--record", "p/r2")
    said = capsys.readouterr().out
    assert "2 records" in said
    assert "linked" in said
    assert "not linked" in said
    assert "Li" not in said


def test_why_explains_a_customer(source, capsys):
    customer = la.load_leads(source)["customer_id"].iloc[0]
    run("why", source, "--customer", customer)
    assert f"{customer}: 2 records" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words", [[], ["--customer", "C-1", "--record", "r1"], ["--record", "r1", "--record", "r2", "--record", "r3"]]
)
def test_why_asks_for_one_customer_or_one_or_two_records(source, words):
    with pytest.raises(OptionError, match="--record ID"):
        run("why", source, *words)


def test_why_says_that_the_threshold_parts_two_records(source, capsys):
    run("why", source, "--record", "p/r1", "--record", "p/r2", "--threshold", "40")
    assert "bits below the threshold" in " ".join(capsys.readouterr().out.split())


def test_why_uses_the_match_rules_of_the_project_file_unless_others_are_typed(source, capsys):
    project = source.parent / "project.toml"
    project.write_text("[match]\nthreshold = 40\n", encoding="utf-8")
    ask = ("why", source, "--record", "p/r1", "--record", "p/r2", "--config", project)
    run(*ask)
    assert "two customers" in capsys.readouterr().out
    run(*ask, "--threshold", "0")
    assert "one customer" in capsys.readouterr().out


def test_why_speaks_of_keys_where_keys_decide(source, capsys):
    run("why", source, "--record", "p/r1", "--method", "keys")
    said = " ".join(capsys.readouterr().out.split())
    assert "same e-mail" in said
    assert "no key agrees" in said
    assert "nan" not in said


def test_why_knows_records_that_are_nearly_named_right(source):
    with pytest.raises(FrameError, match="did you mean 'p/r1'"):
        run("why", source, "--record", "p/r11")


def test_review_shows_the_most_valuable_and_writes_all_without_a_formula(source, tmp_path, capsys):
    out = tmp_path / "doubts.csv"
    run("review", source, "--out", out, "--review", "-4", "--most", "0")
    said = capsys.readouterr().out
    assert "0 of 1 pairs" in said
    assert "Ana" not in said
    written = pd.read_csv(out)
    assert written[["record_id", "other_record_id"]].to_numpy().tolist() == [["p/r1", "p/r3"]]
    assert written["company"].tolist() == ["'=cmd"]


def test_forget_removes_a_person_and_a_trial_only_says_so(source, capsys):
    before = source.read_bytes()
    run("forget", source.parent, "--email", "ana+azure@example.com", "--dry-run")
    assert "Would be removed" in capsys.readouterr().out
    assert source.read_bytes() == before
    run("forget", source.parent, "--email", "ana+azure@example.com")
    assert "leads.csv" in capsys.readouterr().out
    assert "ana@example.com" not in source.read_text(encoding="utf-8")
    assert "li@example.org" in source.read_text(encoding="utf-8")
