import pytest
import typer

from leadanalytics.cli.report import report
from leadanalytics.errors import OptionError

app = typer.Typer()
app.command()(report)

ROWS = [
    "PartitionKey,RowKey,CreatedTime,LeadSource,CustomerInfo",
    'p,r1,2024-03-01T00:00:00Z,TestDrive-StartTestDrive|contoso.app,"{""FirstName"":""Ana"",""Email"":""ana@example.com""}"',
    'p,r2,2024-03-02T04:00:00Z,AzureMarketplace-INS|contoso.app,"{""FirstName"":""Ana"",""Email"":""ana@example.com""}"',
    "p,r3,2024-03-03T04:00:00Z,AzureMarketplace-INS|contoso.app",
]


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "leads.csv"
    path.write_text("\n".join(ROWS[:3]), encoding="utf-8")
    return path


def run(*words):
    app([str(word) for word in words], standalone_mode=False)


def test_it_writes_a_page_without_people_and_says_so(source, tmp_path, capsys):
    out = tmp_path / "out" / "march.html"
    run(source, "-o", out, "--title", "Contoso in March", "--window", "14 days", "--zone", "Europe/Berlin")
    text = out.read_text(encoding="utf-8")
    assert "<h1>Contoso in March</h1>" in text
    assert "CET" in text and "within 14 days" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Ana" not in text
    assert "2 leads, without people" in " ".join(capsys.readouterr().out.split())


def test_a_terminal_shows_how_far_it_is(source, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")  # as where somebody watches
    run(source, "-o", tmp_path / "report.html")
    shown = capsys.readouterr().err
    assert "Naming customers and companies" in shown
    assert "Writing the report" in shown


def test_records_that_could_not_be_read_are_counted(source, tmp_path):
    broken = source.with_name("broken.jsonl")
    broken.write_text('{"body": {"UserDetails": {"FirstName": "cut\n', encoding="utf-8")
    run(source.parent, "-o", tmp_path / "report.html")
    assert "could not be read" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_people_are_named_when_asked_for(source, tmp_path):
    run(source, "-o", tmp_path / "report.html", "--with-people", "--top", "0")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "ana@example.com" in text
    assert "No offer is drawn." in text


@pytest.mark.parametrize("word", ["none", "None"])
def test_a_report_can_be_without_a_window(source, tmp_path, word):
    run(source, "-o", tmp_path / "report.html", "--window", word)
    assert "no period is ever finished" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_wrong_option_is_an_error_of_the_house(source, tmp_path):
    with pytest.raises(OptionError, match="did you mean 'acquisition'"):
        run(source, "-o", tmp_path / "report.html", "--funnel", "aquisition")
