import inspect

import pytest
import typer
from typer.testing import CliRunner

from leadanalytics.cli.reading_options import Reading, with_reading
from leadanalytics.errors import OptionError


def test_a_command_has_every_option_and_takes_them_as_one_value():
    seen = []
    app = typer.Typer()

    @app.command()
    @with_reading
    def look(source: str, *, deep: bool = False, reading: Reading) -> None:
        """Look."""
        seen.append((source, deep, reading))

    words = [
        "a.csv",
        "--deep",
        "--map",
        "Correo=email",
        "--map",
        "A=B=phone",
        "--tz",
        "Asia/Tokyo",
        "--layout",
        "plain",
    ]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert seen == [
        ("a.csv", True, Reading(layout="plain", map=["Correo=email", "A=B=phone"], tz="Asia/Tokyo")),
    ]
    assert look.__doc__ == "Look."
    assert "reading" not in inspect.signature(look).parameters


def test_the_choices_are_those_of_reading():
    choices = Reading(map=["Correo=email", "A=B = phone"], date_order="day_first").choices()
    assert choices["columns"] == {"Correo": "email", "A=B": "phone"}
    assert choices["date_order"] == "day_first"
    assert choices["layouts"][0].name == "azure_table"


@pytest.mark.parametrize("text", ["Correo", "=email"])
def test_a_map_is_a_pair(text):
    with pytest.raises(OptionError, match="--map is COLUMN=FIELD"):
        Reading(map=[text]).choices()


def test_without_a_folder_the_codes_are_the_shipped_ones():
    assert "INS" in set(Reading().vocabulary().actions["action"])
