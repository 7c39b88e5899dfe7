"""Flat JSON objects by whole columns: the texts under a few keys, trimmed, by a compiled pass over the bytes.

Arrow's reader of JSON takes twice as long and refuses a whole batch for one odd row. This one says of each text
whether it has read it, and leaves what it has not (nested values, broken JSON) to a more patient reader.
"""

from __future__ import annotations

from collections.abc import Sequence

import numba
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics.decoding.text_columns import bytes_of, text_column

__all__ = ["FlatObjects"]

QUOTE, BACKSLASH, COLON, COMMA, POINT, PLUS, MINUS, OPENING, CLOSING = (ord(sign) for sign in '"\\:,.+-{}')
ZERO, NINE, SPACE, UNDERSCORE, QUESTION_MARK = (ord(sign) for sign in "09 _?")
A, E, F, U, Z = (ord(letter) for letter in "aefuz")
LOWER = 32  # the bit that turns an ASCII capital into its small letter
BLANKS = (9, 10, 13, 32)
IS_WHITE = np.array([chr(sign).isspace() for sign in range(0x4000)])  # no later sign is
TRUE, FALSE, NULL = (int.from_bytes(word) for word in (b"true", b"false", b"null"))
# What the letters after a backslash stand for, but for \u.
ESCAPES = np.zeros(256, "uint8")
for _letter, _meaning in zip(b'"\\/bfnrt', b'"\\/\b\f\n\r\t', strict=True):
    ESCAPES[_letter] = _meaning

UNREAD = -1
LONGEST_NAME = 12  # letters, of five bits each, in a number of 64 bits

_compiled = numba.njit(cache=True)


class FlatObjects:
    """The objects of a column of texts.

    A name is at most twelve small letters; keys are compared with it without regard to case, blanks and underscores.
    Numbers, true and false are texts as they are written. A blank row is read, and holds nothing.

    Attributes
    ----------
    is_read : array of bool
        Which rows were understood.
    """

    def __init__(self, texts: pa.LargeStringArray, names: Sequence[str]) -> None:
        self._texts = texts
        self._names = np.array([_number_of(name) for name in names])
        self._starts, self._stops = np.zeros((2, len(names), len(texts)), "int32")
        self.is_read = np.zeros(len(texts), "bool")
        self._read()

    def unread(self) -> list[str]:
        """Return the texts of the rows that are not read."""
        return self._texts.filter(pa.array(~self.is_read)).to_pylist()

    def rewrite(self, texts: Sequence[str | bytes]) -> None:
        """Read the rows that are not read yet from other texts, one for each of them."""
        rewritten = pa.array(texts, pa.large_string())
        self._texts = pc.replace_with_mask(self._texts, pa.array(~self.is_read), rewritten)
        self._read()

    def columns(self) -> list[pa.LargeStringArray]:
        """Return the texts under each name, missing where blank or absent."""
        data, places = bytes_of(self._texts)
        columns = []
        for starts, stops in zip(self._starts, self._stops, strict=True):
            written, ends = np.empty((stops - starts).sum(), "uint8"), np.zeros(len(places), "int64")
            _write_values(data, places, starts, stops, written, ends)
            columns.append(text_column(written, ends))
        return columns

    def _read(self) -> None:
        _find_values(*bytes_of(self._texts), self._names, self._starts, self._stops, self.is_read)


def _number_of(name: str) -> int:
    key = f'{name}"'.encode()
    return int(_name(np.frombuffer(key, "uint8"), 0, len(key))[0])


@_compiled
def _find_values(data, places, names, starts, stops, is_read):  # type: ignore[no-untyped-def]
    for row in range(len(is_read)):
        if is_read[row]:
            continue
        is_read[row] = _find_in_one(data, places[row], places[row + 1], names, starts, stops, row)
        if not is_read[row]:
            for field in range(len(names)):
                starts[field, row] = stops[field, row] = 0


@_compiled
def _find_in_one(data, first, end, names, starts, stops, row):  # type: ignore[no-untyped-def]
    """Note where the value under each name starts and stops, and return whether the text is one flat object."""
    at = _after_blanks(data, first, end)
    if at == end:
        return True
    if data[at] != OPENING:
        return False
    at = _after_blanks(data, at + 1, end)
    if at < end and data[at] == CLOSING:
        return _after_blanks(data, at + 1, end) == end
    while at < end and data[at] == QUOTE:
        name, at = _name(data, at + 1, end)
        at = _after_blanks(data, at, end)
        if name == UNREAD or at == end or data[at] != COLON:
            return False
        start, stop, at = _value(data, _after_blanks(data, at + 1, end), end)
        if at == UNREAD:
            return False
        for field in range(len(names)):
            if names[field] == name:
                if stops[field, row]:  # two spellings of one name
                    return False
                starts[field, row], stops[field, row] = start - first, stop - first
        at = _after_blanks(data, at, end)
        if at == end:
            return False
        if data[at] == CLOSING:
            return _after_blanks(data, at + 1, end) == end
        if data[at] != COMMA:
            return False
        at = _after_blanks(data, at + 1, end)
    return False


@_compiled
def _after_blanks(data, at, end):  # type: ignore[no-untyped-def]
    while at < end and data[at] in BLANKS:
        at += 1
    return at


@_compiled
def _after_text(data, at, end):  # type: ignore[no-untyped-def]
    """Return the place after the quote that ends a text, `UNREAD` where there is none or an escape is wrong."""
    while at < end:
        if data[at] == QUOTE:
            return at + 1
        if data[at] == BACKSLASH:
            at += 1
            if at == end:
                return UNREAD
            if data[at] == U:
                if _four_digits(data, at + 1, end) == UNREAD:
                    return UNREAD
                at += 4
            elif ESCAPES[data[at]] == 0:
                return UNREAD
        at += 1
    return UNREAD


@_compiled
def _four_digits(data, at, end):  # type: ignore[no-untyped-def]
    """Return the value of the four hexadecimal digits that start here, `UNREAD` where they do not."""
    if at + 4 > end:
        return UNREAD
    value = 0
    for digit in data[at : at + 4]:
        if ZERO <= digit <= NINE:
            value = value * 16 + digit - ZERO
        elif A <= digit | LOWER <= F:
            value = value * 16 + (digit | LOWER) - A + 10
        else:
            return UNREAD
    return value


@_compiled
def _name(data, at, end):  # type: ignore[no-untyped-def]
    """Return the letters of a key as one number, 0 where it is no name, and the place after its quote.

    The number is `UNREAD` for a key that does not end or holds an escape.
    """
    name, letters = 0, 0
    while at < end and data[at] != QUOTE:
        if data[at] == BACKSLASH:
            return UNREAD, at
        if data[at] != SPACE and data[at] != UNDERSCORE:
            letters += 1 if A <= data[at] | LOWER <= Z else LONGEST_NAME + 1
            name = name * 32 + (data[at] & 31)
        at += 1
    if at == end:
        return UNREAD, at
    return name if letters <= LONGEST_NAME else 0, at + 1


@_compiled
def _value(data, at, end):  # type: ignore[no-untyped-def]
    """Return where the text of a value starts and stops, and the place after it: `UNREAD` where it is not flat."""
    start = at
    if at < end and data[at] == QUOTE:
        at = _after_text(data, start + 1, end)
        return start + 1, at - 1, at
    word = 0
    while at < end and A <= data[at] <= Z:
        word = word * 256 + data[at]
        at += 1
    if at > start:
        if at - start > 5 or word not in (TRUE, FALSE, NULL):
            return start, start, UNREAD
        return start, start if word == NULL else at, at
    at = _after_number(data, start, end)
    return start, at, at


@_compiled
def _after_number(data, at, end):  # type: ignore[no-untyped-def]
    """Return the place after a number, `UNREAD` where none is written as JSON writes them."""
    if at < end and data[at] == MINUS:
        at += 1
    whole, at = at, _after_digits(data, at, end)
    is_number = at > whole and (data[whole] != ZERO or at == whole + 1)
    if at < end and data[at] == POINT:
        fraction, at = at + 1, _after_digits(data, at + 1, end)
        is_number &= at > fraction
    if at < end and data[at] | LOWER == E:
        exponent = at + 2 if at + 1 < end and data[at + 1] in (PLUS, MINUS) else at + 1
        at = _after_digits(data, exponent, end)
        is_number &= at > exponent
    return at if is_number else UNREAD


@_compiled
def _after_digits(data, at, end):  # type: ignore[no-untyped-def]
    while at < end and ZERO <= data[at] <= NINE:
        at += 1
    return at


@_compiled
def _write_values(data, places, starts, stops, written, ends):  # type: ignore[no-untyped-def]
    """Write one text after the other, escapes resolved and outer blanks left out, and note where each ends."""
    to = 0
    for row in range(len(starts)):
        begin = to
        at, stop = places[row] + starts[row], places[row] + stops[row]
        while at < stop:
            if data[at] == BACKSLASH:
                at, to = _write_escaped(data, at + 1, stop, written, to)
            else:
                written[to] = data[at]
                at, to = at + 1, to + 1
        if to > begin and not (SPACE < written[begin] < 0x80 and SPACE < written[to - 1] < 0x80):
            to = _trim(written, begin, to)
        ends[row + 1] = to


@_compiled
def _trim(written, begin, end):  # type: ignore[no-untyped-def]
    """Leave the outer blanks of a text out, and return its new end."""
    first = begin
    while first < end and _blank(written, first):
        first += _blank(written, first)
    last = end
    while last > first:
        last -= 1
        while written[last] & 0xC0 == 0x80:  # within a sign of several bytes
            last -= 1
        if not _blank(written, last):
            break
        end = last
    if first > begin:
        for place in range(first, end):
            written[begin + place - first] = written[place]
    return begin + end - first


@_compiled
def _blank(written, at):  # type: ignore[no-untyped-def]
    """Return how many bytes the blank takes that starts here, 0 where none does."""
    first, sign, width = written[at], 0, 0
    if first < 0x80:
        sign, width = first, 1
    elif first == 0xC2:
        sign, width = written[at + 1], 2  # U+0080 to U+00BF are this byte and their own number
    elif 0xE1 <= first <= 0xE3:
        sign, width = (first & 0x0F) << 12 | (written[at + 1] & 0x3F) << 6 | written[at + 2] & 0x3F, 3
    return width if IS_WHITE[sign] else 0


@_compiled
def _write_escaped(data, at, stop, written, to):  # type: ignore[no-untyped-def]
    """Write the sign that an escape stands for, and return the places after both."""
    if data[at] != U:
        written[to] = ESCAPES[data[at]]
        return at + 1, to + 1
    sign, at = _four_digits(data, at + 1, stop), at + 5
    if 0xD800 <= sign < 0xE000:
        second = _four_digits(data, at + 2, stop) if at < stop and data[at] == BACKSLASH and data[at + 1] == U else 0
        if sign >= 0xDC00 or not 0xDC00 <= second < 0xE000:
            written[to] = QUESTION_MARK  # half a surrogate pair is no text
            return at, to + 1
        sign, at = 0x10000 + (sign - 0xD800) * 1024 + second - 0xDC00, at + 6
    return at, _write_utf8(sign, written, to)


@_compiled
def _write_utf8(sign, written, to):  # type: ignore[no-untyped-def]
    if sign < 0x80:
        written[to] = sign
        return to + 1
    more = 1 if sign < 0x800 else 2 if sign < 0x10000 else 3
    written[to] = 0xF00 >> more + 1 & 0xFF | sign >> 6 * more
    for byte in range(1, more + 1):
        written[to + byte] = 0x80 | sign >> 6 * (more - byte) & 0x3F
    return to + 1 + more
