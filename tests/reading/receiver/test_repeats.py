import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from leadanalytics.reading.receiver.envelopes import Receipt
from leadanalytics.reading.receiver.repeats import Repeats

NOW = datetime(2024, 2, 27, 12, tzinfo=UTC)
WINDOW = timedelta(minutes=10)


def minutes(number):
    return NOW + timedelta(minutes=number)


class Book:
    """Notes when each write is asked for, and fails as often as it is told to."""

    def __init__(self, failures=0):
        self.times, self.failures = [], failures

    async def write(self, received):
        self.times.append(received)
        await asyncio.sleep(0)
        if self.failures:
            self.failures -= 1
            raise OSError(28, "full")
        return True


def test_the_same_body_is_written_once_within_the_window_and_again_after():
    book, repeats = Book(), Repeats(WINDOW)

    async def post():
        return [await repeats.write_once("a", minutes(number), book.write) for number in (0, 5, 10, 11)]

    assert asyncio.run(post()) == [True, False, False, True]
    assert book.times == [minutes(0), minutes(11)]


def test_different_bodies_are_each_written():
    book, repeats = Book(), Repeats(WINDOW)

    async def post():
        return [await repeats.write_once(digest, NOW, book.write) for digest in "ab"]

    assert asyncio.run(post()) == [True, True]


def test_what_an_earlier_process_wrote_is_a_repeat():
    book, repeats = Book(), Repeats(WINDOW, [Receipt(minutes(0), "a"), Receipt(minutes(-11), "b")])

    async def post():
        return [await repeats.write_once(digest, minutes(1), book.write) for digest in "ab"]

    assert asyncio.run(post()) == [False, True]


def test_whoever_posts_during_the_writing_waits_for_it():
    book, repeats = Book(), Repeats(WINDOW)

    async def post():
        return await asyncio.gather(*(repeats.write_once("a", NOW, book.write) for _ in range(3)))

    assert asyncio.run(post()) == [True, False, False]


def test_after_a_failure_the_next_one_writes_with_the_first_time():
    book, repeats = Book(failures=1), Repeats(WINDOW)

    async def post():
        with pytest.raises(OSError):
            await repeats.write_once("a", minutes(0), book.write)
        return await repeats.write_once("a", minutes(1), book.write)

    assert asyncio.run(post()) is True
    assert book.times == [minutes(0), minutes(0)]
