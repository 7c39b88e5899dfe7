"""A proxy in front of a table service that spoils chosen answers.

    with faulty_proxy(port, cut(), when=lambda number: number == 2) as proxy:
        ...  # ask proxy.port; proxy.fault = None heals it

A fault is a function that gets the connection and the answer of the service and sends what it likes.
"""

import contextlib
import http.client
import json
import re
import time
from dataclasses import dataclass, field

from quiet_server import QuietHandler, serving

SECRET_IN_BODY = "ana.secret@example.com"


@dataclass
class Answer:
    """What the service said."""

    status: int
    headers: dict
    body: bytes


@dataclass
class Proxy:
    """Which answers are spoiled, and how."""

    upstream: int
    fault: object
    when: object
    port: int = 0
    requests: list = field(default_factory=list)
    authorizations: set = field(default_factory=set)


@contextlib.contextmanager
def faulty_proxy(upstream, fault=None, when=lambda number: True):
    """Run a proxy for the service on a port; `when` gets the number of a request, from 1, and chooses the spoiled."""
    proxy = Proxy(upstream, fault, when)
    with serving(_Handler, proxy=proxy) as proxy.port:
        yield proxy


class _Handler(QuietHandler):
    def do_GET(self):
        self.proxy.requests.append(self.path)
        self.proxy.authorizations.add(self.headers.get("Authorization", ""))
        fault = self.proxy.fault if self.proxy.when(len(self.proxy.requests)) else None
        (fault or send)(self, self.ask())

    def ask(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.proxy.upstream)
        with contextlib.closing(connection):
            connection.request("GET", self.path, headers=dict(self.headers))
            response = connection.getresponse()
            hop = ("transfer-encoding", "content-length", "connection", "keep-alive")
            headers = {name: value for name, value in response.getheaders() if name.lower() not in hop}
            return Answer(response.status, headers, response.read())


def send(connection, answer, *, body=None, length=None, chunked=False):
    """Send an answer as it is, or a part of it under the length of the whole."""
    body = answer.body if body is None else body
    connection.send_response_only(answer.status)
    for name, value in answer.headers.items():
        connection.send_header(name, value)
    if chunked:
        connection.send_header("Transfer-Encoding", "chunked")
    else:
        connection.send_header("Content-Length", str(len(answer.body) if length is None else length))
    connection.end_headers()
    connection.wfile.write(b"%x\r\n%b\r\n" % (len(body), body) if chunked else body)


def status(code, **headers):
    """Answer with a status and headers; the body quotes a lead, as a service's may."""

    def fault(connection, answer):
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        body = json.dumps({"odata.error": {"code": "Injected", "message": {"value": SECRET_IN_BODY}}}).encode()
        send(connection, Answer(code, given, body))

    return fault


def hang_up(connection, answer):
    """Close the connection without a word."""
    connection.close_connection = True


def cut(*, chunked=False):
    """Close the connection in the middle of the body."""

    def fault(connection, answer):
        send(connection, answer, body=answer.body[: len(answer.body) // 2], chunked=chunked)
        connection.close_connection = True

    return fault


def replaced_by(body, content_type="application/json"):
    """Send another body with status 200, without a continuation."""

    def fault(connection, answer):
        send(connection, Answer(200, {"Content-Type": content_type}, body))

    return fault


def half_the_json(connection, answer):
    """Send the first half of the body as if it were all."""
    half = answer.body[: len(answer.body) // 2]
    send(connection, answer, body=half, length=len(half))


def stall(seconds):
    """Say nothing for some seconds, then hang up."""

    def fault(connection, answer):
        time.sleep(seconds)
        connection.close_connection = True

    return fault


def drip(pieces, pause):
    """Send the body in pieces with pauses: each comes soon, the whole does not."""

    def fault(connection, answer):
        send(connection, answer, body=b"")
        size = len(answer.body) // pieces + 1
        for start in range(0, len(answer.body), size):
            connection.wfile.write(answer.body[start : start + size])
            time.sleep(pause)

    return fault


def without_continuation(connection, answer):
    """Drop the headers that say that there is more."""
    answer.headers = {
        name: value for name, value in answer.headers.items() if not re.match("x-ms-continuation", name, re.IGNORECASE)
    }
    send(connection, answer)


def with_continuation(name, token):
    """Send the same continuation with every answer."""

    def fault(connection, answer):
        answer.headers[f"x-ms-continuation-{name}"] = token
        send(connection, answer)

    return fault


LOGIN_PAGE = b"<html><body>Welcome to the guests' network</body></html>"
# Every way in which an answer can fail.
FAULTS = {
    "503": status(503),
    "500": status(500),
    "502": status(502),
    "408": status(408),
    "429 for an hour": status(429, Retry_After="3600"),
    "closed connection": hang_up,
    "cut body": cut(),
    "cut chunked body": cut(chunked=True),
    "half the JSON": half_the_json,
    "nothing": replaced_by(b""),
    "login page": replaced_by(LOGIN_PAGE, "text/html"),
    "redirection": status(302, Location="http://login.example/"),
    "JSON without value": replaced_by(b'{"odata.metadata": "it"}'),
    "another list": replaced_by(b'{"value": [{"name": "it"}]}'),
    "stall": stall(1.2),
    "slow drip": drip(40, 0.05),
}
