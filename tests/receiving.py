"""A real receiver in a process of its own, and clients that post to it."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from leadanalytics.cli.receiver import SECRET as VARIABLE

SECRET = "an-invented-secret-of-the-tests"
COMMAND = "import typer; from leadanalytics.cli.receiver import receive; typer.run(receive)"
ROOT = Path(__file__).parent.parent


def lead(number, **changes):
    """Return a posted lead of an invented person."""
    details = {"FirstName": "Zoë", "LastName": f"No {number}", "Email": f"zoe{number}@example.com", "Country": "US"}
    return {
        "UserDetails": details | {"Phone": "", "Company": "Example Ltd", "Title": "CTO"},
        "LeadSource": "AzureMarketplace-INS|contoso.app",
        "ActionCode": "INS",
        "OfferTitle": "Contoso App",
        "Description": "Campaigns: ",
        **changes,
    }


class Receiver:
    """A running receiver."""

    def __init__(self, process):
        self.process = process
        self.notices = []
        for line in process.stdout:
            self.notices.append(line)
            if "http://" in line:
                break
        else:
            raise RuntimeError(f"the receiver ended: {process.stderr.read()}")
        self.port = int(line.partition("http://127.0.0.1:")[2].partition("/")[0])

    def post(self, body, *, path=f"/{SECRET}", method="POST", **headers):
        """Send a request in one piece and return status, headers and text of the answer."""
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        given = {"Content-Type": "application/json", "Content-Length": len(data)} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value is not None)
        return self.send(f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{head}\r\n".encode() + data)

    def send(self, request):
        """Send bytes and return status, headers and text of the answer."""
        with self.connect() as connection:
            connection.sendall(request)
            return answer_on(connection, request.partition(b" ")[0].decode())

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def stop(self, number=signal.SIGTERM):
        """Stop it with a signal and return its exit code, the rest of its output and its errors."""
        self.process.send_signal(number)
        return self.end()

    def end(self):
        said, errors = self.process.communicate(timeout=30)
        return self.process.returncode, said, errors


def answer_on(connection, method="POST"):
    answer = http.client.HTTPResponse(connection, method=method)
    answer.begin()
    with answer:
        return answer.status, answer.headers, answer.read().decode()


@contextlib.contextmanager
def receiving(*options, command=COMMAND, **environment):
    """Give a receiver that runs with some options of the command line, and kill it if it still runs then."""
    process = subprocess.Popen(
        [sys.executable, "-c", command, *map(str, options)],
        env=os.environ | {VARIABLE: SECRET, "PYTHONPATH": str(ROOT)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield Receiver(process)
        finally:
            process.kill()


@contextlib.contextmanager
def serving(folder, **limits):
    """Give a receiver that writes to a folder within some limits."""
    command = (
        "from leadanalytics.reading.receiver import *\n"
        f"limits = Limits(**{limits!r})\n"
        f"folder, secret = {str(folder)!r}, read_secret({VARIABLE!r})\n"
        "app = make_receiver(Journal(folder), secret=secret, limits=limits, dead_letters=DeadLetters(folder))\n"
        "serve(app, port=0, limits=limits, announce=lambda address: print(address + '/', flush=True))\n"
    )
    with receiving(command=command) as receiver:
        yield receiver


def lines_of(folder):
    """Return the lines of a folder's journal as values."""
    return [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_bytes().splitlines()]
