"""The command `init`: a project file with a comment for every entry, from what a folder of exports holds."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadanalytics.cli.project import NAME
from leadanalytics.cli.terminal import output, progress
from leadanalytics.errors import LeadAnalyticsError, LeadAnalyticsWarning, OptionError
from leadanalytics.replacing import replacing

if TYPE_CHECKING:
    import pandas as pd

# What a question about the times of files is about, by the argument that answers it, and how the file says it.
_QUESTIONS = {"zone": ("zone", "Europe/Berlin"), "read in two ways": ("date_order", "day_first")}


def init(
    folder: Annotated[Path, typer.Argument(help="The folder that holds the exports.")] = Path(),
    out: Annotated[Path, typer.Option(help="The project file to write.")] = Path(NAME),
    force: Annotated[bool, typer.Option("--force", help="Replace a project file that is there.")] = False,
) -> None:
    """Write a project file from what a folder holds: where the leads are, how they are read, what is counted."""
    if out.exists() and not force:
        raise OptionError(f"there is a file {out.name!r} already", next_step="--force replaces it, --out names another")
    if not folder.is_dir():
        raise OptionError(f"there is no folder {folder.name!r}", next_step="leadanalytics init FOLDER")
    with progress("Looking at the files"):
        text = "\n".join(_lines(folder, out.parent)) + "\n"
    with replacing(out) as (part,):
        part.write_text(text, encoding="utf-8")
    output().print(f"Written to {out}. Commands in this folder use it from now on; edit it as you like.")


def _lines(folder: Path, home: Path) -> Iterator[str]:
    """Give the lines of the project file; paths are those of the folder in which it stands."""
    leads, files, answers, problems = _look(folder)
    source = Path(os.path.relpath(folder, home)).as_posix()
    yield "# What every leadanalytics command in this folder reads and means by its numbers."
    yield "# A line that begins with # says the default, or an example. What is typed after a command wins."
    yield ""
    for origin, layout, read in files:
        yield f"# {origin}: {read:,} records ({layout})"
    for problem in problems:
        yield f"# {problem}"
    yield f"sources = [{_text(source)}]"
    yield ""
    yield "# The time zone of times whose zone no file tells, and of days and periods in what is shown."
    yield f"zone = {_text(answers['zone'])}  # please check" if "zone" in answers else '# zone = "Europe/Berlin"'
    yield "# How 3/4/2024 is written where no file settles it: month_first or day_first."
    asked = answers.get("date_order")
    yield f"date_order = {_text(asked)}  # please check" if asked else '# date_order = "day_first"'
    yield "# E-mail domains of your own: their leads are tests."
    yield '# own_domains = ["contoso.com"]'
    yield "# A folder with your own copy of tables of codes, such as actions.csv; and the edition of the shipped ones."
    yield '# codes = "codes"'
    yield '# edition = "2018"'
    yield ""
    yield "# A table of your offers: offer_id, title, route (a name of routes.csv), valid_from. Without it listings are"
    yield "# inferred from the codes seen."
    yield from _offers(leads)
    yield '# offers = "offers.csv"'
    yield ""
    yield "[funnel]"
    yield "# own: each offer its own funnel; or one for all, such as acquisition."
    yield '# funnel = "own"'
    yield from _defaults("FunnelRules")
    yield ""
    yield "[match]"
    yield from _defaults("MatchRules")


def _look(folder: Path) -> tuple[pd.DataFrame | None, list[tuple[str, str, int]], dict[str, str], list[str]]:
    """Return the leads of a folder if they can be read, its files, what has to be asked, and what was wrong."""
    from leadanalytics.decoding import decode_leads
    from leadanalytics.reading import read_records

    answers: dict[str, str] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LeadAnalyticsWarning)
        try:
            delivery = read_records(folder)
        except LeadAnalyticsError as error:
            return None, [], answers, [str(error)]
        read = delivery.files[delivery.files["read"] > 0]
        files = list(zip(read["origin"], read["layout"], read["read"]))
        problems = [f"not read: {origin}" for origin in delivery.files.loc[delivery.files["read"] == 0, "origin"]]
        while True:
            try:
                zone, order = answers.get("zone"), answers.get("date_order")
                return decode_leads(delivery.raw, tz=zone, date_order=order), files, answers, problems
            except OptionError as question:
                entry, example = next((known for mark, known in _QUESTIONS.items() if mark in str(question)), ("", ""))
                if not entry or entry in answers:
                    return None, files, answers, [*problems, str(question)]
                answers[entry] = example


def _offers(leads: pd.DataFrame | None) -> Iterator[str]:
    from leadanalytics.auditing import audit_offers

    if leads is None:
        return
    for offer in audit_offers(leads).itertuples(index=False):
        said = f"{offer.offer_id}: {offer.offer_name}; {offer.route or 'no listing'} ({offer.how_sure})"
        yield "#   " + "".join(character if character.isprintable() else " " for character in said)


def _defaults(name: str) -> Iterator[str]:
    """Give each choice of rules with its default, as a line to uncomment."""
    import leadanalytics as la

    for choice, value in getattr(la, name, dict)().items():
        if value is not None and value != [None, None]:
            yield f"# {choice} = {_toml(value)}"


def _toml(value: object) -> str:
    if isinstance(value, str):
        return _text(value)
    return f"[{', '.join(map(_toml, value))}]" if isinstance(value, list) else str(value).lower()


def _text(text: object) -> str:
    escaped = str(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
