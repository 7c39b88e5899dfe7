"""Lists of leads and customers, parted into those to contact and those not to."""

from __future__ import annotations

import itertools
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from leadanalytics import schema
from leadanalytics.errors import FrameError, LeadAnalyticsWarning, WriteError, check_option
from leadanalytics.replacing import replacing
from leadanalytics.writing.filling import fill_in, misfits, shorten
from leadanalytics.writing.import_files import check_parts, import_files, part_paths, remove_older_parts
from leadanalytics.writing.tables import FORMS, check_writable, write_part
from leadanalytics.writing.targets import Target, load_targets
from leadanalytics.writing.workbooks import MOST_TEXT

# Which flag keeps a row out of the list, and how its reason reads; the first that holds is given.
REASONS = {"is_test": "test lead", "do_not_contact": "do not contact"}


class Written(NamedTuple):
    """The files of a list: rows + left_out_rows are the rows of the frame.

    Attributes
    ----------
    path : path
        The first file of the list.
    rows : int
        How many rows the list has, in all its files.
    left_out_path : path
        The file of those left out, after a column `reason`.
    left_out_rows : int
        How many they are.
    paths : tuple of path
        Every file of the list, in order; one, unless a program's limits ask for more.
    reasons : dict of str to int
        How many rows were left out for which reason.
    cut : dict of str to int
        How many values of which column were cut to what a program's field holds.
    """

    path: Path
    rows: int
    left_out_path: Path
    left_out_rows: int
    paths: tuple[Path, ...]
    reasons: dict[str, int]
    cut: dict[str, int]


def write_leads(
    frame: pd.DataFrame,
    path: str | Path,
    *,
    for_: str | Target = "spreadsheet",
    left_out: str | Path | None = None,
) -> Written:
    """Return the files that hold a list: the leads or customers to contact, and those left out with the reason.

    Rows whose `is_test` or `do_not_contact` is true go to the second file, after a column `reason`: "test lead" or "do
    not contact". The second file is always written, if only with its header, so that it never is of an older list.

    For a CRM, a customer becomes a row of its import file: its headers, its compulsory columns, its lengths, its way
    of writing dates, and where the customer comes from in its note. Whoever it would refuse is left out too, with the
    reason. A list beyond its limits goes on in `customers-2.csv` and so on; those of an older, longer list go away.

    Parameters
    ----------
    frame : DataFrame
        Leads or customers; a flag that is not there is false for every row. For a CRM, customers.
    path : path
        Its suffix, .csv, .xlsx or .parquet, is the format; see `write_table`. A CRM takes .csv, some .xlsx.
    for_ : str or Target, default "spreadsheet"
        "spreadsheet" or "data", for people or for programs, see `write_table`; or the CRM: "dynamics365", "hubspot",
        "marketo", "salesforce", "salesforce_data_loader", or a target of `load_targets(folder)`.
    left_out : path, optional
        The second file, in the format of its own suffix; by default beside the first, "_left_out" after its stem. For
        a CRM, by default .csv, and always in the form for people.

    Raises
    ------
    FrameError
        When a flag is not made of true and false; for a CRM, when the frame does not hold one row per customer.
    OptionError
        When `for_` is not one of its options.
    WriteError
        When a file cannot be written; then all old files stay.

    Warns
    -----
    LeadAnalyticsWarning
        When values were cut to what a CRM's fields hold; says how many of which column.

    Examples
    --------
    >>> import tempfile
    >>> customers = pd.DataFrame({
    ...     "customer_id": ["C-1", "C-2", "C-3"],
    ...     "email": ["ann@example.com", "ben@example.com", None],
    ...     "do_not_contact": [False, True, False],
    ... })
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = write_leads(customers, Path(folder) / "customers.csv")
    ...     for_marketo = write_leads(customers, Path(folder) / "marketo.csv", for_="marketo")
    >>> written.rows, written.left_out_path.name, written.left_out_rows
    (2, 'customers_left_out.csv', 1)
    >>> for_marketo.rows, for_marketo.reasons
    (1, {'do not contact': 1, 'no Email Address': 1})
    """
    path = Path(path)
    target = for_ if isinstance(for_, Target) else _named(for_)
    beside = path.with_name(f"{path.stem}_left_out{path.suffix if target is None else '.csv'}")
    left_out = beside if left_out is None else Path(left_out)
    _check_paths(path, left_out, for_, target)
    reasons = _reasons(frame)
    if target is not None:
        return _write_for_program(frame, reasons, path, left_out, target)
    with replacing(path, left_out) as (part, left_out_part):
        write_part(frame[reasons == ""], part, for_=str(for_))
        write_part(_left_out(frame, reasons), left_out_part, for_=str(for_), sheet="Left out")
    remove_older_parts(path, 1, load_targets().values())
    return _written((path,), left_out, reasons, {})


def _write_for_program(frame: pd.DataFrame, reasons: np.ndarray, path: Path, left_out: Path, target: Target) -> Written:
    filled = fill_in(_customers(frame), target)
    reasons = np.where(reasons == "", misfits(filled, target), reasons)
    suffix = path.suffix.lower()
    kept, cut = shorten(filled[reasons == ""], target, most=MOST_TEXT if suffix == ".xlsx" else None)
    images = import_files(kept, target, suffix)
    paths = tuple(itertools.islice(part_paths(path), len(images)))
    targets = [*load_targets().values(), target]
    _check_different(paths, left_out)
    check_parts(paths, targets)
    with replacing(*paths, left_out) as (*parts, left_out_part):
        for part, image in zip(parts, images):
            part.write_bytes(image)
        write_part(_left_out(frame, reasons), left_out_part, for_="spreadsheet", sheet="Left out")
    remove_older_parts(path, len(paths), targets)
    _warn_of_cut(cut, target)
    return _written(paths, left_out, reasons, cut)


def _named(name: str) -> Target | None:
    """Give the target of a name; None for the forms that are no program's."""
    targets = load_targets()
    check_option("for_", name, (*FORMS, *targets))
    return targets.get(name)


def _check_paths(path: Path, left_out: Path, for_: str | Target, target: Target | None) -> None:
    """Raise an error unless both files can be written in their formats."""
    if target is None:
        check_writable(path, for_=str(for_))
    elif path.suffix.lower() not in target.suffixes:
        raise WriteError(
            f"{target.name} takes {' or '.join(target.suffixes)}",
            found=repr(path.name),
            next_step=f"name the file {path.stem + target.suffixes[0]!r}",
        )
    check_writable(left_out, for_="spreadsheet")
    _check_different((path,), left_out)


def _check_different(paths: tuple[Path, ...], left_out: Path) -> None:
    if left_out.resolve() in {path.resolve() for path in paths}:
        raise WriteError(f"{left_out.name} cannot hold both lists", next_step="name another file in left_out")


def _customers(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the columns of the kind 'customers', and refuse a frame of which one customer would become two rows."""
    schema.check(frame, "customers")
    if frame["customer_id"].dropna().duplicated().any():
        raise FrameError(
            "a CRM needs one row per customer",
            found="a customer_id on several rows",
            next_step="make customers of leads with collapse_customers(leads)",
        )
    # The flag has been looked at, and it is not exported; a missing one would not fit into its dtype.
    return schema.conform(frame.assign(do_not_contact=False).reset_index(drop=True), "customers")


def _left_out(frame: pd.DataFrame, reasons: np.ndarray) -> pd.DataFrame:
    """Give the rows that have a reason to be left out, after that reason."""
    others = frame[reasons != ""].drop(columns="reason", errors="ignore")
    others.insert(0, "reason", reasons[reasons != ""])
    return others


def _written(paths: tuple[Path, ...], left_out: Path, reasons: np.ndarray, cut: dict[str, int]) -> Written:
    given = pd.Series(reasons[reasons != ""], dtype=object)
    counts = {str(reason): int(rows) for reason, rows in given.value_counts(sort=False).items()}
    return Written(paths[0], int((reasons == "").sum()), left_out, len(given), paths, counts, cut)


def _warn_of_cut(cut: dict[str, int], target: Target) -> None:
    if cut:
        values = ", ".join(f"{number:,} of {header!r}" for header, number in cut.items())
        warnings.warn(f"values cut to what {target.name} holds: {values}", LeadAnalyticsWarning, stacklevel=4)


def _reasons(frame: pd.DataFrame) -> np.ndarray:
    """Give the reason why the flags leave each row out; nothing for a row that they do not."""
    reasons = np.full(len(frame), "", dtype=object)
    for flag, reason in reversed(REASONS.items()):
        if flag in frame.columns:
            reasons[_true(frame[flag])] = reason
    return reasons


def _true(flag: pd.Series) -> np.ndarray:
    """Give where a flag is true, and refuse text: 'False' would count as true, or a 'yes' as nothing."""
    try:
        return flag.astype("boolean").fillna(False).to_numpy(dtype=bool)
    except (TypeError, ValueError):
        raise FrameError(
            f"the column {flag.name!r} must be true or false",
            found=str(flag.dtype),
            next_step=f"frame[{flag.name!r}] == 'True', for example",
        ) from None
