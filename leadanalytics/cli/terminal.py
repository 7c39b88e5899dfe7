"""How the command line speaks: results on standard output; progress, warnings and errors on standard error."""

from __future__ import annotations

import contextlib
import functools
import sys
import warnings
from collections.abc import Iterator
from typing import TextIO

from rich.console import Console
from rich.text import Text

from leadanalytics.cli.wording import READING, translated
from leadanalytics.errors import LeadAnalyticsWarning

# A pipe or a file has no width of its own; tables are not cut for it.
_WIDTH_OF_A_PIPE = 140


def output() -> Console:
    """Return the console for results."""
    return _console(stderr=False)


def notices() -> Console:
    """Return the console for progress, warnings and errors: one, so that it wipes the progress before it prints.

    Rich puts another stream in the place of standard error while progress is shown.
    """
    return _notices(getattr(sys.stderr, "rich_proxied_file", sys.stderr))


@functools.lru_cache(maxsize=1)
def _notices(stream: TextIO) -> Console:
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    console = Console(stderr=stderr, highlight=False)
    return console if console.is_terminal else Console(stderr=stderr, highlight=False, width=_WIDTH_OF_A_PIPE)


@contextlib.contextmanager
def progress(step: str) -> Iterator[None]:
    """Show a spinner and the time while a step runs; nothing where nobody watches."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = notices()
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        bar.add_task(step, total=None)
        yield


@contextlib.contextmanager
def warnings_in_one_line() -> Iterator[None]:
    """Say the package's warnings in one line each; those of other packages are for developers."""

    def say(message: Warning | str, category: type[Warning], *_: object) -> None:
        if issubclass(category, LeadAnalyticsWarning):
            say_warning(str(message))

    with warnings.catch_warnings():
        warnings.showwarning = say  # type: ignore[assignment]
        warnings.simplefilter("always", LeadAnalyticsWarning)
        yield


def say_warning(message: str) -> None:
    """Say a warning in one line, in the words of the command line."""
    said = translated(message, READING)
    notices().print(Text("warning: ", style="bold yellow").append(said, style="default"), soft_wrap=True)


def say_error(message: str) -> None:
    """Say an error in one line."""
    notices().print(Text("error: ", style="bold red").append(message, style="default"), soft_wrap=True)
