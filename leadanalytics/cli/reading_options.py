"""What every command that reads leads may be told of their files: declared once, taken by each command as one value."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadanalytics.cli import completions
from leadanalytics.errors import OptionError

if TYPE_CHECKING:
    import pandas as pd

    from leadanalytics.reading import Delivery
    from leadanalytics.vocabulary import Vocabulary

Sources = Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Files, folders or globs of lead files.")]
LAYOUT = typer.Option(
    autocompletion=completions.layouts, help="Read the files with this layout instead of detecting it."
)
LAYOUTS = typer.Option(help="A folder with layouts of your own, as TOML files.")
MAP = typer.Option("--map", metavar="COLUMN=FIELD", help="What a column of the files is, such as Correo=email.")
TZ = typer.Option(
    "--tz",
    autocompletion=completions.time_zones,
    help="The zone of times whose zone no file tells, such as Europe/Berlin.",
)
DATE_ORDER = typer.Option(
    autocompletion=completions.one_of("month_first", "day_first"),
    help="How 3/4/2024 is written where no file settles it: month_first or day_first.",
)
STRICT = typer.Option(
    "--strict",
    help="Exit with 3, after doing the job, when a file or a record was not read or a file holds no lead.",
)
CODES = typer.Option(help="A folder with your own copy of tables of codes, such as actions.csv.")


INCOMPLETE = 3  # the exit code of a command under --strict that did its job without all that was delivered


@dataclass(frozen=True)
class Reading:
    """How files are read, and what their codes mean; and what of them could not be read."""

    layout: str | None = None
    layouts: Path | None = None
    map: list[str] | None = None
    tz: str | None = None
    date_order: str | None = None
    codes: Path | None = None
    strict: bool = False
    problems: list[str] = field(default_factory=list, compare=False, repr=False)

    def choices(self) -> dict[str, Any]:
        """Return the keyword arguments that `read_records` and `load_leads` take."""
        from leadanalytics.reading import load_layouts

        return {
            "layout": self.layout,
            "layouts": load_layouts(self.layouts),
            "columns": dict(_pair(text) for text in self.map or []),
            "tz": self.tz,
            "date_order": self.date_order,
        }

    def vocabulary(self) -> Vocabulary:
        """Return the codes of the user's folder, else the shipped ones."""
        from leadanalytics.vocabulary import load_vocabulary

        return load_vocabulary(self.codes)

    def warn(self, delivery: Delivery | pd.DataFrame) -> None:
        """Name every file that was not read whole or holds no lead, one line each, and remember it for --strict."""
        from leadanalytics.cli.terminal import say_warning
        from leadanalytics.reading import delivery_problems

        for problem in delivery_problems(delivery):
            say_warning(problem)
            self.problems.append(problem)


_OPTIONS = {
    "layout": Annotated[str | None, LAYOUT],
    "layouts": Annotated[Path | None, LAYOUTS],
    "map": Annotated[list[str] | None, MAP],
    "tz": Annotated[str | None, TZ],
    "date_order": Annotated[str | None, DATE_ORDER],
    "codes": Annotated[Path | None, CODES],
    "strict": Annotated[bool, STRICT],
}


def with_reading(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command that has an option for each field of `Reading` in place of its parameter `reading`."""

    @functools.wraps(command)
    def filled(**values: Any) -> None:
        reading = Reading(**{name: values.pop(name) for name in _OPTIONS})
        command(reading=reading, **values)
        if reading.strict and reading.problems:
            raise typer.Exit(INCOMPLETE)

    own = inspect.signature(command, eval_str=True)
    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=getattr(Reading, name), annotation=annotation)
        for name, annotation in _OPTIONS.items()
    ]
    parameters = [parameter for name, parameter in own.parameters.items() if name != "reading"]
    filled.__signature__ = own.replace(parameters=[*parameters, *options])  # type: ignore[attr-defined]
    return filled


def _pair(text: str) -> tuple[str, str]:
    column, sign, target = text.rpartition("=")
    if not sign or not column.strip():
        raise OptionError("--map is COLUMN=FIELD", found=repr(text), next_step="write it like --map Correo=email")
    return column.strip(), target.strip()
