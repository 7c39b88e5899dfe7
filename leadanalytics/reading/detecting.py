"""What a file was taken for, and why: its layout, the columns that prove it, and which column serves which field."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from leadanalytics.errors import RejectsWarning
from leadanalytics.reading.accounts import Accounts
from leadanalytics.reading.choosing import choose_layouts
from leadanalytics.reading.contents import Contents, Part
from leadanalytics.reading.files import read_file
from leadanalytics.reading.gathering import gather_raw
from leadanalytics.reading.layouts import EVERY, Layout
from leadanalytics.reading.masking import mask_people
from leadanalytics.reading.paths import Paths, find_files
from leadanalytics.reading.records import delivery_problems
from leadanalytics.schema import TEXT

_ROWS_SHOWN = 3
# What a column does that serves no column of a raw frame.
KEY, SEARCHED, IGNORED = "record_id", "lead_source (searched)", ""


@dataclass(frozen=True)
class Detection:
    """What one file, or one sheet or member of it, was taken for.

    Attributes
    ----------
    origin : str
        The file.
    layout : Layout
        Its layout, as the caller's options have it.
    proof : tuple of str
        The columns that prove it.
    columns : DataFrame
        One row per column of the file: column, serves (the column of a raw frame, "record_id" for a part of the key,
        empty for none).
    how : dict of str to str
        How it was read: encoding, delimiter, sheet, header_row; only what there is.
    delivered, read, set_aside : int
        How many records; read + set_aside = delivered.
    sample : DataFrame
        Three raw records with their people masked.
    raw : DataFrame
        The raw records of the first block, unmasked.
    """

    origin: str
    layout: Layout
    proof: tuple[str, ...]
    columns: pd.DataFrame
    how: Mapping[str, str]
    delivered: int
    read: int
    set_aside: int
    sample: pd.DataFrame
    raw: pd.DataFrame = field(repr=False)


def detect_files(
    paths: Paths,
    *,
    layout: str | None = None,
    layouts: Sequence[Layout] | None = None,
    columns: Mapping[str, str] | None = None,
    tz: str | None = None,
    date_order: str | None = None,
) -> list[Detection]:
    """Return what files were taken for, one result per file and layout.

    Files of referrals without people and reports of Partner Center are told as well.

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

    Raises
    ------
    ReadError
        When a path is missing, or a file that was named is no lead file or fits two layouts.

    Warns
    -----
    RejectsWarning
        When files were not read.

    Examples
    --------
    >>> import leadanalytics as la
    >>> found = detect_files(la.sample_folder() / "salesforce_leads.csv")[0]
    >>> found.layout.name, found.proof
    ('salesforce_api', ('LastName', 'Company', 'LeadSource', 'CreatedDate'))
    """
    found, files = detect_and_account(
        paths, layout=layout, layouts=layouts, columns=columns, tz=tz, date_order=date_order
    )
    if problems := delivery_problems(files[files["layout"].isna()]):
        warnings.warn("\n".join(problems), RejectsWarning, stacklevel=2)
    return found


def detect_and_account(paths: Paths, **choices: Any) -> tuple[list[Detection], pd.DataFrame]:
    """Return what `detect_files` does, without its warning, and the account of every file as in `Delivery.files`."""
    chosen = choose_layouts(choices.pop("layout"), **choices)
    firsts: dict[tuple[str, Layout], tuple[Contents, Part]] = {}
    accounts = Accounts()
    for source in find_files(paths):
        for origin, contents in read_file(source, chosen, refused=()):
            accounts.add(origin, contents)
            for part in contents.parts:
                firsts.setdefault((origin, part.layout), (contents, part))
    accounts.check()
    files = accounts.frame()
    counts = files.set_index("origin")[["delivered", "read", "set_aside"]]
    found = [
        _detection(origin, contents, part, counts.loc[origin].to_dict())
        for (origin, _), (contents, part) in firsts.items()
    ]
    return found, files


def _detection(origin: str, contents: Contents, part: Part, counts: Mapping[str, int]) -> Detection:
    raw = gather_raw([(origin, part)])
    sample = raw.head(_ROWS_SHOWN).dropna(axis="columns", how="all")
    how = {
        "encoding": contents.encoding,
        "delimiter": contents.delimiter,
        "sheet": contents.sheet,
        "header row": str(contents.header_row or ""),
    }
    return Detection(
        origin=origin,
        layout=part.layout,
        proof=_proof(part.layout, part.columns.column_names),
        columns=_columns(part.layout, part.columns.column_names),
        how={name: value for name, value in how.items() if value},
        **counts,
        sample=mask_people(sample),
        raw=raw,
    )


def _proof(layout: Layout, columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that prove the layout; keys of JSON are paths here, and the first part of one may prove it."""
    outer = dict.fromkeys(column.partition(".")[0] for column in columns)
    return layout.proven_by([*columns, *outer])


def _columns(layout: Layout, columns: Sequence[str]) -> pd.DataFrame:
    serves = dict.fromkeys(range(len(columns)), IGNORED)
    if EVERY not in layout.searched:
        serves |= dict.fromkeys(layout.search_plan(columns), SEARCHED)
    serves |= dict.fromkeys(layout.key_plan(columns), KEY)
    for target, places in layout.plan(columns).items():
        serves |= dict.fromkeys(places, target)
    frame = pd.DataFrame({"column": list(columns), "serves": [serves[place] for place in range(len(columns))]})
    return frame.astype(TEXT)
