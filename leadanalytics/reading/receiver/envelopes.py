"""A received lead, and the line of JSON that holds it: the layout `https` finds the lead and its time there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from leadanalytics.reading.json_records import parse
from leadanalytics.reading.receiver.bodies import Body


class ReceivedLead(NamedTuple):
    """A posted lead and the time, in UTC, at which it first came."""

    received: datetime
    body: Body


class Receipt(NamedTuple):
    """What suffices to know a repeat: the digest of a body and when that came."""

    received: datetime
    digest: str


def iso_time(time: datetime) -> str:
    """Return a time in UTC as ISO 8601 with milliseconds.

    Examples
    --------
    >>> iso_time(datetime(2024, 2, 27, 5, 41, 9, 123456, tzinfo=UTC))
    '2024-02-27T05:41:09.123Z'
    """
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_line(lead: ReceivedLead) -> bytes:
    r"""Return the line of a lead: when it came, an id that ends with the digest of its body, and the body verbatim.

    Examples
    --------
    >>> body = Body(b'{"LeadSource": "SPZA"}', {"leadsource": "SPZA"}, "0f" * 16)
    >>> to_line(ReceivedLead(datetime(2024, 2, 27, 5, 41, 9, tzinfo=UTC), body))[:44]
    b'{"receivedAt":"2024-02-27T05:41:09.000Z","id'
    """
    received = iso_time(lead.received)
    name = f"{received.replace('-', '').replace(':', '')}-{lead.body.digest}"
    # The body is set in as it was posted; to write it anew could change numbers, escapes and repeated names.
    return f'{{"receivedAt":"{received}","id":"{name}","body":'.encode() + lead.body.text + b"}\n"


def read_receipt(line: bytes) -> Receipt | None:
    """Return the receipt that a line is, or None where it is cut or something else."""
    try:
        envelope = parse(line)
        received = datetime.fromisoformat(envelope["receivedAt"])
        return Receipt(received, envelope["id"].rpartition("-")[2]) if received.tzinfo else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
