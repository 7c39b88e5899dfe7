import re
import subprocess
import sys
from importlib.metadata import version

import pandas as pd
import pytest

import leadanalytics as la
from leadanalytics.cli import main
from leadanalytics.vocabulary.loading import SHIPPED


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    folder = tmp_path_factory.mktemp("samples")
    la.write_samples(folder)
    return folder


def run(*words):
    """Run the command line as a user would and return its exit code."""
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    return ended.value.code


def test_run_does_the_whole_job_and_says_what_it_found(samples, tmp_path, capsys):
    assert run("run", samples, "--out", tmp_path / "out") == 0
    said = capsys.readouterr().out
    truth = la.sample_truth(la.sample_leads())
    assert f"{truth.customers:,}" in said
    assert "azure_table_leads.csv" in said
    assert "Test drive" in said
    assert (tmp_path / "out" / "funnel.png").stat().st_size > 10_000


def test_demo_needs_nothing(tmp_path, capsys):
    assert run("demo", "--out", tmp_path) == 0
    assert (tmp_path / "customers.csv").exists()
    said = capsys.readouterr().out
    assert f"{la.sample_truth(la.sample_leads()).customers:,}" in said
    assert said.splitlines()[-1].startswith("Next, with your own leads: leadanalytics run")


def test_customers_writes_the_list_and_whoever_is_left_out(samples, tmp_path, capsys):
    assert run("customers", samples, "--out", tmp_path / "people.parquet") == 0
    kept = pd.read_parquet(tmp_path / "people.parquet")
    left_out = pd.read_parquet(tmp_path / "people_left_out.parquet")
    truth = la.sample_truth(la.sample_leads())
    assert len(kept) + len(left_out) == truth.customers + truth.test_leads
    assert f"{len(kept):,} customers written" in capsys.readouterr().out


def test_customers_for_a_crm_are_counted_with_the_reasons(samples, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run("customers", samples, "--for", "marketo") == 0
    said = capsys.readouterr().out
    kept = pd.read_csv(tmp_path / "customers_marketo.csv")
    left_out = pd.read_csv(tmp_path / "customers_marketo_left_out.csv")
    assert kept.columns[0] == "Email Address"
    assert f"{len(kept):,} customers written to customers_marketo.csv" in said
    assert f"{len(left_out):,} left out, written to customers_marketo_left_out.csv" in said
    for reason, rows in left_out["reason"].value_counts().items():
        assert f"{rows:,} {reason}" in said
    assert f"{len(kept) + len(left_out):,} customers and test leads in all" in said


def test_customers_for_a_program_of_ones_own(samples, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = 'name = "own"\ntitle = "Own"\nsuffixes = [".xlsx"]\n[[columns]]\nheader = "Mail"\nfrom = "email"\n'
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    assert run("customers", samples, "--for", "own", "--targets", tmp_path) == 0
    assert pd.read_excel("customers_own.xlsx", engine="openpyxl").columns.tolist() == ["Mail"]


def test_funnel_by_offer_shows_every_offer_and_the_definition(samples, capsys):
    assert run("funnel", samples, "--by", "offer", "--window", "30 days") == 0
    said = capsys.readouterr().out
    titles = set(la.sample_leads()["offer_title"].dropna())
    assert titles
    assert all(title in said for title in titles)
    assert "within 30 days" in said


def test_funnel_by_any_column_writes_what_it_shows(samples, tmp_path, capsys):
    assert run("funnel", samples, "--by", "campaign", "--out", tmp_path / "counts.csv") == 0
    assert "(missing)" in capsys.readouterr().out
    assert "campaign" in pd.read_csv(tmp_path / "counts.csv").columns


def test_audit_adds_up_to_every_lead(samples, capsys):
    assert run("audit", samples) == 0
    said = capsys.readouterr().out
    assert f"Problems in {la.sample_truth(la.sample_leads()).leads:,} leads" in said
    assert "unknown action" in said


def test_convert_writes_every_record_to_one_file(samples, tmp_path, capsys):
    assert run("convert", samples, "--to", tmp_path / "leads.parquet") == 0
    assert len(la.read_leads(tmp_path / "leads.parquet")) == la.sample_truth(la.sample_leads()).leads
    assert "leads.rejects.parquet" in capsys.readouterr().out


def test_decode_says_what_a_lead_source_means(capsys):
    assert run("decode", "AppSource (SPZA)-PLT | contoso.flow.guard") == 0
    said = " ".join(capsys.readouterr().out.split())
    for fact in ("source SPZA", "action PLT", "stage Contact me", "publisher id contoso", "offer id flow.guard"):
        assert fact in said


def test_decode_reads_customer_info(capsys):
    assert run("decode", '{"FirstName": "Ana", "Email": "ana@example.com"}') == 0
    assert "ana@example.com" in capsys.readouterr().out


def test_a_users_codes_change_the_reading(samples, tmp_path, capsys):
    text = (SHIPPED / "actions.csv").read_text(encoding="utf-8")
    (tmp_path / "actions.csv").write_text(
        text.replace("INS,Get it now,Get it now", "INS,Get it now,Install"), encoding="utf-8"
    )
    assert run("funnel", samples, "--codes", tmp_path) == 0
    said = capsys.readouterr().out
    assert "Test drive → Install" in said
    assert "No lead shows Get it now, which is left out" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "nowhere"), "nowhere"),
        (("funnel", "{samples}", "--funnel", "acquisiton"), "did you mean 'acquisition'"),
        (("funnel", "{samples}", "--window", "soon"), "window"),
        (("customers", "{samples}", "--out", "people.doc"), ".xlsx"),
        (("customers", "{samples}", "--for", "hubspto"), "did you mean 'hubspot'"),
        (("audit", "{samples}", "--layout", "azure_tabel"), "azure_table"),
    ],
)
def test_an_error_is_one_line_with_the_next_step_and_exit_code_two(samples, tmp_path, monkeypatch, capsys, words, said):
    monkeypatch.chdir(tmp_path)
    assert run(*(word.format(samples=samples) for word in words)) == 2
    errors = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("warning: ")]
    assert len(errors) == 1
    assert errors[0].startswith("error: ")
    assert said in errors[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["funnel", "--as-of", "soon"],
            "--as-of is a date, or a time with its zone; found 'soon'; for example --as-of 2024-06-30",
        ),
        (["funnel", "--window", "30"], "found '30'; for example --window \"30 days\""),
        (["follow-up", "--out", "a.csv", "--window", "-3 days"], "--window is longer than nothing; found '-3 days'"),
        (["funnel", "--gap", "soon"], "--gap is a length of time; found 'soon'; for example --gap \"30 days\""),
        (["funnel", "--by", "ofer"], "--by is one of offer, storefront, country, company, campaign, title, or another"),
        (["funnel", "--by", "ofer"], "found 'ofer'; did you mean 'offer'?"),
        (["funnel", "--by", "stroefront"], "did you mean 'storefront'?"),
        (["funnel", "--by", "marketplce"], "did you mean 'marketplace'?"),
        (["funnel", "--by", "xyzzy"], "found 'xyzzy'; for example --by offer"),
        (["funnel", "--start", "frist"], "--start is one of 'first', 'any'; found 'frist'; did you mean 'first'?"),
        (["report", "--freq", "hourly"], "found 'hourly'; for example --freq MS"),
        (["report", "--zone", "Mars"], "--zone is the name of a time zone; found 'Mars'; for example --zone Europe/"),
        (["audit", "--tz", "Europe/Berln"], "--tz is the name of a time zone; found 'Europe/Berln'; did you mean 'Eu"),
        (["report", "-o", "r.pdf"], "--out takes .html or .htm; found 'r.pdf'; --out r.html"),
        (["funnel", "--out", "f.json"], "--out takes .csv, .xlsx or .parquet; found 'f.json'; --out f.csv"),
        (["customers", "--for", "marketo", "--out", "a.xlsx"], "--out takes .csv; found 'a.xlsx'; --out a.csv"),
        (["run", "--out", "-"], "--out cannot be standard output; found '-'; name a file or folder, such as --out"),
    ],
)
def test_an_error_names_options_and_no_code(samples, tmp_path, monkeypatch, capsys, words, said):
    monkeypatch.chdir(tmp_path)
    command, *options = words
    assert run(command, samples, *options) == 2
    printed = capsys.readouterr()
    (error,) = [line for line in printed.err.splitlines() if line.startswith("error: ")]
    assert said in error
    assert not re.search(r"\w\(|\b\w+='", error)
    assert printed.out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        ["funnel", "{}", "--out", "f.json"],
        ["reconcile", "{}", "--partner-center", "nowhere.csv", "--out", "f.json"],
        ["customers", "{}", "--out", "f.json"],
        ["follow-up", "{}", "--out", "f.json"],
        ["review", "{}", "--out", "f.json"],
        ["report", "{}", "--out", "f.json"],
        ["run", "{}", "--out", "-"],
        ["demo", "--out", "-"],
    ],
)
def test_out_is_refused_before_anything_is_read(tmp_path, monkeypatch, capsys, words):
    monkeypatch.chdir(tmp_path)
    assert run(*(word.format(tmp_path / "nowhere") for word in words)) == 2
    said = capsys.readouterr().err
    assert "--out" in said
    assert "nowhere" not in said
    assert list(tmp_path.iterdir()) == []


def test_the_version_is_told_by_the_command_and_by_the_package(capsys):
    assert run("--version") == 0
    assert capsys.readouterr().out == f"leadanalytics {version('leadanalytics')}\n"
    assert la.__version__ == version("leadanalytics")


@pytest.mark.parametrize("words", [["-h"], ["funnel", "-h"]])
def test_help_has_a_short_form(words, capsys):
    assert run(*words) == 0
    assert "Usage: leadanalytics" in capsys.readouterr().out


def test_a_traceback_only_with_debug(tmp_path):
    with pytest.raises(la.errors.ReadError):
        main(["run", str(tmp_path / "nowhere"), "--debug"])


def test_help_reads_no_data_package():
    code = """
import sys
from leadanalytics.cli import main
try:
    main(["--help"])
except SystemExit:
    print("pandas" in sys.modules)
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.endswith("False\n")
    assert "run" in ended.stdout
