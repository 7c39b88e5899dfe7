"""How a request proves that it may read: by a key, a shared access signature or a token, none of which is logged."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import logging
import re
from collections.abc import Iterator
from email.utils import formatdate
from typing import Any
from urllib.parse import urlsplit

from azure.core.credentials import AzureSasCredential
from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import AzureSasCredentialPolicy, BearerTokenCredentialPolicy, SansIOHTTPPolicy

from leadanalytics.reading.azure_table.accounts import Account

_SCOPE = "https://storage.azure.com/.default"
_SIGNATURE = re.compile(r"(\bsig=)[^&\s'\"]+", re.IGNORECASE)
# At the level DEBUG the first writes the address of every request, and with it the signature that is part of it; the
# second does so in a warning. A level or a handler would belong to the program that uses this package, so a filter
# takes the signature out, and only while requests run.
_TELLING_LOGGERS = ("urllib3.connectionpool", "urllib3.connection")


class SharedKeyLitePolicy(SansIOHTTPPolicy):
    """Signs every request with the key of an account; the signature covers the date and the path."""

    def __init__(self, name: str, key: str) -> None:
        super().__init__()
        self._name, self._key = name, base64.b64decode(key)

    def on_request(self, request: PipelineRequest) -> None:
        """Add the date and the signature."""
        date = formatdate(usegmt=True)
        text = f"{date}\n/{self._name}{urlsplit(request.http_request.url).path}"
        signature = base64.b64encode(hmac.digest(self._key, text.encode(), hashlib.sha256)).decode()
        request.http_request.headers["x-ms-date"] = date
        request.http_request.headers["Authorization"] = f"SharedKeyLite {self._name}:{signature}"


def signing_policy(account: Account) -> Any:
    """Return the policy of azure.core that signs the requests to an account."""
    if account.key is not None and account.name is not None:
        return SharedKeyLitePolicy(account.name, account.key)
    if account.shared_access_signature is not None:
        return AzureSasCredentialPolicy(AzureSasCredential(account.shared_access_signature))
    if account.token_credential is not None:
        return BearerTokenCredentialPolicy(account.token_credential, _SCOPE)
    raise ValueError("an account has a key with a name, a signature or a token credential")


@contextlib.contextmanager
def signatures_unlogged() -> Iterator[None]:
    """Keep signatures out of the log of the HTTP library while requests run."""
    redaction = _Redaction()
    loggers = [logging.getLogger(name) for name in _TELLING_LOGGERS]
    for logger in loggers:
        logger.addFilter(redaction)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(redaction)


class _Redaction(logging.Filter):
    """Lets every record pass, its signatures struck out."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if _SIGNATURE.search(message):
            record.msg, record.args = _SIGNATURE.sub(r"\1REDACTED", message), ()
        return True
