"""The customers that are shown, written to a file, and where each of them went."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from leadanalytics.errors import WriteError
from leadanalytics.writing import Written, write_leads

__all__ = ["export_customers", "say_written"]

FORMATS = (".csv", ".xlsx")


def export_customers(customers: pd.DataFrame, path: str) -> Written:
    """Return the files that hold customers for a spreadsheet: whom to contact, and whom not with the reason.

    Raises
    ------
    WriteError
        When the path has no name, another suffix, a character that no path has, or cannot be written.
    """
    if "\0" in path:
        raise WriteError("no path has a NUL character", found=repr(path), next_step="type the path anew")
    target = Path(path.strip()).expanduser()
    if target.suffix.lower() not in FORMATS:
        raise WriteError(
            f"the list is written as {' or '.join(FORMATS)}",
            found=repr(target.name) if target.name else "no name",
            next_step="name the file 'exports/customers.xlsx', for example",
        )
    return write_leads(customers, target)


def say_written(written: Written, customers: int) -> str:
    """Return where all customers went, in words that add up.

    Examples
    --------
    >>> from pathlib import Path
    >>> written = Written(Path("a.csv"), 3, Path("b.csv"), 1, (Path("a.csv"),), {"do not contact": 1}, {})
    >>> say_written(written, 4)
    '4 customers = 3 written to a.csv + 1 left out (1 do not contact), written to b.csv'
    """
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in written.reasons.items())
    left_out = f"{written.left_out_rows:,} left out" + (f" ({reasons})" if reasons else "")
    whole = f"{customers:,} customer{'' if customers == 1 else 's'}"
    return f"{whole} = {written.rows:,} written to {written.path} + {left_out}, written to {written.left_out_path}"
