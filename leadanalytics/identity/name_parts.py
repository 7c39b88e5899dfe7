"""Names as evidence: the first and the last name of each lead, and which first names are short for one another."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from leadanalytics.identity.flat import to_arrow
from leadanalytics.identity.folding import fold
from leadanalytics.identity.words import word_list
from leadanalytics.schema import TEXT

_WORD = re.compile(r"[^\W_]+")
_SEPARATOR = "\x1f"
# Only after a name: before it, "Sr." is "Señor".
_GENERATIONS = {
    "sr": "senior", "snr": "senior", "senior": "senior", "jr": "junior", "jnr": "junior", "junior": "junior",
    "ii": "junior", "iii": "iii", "iv": "iv",
}  # fmt: skip
FIRST_IDEOGRAPH = "\u2e80"  # the scripts of which one character is a name begin here


class NameParts(NamedTuple):
    """The parts of each lead's name, folded; missing where there is none.

    Attributes
    ----------
    first : Series of str
        The first names, without titles, and without initials beside a whole name.
    last : Series of str
        The last names, likewise.
    full : Series of str
        All words, sorted, where they are more than one word or a name of ideographs; so swapped names are the same.
    generation : Series of str
        What parts father from son: "senior", "junior", "iii" or "iv", where it is written after the name.
    """

    first: pd.Series
    last: pd.Series
    full: pd.Series
    generation: pd.Series


def part_names(first_names: pd.Series, last_names: pd.Series) -> NameParts:
    """Return the parts of names, each taken from wherever it stands.

    A whole name in one field is parted: at a comma the last name comes first, else last.

    Examples
    --------
    >>> first, last = pd.Series(["Dr. Ana M.", "Ruiz, Ana", "", "明美"]), pd.Series(["RUIZ", "", "Ana Ruiz", "山口"])
    >>> parts = part_names(first, last)
    >>> parts.first.tolist(), parts.last.tolist()
    (['ana', 'ana', 'ana', '明美'], ['ruiz', 'ruiz', 'ruiz', '山口'])
    >>> parts.full.tolist()
    ['ana ruiz', 'ana ruiz', 'ana ruiz', '山口 明美']
    """
    written = fold(to_arrow(first_names)).to_pandas() + _SEPARATOR + fold(to_arrow(last_names)).to_pandas()
    codes, distinct = pd.factorize(written)
    # A name is read once, however many leads bear it.
    parted = [_part(*text.split(_SEPARATOR, 1)) for text in distinct]
    table = pd.DataFrame(parted, columns=list(NameParts._fields), dtype=TEXT).take(codes).set_axis(first_names.index)
    return NameParts(*(table[field] for field in NameParts._fields))


def nickname_classes(first_names: pd.Index) -> np.ndarray:
    """Return the number of each first name's class of nicknames, -1 where it is in none.

    Examples
    --------
    >>> classes = nickname_classes(pd.Index(["bob", "robert", "zenobia"]))
    >>> bool(classes[0] == classes[1]), int(classes[2])
    (True, -1)
    """
    return np.array([_classes().get(name, -1) for name in first_names], "int64")


@functools.cache
def _classes() -> dict[str, int]:
    return {name: number for number, line in enumerate(word_list("nicknames")) for name in line.split()}


def _part(first: str, last: str) -> tuple[str | None, str | None, str | None, str | None]:
    generation = _generation(first, last)
    first_words, last_words = _words(first), _words(last)
    if not last_words or not first_words:
        whole = first or last
        words = first_words or last_words
        if sum(map(_is_whole, words)) > 1:
            family, comma, given = whole.partition(",")
            if comma and _words(family) and _words(given):
                first_words, last_words = _words(given), _words(family)
            else:
                first_words, last_words = words[:-1], words[-1:]
    first_words, last_words = _whole_words(first_words), _whole_words(last_words)
    return _joined(first_words), _joined(last_words), _full([*first_words, *last_words]), generation


def _generation(*fields: str) -> str | None:
    """Return the generation that ends a field, or what stands before its comma, after at least one other word."""
    for field in fields:
        for text in (field, field.partition(",")[0]):
            words = _WORD.findall(text)
            if len(words) > 1 and words[-1] in _GENERATIONS:
                return _GENERATIONS[words[-1]]
    return None


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.replace("'", "")) if word not in _titles()]


def _whole_words(words: list[str]) -> list[str]:
    """Return the words without initials, unless there is nothing else; no words where all are placeholders."""
    if all(word in _placeholders() for word in words) or "".join(words) in _placeholders():  # "n/a" is two words
        return []
    return [word for word in words if _is_whole(word)] or words


def _is_whole(word: str) -> bool:
    return len(word) > 1 or word >= FIRST_IDEOGRAPH


def _joined(words: list[str]) -> str | None:
    return " ".join(words) or None


def _full(words: list[str]) -> str | None:
    distinct = sorted(set(words))
    is_full = all(map(_is_whole, words)) and (len(distinct) > 1 or (distinct and distinct[0] >= FIRST_IDEOGRAPH))
    return " ".join(distinct) if is_full else None


@functools.cache
def _titles() -> frozenset[str]:
    return frozenset(word_list("name_titles"))


@functools.cache
def _placeholders() -> frozenset[str]:
    return frozenset(word_list("placeholders"))
