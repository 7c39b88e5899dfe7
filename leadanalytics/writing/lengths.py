"""Text that is longer than its place, found and cut. Lengths are UTF-16 units, which Excel and the CRMs count."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics import schema

CUT = " \N{HORIZONTAL ELLIPSIS} (cut)"


def too_long(values: pd.Series, most: int) -> np.ndarray:
    """Return the places of the cells whose text is longer than a limit [UTF-16 units].

    Examples
    --------
    >>> too_long(pd.Series(["four", "fives", None]), 4)
    array([1])
    """
    text = pa.array(values.astype(schema.TEXT), type=pa.large_string(), from_pandas=True)
    # A character takes one unit or two, so only those over half the limit need counting.
    candidates = np.flatnonzero(pc.fill_null(pc.greater(pc.utf8_length(text), most // 2), False))
    return candidates[[_units(text[int(place)].as_py()) > most for place in candidates]]


def cut(text: str, most: int, *, mark: str = "", between: Sequence[str] = ()) -> str:
    """Return the beginning of a text that fits into a limit [UTF-16 units], with a mark that says so.

    With `between`, the text ends where the last of these separators stands that fits, so that no item is cut in two.

    Examples
    --------
    >>> cut("offers: Flow; Guard", 18, mark=" ...", between=["; "])
    'offers: Flow ...'
    """
    kept = text.encode("utf-16-le")[: 2 * max(most - _units(mark), 0)].decode("utf-16-le", errors="ignore")
    ends = [kept.rfind(separator) for separator in between]
    return kept[: max(ends)] + mark if max(ends, default=-1) > 0 else kept + mark


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
