"""The body of a request, read up to a size and a time, whether or not it says how long it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from leadanalytics.errors import MissingExtraError

try:
    from starlette.exceptions import HTTPException
    from starlette.requests import ClientDisconnect
except ImportError:
    raise MissingExtraError("starlette", extra="receive") from None

if TYPE_CHECKING:
    from starlette.types import Receive

# Goes with an answer before the end of a body: the server then reads no more of it and ends the connection.
CLOSE = {"Connection": "close"}


async def read_whole(receive: Receive, *, largest: int, seconds: float) -> bytes:
    """Return the body of a request.

    Parameters
    ----------
    receive : callable
        The ASGI channel of the request.
    largest : int
        The most that is read [bytes]; reading stops with the part that goes beyond.
    seconds : float
        The time for all of it [s], however slowly it comes.

    Raises
    ------
    HTTPException
        413 when it is larger, 408 when it takes longer, 400 when the sender goes away; each ends the connection.
    """
    data = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for part in _parts(receive):
                data += part
                if len(data) > largest:
                    raise too_large(largest)
    except TimeoutError:
        raise HTTPException(408, "the body did not come in time", CLOSE) from None
    except ClientDisconnect:
        raise HTTPException(400, "the body was cut", CLOSE) from None
    return bytes(data)


async def discard(receive: Receive, *, largest: int, seconds: float) -> bool:
    """Read a body without keeping it and tell whether that was all; only then may the connection be used again.

    A sender in the middle of a body might see a broken connection in place of an early answer, so what is left of a
    body of allowed size is taken first.
    """
    size = 0
    try:
        async with asyncio.timeout(seconds):
            async for part in _parts(receive):
                size += len(part)
                if size > largest:
                    return False
    except (TimeoutError, ClientDisconnect):
        return False
    return True


def too_large(largest: int) -> HTTPException:
    """Return the refusal of a body that is larger than allowed."""
    return HTTPException(413, f"larger than {largest:,} bytes", CLOSE)


async def _parts(receive: Receive) -> AsyncIterator[bytes]:
    is_more = True
    while is_more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        yield message.get("body", b"")
        is_more = message.get("more_body", False)
