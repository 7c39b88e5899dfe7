"""The main job: files in; leads, customers, funnels, charts and everything left out, in one folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from leadanalytics.charts import plot_stages_by, save_chart
from leadanalytics.cli.reading_options import Reading
from leadanalytics.cli.terminal import notices, progress
from leadanalytics.decoding import decode_leads
from leadanalytics.funnels import FunnelRules
from leadanalytics.identity import CustomerIndex, identify_customers
from leadanalytics.progress import show_progress
from leadanalytics.reading import Delivery, read_records
from leadanalytics.recipes import count_offers, list_customers
from leadanalytics.writing import write_leads, write_table

# More panels than this are a picture that nobody reads; funnel.csv holds every offer.
MOST_OFFERS_DRAWN = 40


@dataclass(frozen=True)
class Results:
    """What a run found and wrote."""

    files: pd.DataFrame
    counts: pd.DataFrame
    facts: dict[str, int]
    written: tuple[Path, ...]


def run_job(
    sources: list[str],
    out: Path,
    *,
    reading: Mapping[str, Any],
    decoding: Mapping[str, Any],
    rules: FunnelRules | None = None,
    index: Path | None = None,
    warn: Callable[[Delivery], object] | None = None,
) -> Results:
    """Read the sources, write every result into a folder and return the numbers.

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
    index : path, optional
        The folder of an index of customers, whose ids go on, and which is brought up to date.
    warn : callable, optional
        Called with the delivery, to warn of what could not be read; `Reading.warn` by default.
    """
    with show_progress(notices()) as tell:
        delivery = read_records(sources, **reading, progress=partial(tell, "Reading"))
        (warn or Reading().warn)(delivery)
        tell("Decoding", len(delivery.raw))
        leads = decode_leads(delivery.raw, **decoding)
        if index is None:
            leads = identify_customers(leads, progress=tell)
        else:
            tell("Bringing the index up to date", len(leads))
            leads = CustomerIndex.open(index).update(leads).leads
    vocabulary = decoding["vocabulary"]
    with progress("Collapsing customers"):
        people = list_customers(leads, vocabulary=vocabulary)
    with progress("Counting funnels"):
        counts = count_offers(leads, rules, vocabulary=vocabulary)
    with progress("Writing"):
        workbook = write_leads(people, out / "customers.xlsx", left_out=out / "left_out.csv")
        contacts = write_leads(people, out / "customers.csv", left_out=out / "left_out.csv")
        tables = [
            write_table(leads, out / "leads.parquet", for_="data"),
            write_table(delivery.rejects, out / "rejects.csv"),
            write_table(counts, out / "funnel.csv"),
        ]
    with progress("Drawing"):
        charts = plot_stages_by(_largest(counts), by="offer_name", title="Funnel per offer")
        pictures = [save_chart(charts, out / f"funnel.{suffix}") for suffix in ("png", "svg")]
    return Results(
        files=delivery.files,
        counts=counts,
        facts={
            "delivered": int(delivery.files["delivered"].sum()),
            "set aside": len(delivery.rejects),
            "leads read": len(leads),
            "of them test leads": int(leads["is_test"].sum()),
            "of them do-not-contact": int(leads["do_not_contact"].sum()),
            "of them repeated": int(leads["record_id"].duplicated().sum()),
            "customers": int((~people["is_test"]).sum()),
            "of them in customers.csv": contacts.rows,
        },
        written=tuple(sorted([workbook.path, contacts.path, contacts.left_out_path, *tables, *pictures])),
    )


def _largest(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of the offers that most customers came for, and say so where offers are left out."""
    sizes = counts.assign(size=counts["entered"] + counts["bypass"]).groupby("offer_id")["size"].sum()
    if len(sizes) <= MOST_OFFERS_DRAWN:
        return counts
    largest = counts[counts["offer_id"].isin(sizes.nlargest(MOST_OFFERS_DRAWN).index)]
    shown = f"The {MOST_OFFERS_DRAWN} largest of {len(sizes):,} offers."
    largest.attrs = counts.attrs | {"definition": f"{shown} {counts.attrs['definition']}"}
    return largest
