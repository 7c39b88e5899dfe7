"""E-mail addresses as match keys: one spelling per mailbox, and which mailboxes are one person's."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit

from leadanalytics.identity.flat import FlatText, flatten, longest, to_arrow, to_series
from leadanalytics.identity.folding import change_beyond_ascii, fold
from leadanalytics.identity.words import is_listed, word_digests, word_list

_AT, _PLUS, _DOT, _COLON, _QUERY, _LESS, _GREATER, _BLANK = (ord(character) for character in "@+.:?<> ")
_BEFORE = tuple(ord(character) for character in "\"'([")
_AFTER = tuple(ord(character) for character in ".,;>\"')]")
_PUNCTUATION = tuple(ord(character) for character in ".-_")
_IGNORED = dict.fromkeys(_PUNCTUATION)
_GMAIL = np.frombuffer(b"gmail.com", "uint8")
_GOOGLEMAIL = np.frombuffer(b"googlemail.com", "uint8")
_FULL_STOPS = "[。｡．]"  # which other scripts write for the dots of a domain (RFC 3490, section 3.1)
_ENCODED_LABEL = re.compile(r"xn--[a-z0-9-]+")


def canonical_emails(emails: pd.Series) -> pd.Series:
    """Return each address as its mailbox is written once and for all, missing where it is no address.

    Lower case, without `mailto:`, display name, quotes and brackets; `+tag` is dropped everywhere, dots before the
    `@` only at Gmail, which ignores them (https://support.google.com/mail/answer/7436150); googlemail.com is Gmail.
    International domains read as in their own script, and as names do without accents.

    Examples
    --------
    >>> canonical_emails(pd.Series(["Ana Ruiz <Ana.Ruiz+azure@Example.com>", "a.ruiz@googlemail.com", "n/a"])).tolist()
    ['ana.ruiz@example.com', 'aruiz@gmail.com', nan]
    """
    return to_series(flat_emails(emails), emails.index)


def flat_emails(emails: pd.Series) -> FlatText:
    """Return the canonical addresses as flat text, see `canonical_emails`."""
    return FlatText(*_write_emails(*flatten(fold(_in_own_script(to_arrow(emails))))))


def personal(emails: FlatText) -> np.ndarray:
    """Return whether each canonical address can be one person's: neither a role mailbox nor a placeholder.

    Dots, hyphens and underscores and the digits at the end do not matter: `no-reply2` is `noreply`. One character
    repeated, such as `xx`, is a placeholder too.
    """
    mailboxes = [*word_list("role_mailboxes"), *word_list("placeholders")]
    locals_ = [word.translate(_IGNORED) for word in mailboxes if not word.startswith("@")]
    domains = [word[1:] for word in mailboxes if word.startswith("@")]
    return _are_personal(*emails, word_digests(locals_), word_digests(domains))


def _in_own_script(emails: pa.LargeStringArray) -> pa.LargeStringArray:
    """Return addresses with dots for the full stops of other scripts, and domains decoded from Punycode."""
    emails = change_beyond_ascii(emails, lambda texts: pc.replace_substring_regex(texts, _FULL_STOPS, "."))
    encoded = pc.match_substring(emails, "xn--", ignore_case=True)
    if not pc.any(encoded).as_py():
        return emails
    # So few addresses are encoded that each can be looked at.
    decoded = [_ENCODED_LABEL.sub(_decode_label, text.lower()) for text in emails.filter(encoded).to_pylist()]
    return pc.replace_with_mask(emails, encoded, pa.array(decoded, pa.large_string()))


def _decode_label(label: re.Match[str]) -> str:
    try:
        return label.group().encode("ascii").decode("idna")
    except UnicodeError:
        return label.group()


@njit(cache=True)
def _write_emails(offsets, data):  # type: ignore[no-untyped-def]
    begins = np.zeros(len(offsets), np.int64)
    letters = np.empty(len(data), np.uint8)
    for row in range(len(offsets) - 1):
        begin, at, end = _address(data, offsets[row], offsets[row + 1])
        size = begins[row]
        if at > begin:
            size = _write_email(data, begin, at, end, letters, size)
        begins[row + 1] = size
    return begins, letters[: begins[-1]]


@njit(cache=True)
def _address(data, begin, end):  # type: ignore[no-untyped-def]
    """Return where an address begins, its @ and its end stand; the @ stands at the beginning where there is none."""
    while end > begin and (data[end - 1] <= _BLANK or data[end - 1] in _AFTER):
        end -= 1
    at = begin
    signs, dots, blanks = 0, 0, 0
    for place in range(begin, end):
        byte = data[place]
        if byte in (_LESS, _COLON) or ((byte <= _BLANK or byte in _BEFORE) and place == begin):
            begin = at = place + 1
            signs = dots = blanks = 0
        elif byte in (_GREATER, _QUERY):
            end = place
            break
        elif byte == _AT:
            at, dots = place, 0
            signs += 1
        elif byte == _DOT:
            dots += place > at + 1
        blanks += byte <= _BLANK and place >= begin
    return begin, (at if signs == 1 and dots and not blanks else begin), end


@njit(cache=True)
def _write_email(data, begin, at, end, letters, size):  # type: ignore[no-untyped-def]
    google = _is(data, at + 1, end, _GMAIL) or _is(data, at + 1, end, _GOOGLEMAIL)
    for place in range(begin, at):
        if data[place] == _PLUS and place > begin:
            break
        if not (google and data[place] == _DOT):
            letters[size] = data[place]
            size += 1
    if google:
        data, at, end = _GMAIL, -1, len(_GMAIL)
    letters[size] = _AT
    for place in range(at + 1, end):
        size += 1
        letters[size] = data[place]
    return size + 1


@njit(cache=True)
def _is(data, begin, end, text):  # type: ignore[no-untyped-def]
    return end - begin == len(text) and np.array_equal(data[begin:end], text)


@njit(cache=True)
def _are_personal(offsets, data, mailboxes, domains):  # type: ignore[no-untyped-def]
    result = np.zeros(len(offsets) - 1, np.bool_)
    letters = np.empty(longest(offsets), np.uint8)
    for row in range(len(result)):
        begin, end = offsets[row], offsets[row + 1]
        if begin == end:
            continue
        size, different, at = 0, False, begin
        while data[at] != _AT:
            different |= data[at] != data[begin]
            if data[at] not in _PUNCTUATION:
                letters[size] = data[at]
                size += 1
            at += 1
        whole = size
        while size and 48 <= letters[size - 1] <= 57:
            size -= 1
        listed = is_listed(letters, 0, size, mailboxes) or (size < whole and is_listed(letters, 0, whole, mailboxes))
        result[row] = different and not listed and not is_listed(data, at + 1, end, domains)
    return result
