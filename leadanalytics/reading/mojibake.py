"""Letters of UTF-8 that another program read as Windows-1252 or -1250, such as "ZoÃ«", become what they were."""

from __future__ import annotations

import contextlib
import functools
import re
import unicodedata
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics.reading.contents import TEXT_TYPE, Contents

ASSUMPTION = (
    "{count} values looked like UTF-8 read in a Windows code page and were repaired; "
    "compare some with the source, and export it as UTF-8"
)
_CODE_PAGES = ("cp1252", "cp1250")
_MOST_TIMES = 3  # that a text was read wrongly, one after another
# The first of the bytes of a character beyond ASCII, and any further one.
_LEADS, _FURTHER = range(0xC2, 0xF5), range(0x80, 0xC0)
# Letters of Cyrillic, Greek, Hebrew, Arabic and others. By chance two signs of a code page make one of them, as "Ñ–"
# does, but not two in a row; and none stands in a word of Latin letters.
_ALPHABETS = "[\u0370-\u07ff]"
_BY_CHANCE = re.compile(rf"^(?!.*{_ALPHABETS}{{2}}).*{_ALPHABETS}|[A-Za-z]{_ALPHABETS}|{_ALPHABETS}[A-Za-z]", re.DOTALL)
# Letters of phonetic writing, as "É®" would be, and what stands for a lost character or begins a file.
_NEVER = re.compile("[\u0250-\u02ff\ufeff\ufffd]")
_TRADE_MARK = re.compile(r"[A-ZÀ-Þ]{2}[®™](?!\w)")
_KINDS = "LMNPSZ"  # of characters: letters, marks, numbers, punctuation, symbols, blanks


def repair_mojibake(contents: Contents) -> None:
    """Repair the values of all columns that are plainly UTF-8 read as a code page, and note how many they were.

    A value is repaired as a whole or not at all: all of its characters must be bytes of the code page that are valid
    UTF-8, and what they make must be letters or signs of text. What does not look so stays as it is, byte by byte.
    """
    count = 0
    for place, part in enumerate(contents.parts):
        columns = part.columns
        for number, name in enumerate(columns.column_names):
            if not any(map(_may_hold, columns.column(number).chunks)):
                continue
            column, repaired = _repaired(columns.column(number))
            if repaired:
                columns, count = columns.set_column(number, name, column), count + repaired
        contents.parts[place] = part._replace(columns=columns)
    if count:
        contents.assumptions[ASSUMPTION] += count


def _may_hold(texts: pa.Array) -> bool:
    """Tell from the bytes of some texts whether a character of UTF-8 may stand in them as two: in most none does."""
    octets = np.frombuffer(texts.buffers()[2] or b"", "uint8")
    first, *_, last = _first_bytes(_LEADS)
    if not len(octets) or octets.max() < first:
        return False
    # Bytes below the first one become large ones here.
    leads = np.flatnonzero(octets[:-2] - np.uint8(first) <= last - first)
    follows = np.zeros(256, bool)
    follows[_first_bytes(_FURTHER)] = True
    return bool(follows[octets[leads + 2]].any())


def _repaired(column: pa.ChunkedArray) -> tuple[pa.ChunkedArray, int]:
    """Return a column with its values repaired, and how many were."""
    in_doubt = pc.fill_null(
        pc.match_substring_regex(column, f"[{_characters(_LEADS)}][{_characters(_FURTHER)}]"), False
    )
    distinct = pc.unique(column.filter(in_doubt)).to_pylist()
    repairs = {text: better for text in distinct if (better := repair(text)) != text}
    if not repairs:
        return column, 0
    places = pc.index_in(column, pa.array(list(repairs), TEXT_TYPE))
    better = pc.take(pa.array(list(repairs.values()), TEXT_TYPE), places)
    return pc.coalesce(better, column), len(column) - places.null_count


def repair(text: str) -> str:
    """Return what a text was before it was read in a wrong code page, once or more often, or the text itself.

    Examples
    --------
    >>> [repair(text) for text in ("ZoÃ«", "MĂĽller", "ZoÃƒÂ«", "JOÃO", "Zoë")]
    ['Zoë', 'Müller', 'Zoë', 'JOÃO', 'Zoë']
    """
    best = text
    for _ in range(_MOST_TIMES):
        text = next(_readings(text), "")
        best = text if text and _is_plausible(text) else best
    return best


def _readings(text: str) -> Iterator[str]:
    """Yield the texts whose UTF-8 reads as a text in a code page."""
    if _TRADE_MARK.search(text):
        return
    for code_page in _CODE_PAGES:
        octets = [_octets(code_page).get(character, -1) for character in text]
        if -1 not in octets:
            with contextlib.suppress(UnicodeDecodeError):
                yield bytes(octets).decode()


def _is_plausible(text: str) -> bool:
    """Tell whether somebody may have written a text."""
    are_of_text = all(unicodedata.category(each)[0] in _KINDS for each in text if not each.isascii())
    return are_of_text and not _NEVER.search(text) and not _BY_CHANCE.search(text)


@functools.cache
def _octets(code_page: str) -> dict[str, int]:
    """Return the byte of each character of a code page; a byte without one was kept as a control character."""
    characters = {bytes([octet]).decode(code_page, "ignore"): octet for octet in range(256)}
    return characters | {chr(octet): octet for octet in range(0x80, 0xA0)}


@functools.cache
def _characters(octets: range) -> str:
    """Return what code pages make of some bytes."""
    return "".join(character for page in _CODE_PAGES for character, octet in _octets(page).items() if octet in octets)


@functools.cache
def _first_bytes(octets: range) -> list[int]:
    """Return the first bytes, in UTF-8, of what code pages make of some bytes."""
    return sorted({character.encode()[0] for character in _characters(octets)})
