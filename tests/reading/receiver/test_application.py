import base64
import json
import runpy
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest
from receiving import SECRET, answer_on, lead, lines_of, serving

import leadanalytics as la
from leadanalytics.errors import MissingExtraError
from leadanalytics.reading.receiver import application, connections, request_bodies
from leadanalytics.reading.receiver import serving as serving_room

CHUNKED = {"Transfer_Encoding": "chunked", "Content_Length": None}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("leads")


@pytest.fixture(scope="module")
def receiver(folder):
    with serving(folder, body_bytes=2_000, bodies_at_once=2) as running:
        yield running


def chunked(*parts):
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)


def written(folder, number):
    return [line for line in lines_of(folder) if line["body"]["UserDetails"]["LastName"] == f"No {number}"]


def test_a_posted_lead_is_in_the_journal_with_its_time_when_it_is_acknowledged(receiver, folder):
    assert receiver.post(lead(1))[::2] == (200, "received\n")
    (line,) = written(folder, 1)
    assert line["body"] == lead(1)
    age = datetime.now(UTC) - datetime.fromisoformat(line["receivedAt"])
    assert timedelta(0) <= age < timedelta(minutes=1)


def test_a_test_lead_of_the_marketplace_is_a_lead(receiver, folder):
    test = "MSFT_TEST_636573304831318844"
    details = {"FirstName": test, "LastName": "No 2", "Email": f"{test}@test.com", "Country": "US"}
    assert receiver.post(lead(2, UserDetails=details))[0] == 200
    assert len(written(folder, 2)) == 1


@pytest.mark.parametrize(
    "media_type", [None, "text/plain", "application/json; charset=utf-8", "APPLICATION/JSON", "application/vnd.x+json"]
)
def test_json_is_taken_under_the_names_that_senders_give_it(receiver, media_type):
    assert receiver.post(lead(3), Content_Type=media_type)[0] == 200


@pytest.mark.parametrize(
    "headers", [{"Content_Type": "text/html"}, {"Content_Type": "multipart/form-data"}, {"Content_Encoding": "gzip"}]
)
def test_other_types_and_compression_are_refused(receiver, headers):
    assert receiver.post(lead(4), **headers)[0] == 415


def test_a_body_in_chunks_is_a_body(receiver, folder):
    text = json.dumps(lead(5)).encode()
    assert receiver.post(chunked(text[:7], text[7:], b""), **CHUNKED)[0] == 200
    assert len(written(folder, 5)) == 1


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD", "STRANGE"])
def test_other_methods_are_refused(receiver, method):
    status, headers, _ = receiver.post(b"", method=method)
    assert (status, headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize("method", ["POST", "GET", "HEAD", "STRANGE"])
@pytest.mark.parametrize("path", ["/", "/leads", f"/{SECRET}x", "/?code=wrong", "/%FF"])
def test_without_the_secret_there_is_nothing(receiver, method, path):
    status, _, text = receiver.post(lead(6), path=path, method=method)
    assert (status, text) in ((404, "Not Found\n"), (404, ""))


def test_the_secret_may_stand_in_the_query_or_after_a_prefix(receiver, folder):
    assert receiver.post(lead(7), path=f"/leads?code={SECRET}")[0] == 200
    assert receiver.post(lead(8), path=f"/hooks/microsoft/{SECRET}")[0] == 200
    assert len(written(folder, 7) + written(folder, 8)) == 2


def test_health_needs_no_secret_and_tells_nothing(receiver):
    assert receiver.post(b"", path="/health", method="GET")[::2] == (200, "ok\n")


def test_a_body_that_says_it_is_too_large_is_refused_before_it_comes(receiver):
    request = f"POST /{SECRET} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2001\r\n\r\n".encode()
    status, headers, text = receiver.send(request)
    assert (status, headers["Connection"], text) == (413, "close", "larger than 2,000 bytes\n")


def test_a_body_in_chunks_that_is_too_large_is_refused_before_its_end(receiver):
    status, headers, _ = receiver.post(chunked(b" " * 1_500, b" " * 1_500), **CHUNKED)
    assert (status, headers["Connection"]) == (413, "close")


def test_a_body_of_just_the_largest_size_is_taken(receiver):
    text = json.dumps(lead(9)).encode()
    assert receiver.post(text.ljust(2_000))[0] == 200


def test_bodies_at_once_are_limited(receiver):
    head = f"POST /{SECRET} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n".encode()
    with receiver.connect() as first, receiver.connect() as second:
        first.sendall(head)
        second.sendall(head)
        # Until both have come in, a third is taken.
        answers = iter(lambda: receiver.post(lead(10))[:2], None)
        status, headers = next(answer for answer in answers if answer[0] != 200)
        assert (status, headers["Retry-After"]) == (503, "1")
        for connection in (first, second):
            connection.sendall(b"[1,2]")
            assert answer_on(connection)[0] == 400
    assert receiver.post(lead(11))[0] == 200


def test_a_connection_serves_again_after_any_body_that_was_read(receiver):
    requests = [("POST", f"/{SECRET}", b"[1]"), ("POST", "/wrong", b"[1]"), ("PUT", f"/{SECRET}", b"[1]")]
    with receiver.connect() as connection:
        statuses = []
        for method, path, body in requests:
            connection.sendall(f"{method} {path} HTTP/1.1\r\nHost: h\r\nContent-Length: {len(body)}\r\n\r\n".encode())
            connection.sendall(body)
            statuses.append(answer_on(connection)[0])
    assert statuses == [400, 404, 405]


def test_the_same_lead_at_once_and_later_is_one_line(receiver, folder):
    answers = []
    posts = [threading.Thread(target=lambda: answers.append(receiver.post(lead(12))[0])) for _ in range(2)]
    for post in posts:
        post.start()
    for post in posts:
        post.join()
    spaced = json.dumps(lead(12), indent=1).encode()
    assert receiver.post(spaced)[::2] == (200, "received before\n")
    assert set(answers) <= {200, 503}
    assert len(written(folder, 12)) == 1


def test_a_details_only_lead_is_kept_and_accounted_for(receiver, folder):
    assert receiver.post({"UserDetails": {"LastName": "No 13"}})[0] == 200
    assert len(written(folder, 13)) == 1


@pytest.mark.parametrize(
    "body, reason", [(b'{"a": ', "not JSON"), (b"\xff", "not UTF-8"), (b'{"hello": "world"}', "no lead")]
)
def test_no_lead_is_refused_with_a_reason_and_kept_where_no_reader_looks(receiver, folder, body, reason):
    status, _, text = receiver.post(body)
    assert status == 400
    assert text.startswith(reason)
    assert "world" not in text
    kept = json.loads((folder / ".rejected" / "rejected.jsonl").read_text().splitlines()[-1])
    assert kept["reason"] == text.strip()
    assert kept.get("text", "").encode() == body or base64.b64decode(kept["base64"]) == body


def test_read_leads_reads_all_that_is_in_the_journal(receiver, folder):
    delivery = la.read_records(folder)
    assert delivery.raw.attrs["delivered"] == len(lines_of(folder))
    # Only what has details and nothing else is no lead of the layout.
    assert delivery.rejects["reason"].tolist() == ["no lead: its keys prove no layout"]
    assert la.decode_leads(delivery.raw)["created_at"].notna().all()


def test_the_rate_is_limited_with_a_time_to_come_again(tmp_path):
    with serving(tmp_path, leads_per_second=0.01, burst=2) as receiver:
        assert [receiver.post(lead(number))[0] for number in range(2)] == [200, 200]
        status, headers, _ = receiver.post(lead(3))
        assert status == 429
        assert 90 <= int(headers["Retry-After"]) <= 100
        # Neither costs a token.
        assert receiver.post(lead(3), path="/guess")[0] == 404
        assert receiver.post(b"", path="/health", method="GET")[0] == 200


@pytest.mark.parametrize("room", [application, connections, request_bodies, serving_room])
def test_a_missing_extra_is_named_with_the_line_that_installs_it(room, monkeypatch):
    for name in ("starlette.applications", "starlette.exceptions", "uvicorn", "uvicorn.protocols.http.h11_impl"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtraError, match=r"is not installed; pip install 'leadanalytics\[receive\]'"):
        runpy.run_path(room.__file__)
