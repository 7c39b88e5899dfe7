import contextlib
import http.client
import json
import re
import resource
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from receiving import COMMAND, SECRET, lead, lines_of, receiving

import leadanalytics as la
from leadanalytics.cli.receiver import SECRET as VARIABLE
from leadanalytics.cli.receiver import receive
from leadanalytics.errors import OptionError, RejectsWarning

LEADS, CLIENTS = 3_000, 8
FAST = ("--rate", 1_000_000, "--burst", 1_000_000)
WITH_A_LOUD_LOG = f"import logging; logging.basicConfig(level=1); {COMMAND}"


def last_names(lines):
    return [line["body"]["UserDetails"]["LastName"] for line in lines]


class Client(threading.Thread):
    """Posts its leads one after another over one connection, each until it is acknowledged."""

    def __init__(self, port, numbers, acknowledged):
        super().__init__()
        self.port, self.numbers, self.acknowledged = port, numbers, acknowledged
        self.connection, self.is_over = None, False

    def run(self):
        for number in self.numbers:
            body = json.dumps(lead(number)).encode()
            while not self.post(body):
                if self.is_over:
                    return
                time.sleep(0.05)
            self.acknowledged.append(f"No {number}")
        self.connection.close()

    def give_up(self):
        self.is_over = True
        self.join()

    def post(self, body):
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            self.connection.request("POST", f"/{SECRET}", body, {"Content-Type": "application/json"})
            with self.connection.getresponse() as answer:
                answer.read()
                return answer.status == 200
        except (OSError, http.client.HTTPException):
            self.connection.close()
            self.connection = None
            return False


def test_no_acknowledged_lead_is_lost_or_doubled_when_the_receiver_is_killed_under_load(tmp_path):
    acknowledged = []
    with contextlib.ExitStack() as ending:
        with receiving("--to", tmp_path, "--port", 0, *FAST) as receiver:
            for start in range(CLIENTS):
                client = Client(receiver.port, range(start, LEADS, CLIENTS), acknowledged)
                client.start()
                ending.callback(client.give_up)
            while len(acknowledged) < LEADS / 2:
                assert receiver.process.poll() is None
                time.sleep(0.005)
            receiver.process.kill()
            receiver.process.wait()
        # Every answer that any client has seen is on disk at that moment.
        on_disk = set(re.findall(r"No \d+", "".join(path.read_text() for path in tmp_path.glob("*.jsonl"))))
        assert set(acknowledged) <= on_disk != {f"No {number}" for number in range(LEADS)}
        with receiving("--to", tmp_path, "--port", receiver.port, *FAST) as receiver:
            while len(acknowledged) < LEADS:
                assert receiver.process.poll() is None
                time.sleep(0.005)
            assert receiver.stop()[0] == 0
    # A line that the kill has cut is no JSON, and its lead was posted again.
    whole = [line for path in tmp_path.glob("*.jsonl") for line in path.read_text().splitlines() if line[-2:] == "}}"]
    counts = Counter(last_names(map(json.loads, whole)))
    assert counts == Counter(acknowledged) == Counter(f"No {number}" for number in range(LEADS))
    assert len(la.read_records(tmp_path).raw) == LEADS


def test_a_start_line_then_quiet_then_the_counts(tmp_path):
    with receiving("--to", tmp_path / "leads", "--port", 0) as receiver:
        receiver.post(lead(1))
        receiver.post(lead(1))
        receiver.post(b"[]")
        code, said, errors = receiver.stop()
    assert receiver.notices == [
        f"Receiving leads at http://127.0.0.1:{receiver.port}/<secret> into {tmp_path / 'leads'}\n"
    ]
    assert said == (
        "Stopped: received 1, repeated 1, rejected 1 (no leads), refused 0 (over a limit), "
        "failed 0 (not written, sender told to try again)\n"
    )
    assert (code, errors) == (0, "")
    # The one that was no lead lies where no reader of the folder looks.
    assert (tmp_path / "leads" / ".rejected" / "rejected.jsonl").exists()
    assert len(la.read_leads(tmp_path / "leads")) == 1


def test_a_repeat_is_known_after_a_kill_and_a_cut_line_is_told(tmp_path):
    with receiving("--to", tmp_path, "--port", 0) as receiver:
        receiver.post(lead(1))
        receiver.process.kill()
        receiver.process.wait()
    (path,) = tmp_path.glob("*.jsonl")
    path.write_bytes(path.read_bytes() + b'{"receivedAt":"2024-02-')
    with receiving("--to", tmp_path, "--port", 0) as receiver:
        assert receiver.notices[0].startswith(f"The last line of {path.name} was cut")
        assert receiver.post(lead(1))[::2] == (200, "received before\n")
        assert receiver.post(lead(2))[::2] == (200, "received\n")
        receiver.stop()
    with pytest.warns(RejectsWarning, match="1 of 3"):
        assert la.read_leads(tmp_path)["last_name"].tolist() == ["No 1", "No 2"]


def test_a_full_disk_is_answered_503_until_there_is_room(tmp_path):
    with receiving("--to", tmp_path, "--port", 0) as receiver:
        assert receiver.post(lead(1))[0] == 200
        (path,) = tmp_path.glob("*.jsonl")
        one = path.read_bytes()
        # The system then takes a part of the next line only, as a full disk does.
        limits = resource.prlimit(receiver.process.pid, resource.RLIMIT_FSIZE, (len(one) + 100, -1))
        status, headers, text = receiver.post(lead(2))
        assert (status, headers["Retry-After"], text) == (503, "5", "not written\n")
        assert path.read_bytes() == one
        resource.prlimit(receiver.process.pid, resource.RLIMIT_FSIZE, limits)
        assert receiver.post(lead(2))[::2] == (200, "received\n")
        _, said, errors = receiver.stop()
    assert last_names(lines_of(tmp_path)) == ["No 1", "No 2"]
    assert "failed 1 " in said
    assert errors == "not written: File too large\n"


def test_neither_secret_nor_lead_is_in_any_log_file_or_argument(tmp_path):
    with receiving("--to", tmp_path, "--port", 0, command=WITH_A_LOUD_LOG) as receiver:
        arguments = Path(f"/proc/{receiver.process.pid}/cmdline").read_bytes().decode()
        answers = [
            receiver.post(lead(1)),
            receiver.post(lead(1), path=f"/leads?code={SECRET}"),
            receiver.post(lead(2), Content_Type="text/html"),
            receiver.post(b'{"UserDetails": "someone@example.com'),
            receiver.post(b"", method="GET"),
            receiver.send(f"POST /{SECRET} HTTP/1.1\r\nBroken\r\n\r\n".encode()),
        ]
        _, said, errors = receiver.stop()
    assert [answer[0] for answer in answers] == [200, 200, 415, 400, 405, 400]
    assert "POST 200 in" in errors  # the log was loud indeed
    logged = f"{arguments} {receiver.notices} {said} {errors} {answers}"
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()).decode()
    assert SECRET not in logged + files
    assert not re.search("zoe|Zo|Contoso|someone", logged)


@pytest.mark.parametrize(
    "options, message",
    [
        ({}, "leads go to one place; give either --to FOLDER or --to-table NAME"),
        ({"to": Path("leads"), "to_table": "Leads"}, "leads go to one place"),
        ({"to": Path("leads"), "window": 0}, "--window is above 0 and at most 1,440 minutes; found 0"),
        ({"to": Path("leads"), "rate": 0}, "leads_per_second is above zero"),
        ({"to": Path("leads"), "secret_env": "INVENTED_VARIABLE"}, "INVENTED_VARIABLE holds no secret"),
        ({"to_table": "Leads", "connection_env": "INVENTED_VARIABLE"}, "INVENTED_VARIABLE holds no connection string"),
    ],
)
def test_a_wrong_option_is_an_error_that_says_what_to_do(options, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, SECRET)
    with pytest.raises(OptionError, match=message):
        receive(**options)
    assert list(tmp_path.iterdir()) == []
