from pathlib import Path

import pandas as pd
import pytest

import leadanalytics as la
from leadanalytics.cli import main
from leadanalytics.cli.project import Project
from leadanalytics.errors import OptionError


def written(folder, text):
    (folder / "leadanalytics.toml").write_text(text, encoding="utf-8")
    return folder / "leadanalytics.toml"


def test_without_a_file_everything_is_as_by_default(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Project.find() == Project()


def test_the_file_of_the_working_folder_is_found_and_its_paths_are_its_own(tmp_path, monkeypatch):
    path = written(
        tmp_path,
        'sources = ["exports", "more.csv"]\nzone = "Europe/Berlin"\noffers = "offers.csv"\n'
        'own_domains = "contoso.com"\n'
        '[funnel]\nwindow = "14 days"\n[match]\nthreshold = 2\n',
    )
    monkeypatch.chdir(tmp_path)
    found = Project.find()
    assert found.sources == ("exports", "more.csv")
    assert found.offers == Path("offers.csv")
    assert (found.zone, found.own_domains) == ("Europe/Berlin", ("contoso.com",))
    assert (found.funnel, found.match) == ({"window": "14 days"}, {"threshold": 2})
    elsewhere = Project.find(path)
    assert elsewhere.sources == (str(tmp_path / "exports"), str(tmp_path / "more.csv"))
    assert elsewhere.offers == tmp_path / "offers.csv"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("source = ['x']", "has no entry 'source'; .*did you mean 'sources'"),
        ("sources = 3", "sources in leadanalytics.toml is a list of texts; found 3"),
        ("zone = 1", "zone in leadanalytics.toml is a text; found 1"),
        ("funnel = 'acquisition'", r"is a table, which begins with \[funnel\]"),
        ("zone = ", "is not a TOML file"),
    ],
)
def test_what_a_project_cannot_say_is_refused(tmp_path, text, message):
    with pytest.raises(OptionError, match=message):
        Project.find(written(tmp_path, text))


def test_a_file_that_is_named_must_be_there(tmp_path):
    with pytest.raises(OptionError, match=r"--config names no file 'mine.toml'; leadanalytics init"):
        Project.find(tmp_path / "mine.toml")


@pytest.mark.parametrize("command", ["customers", "run"])
def test_every_command_identifies_by_the_match_rules_of_the_project(tmp_path, monkeypatch, capsys, command):
    la.write_samples(tmp_path / "exports", raw=la.make_leads(customers=30, seed=1))
    monkeypatch.chdir(tmp_path)
    numbers = []
    for rules in ("", "[match]\nthreshold = 60\n"):
        written(tmp_path, f'sources = ["exports"]\n{rules}')
        out = ["--out", "out"] if command == "run" else ["--out", "out/customers.csv"]
        with pytest.raises(SystemExit) as ended:
            main([command, *out])
        assert ended.value.code == 0
        numbers.append(len(pd.read_csv(tmp_path / "out" / "customers.csv")))
    assert numbers[0] < numbers[1]
    leads = la.load_leads("exports", match_rules={"threshold": 60})
    assert leads.attrs["match_rules"] == la.MatchRules(threshold=60)
