"""What a posted body must be to count as a lead. The reasons against one never quote it."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NamedTuple

from leadanalytics.errors import ReadError
from leadanalytics.reading.layouts import fold

# One of these, in any case, makes an object a lead; the 2018 shape has no action code and no description.
LEAD_NAMES = ("UserDetails", "LeadSource", "ActionCode", "OfferTitle")
_FOLDED = frozenset(map(fold, LEAD_NAMES))
_KINDS = {list: "list", str: "text", int: "number", float: "number", bool: "truth value", type(None): "null"}
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LINE_BREAKS = bytes.maketrans(b"\r\n", b"  ")


class Body(NamedTuple):
    """A posted lead: its text on one line, what that says, and the digest by which a repeat is known."""

    text: bytes
    fields: dict[str, Any]
    digest: str


def read_body(data: bytes) -> Body:
    r"""Return what a posted body says.

    Parameters
    ----------
    data : bytes
        The body as posted.

    Returns
    -------
    Body
        The text is verbatim but for its line breaks, which are blanks. The names of the fields are folded.

    Raises
    ------
    ReadError
        When it is not UTF-8, not JSON or no lead.

    Examples
    --------
    >>> read_body(b'{"leadSource":\n "SPZA"}').text
    b'{"leadSource":  "SPZA"}'
    """
    data = data.removeprefix(_BYTE_ORDER_MARK).strip()
    value = _parsed(data)
    if not isinstance(value, dict):
        raise ReadError("no lead", found=f"JSON that is a {_KINDS[type(value)]}", next_step="post one JSON object")
    fields: dict[str, Any] = {}
    for name, each in value.items():
        # Of names that differ only in their case, the first that is filled serves, as it does when the line is read.
        fields[fold(name)] = fields.get(fold(name)) or each
    if not _FOLDED & fields.keys():
        raise ReadError("no lead", found=f"an object without any of {', '.join(LEAD_NAMES)}")
    # JSON allows a line break between values only and never in a text, so no value changes.
    return Body(data.translate(_LINE_BREAKS), fields, _digest(value))


def _parsed(data: bytes) -> Any:
    try:
        # The standard library, for its whole numbers are exact and two leads that differ stay different.
        return json.loads(data.decode())
    except UnicodeDecodeError as error:
        raise ReadError("not UTF-8", found=f"byte {error.start + 1:,} is no text") from None
    except json.JSONDecodeError as error:
        raise ReadError("not JSON", found=f"{error.msg} at line {error.lineno}, column {error.colno}") from None
    except ValueError:
        raise ReadError("not JSON", found="a number with thousands of digits") from None
    except RecursionError:
        raise ReadError("nested too deep") from None


def _digest(value: Any) -> str:
    """Return a digest that white space, escapes and the order of names do not change."""
    try:
        canonical = json.dumps(value, sort_keys=True, separators=(",", ":"))
    except RecursionError:
        raise ReadError("nested too deep") from None
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]
