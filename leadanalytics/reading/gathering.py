"""Parts of many files become one raw frame: those of one shape are mapped together, for each mapping has its price."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from leadanalytics.reading.contents import Part
from leadanalytics.reading.layouts import Layout
from leadanalytics.reading.mapping import to_raw
from leadanalytics.schema import TEXT

# Parts of fewer rows on average are copied into one piece, because every later step takes its time per piece.
_FEW = 1_000


def gather_raw(parts: Sequence[tuple[str, Part]]) -> pd.DataFrame:
    """Return the raw frame of some parts, each with the name of its origin, in their order.

    Parameters
    ----------
    parts : sequence of (str, Part)
        The origins and what they hold; thousands of small parts take little more than one large one.

    Examples
    --------
    >>> gather_raw([]).empty
    True
    """
    if not parts:
        return to_raw([])
    groups: dict[tuple[Layout, tuple[str, ...]], list[int]] = {}
    for place, (_, part) in enumerate(parts):
        groups.setdefault((part.layout, tuple(part.columns.column_names)), []).append(place)
    order = [place for places in groups.values() for place in places]
    raw = to_raw([("", _together([parts[place][1] for place in places])) for places in groups.values()])
    lengths = np.array([len(part.rows) for _, part in parts], "int64")
    codes, origins = pd.factorize(np.array([origin for origin, _ in parts], dtype=object))
    raw["origin"] = pd.Categorical.from_codes(np.repeat(codes[order], lengths[order]), pd.Index(origins, dtype=TEXT))
    if order == sorted(order):
        return raw
    # The rows of a part stay together; the parts go back to their places.
    return raw.take(np.argsort(np.repeat(order, lengths[order]), kind="stable")).reset_index(drop=True)


def _together(parts: Sequence[Part]) -> Part:
    if len(parts) == 1:
        return parts[0]
    columns = pa.concat_tables([part.columns for part in parts])
    if columns.num_rows < _FEW * len(parts):
        columns = columns.combine_chunks()
    return Part(parts[0].layout, columns, np.concatenate([part.rows for part in parts]))
