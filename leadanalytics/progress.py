"""How far long work has come, shown to whoever watches: in a terminal, and below the cell of a notebook."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

Progress = Callable[[str, int], object]


@contextlib.contextmanager
def show_progress(console: Console | None = None) -> Iterator[Progress]:
    """Give a function that shows a step, its rows and their rate; nothing where nobody watches.

    It is what `load_leads`, `identify_customers` and `sync_leads` call as `progress`, and leaves nothing behind.

    Parameters
    ----------
    console : rich.console.Console, optional
        Where to show it; by default the terminal's standard error, or the notebook.

    Yields
    ------
    callable
        To be called as `progress(step, rows)`.

    Examples
    --------
    >>> import leadanalytics as la
    >>> with la.show_progress() as progress:
    ...     raw = la.read_leads(la.sample_folder(), progress=lambda rows: progress("Reading", rows))
    """
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = console or Console(stderr=True)
    watched = console.is_terminal or console.is_jupyter
    words = TextColumn("{task.description} {task.completed:,.0f} rows{task.fields[rate]}")
    columns = (SpinnerColumn(), words, TimeElapsedColumn())
    with Progress(
        *columns,
        console=console,
        transient=True,
        disable=not watched,
        # A notebook keeps what is printed and warned of in places of its own.
        redirect_stdout=not console.is_jupyter,
        redirect_stderr=not console.is_jupyter,
    ) as bar:
        task = bar.add_task("Starting", total=None, rate="")

        def show(step: str, rows: int) -> None:
            if step != bar.tasks[0].description:
                bar.reset(task, description=step)
            speed = bar.tasks[0].speed
            bar.update(task, completed=rows, rate=f", {speed:,.0f} per second" if speed else "")

        yield show


def tell_nobody(step: str, rows: int) -> None:
    """Tell nobody: what long work calls where no progress is asked for."""
