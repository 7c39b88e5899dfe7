"""Connections that end when nothing comes: a request that is begun must be whole in time, or it holds a place."""

from __future__ import annotations

import asyncio

from leadanalytics.errors import MissingExtraError

try:
    from uvicorn.protocols.http.h11_impl import H11Protocol
except ImportError:
    raise MissingExtraError("uvicorn", extra="receive") from None


def impatient_protocol(seconds: float) -> type[asyncio.Protocol]:
    """Return uvicorn's protocol with a limit on the time for the head of a request, which uvicorn has not.

    The time for the body is limited where the body is read.

    Parameters
    ----------
    seconds : float
        From the connection, or from the first byte after an answer, to the end of the head [s].
    """

    class ImpatientProtocol(H11Protocol):
        _giving_up: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            super().connection_made(transport)  # type: ignore[arg-type]
            self._watch()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._watch()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_watching()
            super().connection_lost(exc)

        def _watch(self) -> None:
            if self.cycle is not None and not self.cycle.response_complete:
                self._stop_watching()
            elif self._giving_up is None:
                self._giving_up = self.loop.call_later(seconds, self.transport.close)

        def _stop_watching(self) -> None:
            if self._giving_up is not None:
                self._giving_up.cancel()
            self._giving_up = None

    return ImpatientProtocol
