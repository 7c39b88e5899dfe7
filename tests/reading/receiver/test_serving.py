import signal
import socket
import time

import pytest
from receiving import SECRET, answer_on, lead, lines_of, serving

from leadanalytics.errors import OptionError
from leadanalytics.reading.receiver.serving import serve


def half(body=b'{"LeadSource": "SPZA-INS|contoso.app"}'):
    head = f"POST /{SECRET} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body[:10], body[10:]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order_after_the_answers_under_way(tmp_path, number):
    first, rest = half()
    with serving(tmp_path) as receiver, receiver.connect() as connection:
        connection.sendall(first)
        receiver.post(lead(1))
        receiver.process.send_signal(number)
        with pytest.raises(ConnectionError):
            while True:  # until the signal has arrived
                receiver.connect().close()
                time.sleep(0.01)
        connection.sendall(rest)
        assert answer_on(connection)[0] == 200
        code, said, errors = receiver.end()
    assert (code, said, errors) == (0, "", "")
    assert len(lines_of(tmp_path)) == 2


def test_what_does_not_end_is_given_up_after_a_time(tmp_path):
    first, _ = half()
    with serving(tmp_path, stop_seconds=1) as receiver, receiver.connect() as connection:
        connection.sendall(first)
        receiver.post(lead(1))
        code, _, errors = receiver.stop()
        assert code == 0
        assert answer_on(connection)[0] == 503
    assert "Traceback" not in errors


def test_an_address_that_is_taken_is_an_error_that_says_what_to_do():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OptionError, match=f"cannot listen at 127.0.0.1, port {port}; .*choose another --port"):
            serve(None, port=port)
    with pytest.raises(OptionError, match="a port is a number from 0 to 65,535; found 70000"):
        serve(None, port=70_000)
