"""Bytes of a text file become UTF-8; what is not valid in its encoding is marked, so that the record can be named."""

from __future__ import annotations

import codecs
import itertools
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from leadanalytics.reading.charsets import codec_of, guess_encoding
from leadanalytics.reading.contents import UNDECODABLE

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_HEAD = 1 << 12
_PIECE = 1 << 20
BLOCK = 1 << 25
# The last block has at least this many bytes, so that what stands at the end of a file stands in one block.
_SHORTEST_END = 1 << 14
# Where a text may be cut, the best place first: bytes below 0x30 are never a part of a character of several bytes.
_CUTS = ("\n", "\r", '"', ",", " ")
# Control characters that no text holds, but binary files do.
_BINARY = bytes(set(range(32)) - set(b"\0\t\n\r\f\v\x1a\x1b"))


class Decoded(NamedTuple):
    """A block of a text as UTF-8 without byte order mark.

    Beside it stand the encoding it came in, whether some bytes were not valid in that, and whether it is the last.
    """

    data: bytes
    encoding: str
    has_invalid: bool
    is_end: bool


def decode_blocks(stream: BinaryIO, size: int = BLOCK, *, doubts: list[str] | None = None) -> Iterator[Decoded]:
    """Yield a text file's bytes as UTF-8, whatever their encoding; bytes not valid in it become `UNDECODABLE`.

    The encoding is that of the byte order mark, else UTF-8 where the bytes are valid UTF-8, else the likeliest of the
    encodings in use. The first block that is not mere ASCII decides. Blocks end with a line; an empty file is one empty
    block. Never fails for what the bytes are.

    Parameters
    ----------
    stream : binary file
        Stands at the beginning of the text.
    size : int
        How many bytes a block has at most; the last one may have a few thousand more.
    doubts : list of str, optional
        Takes a sentence where another encoding may as well be right.
    """
    encoding, rest = _marked(stream.read(_HEAD))
    is_end = False
    while not is_end:
        data = rest + stream.read(size + _SHORTEST_END - len(rest))
        is_end = len(data) < size + _SHORTEST_END
        cut = len(data) if is_end else _cut(data, size, encoding or "utf-8")
        block, rest = data[:cut], data[cut:]
        del data  # while the block is at work
        encoding = encoding or _of_lines(block, [] if doubts is None else doubts)
        yield _decoded(block, encoding or "utf-8", is_end)


def peek(blocks: Iterator[Decoded]) -> tuple[Decoded, Iterator[Decoded]]:
    """Return the first block, and all blocks."""
    first = next(blocks)
    return first, itertools.chain([first], blocks)


def join_blocks(blocks: Iterable[Decoded]) -> Decoded:
    """Return blocks as one, for kinds of text that are only understood as a whole."""
    *others, last = blocks
    if not others:
        return last
    data = b"".join(block.data for block in (*others, last))
    return last._replace(data=data, has_invalid=any(block.has_invalid for block in (*others, last)))


def is_binary(head: bytes) -> bool:
    """Tell whether the first bytes of a file are those of no text in any encoding."""
    if not head.strip(b"\0"):
        return bool(head)
    is_wide = head.startswith(tuple(_MARKS)) or _wide_without_mark(head[:_HEAD])
    return not is_wide and len(head.translate(None, _BINARY)) < 0.98 * len(head)


def _marked(head: bytes) -> tuple[str | None, bytes]:
    """Return the encoding that the first bytes of a text give away, or None, and these bytes without a mark."""
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return encoding, head.removeprefix(mark)
    return _wide_without_mark(head), head


def _cut(data: bytes, size: int, encoding: str) -> int:
    """Return where to cut a text so that no character is cut: after a line where there is one."""
    for letter in _CUTS:
        unit = letter.encode(encoding)
        place = data.rfind(unit, 0, size)
        while place % len(unit) and place >= 0:  # a part of two characters
            place = data.rfind(unit, 0, place + len(unit) - 1)
        if place >= 0:
            return place + len(unit)
    return size


def _decoded(data: bytes, encoding: str, is_end: bool) -> Decoded:
    if encoding == "utf-8" and _is_utf8(data):
        return Decoded(data, encoding, False, is_end)
    try:
        return Decoded(_text(data, encoding).encode(), encoding, False, is_end)
    except UnicodeDecodeError:
        # Wide encodings cannot pass single bytes on; they put one replacement character in their place.
        wide = encoding.startswith(("utf-16", "utf-32"))
        text = _text(data, encoding, "replace" if wide else "surrogateescape")
        text = re.sub("\ufffd" if wide else "[\udc80-\udcff]", UNDECODABLE, text)
        return Decoded(text.encode(), encoding, True, is_end)


def _of_lines(data: bytes, doubts: list[str]) -> str | None:
    """Return the likeliest encoding of an unmarked text, None where mere ASCII leaves it open; add what is in doubt."""
    if data.isascii():
        return None
    if _is_utf8(data):
        return "utf-8"
    foreign = [line for line in data.splitlines() if not line.isascii()]
    if 2 * sum(map(_is_utf8, foreign)) >= len(foreign):
        return "utf-8"
    encoding, rival = guess_encoding(foreign)
    if rival:
        doubts.append(
            f"its few letters beyond ASCII do not prove an encoding: {encoding} was assumed, {rival} is possible; "
            "check the names in it, or save the file as UTF-8"
        )
    return encoding


def _is_utf8(data: bytes) -> bool:
    """Tell whether bytes are UTF-8, piece by piece: the text of them all may need four times their memory."""
    if data.isascii():
        return True
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
    if not encoding.startswith(("cp125", "iso", "koi")):
        return data.decode(codec_of(encoding), errors)
    lines = data.splitlines(keepends=True)
    return "".join(line.decode() if _is_utf8(line) else line.decode(encoding, errors) for line in lines)


def _wide_without_mark(head: bytes) -> str | None:
    """Return the UTF-16 variant of bytes in whose even or odd places NULs abound: half of each ASCII character."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < 0.05 * len(head) or max(even, odd) < 4 * min(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"
