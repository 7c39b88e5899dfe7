"""What a request that brought no page means in words, and whether asking again may help.

Nothing here quotes a body, an address beyond its host, or a secret.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from azure.core.exceptions import ClientAuthenticationError

from leadanalytics.errors import (
    AccessError,
    BrokenAnswerError,
    MissingTableError,
    TableError,
    ThrottledError,
    UnreachableError,
)
from leadanalytics.reading.azure_table.accounts import Account, LeadTable

_ACCESS_CODES = ("Auth", "InvalidAuthenticationInfo", "NoAuthenticationInformation", "KeyBasedAuthentication")
_CODE = re.compile(rb'"code"\s*:\s*"([A-Za-z]{3,60})"|<Code>([A-Za-z]{3,60})</Code>')
# The service takes signatures and dates that are this far off.
_CLOCK_TOLERANCE = timedelta(minutes=15)
_BUSY = (408, 429)
_RANGE_OF_KEYS = ("spk", "srk", "epk", "erk")


class Failure(NamedTuple):
    """Why a request brought no page."""

    kind: type[TableError]
    what: str
    found: str
    next_step: str
    may_pass: bool = True  # whether asking again may help
    retry_after: float = 0.0  # how long the service wants to be left alone [s]
    request_id: str | None = None

    def error(self, attempts: int) -> TableError:
        """Return the error that says so."""
        found = f"{self.found}, {attempts} times" if attempts > 1 else self.found
        return self.kind(self.what, found=found, next_step=self.next_step, request_id=self.request_id)


def refused(table: LeadTable, status: int, headers: Mapping[str, str], body: bytes) -> Failure:
    """Return what a status other than 200 means."""
    code = _code(headers, body)
    found = f"status {status}" + (f", {code}" if code else "")
    request_id = headers.get("x-ms-request-id")
    if status in (401, 403) or code.startswith(_ACCESS_CODES):
        next_step = _access_hint(table.account, code, headers)
        return Failure(AccessError, f"access to {_of(table)} is refused", found, next_step, False, 0.0, request_id)
    if status == 404:
        next_step = "check the name of the table and of the account; the table is usually MarketplaceLeads"
        return Failure(MissingTableError, f"there is no {_of(table)}", found, next_step, False, 0.0, request_id)
    if status in _BUSY or status >= 500:
        what = f"{table.account.host} is too busy or failing"
        wait = _seconds(headers.get("Retry-After"))
        return Failure(
            ThrottledError, what, found, "try again later; what was read so far counts", True, wait, request_id
        )
    if status == 407:
        next_step = "set HTTPS_PROXY with the name and password that the proxy wants"
        return Failure(UnreachableError, f"a proxy keeps {_of(table)} from you", found, next_step, False)
    if status < 400:
        return not_a_page(table, f"{found}, a redirection", request_id)
    next_step = "begin anew without resume, or check the filter" if status == 400 else "try again later"
    return Failure(TableError, f"{table.account.host} refuses the request", found, next_step, False, 0.0, request_id)


def not_a_page(table: LeadTable, found: str, request_id: str | None = None) -> Failure:
    """Return what an answer with status 200 that is no page of a table means."""
    return Failure(
        BrokenAnswerError,
        f"an answer of {table.account.host} is no page of a table",
        found,
        "look for a proxy, a firewall or the login page of a network between here and the service",
        request_id=request_id,
    )


def no_answer(table: LeadTable, error: BaseException) -> Failure:
    """Return what an error before or in the middle of an answer means."""
    if isinstance(error, ClientAuthenticationError):
        return Failure(
            AccessError,
            f"no token for {_of(table)} could be had",
            f"{type(error).__name__} of the credential",
            "sign in again (az login), or check the identity that this computer uses",
            may_pass=False,
        )
    found, next_step, may_pass = _reason(error)
    return Failure(UnreachableError, f"{table.account.host} cannot be reached", found, next_step, may_pass)


def too_slow(table: LeadTable, seconds: float) -> Failure:
    """Return what an answer that did not end in time means."""
    return Failure(
        UnreachableError,
        f"{table.account.host} answers too slowly",
        f"no whole page in {seconds:g} s",
        "check the network; a smaller part (partitions=, since=) may come through",
    )


def _of(table: LeadTable) -> str:
    return f"table {table.name!r} at {table.account.host}"


def _code(headers: Mapping[str, str], body: bytes) -> str:
    """Return the service's word for what was wrong: letters only, so that nothing else of a body can come along."""
    written = headers.get("x-ms-error-code", "")
    if re.fullmatch("[A-Za-z]{3,60}", written):
        return written
    match = _CODE.search(body)
    return (match[1] or match[2]).decode() if match else ""


def _access_hint(account: Account, code: str, headers: Mapping[str, str]) -> str:
    if code == "KeyBasedAuthenticationNotPermitted":
        hint = "the account takes no keys; sign in with credential='default'"
    elif account.key is not None:
        hint = "check the account key, which may have been renewed"
    elif account.token_credential is not None:
        hint = "the identity needs the role Storage Table Data Reader on the account or the table"
    else:
        hint = _signature_hint(account.signature_facts, _clock(headers))
    hints = [hint, _clock_hint(_clock(headers))]
    if code == "AuthorizationFailure":
        hints.append("a firewall of the account refuses so too")
    return "; ".join(filter(None, hints))


def _signature_hint(facts: Mapping[str, str], now: datetime) -> str:
    hints = ["check the permission (read), the table and the dates of the signature"]
    if end := _time(facts.get("se")):
        hints = [f"the signature ended at {facts['se']}; ask for a new one"] if end <= now else hints
    if (start := _time(facts.get("st"))) and start > now:
        hints = [f"the signature begins only at {facts['st']}"]
    if any(part in facts for part in _RANGE_OF_KEYS):
        hints.append("it is limited to a range of keys: read those with partitions=")
    return "; ".join(hints)


def _clock(headers: Mapping[str, str]) -> datetime:
    """Return the service's time, or this computer's where the answer has none."""
    try:
        return parsedate_to_datetime(headers["Date"]).astimezone(UTC)
    except (KeyError, TypeError, ValueError):
        return datetime.now(UTC)


def _clock_hint(service: datetime) -> str | None:
    ahead = datetime.now(UTC) - service
    if abs(ahead) <= _CLOCK_TOLERANCE:
        return None
    minutes = abs(ahead).total_seconds() / 60
    side = "ahead of" if ahead > timedelta(0) else "behind"
    return f"the clock of this computer is {minutes:,.0f} minutes {side} the service's: set it right"


def _time(text: str | None) -> datetime | None:
    try:
        time = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _seconds(text: str | None) -> float:
    return float(text) if text and re.fullmatch(r"\d+(\.\d+)?", text.strip()) else 0.0


def _reason(error: BaseException) -> tuple[str, str, bool]:
    """Return what broke, what to do, and whether asking again may help."""
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        is_untrusted = any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes)
        found = "a certificate that is not trusted" if is_untrusted else "a broken TLS connection"
        return found, "give the certificate of your network's proxy as ca_file=", not is_untrusted
    if any("Proxy" in type(cause).__name__ for cause in causes):
        return "no connection through the proxy", "check HTTPS_PROXY and NO_PROXY", True
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return "no such name in the network", "check the name of the account, and the network", True
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return "a refused connection", "check the address and the port, and any proxy or firewall", True
    if any("Timeout" in type(cause).__name__ for cause in causes):
        return "no answer in time", "check the network; try again later", True
    return "a connection that broke", "check the network; try again later", True


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all that lie behind it, which the libraries keep in different places."""
    waiting, seen = [error], set()
    while waiting:
        cause = waiting.pop()
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        kept = [getattr(cause, name, None) for name in ("inner_exception", "reason")]
        behind = (cause.__cause__, cause.__context__, *kept, *cause.args)
        waiting.extend(each for each in behind if isinstance(each, BaseException))
