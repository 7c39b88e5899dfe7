"""A table is read page by page, from its first row to its proven end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from leadanalytics.reading.azure_table.accounts import LeadTable
from leadanalytics.reading.azure_table.retrying import Patience


class Page(NamedTuple):
    """One answer of the service.

    Attributes
    ----------
    rows : RecordBatch
        One entity per row; every property is a column of text, absent ones are null. May be empty.
    token : dict or None
        Where to go on once the page is stored, which JSON can hold; None after the last page, and only then.
    date : str or None
        The service's clock when it answered (the Date header).
    request_id : str or None
        The service's own number of the request.
    attempts : int
        How often the page was asked for.
    beyond_end : bool
        Whether it was found after what the service had called the end.
    """

    rows: pa.RecordBatch
    token: dict[str, Any] | None
    date: str | None = None
    request_id: str | None = None
    attempts: int = 1
    beyond_end: bool = False


def scan_pages(
    table: LeadTable,
    *,
    filter: str | None = None,
    select: Sequence[str] | None = None,
    resume: dict[str, Any] | None = None,
    patience: Patience = Patience(),
    check_end: bool = True,
) -> Iterator[Page]:
    """Yield the pages of a table; the last one has the token None and may be empty, as may any other."""
    raise NotImplementedError
