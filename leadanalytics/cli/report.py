"""The command `report`: one HTML file for those who do not open a notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from leadanalytics.cli import completions
from leadanalytics.cli.checking import PAGES, check_out
from leadanalytics.cli.loading import load_with_rejects
from leadanalytics.cli.reading_options import Reading, Sources, with_reading
from leadanalytics.cli.rule_options import Rules, with_rules
from leadanalytics.cli.terminal import output, progress


@with_reading
@with_rules
def report(
    sources: Sources,
    *,
    out: Annotated[Path, typer.Option("--out", "-o", help="The HTML file to write.")] = Path("report.html"),
    title: Annotated[str, typer.Option(help="What the report is about.")] = "Marketplace leads",
    freq: Annotated[
        str | None,
        typer.Option(
            autocompletion=completions.one_of(*completions.PERIODS),
            help="The periods of the trend: D, W-MON, MS, QS, YS; by default what suits the span.",
        ),
    ] = None,
    top: Annotated[int, typer.Option(help="How many offers are drawn; a table holds all.")] = 20,
    with_people: Annotated[
        bool, typer.Option("--with-people", help="Also name whom to write to; never who asked not to be contacted.")
    ] = False,
    rules: Rules,
    reading: Reading,
) -> None:
    """Write a report for managers: one HTML file that opens anywhere, offline, and prints."""
    check_out(out, PAGES)
    from leadanalytics.report import write_report

    leads, rejects = load_with_rejects(sources, reading)
    with progress("Writing the report"):
        path = write_report(
            leads,
            out,
            rules,
            title=title,
            freq=freq,
            tz=rules.zone,
            offers=top,
            with_people=with_people,
            rejects=rejects,
            vocabulary=reading.vocabulary(),
        )
    output().print(f"Written to {path}: {len(leads):,} leads, {'with' if with_people else 'without'} people")
