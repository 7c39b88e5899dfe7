"""The command `receive`: a lead destination that Partner Center can post to."""

from __future__ import annotations

import contextlib
import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadanalytics.cli.terminal import output
from leadanalytics.errors import OptionError

if TYPE_CHECKING:
    from leadanalytics.reading.receiver.application import Destination

SECRET = "LEADANALYTICS_RECEIVER_SECRET"
MINUTES_OF_A_DAY = 24 * 60
CONNECTION = "AZURE_STORAGE_CONNECTION_STRING"


def receive(
    to: Annotated[Path | None, typer.Option(help="The folder to write leads to, a file of JSON lines per day.")] = None,
    to_table: Annotated[str | None, typer.Option(help="Or the Azure Table to insert leads into.")] = None,
    host: Annotated[
        str, typer.Option(help="The address to listen at; a proxy with TLS stands in front.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen at; 0 takes a free one.")] = 8080,
    secret_env: Annotated[
        str, typer.Option(help="The environment variable with the secret of the URL, 16 characters or more.")
    ] = SECRET,
    connection_env: Annotated[
        str, typer.Option(help="The environment variable with the connection string of the table's account.")
    ] = CONNECTION,
    rejected: Annotated[
        Path | None, typer.Option(help="The folder for bodies that are no leads; that of --to by default.")
    ] = None,
    window: Annotated[float, typer.Option(help="Minutes in which the same body is a repeat.")] = 10,
    largest_body: Annotated[int, typer.Option(help="Bytes of the largest body.")] = 256 * 1024,
    rate: Annotated[float, typer.Option(help="Leads per second that may last.")] = 50,
    burst: Annotated[int, typer.Option(help="Leads that may come at once.")] = 500,
    read_timeout: Annotated[float, typer.Option(help="Seconds for a body to come.")] = 10,
) -> None:
    """Receive posted leads (HTTPS destination of Partner Center) into a folder or an Azure Table."""
    from leadanalytics.reading.receiver import Counts, DeadLetters, Limits, make_receiver, read_secret, serve

    if (to is None) == (to_table is None):
        raise OptionError("leads go to one place", next_step="give either --to FOLDER or --to-table NAME")
    if not 0 < window <= MINUTES_OF_A_DAY:
        raise OptionError(f"--window is above 0 and at most {MINUTES_OF_A_DAY:,} minutes", found=f"{window:g}")
    secret = read_secret(secret_env)
    limits = Limits(body_bytes=largest_body, leads_per_second=rate, burst=burst, read_seconds=read_timeout)
    stretch, counts = timedelta(minutes=window), Counts()
    with contextlib.ExitStack() as closing:
        destination = _destination(to, to_table, connection_env, stretch, closing)
        kept_in = rejected or to
        app = make_receiver(
            destination,
            secret=secret,
            limits=limits,
            window=stretch,
            dead_letters=DeadLetters(kept_in) if kept_in else None,
            counts=counts,
        )
        place = to or f"the table {to_table}"
        serve(
            app,
            host=host,
            port=port,
            limits=limits,
            announce=lambda address: _say(f"Receiving leads at {address}/<secret> into {place}"),
        )
    _say(f"Stopped: {counts}")


def _destination(
    folder: Path | None, table: str | None, connection: str, window: timedelta, closing: contextlib.ExitStack
) -> Destination:
    from leadanalytics.reading.receiver import Journal
    from leadanalytics.reading.receiver.lead_table import open_lead_table

    if folder is not None:
        journal = closing.enter_context(Journal(folder))
        for name in journal.ended_lines:
            _say(f"The last line of {name} was cut when its writer was stopped; read_leads sets it aside")
        return journal
    connection_string = os.environ.get(connection)
    if not connection_string:
        raise OptionError(
            f"the environment variable {connection} holds no connection string",
            next_step="set it, or name another with --connection-env",
        )
    return open_lead_table(connection_string, table or "", window=window)


def _say(text: str) -> None:
    output().print(text, markup=False, soft_wrap=True)
