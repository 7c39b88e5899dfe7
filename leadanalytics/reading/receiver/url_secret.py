"""The secret in the URL, which is all that the marketplace lets a lead destination ask for."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qs

from leadanalytics.errors import OptionError

SHORTEST = 16
# What an URL carries as it is; anything else would arrive in several spellings.
_FIT_FOR_A_URL = re.compile(r"[A-Za-z0-9._~-]+")


class UrlSecret:
    """Tells whether a URL holds a secret, as the last part of its path or as `?code=`.

    Only digests are kept, so that no representation of the object, no traceback and no dump of it shows a secret.

    Parameters
    ----------
    secrets : iterable of str
        Each of them opens; two at a time let one take the other's place.

    Raises
    ------
    OptionError
        When there is none, or one is too short or not fit for a URL. The error does not show it.

    Examples
    --------
    >>> secret = UrlSecret(["a-long-made-up-secret"])
    >>> secret.opens("/leads/a-long-made-up-secret", ""), secret.opens("/", "code=guessed")
    (True, False)
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self._digests = [_digest(_checked(secret)) for secret in secrets]
        if not self._digests:
            raise OptionError("there is no secret", next_step="make one with: openssl rand -hex 24")

    def opens(self, path: str, query: str) -> bool:
        """Tell whether the last part of a path or the query's `code` is a secret."""
        given = [path.rstrip("/").rpartition("/")[2], *parse_qs(query).get("code", ())]
        # Digests are of one length and all pairs are compared, so that the time tells nothing of a secret.
        matches = [hmac.compare_digest(_digest(each), known) for each in given for known in self._digests]
        return any(matches)


def read_secret(name: str, environment: Mapping[str, str] | None = None) -> UrlSecret:
    """Return the secret that an environment variable holds: one, or several with blanks between.

    Parameters
    ----------
    name : str
        The variable.
    environment : mapping of str to str, optional
        That of the process by default.

    Raises
    ------
    OptionError
        When the variable is missing or empty, or a secret is too short or not fit for a URL.

    Examples
    --------
    >>> read_secret("SECRET", {"SECRET": "a-long-made-up-secret"}).opens("/a-long-made-up-secret", "")
    True
    """
    held = (os.environ if environment is None else environment).get(name, "").split()
    if not held:
        raise OptionError(
            f"the environment variable {name} holds no secret",
            next_step=f"set it to one of {SHORTEST} characters or more, such as: openssl rand -hex 24",
        )
    return UrlSecret(held)


def _checked(secret: str) -> str:
    if len(secret) < SHORTEST:
        raise OptionError(
            f"a secret has at least {SHORTEST} characters",
            found=f"{len(secret)}",
            next_step="make one with: openssl rand -hex 24",
        )
    if not _FIT_FOR_A_URL.fullmatch(secret):
        raise OptionError(
            "a secret is written with letters, digits and - . _ ~",
            found="a character that a URL does not carry as it is",
            next_step="make one with: openssl rand -hex 24",
        )
    return secret


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()
