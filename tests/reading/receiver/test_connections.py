import pytest
from receiving import SECRET, answer_on, lead, serving


@pytest.fixture(scope="module")
def receiver(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("leads"), read_seconds=0.3) as running:
        yield running


def ends_without_answer(connection):
    return connection.recv(1000) == b""


def test_a_connection_on_which_nothing_comes_ends(receiver):
    with receiver.connect() as connection:
        assert ends_without_answer(connection)


def test_a_head_that_does_not_end_loses_its_connection(receiver):
    with receiver.connect() as connection:
        connection.sendall(f"POST /{SECRET} HTTP/1.1\r\nHost: localho".encode())
        assert ends_without_answer(connection)


def test_the_head_of_a_second_request_must_come_in_time_too(receiver):
    with receiver.connect() as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert answer_on(connection)[0] == 200
        connection.sendall(b"GET /health HT")
        assert ends_without_answer(connection)


def test_a_body_that_does_not_end_is_answered_and_loses_its_connection(receiver):
    with receiver.connect() as connection:
        connection.sendall(f"POST /{SECRET} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90\r\n\r\n{{".encode())
        status, headers, _ = answer_on(connection)
        assert (status, headers["Connection"]) == (408, "close")
        assert ends_without_answer(connection)


def test_others_are_served_meanwhile(receiver):
    with receiver.connect() as connection:
        connection.sendall(b"POST")
        assert receiver.post(lead(1))[0] == 200
