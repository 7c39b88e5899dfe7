"""The reference of the command line, from the commands themselves."""

import html
from collections.abc import Iterator
from typing import Any

import typer
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files

from leadanalytics.cli.commands import app

PAGE = "reference/commands.md"


@event_priority(90)
def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add the page of all commands and their options."""
    files.append(File.generated(config, PAGE, content="\n\n".join(_page())))


def _page() -> Iterator[str]:
    yield "# Every command"
    yield "What [the command line](../command-line.md) understands; `leadanalytics COMMAND --help` says the same."
    for name, command in sorted(typer.main.get_command(app).commands.items()):  # type: ignore[attr-defined]
        context = command.make_context(name, [], resilient_parsing=True)
        usage = " ".join(command.collect_usage_pieces(context))
        yield f"## {name}"
        yield command.help
        yield f"```\nleadanalytics {name} {usage}\n```"
        rows = [f"| `{_names(option)}` | {_words(option)} |" for option in command.params if option.name != "help"]
        yield "\n".join(["| option | meaning |", "|---|---|", *rows])


def _names(option: Any) -> str:
    if option.param_type_name == "argument":
        return option.metavar or option.name.upper()
    return ", ".join(option.opts)


def _words(option: Any) -> str:
    words = html.escape(option.help or "", quote=False).replace("|", r"\|").replace("*", r"\*")
    if option.default is None or option.default is False or option.required or callable(option.default):
        return words
    return f"{words} Default: `{option.default}`."
