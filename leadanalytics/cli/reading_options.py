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
from leadanalytics.cli.checking import check_zone
from leadanalytics.cli.project import Project
from leadanalytics.cli.terminal import notices
from leadanalytics.errors import OptionError

if TYPE_CHECKING:
    import pandas as pd

    from leadanalytics.reading import Delivery
    from leadanalytics.vocabulary import Vocabulary

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE...", help="Files, folders or globs of lead files; by default those of leadanalytics.toml."
    ),
]
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
CODES = typer.Option(
    help="A folder with your own copy of tables of codes, such as actions.csv; or an edition of the shipped ones: 2018."
)
OFFERS = typer.Option(help="A CSV file of your offers: offer_id, title, route (a name of routes.csv), valid_from.")
OWN_DOMAIN = typer.Option(help="An e-mail domain of your own, whose leads are tests; may be said again.")
CONFIG = typer.Option(help="The project file. [default: leadanalytics.toml in this folder, if there is one]")
STRICT = typer.Option(
    "--strict",
    help="Exit with 3, after doing the job, when a file or a record was not read or a file holds no lead.",
)


INCOMPLETE = 3  # the exit code of a command under --strict that did its job without all that was delivered


@dataclass(frozen=True)
class Reading:
    """How files are read, and what their codes mean; and what of them could not be read."""

    layout: str | None = None
    layouts: Path | None = None
    map: list[str] | None = None
    tz: str | None = None
    date_order: str | None = None
    codes: str | None = None
    offers: Path | None = None
    own_domain: list[str] | None = None
    project: Project = field(default_factory=Project)
    strict: bool = False
    problems: list[str] = field(default_factory=list, compare=False, repr=False)

    def choices(self) -> dict[str, Any]:
        """Return the keyword arguments that `read_records` and `load_leads` take."""
        from leadanalytics.reading import load_layouts

        check_zone(self.tz)
        return {
            "layout": self.layout,
            "layouts": load_layouts(self.layouts or self.project.layouts),
            "columns": dict(_pair(text) for text in self.map or []),
            "tz": self.tz or self.project.zone,
            "date_order": self.date_order or self.project.date_order,
        }

    def vocabulary(self) -> Vocabulary:
        """Return the codes of the user's folder, else the shipped ones, with the edition and offers that are named."""
        from leadanalytics.vocabulary import load_vocabulary

        folder, edition = self.project.codes, self.project.edition
        if self.codes is not None:
            is_edition = self.codes.isdigit() and not Path(self.codes).is_dir()
            folder, edition = (folder, self.codes) if is_edition else (Path(self.codes), edition)
        return load_vocabulary(folder, edition=edition, offers=self.offers or self.project.offers)

    def decoding(self) -> dict[str, Any]:
        """Return the keyword arguments that `decode_leads` takes."""
        return {"vocabulary": self.vocabulary(), "own_domains": self.own_domain or self.project.own_domains}

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
    "codes": Annotated[str | None, CODES],
    "offers": Annotated[Path | None, OFFERS],
    "own_domain": Annotated[list[str] | None, OWN_DOMAIN],
    "strict": Annotated[bool, STRICT],
}


def with_reading(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command that has an option for each field of `Reading` in place of its parameter `reading`."""

    @functools.wraps(command)
    def filled(*, config: Path | None = None, **values: Any) -> None:
        project = Project.find(config)
        reading = Reading(**{name: values.pop(name) for name in _OPTIONS}, project=project)
        if project.path is not None:
            notices().print(f"{project.path.name} is used", style="dim")
        if "sources" in values:
            values["sources"] = values["sources"] or _sources_of(project)
        command(reading=reading, **values)
        if reading.strict and reading.problems:
            raise typer.Exit(INCOMPLETE)

    own = inspect.signature(command, eval_str=True)
    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=getattr(Reading, name), annotation=annotation)
        for name, annotation in _OPTIONS.items()
    ]
    config = inspect.Parameter(
        "config", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[Path | None, CONFIG]
    )
    parameters = [
        # A command may do without typed sources, since the project file can name them.
        parameter.replace(default=None) if name == "sources" else parameter
        for name, parameter in own.parameters.items()
        if name != "reading"
    ]
    filled.__signature__ = own.replace(parameters=[*parameters, *options, config])  # type: ignore[attr-defined]
    return filled


def _sources_of(project: Project) -> list[str]:
    if not project.sources:
        raise OptionError(
            "no SOURCE is named",
            next_step="name files or folders, such as leadanalytics run exports/; or write them down once with "
            "leadanalytics init exports/",
        )
    return list(project.sources)


def _pair(text: str) -> tuple[str, str]:
    column, sign, target = text.rpartition("=")
    if not sign or not column.strip():
        raise OptionError("--map is COLUMN=FIELD", found=repr(text), next_step="write it like --map Correo=email")
    return column.strip(), target.strip()
