"""A table is read page by page, from its first row to its proven end.

The service ends a page when it likes, also with no row in it, and says by a continuation token where to go on. An
answer without a token claims to be the last. A proxy that drops the token makes the same claim, so after it two more
queries look for rows: behind the last one in its partition, and in the partitions after that. Rows found there are
read like all others. (One query with an `or` would make the service read the whole table.)
"""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from leadanalytics.errors import BrokenAnswerError, TableError
from leadanalytics.reading.azure_table.accounts import LeadTable
from leadanalytics.reading.azure_table.entities import to_batch
from leadanalytics.reading.azure_table.patience import USUAL, Patience
from leadanalytics.reading.azure_table.requests import connection
from leadanalytics.reading.azure_table.retrying import Pause, ask

# Without these a row has no identity and no time.
KEYS = ("PartitionKey", "RowKey", "Timestamp")

Place = dict[str, Any]
"""Where a scan stands: the service's continuation token and the last key, `after`; behind the end also `phase`."""


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
        Whether it was asked for after what the service had called the end.
    """

    rows: pa.RecordBatch
    token: Place | None
    date: str | None = None
    request_id: str | None = None
    attempts: int = 1
    beyond_end: bool = False


def scan_pages(
    table: LeadTable,
    *,
    filter: str | None = None,
    select: Sequence[str] | None = None,
    resume: Place | None = None,
    patience: Patience = USUAL,
    check_end: bool = True,
    pause: Pause = time.sleep,
) -> Generator[Page, None, None]:
    """Yield the pages of a table; the last one has the token None and may be empty, as may any other.

    Parameters
    ----------
    table : LeadTable
        As from `open_table`.
    filter : str, optional
        Of the service's query language, such as "PartitionKey eq '2024-02-27'".
    select : sequence of str, optional
        The properties to read, all by default; the keys and the time always come along.
    resume : dict, optional
        The token of the last page that was stored, or an error's `resume`; only with the same filter and select.
    patience : Patience, optional
        How often and how long to wait.
    check_end : bool, optional
        Look for rows behind the end that the service declared; costs two requests.
    pause : callable, optional
        Waits for a number of seconds between two attempts.

    Raises
    ------
    TableError
        When a page does not come; `rows` says how many were yielded, `resume` where to go on.
    """
    rows, place, last, seen = 0, resume or {}, (resume or {}).get("after"), set[str]()
    with connection(table, patience) as client:
        while True:
            query = _query(place, filter, select)
            try:
                _refuse_repeated(query, seen)
                answer = ask(client, table, query, patience=patience, pause=pause)
            except TableError as error:
                error.rows, error.resume = rows, place or None
                raise
            batch = to_batch(answer.entities)
            rows += batch.num_rows
            last = last_key(batch) or last
            next_place = _next_place(place, answer.continuation, last if check_end else None)
            yield Page(batch, next_place, answer.date, answer.request_id, answer.attempts, "phase" in place)
            if next_place is None:
                return
            place = next_place


def key_literal(key: str) -> str:
    """Return a key as a text of the service's query language.

    Examples
    --------
    >>> key_literal("O'Hara")
    "'O''Hara'"
    """
    return "'" + key.replace("'", "''") + "'"


def both(*filters: str | None) -> str | None:
    """Return a filter that lets through what all of some filters do.

    Examples
    --------
    >>> both("PartitionKey ge 'a'", None, "Timestamp gt datetime'2024-01-01T00:00:00Z'")
    "(PartitionKey ge 'a') and (Timestamp gt datetime'2024-01-01T00:00:00Z')"
    """
    given = [each for each in filters if each]
    return " and ".join(f"({each})" for each in given) if len(given) > 1 else "".join(given) or None


def rest_of_partition(key: Sequence[str]) -> str:
    """Return the filter for the rows behind a key in its own partition."""
    return f"PartitionKey eq {key_literal(key[0])} and RowKey gt {key_literal(key[1])}"


def later_partitions(key: Sequence[str]) -> str:
    """Return the filter for the rows in the partitions after that of a key."""
    return f"PartitionKey gt {key_literal(key[0])}"


def last_key(rows: pa.RecordBatch) -> list[str] | None:
    """Return the key of the last row, or None without rows."""
    return [rows.column(name)[-1].as_py() for name in KEYS[:2]] if rows.num_rows else None


_PHASES = {"rest of partition": rest_of_partition, "later partitions": later_partitions}


def _query(place: Place, filter: str | None, select: Sequence[str] | None) -> dict[str, str]:
    beyond = _PHASES[place["phase"]](place["after"]) if "phase" in place else None
    query = {"$filter": both(filter, beyond) or "", "$select": _selected(select)}
    continuation = {name: place[name] for name in ("NextPartitionKey", "NextRowKey") if name in place}
    return {name: value for name, value in query.items() if value} | continuation


def _selected(select: Sequence[str] | None) -> str:
    return ",".join(dict.fromkeys([*KEYS, *select])) if select is not None else ""


def _next_place(place: Place, continuation: dict[str, str], last: Sequence[str] | None) -> Place | None:
    """Return where to go on after an answer, or None at the proven end.

    Without a last key there is nothing to look behind, and nothing is proven.
    """
    if continuation:
        # The last key goes along, so that a scan that goes on from here can look behind it.
        along = {"after": list(last)} if last else {}
        return (along if "phase" not in place else {name: place[name] for name in ("phase", "after")}) | continuation
    if last is None:
        return None
    if "phase" not in place or list(last) != list(place["after"]):  # rows came, and perhaps their token was dropped
        return {"phase": "rest of partition", "after": list(last)}
    if place["phase"] == "rest of partition":
        return {"phase": "later partitions", "after": list(last)}
    return None


def _refuse_repeated(query: dict[str, str], seen: set[str]) -> None:
    """Refuse to ask what was asked before, for the scan would go round in circles."""
    mark = json.dumps(query)
    if mark in seen:
        raise BrokenAnswerError(
            "the table sends the same continuation token again",
            found="a scan that goes round in circles",
            next_step="look for a proxy or a cache between here and the service",
        )
    seen.add(mark)
