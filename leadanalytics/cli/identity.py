"""The commands about who is who: `why` explains, `review` lists what is doubtful, `forget` removes a person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadanalytics.cli.checking import check_out
from leadanalytics.cli.loading import deliver
from leadanalytics.cli.reading_options import Reading, Sources, with_reading
from leadanalytics.cli.terminal import notices, output, progress
from leadanalytics.errors import OptionError
from leadanalytics.progress import show_progress

if TYPE_CHECKING:
    import pandas as pd

    from leadanalytics.identity import Explanation

# What is shown of a record, of a link and of a doubtful pair; the file of `review --out` holds everything.
RECORD = {
    "record_id": "record",
    "created_at": "created (UTC)",
    "first_name": "first name",
    "last_name": "last name",
    "email": "e-mail",
    "phone": "phone",
    "company": "company",
    "title": "title",
    "country": "country",
}
LINK = {
    "outcome": "outcome",
    "bits": "bits",
    "reason": "reason",
    "kept_apart_by": "kept apart by",
    "record_id": "record",
    "other_record_id": "other record",
    "other_customer_id": "its customer",
}
DOUBT = {
    "question": "question",
    "chance": "chance",
    "record_id": "record",
    "name": "name",
    "email": "e-mail",
    "other_record_id": "other record",
    "other_name": "other name",
    "other_email": "other e-mail",
    "speaks_for": "for",
    "speaks_against": "against",
    "asked_because": "asked because",
}

Method = Annotated[
    str | None,
    typer.Option(help="Who is one customer: by weighed evidence, or by keys. [default: evidence]", show_default=False),
]
Threshold = Annotated[
    float | None, typer.Option(help="The bits from which two leads are one person's. [default: 0]", show_default=False)
]
Review = Annotated[
    float | None, typer.Option(help="The bits from which two leads are worth a look. [default: -2]", show_default=False)
]


@with_reading
def why(
    sources: Sources,
    *,
    record: Annotated[
        list[str] | None,
        typer.Option("--record", help="A record id; given twice, the two records are compared."),
    ] = None,
    customer: Annotated[str | None, typer.Option(help="A customer id, instead of records.")] = None,
    method: Method = None,
    threshold: Threshold = None,
    review: Review = None,
    reading: Reading,
) -> None:
    """Say why records are one customer, or why they are not: one customer, one record's customer, or two records."""
    from leadanalytics.identity import customer_of, explain_customer, explain_pair

    records = record or []
    if (customer is None) == (not records) or len(records) > 2:
        raise OptionError(
            "asked for is one customer, one record or two",
            next_step="give --customer ID, --record ID, or --record ID --record ID",
        )
    leads = _identify(sources, reading, method=method, threshold=threshold, review=review)
    with progress("Weighing the evidence"):
        if len(records) == 2:
            told = explain_pair(leads, records[0], records[1])
        else:
            told = explain_customer(leads, customer or customer_of(leads, records[0]))
    _show(told)


@with_reading
def review(
    sources: Sources,
    *,
    out: Annotated[Path | None, typer.Option(help="Also write the list to this .csv, .xlsx or .parquet file.")] = None,
    most: Annotated[int, typer.Option(help="How many pairs to show; the file holds all.")] = 20,
    method: Method = None,
    threshold: Threshold = None,
    review: Review = None,
    reading: Reading,
) -> None:
    """List the pairs that a person should look at: nearly one customer, or hardly; the most valuable first."""
    from leadanalytics.cli.tables import frame_table
    from leadanalytics.identity import review_matches
    from leadanalytics.writing import write_table

    check_out(out)
    leads = _identify(sources, reading, method=method, threshold=threshold, review=review)
    with progress("Weighing the evidence"):
        doubts = review_matches(leads)
    show = output().print
    show(frame_table(doubts.head(most), title=f"{min(most, len(doubts)):,} of {len(doubts):,} pairs", names=DOUBT))
    if out:
        write_table(doubts, out)
        show(f"written to {out}")


def forget(
    folder: Annotated[Path, typer.Argument(help="A synced copy, a customer index, a folder of exports.")],
    email: Annotated[str | None, typer.Option(help="The person's address in any spelling.")] = None,
    record: Annotated[list[str] | None, typer.Option(help="A record of the person; may be said again.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
) -> None:
    """Remove a person from the files of a folder, and say what was removed and what is left to do."""
    from leadanalytics.cli.tables import frame_table
    from leadanalytics.identity import forget as forget_person

    with progress("Looking"):
        removed = forget_person(folder, email=email, record_ids=record or (), dry_run=dry_run)
    output().print(frame_table(removed, title="Would be removed" if dry_run else "Removed"))


def _identify(sources: list[str], reading: Reading, **typed: str | float | None) -> pd.DataFrame:
    """Return the leads with customers, by the match rules of the project file and what was typed."""
    from leadanalytics.decoding import decode_leads
    from leadanalytics.identity import identify_customers

    rules = {**reading.project.match, **{name: value for name, value in typed.items() if value is not None}}
    with show_progress(notices()) as tell:
        leads = decode_leads(deliver(sources, reading, tell).raw, **reading.decoding())
        return identify_customers(leads, rules, progress=tell)


def _show(told: Explanation) -> None:
    from leadanalytics.cli.tables import frame_table

    links = told.frame.assign(bits=told.frame["bits"].map("{:+.1f}".format, na_action="ignore"))
    records = told.records.assign(created_at=told.records["created_at"].dt.strftime("%Y-%m-%d %H:%M"))
    show = output().print
    show(frame_table(records, title=told.verdict, names=RECORD))
    show(frame_table(links, title=f"Reasons, the weakest first{told.sure and f': {told.sure}'}", names=LINK))
