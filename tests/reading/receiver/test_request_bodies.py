import asyncio

import pytest
from starlette.exceptions import HTTPException

from leadanalytics.reading.receiver.request_bodies import CLOSE, discard, read_whole


class Sender:
    """Gives the parts of a body one after another and notes how many were taken."""

    def __init__(self, *parts, ends_with=None):
        last = ends_with or {"type": "http.request", "body": b"", "more_body": False}
        self.messages = [*({"type": "http.request", "body": part, "more_body": True} for part in parts), last]
        self.taken = 0

    async def receive(self):
        self.taken += 1
        if self.taken > len(self.messages):
            await asyncio.Event().wait()
        return self.messages[self.taken - 1]


def read(sender, largest=10, seconds=60):
    return asyncio.run(read_whole(sender.receive, largest=largest, seconds=seconds))


def test_the_parts_make_the_body():
    assert read(Sender(b"ab", b"", b"cd")) == b"abcd"


def test_reading_stops_with_the_part_that_is_too_much():
    sender = Sender(b"12345", b"67890", b"1", b"2", b"3")
    with pytest.raises(HTTPException) as raised:
        read(sender)
    assert (raised.value.status_code, raised.value.headers) == (413, CLOSE)
    assert sender.taken == 3


def test_a_body_that_does_not_end_in_time_is_refused():
    sender = Sender(b"1", ends_with={"type": "http.request", "body": b"2", "more_body": True})
    with pytest.raises(HTTPException) as raised:
        read(sender, seconds=0.05)
    assert (raised.value.status_code, raised.value.headers) == (408, CLOSE)


def test_a_body_whose_sender_goes_away_is_refused():
    with pytest.raises(HTTPException) as raised:
        read(Sender(b"1", ends_with={"type": "http.disconnect"}))
    assert (raised.value.status_code, raised.value.headers) == (400, CLOSE)


@pytest.mark.parametrize(
    "sender, is_all",
    [
        (Sender(b"12345", b"67890"), True),
        (Sender(b"12345", b"67890", b"1"), False),
        (Sender(b"1", ends_with={"type": "http.disconnect"}), False),
        (Sender(b"1", ends_with={"type": "http.request", "body": b"2", "more_body": True}), False),
    ],
)
def test_what_is_discarded_has_the_same_limits(sender, is_all):
    assert asyncio.run(discard(sender.receive, largest=10, seconds=0.05)) is is_all
