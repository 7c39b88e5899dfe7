import tomllib

import pytest

import leadanalytics as la
from leadanalytics.cli import main
from leadanalytics.funnels import FunnelRules

LOCAL = "Created On,Lead Source,Email\n{}SPZA-PLT|contoso.desk,ana@example.com\n"


def run(*words):
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    return ended.value.code


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_project_file_says_what_was_found_and_every_default(home, capsys):
    la.write_samples(home / "exports", raw=la.make_leads(customers=20, seed=1))
    assert run("init", "exports") == 0
    text = (home / "leadanalytics.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["sources"] == ["exports"]
    assert "# azure_table_leads.csv: " in text
    assert "FlowGuard VM; azure (inferred)" in text
    # Each default, taken from its comment, is the default.
    funnel = text.partition("[funnel]")[2].partition("[match]")[0]
    told = tomllib.loads("\n".join(line.removeprefix("# ") for line in funnel.splitlines() if " = " in line))
    assert FunnelRules.read(told) == FunnelRules()
    assert set(told) >= {"funnel", "unit", "window", "entry", "ties"}


def test_the_commands_use_it(home, capsys):
    la.write_samples(home / "exports", raw=la.make_leads(customers=20, seed=1))
    assert run("init", "exports") == 0
    assert run("funnel") == 0
    told = capsys.readouterr()
    assert "leadanalytics.toml is used" in told.err
    assert "Test drive" in told.out


def test_a_file_that_is_there_is_replaced_only_by_force(home, capsys):
    (home / "exports").mkdir()
    (home / "leadanalytics.toml").write_text("# mine\n", encoding="utf-8")
    assert run("init", "exports") == 2
    assert "--force replaces it" in capsys.readouterr().err
    assert (home / "leadanalytics.toml").read_text(encoding="utf-8") == "# mine\n"
    assert run("init", "exports", "--force") == 0


def test_what_the_files_do_not_tell_is_asked_in_the_file(home):
    (home / "leads.csv").write_text(LOCAL.format("2024-03-01 08:00,"), encoding="utf-8")
    assert run("init") == 0
    text = (home / "leadanalytics.toml").read_text(encoding="utf-8")
    assert 'sources = ["."]' in text


def test_a_folder_without_leads_is_said(home):
    (home / "exports").mkdir()
    (home / "exports" / "notes.txt").write_text("nothing here", encoding="utf-8")
    assert run("init", "exports") == 0
    assert "holds leads" in (home / "leadanalytics.toml").read_text(encoding="utf-8")
