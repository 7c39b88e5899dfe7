import inspect

import pytest
import typer

from leadanalytics.cli.reading_options import Reading, with_reading
from leadanalytics.cli.rule_options import Rules, with_rules
from leadanalytics.errors import OptionError
from leadanalytics.funnels import FunnelRules

seen = []
app = typer.Typer()


@app.command()
@with_reading
@with_rules
def look(*, deep: bool = False, rules: Rules, reading: Reading) -> None:
    """Look."""
    seen.append(rules)


def rules_of(*words):
    seen.clear()
    app([str(word) for word in words], standalone_mode=False)
    return seen[0]


def test_every_choice_of_the_rules_has_an_option():
    options = {"since" if name == "dates" else name for name in FunnelRules()}
    assert options <= set(inspect.signature(look).parameters)
    assert look.__doc__ == "Look."


def test_without_options_the_rules_are_the_default():
    assert rules_of() == FunnelRules()


def test_what_is_typed_is_a_choice():
    typed = rules_of(
        *("--funnel", "contact_me", "--unit", "customer_id, offer_id", "--window", "none", "--gap", "7 days"),
        *("--entry", "first", "--start", "any", "--ties", "strict", "--prefer", "latest", "--order", "strict"),
        *("--excluding", "Install", "--excluding", "Purchase", "--policy", "unit"),
        *("--from", "2024-01-01", "--to", "2024-02-01", "--zone", "Europe/Berlin", "--as-of", "2024-03-31"),
    )
    assert typed == FunnelRules(
        funnel="contact_me",
        window=None,
        gap="7 days",
        entry="first",
        start="any",
        ties="strict",
        prefer="latest",
        order="strict",
        excluding=["Install", "Purchase"],
        policy="unit",
        dates=("2024-01-01", "2024-02-01"),
        zone="Europe/Berlin",
        as_of="2024-03-31",
    )
    assert typed.as_of == "2024-03-31T21:59:59.999999999+00:00"


def test_own_names_the_funnel_of_each_offer():
    assert rules_of("--funnel", "own") == FunnelRules()


def test_the_project_file_is_the_base_and_a_file_of_rules_comes_before_it(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "leadanalytics.toml").write_text(
        'zone = "Asia/Tokyo"\n[funnel]\nwindow = "14 days"\nas_of = "2024-01-01"\n', encoding="utf-8"
    )
    (tmp_path / "strict.toml").write_text('ties = "strict"\n', encoding="utf-8")
    project = FunnelRules(window="14 days", as_of="2024-01-01", zone="Asia/Tokyo")
    assert rules_of() == project
    assert "leadanalytics.toml is used" in capsys.readouterr().err
    assert rules_of("--window", "none") == project.changed(window=None)
    assert rules_of("--rules", "strict.toml") == FunnelRules(ties="strict", zone="Asia/Tokyo")


def test_an_unknown_word_is_refused():
    with pytest.raises(OptionError, match="entry is one of 'best', 'first'; found 'frist'"):
        rules_of("--entry", "frist")
