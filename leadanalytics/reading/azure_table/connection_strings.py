"""A connection string, an account key and a shared access signature, checked before anything is sent.

Messages name the field that is wrong and never its value.
"""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import parse_qs, urlsplit

from leadanalytics.errors import TableError

_FIELD_NAME = re.compile("[A-Za-z]{1,40}")  # a key that stands alone is none
_KEY_BYTES = 64
# The account and the key of every emulator, published by Microsoft; they open nothing else.
_EMULATOR_NAME = "devstoreaccount1"
_EMULATOR_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
_EMULATOR_PORT = 10002
_WHERE = "copy it from the account's page 'Access keys' in the Azure portal"


def read_connection_string(text: str) -> dict[str, str]:
    """Return the fields of a connection string, their names in lower case.

    Blanks, quotes round the whole and semicolons at the end do not matter; `UseDevelopmentStorage=true` becomes the
    fields of the emulator.

    Raises
    ------
    TableError
        When it is empty, a part is no `Name=Value`, or a name stands twice.

    Examples
    --------
    >>> read_connection_string('"AccountName=contoso; EndpointSuffix=core.windows.net;"')
    {'accountname': 'contoso', 'endpointsuffix': 'core.windows.net'}
    """
    parts = [part.strip() for part in text.strip().strip("\"'").split(";")]
    parts = [part for part in parts if part]
    if not parts:
        raise TableError("the connection string is empty", next_step=_WHERE)
    fields: dict[str, str] = {}
    for place, part in enumerate(parts, start=1):
        name, equals, value = part.partition("=")
        name = name.strip()
        if not equals or not _FIELD_NAME.fullmatch(name):
            raise TableError(
                "the connection string is not a list of Name=Value with semicolons between",
                found=f"part {place} of {len(parts)} without a name",
                next_step=_WHERE,
            )
        if name.lower() in fields:
            raise TableError(f"the connection string gives {name} twice", next_step="leave one of them out")
        fields[name.lower()] = value.strip()
    return _emulator(fields) if fields.get("usedevelopmentstorage", "").lower() == "true" else fields


def endpoint_of(fields: dict[str, str]) -> str:
    """Return the address of the table service that the fields of a connection string mean.

    Examples
    --------
    >>> endpoint_of({"accountname": "contoso", "accountkey": "..."})
    'https://contoso.table.core.windows.net'
    """
    if endpoint := fields.get("tableendpoint"):
        return endpoint
    if name := fields.get("accountname"):
        scheme = fields.get("defaultendpointsprotocol") or "https"
        return f"{scheme}://{name}.table.{fields.get('endpointsuffix') or 'core.windows.net'}"
    raise TableError("the connection string has neither TableEndpoint nor AccountName", next_step=_WHERE)


def check_key(key: str, *, field: str) -> str:
    """Return an account key without blanks around it.

    Raises
    ------
    TableError
        When it is not the base64 text of 64 bytes.
    """
    try:
        length = len(base64.b64decode(key.strip(), validate=True))
    except (binascii.Error, ValueError):
        raise TableError(
            f"{field} is not base64 text", next_step=f"{_WHERE}; the '==' at its end belongs to it"
        ) from None
    if length != _KEY_BYTES:
        raise TableError(f"{field} holds {_KEY_BYTES} bytes", found=f"{length}", next_step=_WHERE)
    return key.strip()


def check_signature(signature: str, *, field: str) -> str:
    """Return a shared access signature without blanks and question mark.

    Raises
    ------
    TableError
        When it has no `sig`, or does not permit reading.
    """
    text = signature.strip().lstrip("?").strip("&")
    parts = signature_parts(text)
    if not parts.get("sig"):
        raise TableError(f"{field} is no shared access signature", found="no part 'sig'", next_step="copy it again")
    if "sp" in parts and "r" not in parts["sp"]:
        raise TableError(f"{field} does not permit reading", next_step="make one with the permission Read")
    return text


def signature_parts(signature: str) -> dict[str, str]:
    """Return the parts of a shared access signature by their short names, such as `se`, its end.

    Examples
    --------
    >>> signature_parts("sv=2020-12-06&se=2030-01-01T00%3A00%3A00Z&sig=abc")["se"]
    '2030-01-01T00:00:00Z'
    """
    return {name: values[0] for name, values in parse_qs(signature).items()}


def _emulator(fields: dict[str, str]) -> dict[str, str]:
    proxy = urlsplit(fields.get("developmentstorageproxyuri", "http://127.0.0.1"))
    endpoint = f"{proxy.scheme}://{proxy.hostname}:{_EMULATOR_PORT}/{_EMULATOR_NAME}"
    return {"accountname": _EMULATOR_NAME, "accountkey": _EMULATOR_KEY, "tableendpoint": endpoint}
