"""Bytes of a text file become UTF-8; what is not valid in its encoding is marked, so that the record can be named."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

import charset_normalizer

from leadanalytics.reading.contents import UNDECODABLE

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# Single-byte and East Asian encodings in which spreadsheets and CRMs really write text.
_CANDIDATES = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp932", "euc_jp", "gb18030", "big5", "cp949"]
_SAMPLE = 1 << 16
_PIECE = 1 << 20


class Decoded(NamedTuple):
    """A text as UTF-8 without byte order mark, the encoding it came in, and whether some bytes were not valid in it."""

    data: bytes
    encoding: str
    has_invalid: bool


def decode(data: bytes) -> Decoded:
    """Return a text file's bytes as UTF-8, whatever their encoding; bytes not valid in it become `UNDECODABLE`.

    The encoding is that of the byte order mark, else UTF-8 where the bytes are valid UTF-8, else the likeliest
    of the encodings in use. Never fails.
    """
    encoding = _marked(data) or _wide_without_mark(data)
    if encoding is None or encoding == "utf-8-sig":
        data = data.removeprefix(codecs.BOM_UTF8)
        if _is_utf8(data):
            return Decoded(data, "utf-8", False)
        encoding = "utf-8" if encoding else _of_lines(data)
    try:
        text, has_invalid = _text(data, encoding), False
    except UnicodeDecodeError:
        # Wide encodings cannot pass single bytes on; they put one replacement character in their place.
        wide = encoding.startswith(("utf-16", "utf-32"))
        text = _text(data, encoding, "replace" if wide else "surrogateescape")
        text, has_invalid = re.sub("[\udc80-\udcff]" if not wide else "\ufffd", UNDECODABLE, text), True
    return Decoded(text.removeprefix("\ufeff").encode(), encoding, has_invalid)


def _marked(data: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS.items() if data.startswith(mark)), None)


def _of_lines(data: bytes) -> str:
    """Return the encoding of bytes of which at least one line is not valid UTF-8."""
    foreign = [line for line in data.splitlines() if not line.isascii()]
    if 2 * sum(map(_is_utf8, foreign)) >= len(foreign):
        return "utf-8"
    return _likeliest(b"\n".join(foreign)[:_SAMPLE])


def _is_utf8(data: bytes) -> bool:
    """Tell whether bytes are UTF-8, piece by piece: the text of them all may need four times their memory."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _PIECE):
            decoder.decode(data[start : start + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _text(data: bytes, encoding: str, errors: str = "strict") -> str:
    """Return the text of bytes; in a single-byte encoding, lines that are valid UTF-8 are that: by chance none is."""
    if not encoding.startswith("cp125"):
        return data.decode(encoding, errors)
    lines = data.splitlines(keepends=True)
    return "".join(line.decode() if _is_utf8(line) else line.decode(encoding, errors) for line in lines)


def _is_western(word: bytes) -> bool:
    """Tell whether a word has Latin letters, and besides only bytes that Western Europe uses."""
    return bool(re.search(rb"[A-Za-z]", word)) and not re.search(rb"[\x81-\x90\x98-\xbf]", word)


def _wide_without_mark(data: bytes) -> str | None:
    """Return the UTF-16 variant of bytes of which nearly every second one is NUL."""
    head = data[:4096]
    if head[1::2].count(0) > 0.4 * len(head):
        return "utf-16-le"
    return "utf-16-be" if head[::2].count(0) > 0.4 * len(head) else None


def _likeliest(sample: bytes) -> str:
    words = [word for word in re.findall(rb"[A-Za-z\x80-\xff]+", sample) if not word.isascii()]
    if sum(map(_is_western, words)) >= 0.9 * len(words):
        return "cp1252"  # a few accents are too little for a statistic, which takes some for Japanese
    matches = charset_normalizer.from_bytes(sample, cp_isolation=_CANDIDATES)
    best = matches.best()
    if best is None:
        return "cp1252"
    # Among equally likely encodings, the one of Western Europe and America is by far the commonest.
    alike = [match.encoding for match in matches if match.chaos <= best.chaos and match.coherence >= best.coherence]
    return "cp1252" if "cp1252" in alike else best.encoding
