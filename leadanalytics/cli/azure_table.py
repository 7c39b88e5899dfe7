"""The commands for a live Azure Table: keep a local copy, check the connection.

Secrets come from the environment, by the name of a variable: what stands on a command line is seen by others on the
same machine and stays in the shell's history.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadanalytics.cli.terminal import notices, output, progress, say_error
from leadanalytics.errors import AccessError, OptionError, ThrottledError, UnreachableError
from leadanalytics.progress import show_progress

if TYPE_CHECKING:
    from leadanalytics.reading.azure_table.accounts import LeadTable

CONNECTION_STRING = "AZURE_STORAGE_CONNECTION_STRING"
STOPPED = 130  # the exit code of a command that Ctrl-C ended

# An account key is 64 bytes in base64; the other two stand before a key and before a signature.
_SECRET = re.compile(r"accountkey\s*=|\bsig=|sharedaccesssignature\s*=|[A-Za-z0-9+/]{86}==", re.IGNORECASE)


def refuse_secret(value: str | None) -> str | None:
    """Return what was typed unless it holds a secret, which is not repeated.

    Raises
    ------
    OptionError
        When it looks like a connection string, a key or a signature.
    """
    if value is not None and _SECRET.search(value):
        raise OptionError(
            "a secret does not belong on the command line",
            found="a connection string, a key or a signature",
            next_step="put it into an environment variable and give that variable's name: "
            "--connection-string-env NAME or --sas-url-env NAME",
        )
    return value


Name = Annotated[
    str,
    typer.Argument(metavar="TABLE", callback=refuse_secret, help="The table, usually MarketplaceLeads."),
]
ConnectionStringEnv = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        callback=refuse_secret,
        help=f"The environment variable that holds the connection string; {CONNECTION_STRING} if nothing is given.",
    ),
]
SasUrlEnv = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        callback=refuse_secret,
        help="The environment variable that holds a URL with a shared access signature.",
    ),
]
AccountUrl = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        callback=refuse_secret,
        help="The account, such as https://contoso.table.core.windows.net; with --default-credential.",
    ),
]
DefaultCredential = Annotated[
    bool,
    typer.Option("--default-credential", help="Sign in to --account-url as you do elsewhere, such as with `az login`."),
]
CaFile = Annotated[Path | None, typer.Option(help="Certificates to trust, where the network's proxy has its own.")]


def sync(
    table: Name,
    to: Annotated[Path, typer.Option(metavar="FOLDER", help="The folder of the copy; it holds nothing else.")],
    full: Annotated[bool, typer.Option("--full", help="Read the whole table again.")] = False,
    deletions: Annotated[
        bool, typer.Option("--deletions", help="Also find rows deleted from the table, and remove them from the copy.")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for another sync of the folder to end.")] = False,
    index: Annotated[
        Path | None, typer.Option(help="Then bring this index of customers up to date, and say what changed.")
    ] = None,
    connection_string_env: ConnectionStringEnv = None,
    sas_url_env: SasUrlEnv = None,
    account_url: AccountUrl = None,
    default_credential: DefaultCredential = False,
    ca_file: CaFile = None,
) -> None:
    """Bring a local copy of an Azure Table up to date; the other commands read the folder like any export."""
    kept = 0

    def count(step: str, rows: int) -> None:
        nonlocal kept
        kept = max(kept, rows)
        show(step, rows)

    try:
        from leadanalytics.cli.tables import facts_table
        from leadanalytics.reading.azure_table.syncing import sync_leads

        source = _open(table, connection_string_env, sas_url_env, account_url, default_credential, ca_file)
        with show_progress(notices()) as show:
            done = sync_leads(source, to, full=full, deletions=deletions, wait=wait, progress=count)
    except KeyboardInterrupt:
        notices().print(f"stopped; rows kept: {kept:,}; the same command goes on from there")
        raise typer.Exit(STOPPED) from None
    except (AccessError, ThrottledError, UnreachableError):
        if kept:
            notices().print(f"rows kept: {kept:,}; the same command goes on from there")
        raise
    counts = {"new": done.new, "changed": done.changed, "deleted": done.deleted, "in the copy": done.total}
    if done.resumed:
        counts["read by an earlier run"] = done.resumed
    if done.discarded:
        counts["read by an earlier run and of no use"] = done.discarded
    if done.retries:
        counts["requests sent again"] = done.retries
    output().print(facts_table(f"Rows of {source.name}", dict(counts)))
    output().print(f"Whole up to {done.watermark or 'no known time'}. {done.unseen}")
    output().print(f"Written to {done.path}")
    if index:
        output().print(facts_table("Customers", _update_index(index, done.path)))


def _update_index(index: Path, copy: Path) -> dict[str, object]:
    """Bring an index of customers up to date with the leads of a copy, and return how many events of each kind came."""
    from leadanalytics.decoding import decode_leads
    from leadanalytics.identity import CustomerIndex
    from leadanalytics.reading import read_leads

    with progress("Finding customers"):
        updated = CustomerIndex.open(index).update(decode_leads(read_leads(copy)))
    counts = updated.events["event"].value_counts()
    return {event: int(counts.get(event, 0)) for event in ("created", "joined", "merged", "split")}


def check(
    table: Name,
    connection_string_env: ConnectionStringEnv = None,
    sas_url_env: SasUrlEnv = None,
    account_url: AccountUrl = None,
    default_credential: DefaultCredential = False,
    ca_file: CaFile = None,
) -> None:
    """Ask an Azure Table for a few leads, and say what is there and what is wrong; exit code 2 if anything is."""
    from leadanalytics.cli.tables import facts_table
    from leadanalytics.reading.azure_table.checking import check_table

    source = _open(table, connection_string_env, sas_url_env, account_url, default_credential, ca_file)
    with progress("Asking"):
        seen = check_table(source)
    output().print(facts_table("Connection", dict(seen.facts)))
    for problem in seen.problems:
        say_error(str(problem))
    if seen.problems:
        raise typer.Exit(2)
    output().print("The table answers and holds leads.")


def _open(
    table: str,
    connection_string_env: str | None,
    sas_url_env: str | None,
    account_url: str | None,
    default_credential: bool,
    ca_file: Path | None,
) -> LeadTable:
    from leadanalytics.reading.azure_table.accounts import open_table

    return open_table(
        table,
        connection_string=_from_environment(connection_string_env),
        sas_url=_from_environment(sas_url_env),
        account_url=account_url,
        credential="default" if default_credential else None,
        ca_file=ca_file,
    )


def _from_environment(name: str | None) -> str | None:
    if name is None:
        return None
    value = os.environ.get(name, "").strip()
    if not value:
        raise OptionError(
            f"the environment variable {name!r} is not set", next_step="set it, or give the name of another one"
        )
    return value
