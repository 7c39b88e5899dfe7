"""The wing's doors: files in; raw records, rejects and an account of every file out."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from leadanalytics.errors import RejectsWarning
from leadanalytics.reading.accounts import Accounts
from leadanalytics.reading.choosing import choose_layouts
from leadanalytics.reading.contents import Contents, Reject
from leadanalytics.reading.files import NO_LEADS, read_file
from leadanalytics.reading.gathering import gather_raw
from leadanalytics.reading.layouts import REPORT, Layout
from leadanalytics.reading.paths import Paths, find_files
from leadanalytics.schema import TEXT, conform

_PROBLEM = ["origin", "layout", "delivered", "read", "set_aside", "reason", "note"]


class Delivery(NamedTuple):
    """What was delivered: read + set aside = delivered, in every file and in all.

    Attributes
    ----------
    raw : DataFrame
        One delivered record per row.
    rejects : DataFrame
        One record per row that could not be used: origin, origin_row (0 for a whole file), reason, text.
    files : DataFrame
        One file or table per row: origin, layout, encoding, delimiter, delivered, read, set_aside, reason (the
        commonest one for which records were set aside), note.
    """

    raw: pd.DataFrame
    rejects: pd.DataFrame
    files: pd.DataFrame


def read_leads(
    paths: Paths,
    *,
    layout: str | None = None,
    layouts: Sequence[Layout] | None = None,
    columns: Mapping[str, str] | None = None,
    tz: str | None = None,
    date_order: str | None = None,
    progress: Callable[[int], object] | None = None,
) -> pd.DataFrame:
    """Return the lead records of files as one raw frame, verbatim text.

    The shape of each file is told from its columns or keys, never from its name: Azure Table exports, captured HTTPS
    calls, files of Dynamics 365, Salesforce, Marketo and HubSpot, this package's own files, and tables with the usual
    names. So is its kind: delimited text, JSON, Parquet, Excel, HTML tables and text of "key = value", each also in a
    ZIP archive or a gzip file.

    Parameters
    ----------
    paths : path or iterable of paths
        A file, a folder (with all below it), a glob or several of them.
    layout : str, optional
        The name of a layout, where detection should not decide.
    layouts : sequence of Layout, optional
        The layouts to try, as from `load_layouts("my/layouts")`; the shipped ones by default.
    columns : mapping of str to str, optional
        A column of the file to the column of a raw frame that it serves, such as {"Correo": "email"}, before all that
        a layout says. Where no layout is proven, these columns are proof enough.
    tz : str, optional
        The zone of times whose writer's zone no file tells, such as "Europe/Berlin".
    date_order : {"month_first", "day_first"}, optional
        How ambiguous dates are written where each writer has a custom of its own.
    progress : callable, optional
        Called with the number of rows so far after every block of a file.

    Returns
    -------
    DataFrame
        The columns of the kind 'raw'; `attrs` says how many records were delivered and set aside, and when they were
        read (`read_at`, UTC).

    Raises
    ------
    ReadError
        When a path is missing, a file that was named is no lead file, holds referrals without people or is a report of
        Partner Center, two layouts are proven, or nothing can be read.
    OptionError
        When there is no such layout, column of a raw frame, or order.

    Warns
    -----
    RejectsWarning
        When records were set aside, which `read_records(paths).rejects` holds, or a file holds no lead: with one line
        for each file that was not read whole.
    TruncatedExportWarning
        When an export looks as if its writer stopped before the end.
    AssumptionWarning
        When a file does not tell its encoding beyond doubt, or letters were repaired.

    Examples
    --------
    >>> import leadanalytics as la
    >>> raw = read_leads(la.sample_folder())
    >>> raw["layout"].value_counts().index.tolist()
    ['azure_table', 'https', 'salesforce_api']
    """
    delivery = read_records(
        paths, layout=layout, layouts=layouts, columns=columns, tz=tz, date_order=date_order, progress=progress
    )
    warn_of_rejects(delivery, where="read_records(paths).rejects")
    return delivery.raw


def read_records(
    paths: Paths,
    *,
    layout: str | None = None,
    layouts: Sequence[Layout] | None = None,
    columns: Mapping[str, str] | None = None,
    tz: str | None = None,
    date_order: str | None = None,
    progress: Callable[[int], object] | None = None,
) -> Delivery:
    """Return the lead records of files, the records that were set aside, and an account of every file.

    In a folder or a glob, a file that is no lead file is set aside: a table counts its rows, any other file counts as
    one delivered record. `delivery_problems` names such files.

    Parameters
    ----------
    paths : path or iterable of paths
        As in `read_leads`.
    layout : str, optional
        As in `read_leads`.
    layouts : sequence of Layout, optional
        As in `read_leads`.
    columns : mapping of str to str, optional
        As in `read_leads`.
    tz : str, optional
        As in `read_leads`.
    date_order : {"month_first", "day_first"}, optional
        As in `read_leads`.
    progress : callable, optional
        As in `read_leads`.

    Returns
    -------
    Delivery
        `raw`, `rejects` and `files`.

    Raises
    ------
    ReadError
        When a path is missing, a file that was named is no lead file, or nothing can be read.

    Warns
    -----
    TruncatedExportWarning
        When an export looks as if its writer stopped before the end.
    AssumptionWarning
        When a file does not tell its encoding beyond doubt, or letters were repaired.

    Examples
    --------
    >>> import leadanalytics as la
    >>> delivery = read_records(la.sample_folder())
    >>> len(delivery.raw) + len(delivery.rejects) == delivery.raw.attrs["delivered"]
    True
    """
    chosen = choose_layouts(layout, layouts, columns=columns, tz=tz, date_order=date_order)
    read = (each for source in find_files(paths) for each in read_file(source, chosen))
    return account(telling(read, progress))


def read_referrals(paths: Paths, *, layouts: Sequence[Layout] | None = None) -> pd.DataFrame:
    """Return the referrals of files as one raw frame: events without people, to reconcile leads with.

    `decode_leads` reads it like any raw frame; `identify_customers` gives referrals no customer, and no funnel counts
    them.

    Parameters
    ----------
    paths : path or iterable of paths
        Leads downloads of Partner Center or ACE leads datasets of AWS, named as in `read_leads`.
    layouts : sequence of Layout, optional
        As in `read_leads`.

    Returns
    -------
    DataFrame
        The columns of the kind 'raw', with "referral" as record_kind.

    Raises
    ------
    ReadError
        When a path is missing, a file is no such file, or nothing can be read.
    """
    chosen = [layout for layout in choose_layouts(None, layouts) if layout.record_kind in NO_LEADS]
    sources = find_files(paths)
    delivery = account(each for source in sources for each in read_file(source, chosen, refused=(REPORT,)))
    warn_of_rejects(delivery, where="Delivery.rejects")
    return delivery.raw


def account(read: Iterable[tuple[str, Contents]], *, may_be_empty: bool = False) -> Delivery:
    """Return the delivery that blocks of files or tables are, each with its origin, after checking that it adds up.

    Raises
    ------
    ReadError
        When no file held a lead; the first reason is given.
    """
    accounts, parts, rejects = Accounts(), [], []
    for origin, contents in read:
        accounts.add(origin, contents)
        parts += [(origin, part) for part in contents.parts]
        rejects += [(origin, reject) for reject in sorted(contents.rejects)]
    accounts.check(may_be_empty=may_be_empty)
    raw = gather_raw(parts)
    raw.attrs = accounts.attributes()
    accounts.warn_of_truncation(stacklevel=3)
    accounts.warn_of_assumptions(stacklevel=3)
    return Delivery(raw, rejects_frame(rejects), accounts.frame())


def telling(
    read: Iterable[tuple[str, Contents]], progress: Callable[[int], object] | None
) -> Iterator[tuple[str, Contents]]:
    """Yield what is read, and tell after each block how many rows there are."""
    rows = 0
    for origin, contents in read:
        rows += sum(len(part.rows) for part in contents.parts)
        if progress is not None:
            progress(rows)
        yield origin, contents


def delivery_problems(delivery: Delivery | pd.DataFrame) -> list[str]:
    """Return a line for each file of which something was not read, or which holds no lead, with the reason.

    Parameters
    ----------
    delivery : Delivery or DataFrame
        What `read_records` returns, or the account of the files in it.

    Examples
    --------
    >>> import leadanalytics as la
    >>> delivery_problems(la.read_records(la.sample_folder()))
    []
    """
    files = delivery if isinstance(delivery, pd.DataFrame) else delivery.files
    is_short = (files["set_aside"] > 0) | (files["layout"].notna() & (files["read"] == 0))
    return [_problem(**row) for row in files.loc[is_short, _PROBLEM].to_dict("records")]  # one per file, not per lead


def _problem(origin: str, layout: str, delivered: int, read: int, set_aside: int, reason: str, note: str) -> str:
    if not set_aside:
        return f"{origin} holds no lead: {note}"
    rows = "1 record" if delivered == 1 else f"{delivered:,} records"
    if not read and pd.isna(layout):
        return f"{origin} was not read: {reason} ({rows})"
    most = "" if set_aside == 1 else ", most of them"
    return f"{origin}: {set_aside:,} of {rows} set aside{most} for {reason!r}"


def warn_of_rejects(delivery: Delivery, *, where: str) -> None:
    """Warn of files that were not read or hold no lead and of records that were set aside, and say where they are."""
    lines = delivery_problems(delivery)
    counts = delivery.raw.attrs
    if aside := counts["set_aside"]:
        lines.insert(0, f"{aside:,} of {counts['delivered']:,} delivered records were set aside; {where} holds them")
    if lines:
        warnings.warn("\n".join(lines), RejectsWarning, stacklevel=3)


def rejects_frame(rejects: Iterable[tuple[str, Reject]]) -> pd.DataFrame:
    """Return records that were set aside, each with its origin, as a frame of their kind."""
    rows = [(origin, *reject) for origin, reject in rejects]
    frame = pd.DataFrame(rows, columns=["origin", "origin_row", "reason", "text"])
    return conform(frame.astype({"origin": TEXT, "origin_row": np.int64}), "rejects")
