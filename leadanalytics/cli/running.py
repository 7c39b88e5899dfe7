"""The main job: files in; leads, customers, funnels, charts and everything left out, in one folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd

from leadanalytics.charts import plot_stages_by, save_chart
from leadanalytics.cli.funnels import say_listings
from leadanalytics.cli.reading_options import Reading
from leadanalytics.cli.terminal import notices, progress
from leadanalytics.decoding import decode_leads
from leadanalytics.errors import LeadAnalyticsError, WriteError
from leadanalytics.funnels import FunnelRules
from leadanalytics.identity import CustomerIndex, identify_customers
from leadanalytics.progress import show_progress
from leadanalytics.reading import Delivery, read_records
from leadanalytics.recipes import count_offers, list_customers
from leadanalytics.replacing import replacing_folder
from leadanalytics.writing import write_leads, write_table

# The files of a run, in the order in which they are written: what is sure first, the workbook last.
FILES = (
    *("leads.parquet", "funnel.csv", "customers.csv", "left_out.csv", "rejects.csv"),
    *("funnel.png", "funnel.svg", "customers.xlsx"),
)
# More panels than this are a picture that nobody reads; funnel.csv holds every offer.
MOST_OFFERS_DRAWN = 40


@dataclass(frozen=True)
class Results:
    """What a run found and wrote, and why it could not write the other files."""

    files: pd.DataFrame
    counts: pd.DataFrame
    facts: dict[str, int]
    written: tuple[Path, ...]
    listings: str = ""
    failures: tuple[WriteError, ...] = ()


def run_job(
    sources: list[str],
    out: Path,
    *,
    reading: Mapping[str, Any],
    decoding: Mapping[str, Any],
    rules: FunnelRules | None = None,
    match_rules: Mapping[str, Any] | None = None,
    index: Path | None = None,
    warn: Callable[[Delivery], object] | None = None,
) -> Results:
    """Read the sources, write every result into a folder and return the numbers.

    The files appear together, in place of those of an earlier run; whatever else is in the folder stays. A file that
    cannot be written does not keep the others back: its error is among the failures, and an older one goes away.

    Parameters
    ----------
    sources : list of str
        Files, folders and globs.
    out : path
        The folder.
    reading : mapping
        How the files are read: the keyword arguments of `read_records`.
    decoding : mapping
        How the records are decoded: the keyword arguments of `decode_leads`, the vocabulary among them.
    rules : FunnelRules, optional
        What the funnels mean.
    match_rules : MatchRules or mapping, optional
        What makes leads one customer's; of an index by default those that it remembers.
    index : path, optional
        The folder of an index of customers, whose ids go on, and which is brought up to date.
    warn : callable, optional
        Called with the delivery, to warn of what could not be read; `Reading.warn` by default.

    Raises
    ------
    WriteError
        When the folder or none of the files can be written; then the old ones stay.
    """
    with show_progress(notices()) as tell:
        delivery = read_records(sources, **reading, progress=partial(tell, "Reading"))
        (warn or Reading().warn)(delivery)
        tell("Decoding", len(delivery.raw))
        leads = decode_leads(delivery.raw, **decoding)
        if index is None:
            leads = identify_customers(leads, match_rules, progress=tell)
        else:
            tell("Bringing the index up to date", len(leads))
            leads = CustomerIndex.open(index).update(leads, match_rules).leads
    vocabulary = decoding["vocabulary"]
    with progress("Collapsing customers"):
        people = list_customers(leads, vocabulary=vocabulary)
    with progress("Counting funnels"):
        counts = count_offers(leads, rules, vocabulary=vocabulary)
    with replacing_folder(out, FILES) as folder:
        failures = _write(folder, leads=leads, people=people, counts=counts, rejects=delivery.rejects)
        written = tuple(sorted(out / path.name for path in folder.iterdir()))
    return Results(
        files=delivery.files,
        counts=counts,
        facts={
            "delivered": int(delivery.files["delivered"].sum()),
            "set aside": len(delivery.rejects),
            "leads read": len(leads),
            "of them test leads": int(leads["is_test"].sum()),
            "of them do-not-contact": int(leads["do_not_contact"].sum()),
            "of them with unknown codes": _with_problem(leads, "unknown source", "unknown action"),
            "of them with a time in the future": _with_problem(leads, "time in the future"),
            "of them without a time": _with_problem(leads, "no created time"),
            "of them repeated": int(leads["record_id"].duplicated().sum()),
            "customers": int((~people["is_test"]).sum()),
            "of them in customers.csv": int((~people["is_test"] & ~people["do_not_contact"]).sum()),
        },
        written=written,
        listings="" if rules is not None and rules.funnel else say_listings(leads, vocabulary),
        failures=failures,
    )


def _with_problem(leads: pd.DataFrame, *names: str) -> int:
    """Return how many leads have one of some problems."""
    problems = leads["problem"].cat
    places = [place for place, listed in enumerate(problems.categories) if not {*names}.isdisjoint(listed.split("; "))]
    return int(problems.codes.isin(places).sum())


def _write(
    folder: Path, *, leads: pd.DataFrame, people: pd.DataFrame, counts: pd.DataFrame, rejects: pd.DataFrame
) -> tuple[WriteError, ...]:
    """Write every file that can be written, in the order of `FILES`, and return the errors of the others."""
    left_out = folder / "left_out.csv"
    writers: dict[tuple[str, ...], Callable[[], object]] = {
        ("leads.parquet",): lambda: write_table(leads, folder / "leads.parquet", for_="data"),
        ("funnel.csv",): lambda: write_table(counts, folder / "funnel.csv"),
        ("customers.csv", "left_out.csv"): lambda: write_leads(people, folder / "customers.csv", left_out=left_out),
        ("rejects.csv",): lambda: write_table(rejects, folder / "rejects.csv"),
        ("funnel.png", "funnel.svg"): lambda: _draw(counts, folder),
        ("customers.xlsx",): lambda: write_leads(people, folder / "customers.xlsx", left_out=left_out),
    }
    errors: dict[tuple[str, ...], Exception] = {}
    for names, write in writers.items():
        with progress(f"Writing {names[0]}"):
            try:
                write()
            except Exception as error:  # whatever it is, it must not cost the other files
                errors[names] = error
    missing = {names: [name for name in names if not (folder / name).exists()] for names in errors}
    failures = [_failure(" and ".join(missing[names]), error) for names, error in errors.items()]
    if len(failures) == len(writers):
        raise ExceptionGroup("no file could be written", failures)
    return tuple(failures)


def _draw(counts: pd.DataFrame, folder: Path) -> None:
    charts = plot_stages_by(_largest(counts), by="offer_name", title="Funnel per offer")
    try:
        for suffix in ("png", "svg"):
            save_chart(charts, folder / f"funnel.{suffix}")
    finally:
        plt.close(charts[0].figure)


def _failure(names: str, error: Exception) -> WriteError:
    """Return the error of one output, with the names of its files; it never quotes a foreign error."""
    if isinstance(error, LeadAnalyticsError):
        failure = WriteError(f"{names} not written: {error.what}", found=error.found, next_step=error.next_step)
    else:
        why = f"unexpected {type(error).__name__}"
        failure = WriteError(f"{names} not written: {why}", next_step="the same command with --debug shows where")
    failure.__cause__ = error
    return failure


def _largest(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of the offers that most customers came for, and say so where offers are left out."""
    sizes = counts.assign(size=counts["entered"] + counts["bypass"]).groupby("offer_id")["size"].sum()
    if len(sizes) <= MOST_OFFERS_DRAWN:
        return counts
    largest = counts[counts["offer_id"].isin(sizes.nlargest(MOST_OFFERS_DRAWN).index)]
    shown = f"The {MOST_OFFERS_DRAWN} largest of {len(sizes):,} offers."
    largest.attrs = counts.attrs | {"definition": f"{shown} {counts.attrs['definition']}"}
    return largest
