"""A sender that did not hear an answer posts again: the same body within a window is one lead."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from leadanalytics.reading.receiver.envelopes import Receipt


@dataclass
class _Known:
    """When a body first came, and whether it is written."""

    received: datetime
    is_written: bool = False
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Repeats:
    """The bodies that came within a window of time, by their digests.

    Parameters
    ----------
    window : timedelta
        Counted from when a body first came.
    receipts : iterable of Receipt
        What an earlier process wrote.
    """

    def __init__(self, window: timedelta, receipts: Iterable[Receipt] = ()) -> None:
        self._window = window
        # In the order in which they came, so that the oldest are found at once.
        self._known: OrderedDict[str, _Known] = OrderedDict()
        for receipt in sorted(receipts):
            self._known[receipt.digest] = _Known(receipt.received, is_written=True)

    async def write_once(self, digest: str, now: datetime, write: Callable[[datetime], Awaitable[bool]]) -> bool:
        """Write a body unless that is done, and tell whether it was written now.

        Whoever posts it while it is being written waits for the outcome, and tries in turn if that is a failure.

        Parameters
        ----------
        digest : str
            Of the body.
        now : datetime
            When it came.
        write : callable
            Writes the body as one that came at a given time, the first at which it was seen: a destination that
            names leads by their time gives them the same name again. Returns False where it is there already.
        """
        self._forget(now - self._window)
        known = self._known.setdefault(digest, _Known(now))
        async with known.lock:
            if known.is_written:
                return False
            is_new = await write(known.received)
            known.is_written = True
            return is_new

    def _forget(self, before: datetime) -> None:
        while self._known and next(iter(self._known.values())).received < before:
            self._known.popitem(last=False)
