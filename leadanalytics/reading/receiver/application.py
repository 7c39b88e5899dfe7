"""The endpoint itself: which requests are leads, and what each is answered."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import time
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from leadanalytics.errors import MissingExtraError, ReadError, TableError
from leadanalytics.reading.receiver.bodies import Body, read_body
from leadanalytics.reading.receiver.dead_letters import DeadLetters
from leadanalytics.reading.receiver.envelopes import Receipt, ReceivedLead
from leadanalytics.reading.receiver.limits import Limits, TokenBucket
from leadanalytics.reading.receiver.repeats import Repeats
from leadanalytics.reading.receiver.request_bodies import CLOSE, discard, read_whole, too_large
from leadanalytics.reading.receiver.url_secret import UrlSecret

try:
    from starlette.applications import Starlette
    from starlette.exceptions import HTTPException
    from starlette.requests import Request
    from starlette.responses import PlainTextResponse
    from starlette.routing import Mount, Route
except ImportError:
    raise MissingExtraError("starlette", extra="receive") from None

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

WINDOW = timedelta(minutes=10)
# Microsoft posts application/json; hand-made tests and some relays post JSON under the others.
_MEDIA_TYPES = ("application/json", "text/json", "text/plain", "")
_TRY_AGAIN_SECONDS = 5
_log = logging.getLogger(__name__)


class Destination(Protocol):
    """Where leads go."""

    def write(self, lead: ReceivedLead) -> bool:
        """Return when a lead is durably written: True, or False where it was there already.

        Called from several threads at once.
        """

    def receipts(self, since: datetime) -> Iterable[Receipt]:
        """Return the receipts of the leads that came since a time, as far as the destination does not know repeats."""


@dataclass
class Counts:
    """What a receiver has answered."""

    received: int = 0
    repeated: int = 0
    rejected: int = 0
    refused: int = 0
    failed: int = 0

    def __str__(self) -> str:
        """Return the counts as one line."""
        return (
            f"received {self.received:,}, repeated {self.repeated:,}, rejected {self.rejected:,} (no leads), "
            f"refused {self.refused:,} (over a limit), failed {self.failed:,} (not written, sender told to try again)"
        )


def make_receiver(
    destination: Destination,
    *,
    secret: UrlSecret,
    limits: Limits | None = None,
    window: timedelta = WINDOW,
    dead_letters: DeadLetters | None = None,
    counts: Counts | None = None,
) -> Starlette:
    """Return the ASGI application that takes posted leads and answers 200 only when one is durably written.

    Parameters
    ----------
    destination : Destination
        A `Journal` or a `LeadTable`.
    secret : UrlSecret
        What the last part of the path, or the query's `code`, must be; any other URL is answered 404.
    limits : Limits, optional
        Size, rate, bodies at once and time; the defaults of `Limits` where not given.
    window : timedelta
        How long the same body counts as a repeat, which is answered 200 and not written again.
    dead_letters : DeadLetters, optional
        Keeps the bodies that are no leads; without it they are only counted.
    counts : Counts, optional
        Counts what is answered.

    Returns
    -------
    starlette.applications.Starlette
        `GET /health` answers 200 without a secret.

    Examples
    --------
    >>> app = make_receiver(Journal("leads"), secret=read_secret("MY_SECRET"))  # doctest: +SKIP
    """
    limits = limits or Limits()
    # A lead that could not be written at first has the time at which it first came, so two leads may lie up to a window
    # apart in the wrong order; reading goes back that much further.
    receipts = destination.receipts(datetime.now(UTC) - 2 * window)
    reception = _Reception(
        destination, secret, limits, Repeats(window, receipts), dead_letters, Counts() if counts is None else counts
    )
    return Starlette(
        routes=[Route("/health", _health), Mount("/", app=reception.answer)], lifespan=reception.open_threads
    )


async def _health(request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok\n")


class _Reception:
    """Answers one request after another, from what it has seen so far."""

    def __init__(
        self,
        destination: Destination,
        secret: UrlSecret,
        limits: Limits,
        repeats: Repeats,
        dead_letters: DeadLetters | None,
        counts: Counts,
    ) -> None:
        self._destination, self._dead_letters = destination, dead_letters
        self._secret, self._limits, self._repeats, self._counts = secret, limits, repeats, counts
        self._bucket = TokenBucket(per_second=limits.leads_per_second, burst=limits.burst)
        self._bodies = 0

    @contextlib.asynccontextmanager
    async def open_threads(self, app: Starlette) -> AsyncIterator[None]:
        """Have threads for the writing, which all end their work before the application does."""
        with ThreadPoolExecutor(self._limits.bodies_at_once, "leads") as self._threads:
            yield

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        begin = time.monotonic()
        try:
            response = await self._respond(Request(scope), receive)
        except HTTPException as refusal:
            response = await self._refusal(refusal, receive)
        # A line without the path, which holds the secret.
        _log.info("%s %d in %.0f ms", scope["method"], response.status_code, 1e3 * (time.monotonic() - begin))
        await response(scope, receive, send)

    async def _respond(self, request: Request, receive: Receive) -> PlainTextResponse:
        # The secret comes first: without it a caller learns nothing, not even which methods there are.
        if not self._secret.opens(request.scope["path"], request.scope["query_string"].decode("latin-1")):
            raise HTTPException(404)
        if request.method != "POST":
            raise HTTPException(405, headers={"Allow": "POST"})
        try:
            return await self._take(request, receive)
        except HTTPException:
            self._counts.refused += 1
            raise
        except asyncio.CancelledError:
            # The time for answers under way is over after a signal to stop.
            return self._failed("stopping")
        except Exception as error:
            # Its message may quote a lead, so only its kind is told.
            _log.error("unexpected %s", type(error).__name__)
            return self._failed("an error of the receiver")

    async def _take(self, request: Request, receive: Receive) -> PlainTextResponse:
        self._check_rate()
        self._check_head(request)
        if self._bodies >= self._limits.bodies_at_once:
            raise HTTPException(503, "too many bodies at once", {"Retry-After": "1"})
        self._bodies += 1
        try:
            data = await read_whole(receive, largest=self._limits.body_bytes, seconds=self._limits.read_seconds)
            return await self._keep(data, datetime.now(UTC))
        finally:
            self._bodies -= 1

    def _check_rate(self) -> None:
        wait = self._bucket.take(time.monotonic())
        if wait:
            raise HTTPException(429, "too many leads", {"Retry-After": str(math.ceil(wait))})

    def _check_head(self, request: Request) -> None:
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not (media_type in _MEDIA_TYPES or media_type.endswith("+json")):
            raise HTTPException(415, "post application/json")
        if request.headers.get("content-encoding", "identity").lower() != "identity":
            raise HTTPException(415, "post without compression")
        # A length is digits or the server has refused the request; a chunked body has none and is counted as it comes.
        if int(request.headers.get("content-length", 0)) > self._limits.body_bytes:
            raise too_large(self._limits.body_bytes)

    async def _keep(self, data: bytes, now: datetime) -> PlainTextResponse:
        try:
            body = read_body(data)
            is_new = await self._repeats.write_once(body.digest, now, lambda received: self._write(received, body))
        except ReadError as unusable:
            return await self._reject(data, str(unusable), now)
        except (OSError, TableError) as error:
            _log.warning("not written: %s", error.strerror if isinstance(error, OSError) else error)
            return self._failed("not written")
        if is_new:
            self._counts.received += 1
        else:
            self._counts.repeated += 1
        return PlainTextResponse("received\n" if is_new else "received before\n")

    async def _write(self, received: datetime, body: Body) -> bool:
        lead = ReceivedLead(received, body)
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._destination.write, lead)

    async def _reject(self, data: bytes, reason: str, now: datetime) -> PlainTextResponse:
        self._counts.rejected += 1
        if self._dead_letters is not None:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._threads, self._dead_letters.keep, data, reason, now)
        return PlainTextResponse(f"{reason}\n", 400)

    async def _refusal(self, refusal: HTTPException, receive: Receive) -> PlainTextResponse:
        headers = dict(refusal.headers or {})
        if not CLOSE.items() <= headers.items() and not await discard(
            receive, largest=self._limits.body_bytes, seconds=self._limits.read_seconds
        ):
            headers |= CLOSE
        return PlainTextResponse(f"{refusal.detail}\n", refusal.status_code, headers)

    def _failed(self, reason: str) -> PlainTextResponse:
        self._counts.failed += 1
        return PlainTextResponse(f"{reason}\n", 503, {"Retry-After": str(_TRY_AGAIN_SECONDS)})
