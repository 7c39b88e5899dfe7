"""Where to cut a table into ranges of its partition keys, found by a few questions for its next key."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from leadanalytics.errors import TableError
from leadanalytics.reading.azure_table.accounts import LeadTable
from leadanalytics.reading.azure_table.patience import Patience
from leadanalytics.reading.azure_table.requests import Answer, connection
from leadanalytics.reading.azure_table.retrying import ask
from leadanalytics.reading.azure_table.scanning import both, key_literal, later_partitions

_MOST_QUESTIONS = 40
# Printable ASCII: what keys consist of, as far as cuts are looked for.
_FIRST, _LAST = " ", "~"

NextKey = Callable[[str, str | None], str | None]
"""Gives the first partition key at or after a text and, where there is one, before another; None without one."""

Ask = Callable[[dict[str, str]], Answer]


def partition_filters(cuts: Sequence[str], *, after: Sequence[str] | None = None) -> list[str]:
    """Return filters that together let through every partition key exactly once.

    Parameters
    ----------
    cuts : sequence of str
        Partition keys, or beginnings of some, at which a new range begins.
    after : sequence of str, optional
        A key in front of the cuts: only the partitions after its own are meant.

    Examples
    --------
    >>> partition_filters(["2023", "2024"])
    ["PartitionKey lt '2023'", "PartitionKey ge '2023' and PartitionKey lt '2024'", "PartitionKey ge '2024'"]
    """
    # The order of the service: by the 16-bit units of the text.
    ordered = sorted(set(cuts), key=lambda cut: cut.encode("utf-16-be", "surrogatepass"))
    begins = [later_partitions(after) if after else None, *(f"PartitionKey ge {key_literal(cut)}" for cut in ordered)]
    ends = [*(f"PartitionKey lt {key_literal(cut)}" for cut in ordered), None]
    return [" and ".join(filter(None, pair)) for pair in zip(begins, ends)]


def find_cuts(next_key: NextKey, first: str, wanted: int) -> list[str]:
    """Return beginnings of partition keys that cut the keys from `first` on into ranges, none of them empty.

    The keys are walked like a tree of their characters, from the root, until there are enough cuts: the next key at or
    after a node's last character is its next child.

    Examples
    --------
    >>> keys = ["2022-11", "2023-01", "2023-02", "2024-07"]
    >>> def next_key(start, end):
    ...     return next((key for key in keys if key >= start and (end is None or key < end)), None)
    >>> find_cuts(next_key, "2022-11", wanted=3)
    ['2023', '2023-02', '2024']
    """
    cuts: list[str] = []
    nodes: deque[tuple[str, str]] = deque([("", first)])
    questions = 0
    while nodes and len(cuts) < wanted and questions < _MOST_QUESTIONS:
        node, key = nodes.popleft()
        end = node[:-1] + chr(ord(node[-1]) + 1) if node else None
        while len(key) > len(node) and _FIRST <= key[len(node)] < _LAST:
            child = key[: len(node) + 1]
            nodes.append((child, key))
            questions += 1
            following = next_key(node + chr(ord(child[-1]) + 1), end)
            if following is None:
                break
            key = following
            cuts.append(key[: len(node) + 1])
    return sorted(cuts)


def look_for_cuts(table: LeadTable, wanted: int, patience: Patience, first: str, stop: threading.Event) -> list[str]:
    """Return cuts behind a partition key; none when there are none, or looking fails or is to stop.

    To read the table in one piece may still go well then, and tells better what is wrong.
    """
    try:
        with connection(table, patience) as client:
            next_key = partial(_next_key, partial(ask, client, table, patience=patience, pause=stop.wait), stop)
            there = first or next_key("", None)
            return find_cuts(next_key, there, wanted) if there is not None else []
    except TableError:
        return []


def _next_key(
    ask: Callable[[dict[str, str]], Answer], stop: threading.Event, start: str, end: str | None
) -> str | None:
    below = f"PartitionKey lt {key_literal(end)}" if end else None
    filter = both(f"PartitionKey ge {key_literal(start)}", below) or ""
    query = {"$filter": filter, "$select": "PartitionKey,RowKey", "$top": "1"}
    while not stop.is_set():
        answer = ask(query)
        if answer.entities:
            return str(answer.entities[0]["PartitionKey"])
        if not answer.continuation:
            break
        query |= answer.continuation
    return None
