"""The server under the endpoint: one process, one address, and an orderly end."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from leadanalytics.errors import MissingExtraError, OptionError
from leadanalytics.reading.receiver.connections import impatient_protocol
from leadanalytics.reading.receiver.limits import Limits

try:
    import uvicorn
except ImportError:
    raise MissingExtraError("uvicorn", extra="receive") from None

if TYPE_CHECKING:
    from starlette.applications import Starlette

_LAST_PORT = 65_535


def serve(
    app: Starlette,
    *,
    host: str = "127.0.0.1",
    port: int = 8080,
    limits: Limits | None = None,
    announce: Callable[[str], None] = lambda address: None,
) -> None:
    """Serve an endpoint from the main thread until SIGTERM or SIGINT; answers under way are finished first.

    Neither the server nor its access log writes a path anywhere, as it holds the secret, and `X-Forwarded-For` is
    not believed.

    Parameters
    ----------
    app : starlette.applications.Starlette
        As from `make_receiver`.
    host : str
        The address to listen at; the default is reached from this machine only, where the proxy with TLS is.
    port : int
        0 takes one that is free.
    limits : Limits, optional
        Connections and times; the defaults of `Limits` where not given.
    announce : callable
        Called with the address, such as http://127.0.0.1:8080, once connections are taken.

    Raises
    ------
    OptionError
        When the address cannot be had.

    Examples
    --------
    >>> serve(app, port=8080)  # doctest: +SKIP
    """
    limits = limits or Limits()
    server = uvicorn.Server(_configuration(app, limits))
    with _listen(host, port) as listener, _stopped_by_signals(server):
        shown = f"[{host}]" if ":" in host else host
        announce(f"http://{shown}:{listener.getsockname()[1]}")
        server.run(sockets=[listener])


def _configuration(app: Starlette, limits: Limits) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=impatient_protocol(limits.read_seconds),
        ws="none",
        # Its access log shows whole paths, its log of traces the whole request.
        access_log=False,
        log_config=None,
        log_level="error",
        proxy_headers=False,
        server_header=False,
        limit_concurrency=limits.connections,
        timeout_graceful_shutdown=limits.stop_seconds,
    )


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= _LAST_PORT:
        raise OptionError(f"a port is a number from 0 to {_LAST_PORT:,}", found=str(port))
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise OptionError(
            f"cannot listen at {host}, port {port}",
            found=error.strerror,
            next_step="choose another --port or --host",
        ) from None
    # Inherited by every connection: an answer is sent as head and body, and without this the body waits 40 ms for the
    # sender to confirm the head.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


@contextmanager
def _stopped_by_signals(server: uvicorn.Server) -> Iterator[None]:
    """Stop a server on a signal that comes before it minds signals itself.

    It also raises each signal again after it has stopped, which would end this process with the signal's exit code.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
