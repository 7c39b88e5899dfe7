"""Lists of leads and customers, parted into those to contact and those not to."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from leadanalytics.errors import FrameError, WriteError
from leadanalytics.replacing import replacing
from leadanalytics.writing.tables import check_writable, write_part

# Which flag keeps a row out of the list, and how its reason reads; the first that holds is given.
REASONS = {"is_test": "test lead", "do_not_contact": "do not contact"}


class Written(NamedTuple):
    """The files of a list: rows + left_out_rows are the rows of the frame."""

    path: Path
    rows: int
    left_out_path: Path
    left_out_rows: int


def write_leads(
    frame: pd.DataFrame,
    path: str | Path,
    *,
    for_: str = "spreadsheet",
    left_out: str | Path | None = None,
) -> Written:
    """Return the two files that hold a list: the leads or customers to contact, and those left out with the reason.

    Rows whose `is_test` or `do_not_contact` is true go to the second file, after a column `reason`: "test lead" or "do
    not contact". The second file is always written, if only with its header, so that it never is of an older list.

    Parameters
    ----------
    frame : DataFrame
        Leads or customers; a flag that is not there is false for every row.
    path : path
        Its suffix, .csv, .xlsx or .parquet, is the format; see `write_table`.
    for_ : {"spreadsheet", "data"}, default "spreadsheet"
        For people or for programs; see `write_table`.
    left_out : path, optional
        The second file, in the format of its own suffix; by default beside the first, "_left_out" after its stem.

    Raises
    ------
    FrameError
        When a flag is not made of true and false.
    OptionError
        When `for_` is not one of its options.
    WriteError
        When a file cannot be written; then both old files stay.

    Examples
    --------
    >>> import tempfile
    >>> customers = pd.DataFrame({"email": ["ann@example.com", "ben@example.com"], "do_not_contact": [False, True]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = write_leads(customers, Path(folder) / "customers.csv")
    >>> written.rows, written.left_out_path.name, written.left_out_rows
    (1, 'customers_left_out.csv', 1)
    """
    path = Path(path)
    left_out = path.with_name(f"{path.stem}_left_out{path.suffix}") if left_out is None else Path(left_out)
    check_writable(path, for_=for_)
    check_writable(left_out, for_=for_)
    if path.resolve() == left_out.resolve():
        raise WriteError(f"{path.name} cannot hold both lists", next_step="name another file in left_out")
    reasons = _reasons(frame)
    kept, others = frame[reasons == ""], frame[reasons != ""].drop(columns="reason", errors="ignore")
    others.insert(0, "reason", reasons[reasons != ""])
    with replacing(path, left_out) as (part, left_out_part):
        write_part(kept, part, for_=for_)
        write_part(others, left_out_part, for_=for_)
    return Written(path, len(kept), left_out, len(others))


def _reasons(frame: pd.DataFrame) -> np.ndarray:
    """Give the reason why each row is left out; nothing for a row that is not."""
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
