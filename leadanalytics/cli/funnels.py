"""The commands about who is counted how: `explain` one customer, list whom to `follow_up`, `reconcile` two counts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from leadanalytics.cli import completions
from leadanalytics.cli.checking import check_list, check_out
from leadanalytics.cli.loading import load
from leadanalytics.cli.reading_options import Reading, Sources, with_reading
from leadanalytics.cli.rule_options import Rules, with_rules
from leadanalytics.cli.terminal import output, progress

if TYPE_CHECKING:
    import pandas as pd

    from leadanalytics.vocabulary import Vocabulary

# What is shown of a customer to follow up; the file of `--out` holds everything.
TODO = {
    "customer_id": "customer",
    "status": "status",
    "why": "why",
    "follow_up": "next message",
    "days": "days since",
    "hours": "hours left",
}


@with_reading
@with_rules
def explain(
    sources: Sources,
    *,
    customer: Annotated[str, typer.Option(help="A customer id.")],
    offer: Annotated[
        str | None, typer.Option(help="One offer of the customer, by title or id; every one by default.")
    ] = None,
    rules: Rules,
    reading: Reading,
) -> None:
    """Say why a customer is counted so: which lead served which step, and why each other one did not."""
    from leadanalytics.studies import explain_funnel

    leads = load(sources, reading)
    with progress("Following the customer"):
        told = explain_funnel(leads, customer, rules, offer_id=offer, vocabulary=reading.vocabulary())
    output().print(Text(str(told)), soft_wrap=True)


@with_reading
@with_rules
def follow_up(
    sources: Sources,
    *,
    out: Annotated[Path, typer.Option(help="The file to write the list to.")],
    for_: Annotated[
        str,
        typer.Option(
            "--for",
            autocompletion=completions.readers,
            help="Who reads it: spreadsheet, data, or a CRM as in `customers`.",
        ),
    ] = "spreadsheet",
    most: Annotated[int, typer.Option(help="How many customers to show; the file holds all.")] = 20,
    rules: Rules,
    reading: Reading,
) -> None:
    """List whom to write to now, the most urgent first, with the reason and the next message."""
    from leadanalytics.cli.tables import frame_table
    from leadanalytics.studies import follow_up_list
    from leadanalytics.writing import load_targets, write_leads

    check_list(out, for_, load_targets())
    leads = load(sources, reading)
    with progress("Looking who is open"):
        todo = follow_up_list(leads, rules, vocabulary=reading.vocabulary())
        written = write_leads(todo, out, for_=for_)
    shown = todo.head(most)
    shown = shown.assign(days=shown["days_since"].map("{:.0f}".format), hours=shown["hours_left"].map("{:.0f}".format))
    show = output().print
    show(frame_table(shown, title=f"{len(shown):,} of {len(todo):,} customers to follow up", names=TODO))
    left_out = {**todo.attrs["left_out"], **written.reasons}
    show(f"{written.rows:,} written to {', '.join(map(str, written.paths))}")
    show("left out: " + (", ".join(f"{rows:,} {reason}" for reason, rows in left_out.items()) or "nobody"))
    show(todo.attrs["definition"])


@with_reading
def reconcile(
    sources: Sources,
    *,
    partner_center: Annotated[str, typer.Option(help="The file of the Partner Center leads download.")],
    by: Annotated[
        list[str] | None,
        typer.Option(
            autocompletion=completions.one_of(*completions.COUNTED),
            help="What a row is: offer, month, call_to_action; may be said again; all three by default.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Also write the counts to this .csv, .xlsx or .parquet file.")
    ] = None,
    reading: Reading,
) -> None:
    """Count the leads beside those of Partner Center, and name the months and offers where one side has a gap."""
    from leadanalytics.auditing.reconciling import GROUPS
    from leadanalytics.auditing.reconciling import reconcile as reconcile_leads
    from leadanalytics.cli.tables import frame_table
    from leadanalytics.decoding import decode_leads
    from leadanalytics.reading import read_referrals
    from leadanalytics.writing import write_table

    check_out(out)
    leads = load(sources, reading)
    vocabulary = reading.vocabulary()
    with progress("Counting both sides"):
        referrals = decode_leads(read_referrals(partner_center), vocabulary=vocabulary)
        counts = reconcile_leads(leads, referrals, by=by or GROUPS, vocabulary=vocabulary)
    show = output().print
    show(frame_table(counts, title="Partner Center beside the feed"))
    show(counts.attrs["definition"])
    if out:
        write_table(counts, out)
        show(f"written to {out}")


def say_listings(leads: pd.DataFrame, vocabulary: Vocabulary) -> str:
    """Return a sentence on the offers whose listing is inferred from the codes of their leads; nothing without any."""
    from leadanalytics.offers import route_offers

    routes = route_offers(leads[~leads["is_test"]], vocabulary)
    inferred = sum(not route.is_given for route in routes.values())
    if not inferred:
        return ""
    of = f"{inferred:,} of {len(routes):,} offers"
    return f"Listings inferred from codes: {of}. `audit` shows them, --offers names them."
