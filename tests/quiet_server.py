"""A web server of this machine for the time of a test, which says nothing on the terminal."""

import contextlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class QuietHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request, client_address):
        """Say nothing of clients that hang up."""


@contextlib.contextmanager
def serving(handler, *, port=0, **attributes):
    """Serve on a port of this machine, a free one by default, and give it; the handler gets the attributes."""
    with _Server(("127.0.0.1", port), type("Handler", (handler,), attributes)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
