"""The command that says what a file was taken for, and why."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from leadanalytics.cli.reading_options import Reading, Sources, with_reading
from leadanalytics.cli.terminal import output, progress
from leadanalytics.errors import LeadAnalyticsWarning, OptionError

if TYPE_CHECKING:
    import pandas as pd

    from leadanalytics.reading.detecting import Detection

# What a sample shows of a record; where it was read is said above it.
_NOT_SHOWN = ("record_id", "layout", "origin", "origin_row", "record_kind", "date_order", "time_zone")
_ORDERS = {
    "month_first": "month first where a file does not settle it (3/4/2024 is in March)",
    "day_first": "day first where a file does not settle it (3/4/2024 is in April)",
    "unknown": "no custom: one day above 12 settles the file, else you are asked",
}
_KINDS = {
    "lead": "a lead, one event",
    "person": "a person, whose earlier events the file does not tell",
    "referral": "a referral without a person, for reconciliation only",
    "report": "a row of a report, which holds no leads",
}


@with_reading
def detect(sources: Sources, *, reading: Reading) -> None:
    """Show what files are taken for, and why: layout, proof, columns, encoding, dates and three masked records."""
    from leadanalytics.cli.tables import facts_table, frame_table
    from leadanalytics.reading.detecting import detect_and_account
    from leadanalytics.reading.layouts import REPORT

    with progress("Reading"):
        found, files = detect_and_account(sources, **reading.choices())
    reading.warn(files)
    show = output().print
    for detection in found:
        show(facts_table(detection.origin, _facts(detection)))
        if detection.layout.record_kind == REPORT:  # no column of it is one of leads
            continue
        show(frame_table(detection.columns, title="Columns", names={"column": "column", "serves": "serves"}))
        show(frame_table(_side_by_side(detection.sample), title="The first records, people masked"))


def _side_by_side(sample: pd.DataFrame) -> pd.DataFrame:
    """Return records as columns, one row per field."""
    records = sample.drop(columns=[name for name in _NOT_SHOWN if name in sample.columns]).reset_index(drop=True)
    fields = records.astype("str").rename(index=lambda place: f"record {place + 1}").T
    return fields.rename_axis("field").reset_index()


def _facts(detection: Detection) -> dict[str, object]:
    layout = detection.layout
    records = f"{detection.read:,} read + {detection.set_aside:,} set aside = {detection.delivered:,} delivered"
    known = {
        "layout": f"{layout.name}: {layout.title}",
        "proven by": ", ".join(detection.proof) or "the caller's word",
        "one record is": _KINDS[layout.record_kind],
        **detection.how,
    }
    if layout.record_kind == "report":
        return {**known, "records": records}
    return {
        **known,
        "order of dates": _ORDERS[layout.date_order],
        "zone of times without one": "not told by the file; say --tz"
        if layout.time_zone == "local"
        else layout.time_zone,
        "records": records,
        "dated": _dated(detection),
    }


def _dated(detection: Detection) -> str:
    """Say how many records have a time, or what is to be asked first."""
    from leadanalytics.decoding import decode_leads

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LeadAnalyticsWarning)
        try:
            leads = decode_leads(detection.raw)
        except OptionError as question:
            return str(question)
    dated = leads["created_at"].dropna()
    span = f", {dated.min():%Y-%m-%d} to {dated.max():%Y-%m-%d}" if len(dated) else ""
    return f"{len(dated):,} of {len(leads):,} records{span}"
