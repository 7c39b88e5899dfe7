"""The wing's doors: files in; raw records, rejects and an account of every file out."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from leadanalytics.errors import ReadError, RejectsWarning, TruncatedExportWarning
from leadanalytics.reading.choosing import choose_layouts
from leadanalytics.reading.contents import Contents, Reject
from leadanalytics.reading.files import Paths, Source, find_files, read_file
from leadanalytics.reading.layouts import Layout
from leadanalytics.reading.mapping import to_raw
from leadanalytics.schema import TEXT, conform

REFERRAL = "referral"
WHOLE_FILE = 0  # the row of a reject that is a whole file


class Delivery(NamedTuple):
    """What was delivered: read + set aside = delivered, in every file and in all.

    Attributes
    ----------
    raw : DataFrame
        One delivered record per row.
    rejects : DataFrame
        One record per row that could not be used: origin, origin_row (0 for a whole file), reason, text.
    files : DataFrame
        One file or table per row: origin, layout, encoding, delivered, read, set_aside, note.
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
) -> pd.DataFrame:
    """Return the lead records of files as one raw frame, verbatim text.

    The shape of each file is told from its columns or keys, never from its name: Azure Table exports, captured HTTPS
    calls, files of Dynamics 365, Salesforce, Marketo and HubSpot, this package's own files, and tables with the usual
    names.

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

    Returns
    -------
    DataFrame
        The columns of the kind 'raw'; `attrs` says how many records were delivered and set aside.

    Raises
    ------
    ReadError
        When a path is missing, a file that was named is no lead file or holds referrals without people, two layouts
        are proven, or nothing can be read.
    OptionError
        When there is no such layout, column of a raw frame, or order.

    Warns
    -----
    RejectsWarning
        When records were set aside; `read_records(paths).rejects` holds them.
    TruncatedExportWarning
        When an export looks as if its writer stopped before the end.

    Examples
    --------
    >>> import leadanalytics as la
    >>> raw = read_leads(la.sample_folder())
    >>> raw["layout"].value_counts().index.tolist()
    ['azure_table', 'https', 'salesforce_api']
    """
    delivery = read_records(paths, layout=layout, layouts=layouts, columns=columns, tz=tz, date_order=date_order)
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
) -> Delivery:
    """Return the lead records of files, the records that were set aside, and an account of every file.

    In a folder or a glob, a file that is no lead file is set aside as a whole and counts as one delivered record.

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

    Examples
    --------
    >>> import leadanalytics as la
    >>> delivery = read_records(la.sample_folder())
    >>> len(delivery.raw) + len(delivery.rejects) == delivery.raw.attrs["delivered"]
    True
    """
    chosen = choose_layouts(layout, layouts, columns=columns, tz=tz, date_order=date_order)
    return account([(source.origin, _read(source, chosen)) for source in find_files(paths)])


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
    chosen = [layout for layout in choose_layouts(None, layouts) if layout.record_kind == REFERRAL]
    delivery = account([(source.origin, _read(source, chosen, referrals=True)) for source in find_files(paths)])
    warn_of_rejects(delivery, where="Delivery.rejects")
    return delivery.raw


def account(read: Sequence[tuple[str, Contents]], *, may_be_empty: bool = False) -> Delivery:
    """Return the delivery that the contents of files or tables are, after checking that it adds up.

    Raises
    ------
    ReadError
        When no file held a lead; the first reason is given.
    """
    if not may_be_empty and not any(contents.parts for _, contents in read):
        origin, contents = read[0]
        raise ReadError(
            f"none of {len(read):,} files holds leads",
            found=f"in the first, {origin!r}: {contents.rejects[0].reason}" if contents.rejects else None,
        )
    raw = to_raw([(origin, part) for origin, contents in read for part in contents.parts])
    rejects = _rejects([(origin, reject) for origin, contents in read for reject in sorted(contents.rejects)])
    files = pd.DataFrame([_account_of(origin, contents) for origin, contents in read])
    files = files.astype(dict.fromkeys(("origin", "layout", "encoding", "note"), TEXT))
    if not (files["read"] + files["set_aside"]).equals(files["delivered"]):
        raise ReadError("the records do not add up, which is a fault of this package", next_step="report it")
    raw.attrs = {"delivered": int(files["delivered"].sum()), "set_aside": len(rejects), "files": len(files)}
    _warn_of_truncation(read)
    return Delivery(raw, rejects, files)


def warn_of_rejects(delivery: Delivery, *, where: str) -> None:
    """Warn that records were set aside, and say where they are."""
    count = len(delivery.rejects)
    if count:
        commonest = delivery.rejects["reason"].value_counts()
        warnings.warn(
            f"{count:,} of {delivery.raw.attrs['delivered']:,} delivered records were set aside, most of them for "
            f"{commonest.index[0]!r}; {where} holds them",
            RejectsWarning,
            stacklevel=3,
        )


def _read(source: Source, layouts: Sequence[Layout], *, referrals: bool = False) -> Contents:
    try:
        contents = read_file(source, layouts)
        if not referrals and any(part.layout.record_kind == REFERRAL for part in contents.parts):
            raise ReadError(
                f"{source.origin!r} holds referrals without people, for reconciliation only",
                next_step="read them with read_referrals(path)",
            )
        return contents
    except ReadError as error:
        if source.is_named:
            raise
        return Contents(delivered=1, rejects=[Reject(WHOLE_FILE, str(error), "")])


def _account_of(origin: str, contents: Contents) -> dict[str, object]:
    names = dict.fromkeys(part.layout.name for part in contents.parts)
    return {
        "origin": origin,
        "layout": ", ".join(names) or None,
        "encoding": contents.encoding or None,
        "delivered": contents.delivered,
        "read": sum(len(part.rows) for part in contents.parts),
        "set_aside": len(contents.rejects),
        "note": "; ".join(contents.notes) or None,
    }


def _rejects(rejects: Iterable[tuple[str, Reject]]) -> pd.DataFrame:
    rows = [(origin, *reject) for origin, reject in rejects]
    frame = pd.DataFrame(rows, columns=["origin", "origin_row", "reason", "text"])
    return conform(frame.astype({"origin": TEXT, "origin_row": np.int64}), "rejects")


def _warn_of_truncation(read: Sequence[tuple[str, Contents]]) -> None:
    cut = [origin for origin, contents in read if contents.truncated]
    if cut:
        warnings.warn(
            f"{', '.join(map(repr, cut))} may lack records: the export stopped at the end of a page; "
            "export the rest too, or read the table itself with get_leads",
            TruncatedExportWarning,
            stacklevel=4,
        )
