"""Calls that wait until a burst of changes is over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

__all__ = ["Delayed"]


class Delayed:
    """A callable that calls another one once, when it has not been called for a while.

    Without a running event loop, as in a script, the other one is called at once.

    Parameters
    ----------
    call : callable
        What to call, without arguments.
    seconds : float
        How long nothing must have happened.
    """

    def __init__(self, call: Callable[[], object], *, seconds: float) -> None:
        self._call, self._seconds = call, seconds
        self._waiting: asyncio.TimerHandle | None = None

    def __call__(self, *_: object) -> None:
        """Wait anew, whatever is passed."""
        if self._waiting is not None:
            self._waiting.cancel()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._call()
        else:
            self._waiting = loop.call_later(self._seconds, self._call)
