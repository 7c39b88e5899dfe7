"""What every command that counts funnels may be told of them: declared once, taken by each command as `FunnelRules`."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from leadanalytics.cli import completions
from leadanalytics.cli.reading_options import Reading

FUNNEL = typer.Option(
    autocompletion=completions.funnels,
    help="One funnel of funnels.csv for every offer, such as acquisition or contact_me; own: each offer's own.",
)
UNIT = typer.Option(
    autocompletion=completions.one_of("customer_id,offer_id", "customer_id", "account_id"),
    help="What is counted once: columns joined by commas. [default: customer_id,offer_id]",
)
WINDOW = typer.Option(
    help="The longest time from the first step to any later one; none for no limit. [default: 30 days]"
)
GAP = typer.Option(help="The longest time from one step to the next, such as '7 days'.")
AS_OF = typer.Option(help="Read the funnel at this day or time, such as 2024-06-30. [default: the newest lead]")
ORDER = typer.Option(
    autocompletion=completions.one_of("ordered", "strict", "any"),
    help="ordered: gaps allowed; strict: no other step between; any: in any order. [default: ordered]",
)
START = typer.Option(
    autocompletion=completions.one_of("first", "any"),
    help="first: enter by the first step; any: enter by any step. [default: first]",
)
ENTRY = typer.Option(
    autocompletion=completions.one_of("best", "first"),
    help="best: the entry that leads furthest; first: only the first. [default: best]",
)
PREFER = typer.Option(
    autocompletion=completions.one_of("earliest", "latest"),
    help="Of equally long ways, count the earliest or the latest. [default: earliest]",
)
TIES = typer.Option(
    autocompletion=completions.one_of("forward", "strict"),
    help="forward: equal times may follow in step order; strict: never. [default: forward]",
)
EXCLUDING = typer.Option(help="A stage whose leads exclude between two steps; may be said again.")
POLICY = typer.Option(
    autocompletion=completions.one_of("chain", "unit"),
    help="What an excluding lead excludes: chain or unit. [default: chain]",
)
SINCE = typer.Option("--from", help="Only entries on or after this day or time.")
UNTIL = typer.Option("--to", help="Only entries before this day or time.")
ZONE = typer.Option(
    autocompletion=completions.time_zones,
    help="The zone of days and periods, such as Europe/Berlin. [default: UTC]",
)
RULES = typer.Option(help="A TOML file with the rules, as the table [funnel] of leadanalytics.toml.")

# A FunnelRules, whose package is heavy: it is imported where the rules are made, so that `--help` is quick.
Rules = Any

_OPTIONS = {
    "funnel": Annotated[str | None, FUNNEL],
    "unit": Annotated[str | None, UNIT],
    "window": Annotated[str | None, WINDOW],
    "gap": Annotated[str | None, GAP],
    "as_of": Annotated[str | None, AS_OF],
    "order": Annotated[str | None, ORDER],
    "start": Annotated[str | None, START],
    "entry": Annotated[str | None, ENTRY],
    "prefer": Annotated[str | None, PREFER],
    "ties": Annotated[str | None, TIES],
    "excluding": Annotated[list[str] | None, EXCLUDING],
    "policy": Annotated[str | None, POLICY],
    "since": Annotated[str | None, SINCE],
    "until": Annotated[str | None, UNTIL],
    "zone": Annotated[str | None, ZONE],
    "rules": Annotated[Path | None, RULES],
}


def with_rules(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command that has an option for each choice of `FunnelRules` in place of its parameter `rules`.

    The rules are those of `--rules`, else of the project file, with the choices that are typed.
    """

    @functools.wraps(command)
    def filled(*, reading: Reading, **values: Any) -> None:
        typed = {name: values.pop(name) for name in _OPTIONS}
        command(reading=reading, rules=_read(typed, reading), **values)

    own = inspect.signature(command, eval_str=True)
    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
        for name, annotation in _OPTIONS.items()
    ]
    parameters = [parameter for name, parameter in own.parameters.items() if name != "rules"]
    filled.__signature__ = own.replace(parameters=[*parameters, *options])  # type: ignore[attr-defined]
    return filled


def _read(typed: dict[str, Any], reading: Reading) -> Rules:
    from leadanalytics.funnels import FunnelRules

    path, since, until = (typed.pop(name) for name in ("rules", "since", "until"))
    changes = {name: value for name, value in typed.items() if value not in (None, [])}
    if "unit" in changes:
        changes["unit"] = [column.strip() for column in changes["unit"].split(",")]
    if since or until:
        changes["dates"] = (since, until)
    if reading.project.zone:
        changes.setdefault("zone", reading.project.zone)
    if path is not None:
        return FunnelRules.from_toml(path, **changes)
    return FunnelRules.read({**reading.project.funnel, **changes})
