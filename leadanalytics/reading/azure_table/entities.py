"""Entities, as JSON has them, become columns of text, a page at a time, and those that are no leads are set aside."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from leadanalytics.reading.contents import Contents


def to_contents(batches: Iterable[pa.RecordBatch]) -> Contents:
    """Return what the pages of a table hold: leads by layout, and the rest set aside with reasons.

    Each batch is the `rows` of one page; columns may differ from page to page.
    """
    raise NotImplementedError
