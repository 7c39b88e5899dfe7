"""Texts as words, for compiled loops, and the lists of words that mean something to the matcher."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
from numba import njit

from leadanalytics.identity.flat import digest, digests, flatten
from leadanalytics.identity.folding import fold

MOST_WORDS = 16  # words of one value that are read; what comes after them is ignored

# What a byte does to the word that is being read.
_PART, _END, _NOTHING, _AND = 0, 1, 2, 3


@functools.cache
def word_list(name: str) -> tuple[str, ...]:
    """Return the words of a file beside this module, folded; blank lines and lines after `#` are comments."""
    lines = (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    words = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return tuple(fold(pa.array(words, pa.large_string())).to_pylist())


def word_digests(words: Iterable[str]) -> np.ndarray:
    """Return a hash table of the digests of words, in which `is_listed` looks them up."""
    return _table(digests(*flatten(pa.array(list(words), pa.large_string()))))


def byte_roles(*, skip: str = "", ampersand: bool = False) -> np.ndarray:
    """Return what each byte does: letters, digits and all beyond ASCII make words, the rest ends them.

    Parameters
    ----------
    skip : str
        Characters that neither make nor end a word, such as the apostrophe.
    ampersand : bool
        Whether `&` is the word "and".
    """
    roles = np.full(256, _END, "uint8")
    for byte in range(256):
        if byte >= 0x80 or chr(byte).isalnum():
            roles[byte] = _PART
    roles[[ord(character) for character in skip]] = _NOTHING
    if ampersand:
        roles[ord("&")] = _AND
    return roles


@njit(cache=True)
def room_for_words(longest):  # type: ignore[no-untyped-def]
    """Return the bounds and letters of the words of one value: word i is `letters[bounds[i]:bounds[i + 1]]`."""
    return np.zeros(MOST_WORDS + 1, np.int64), np.empty(3 * longest, np.uint8)  # `&` becomes three letters


@njit(cache=True)
def read_words(data, begin, end, roles, bounds, letters, count):  # type: ignore[no-untyped-def]
    """Add the words of a run of bytes to the `count` words that are there, and return how many there are now."""
    size = bounds[count]
    for place in range(begin, end):
        if count == MOST_WORDS:
            return count
        role = roles[data[place]]
        if role == _PART:
            letters[size] = data[place]
            size += 1
        elif role != _NOTHING and size > bounds[count]:
            count += 1
            bounds[count] = size
        if role == _AND and count < MOST_WORDS:
            for letter in (97, 110, 100):
                letters[size] = letter
                size += 1
            count += 1
            bounds[count] = size
    if size > bounds[count]:
        count += 1
        bounds[count] = size
    return count


@njit(cache=True)
def is_listed(data, begin, end, listed):  # type: ignore[no-untyped-def]
    """Return whether a run of bytes is one of the words whose digests are given."""
    bits = digest(data, begin, end)
    return listed[_slot(listed, bits)] == bits


@njit(cache=True)
def _table(numbers):  # type: ignore[no-untyped-def]
    size = 16
    while size < 4 * len(numbers):
        size *= 2
    table = np.zeros(size, np.uint64)
    for number in numbers:
        table[_slot(table, number)] = number
    return table


@njit(cache=True)
def _slot(table, number):  # type: ignore[no-untyped-def]
    """Return where a number stands in an open hash table, else the free slot (0) where it would stand."""
    mask = np.uint64(len(table) - 1)
    slot = number & mask
    while table[slot] != 0 and table[slot] != number:
        slot = (slot + np.uint64(1)) & mask
    return slot
