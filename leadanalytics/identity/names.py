"""Names as match keys: the words of a person's name, in an order of their own."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numba import njit

from leadanalytics.identity.flat import FlatText, flatten, longest, to_arrow, to_series
from leadanalytics.identity.folding import fold
from leadanalytics.identity.words import (
    MOST_WORDS,
    byte_roles,
    is_listed,
    read_words,
    room_for_words,
    word_digests,
    word_list,
)

_BLANK = 32


def canonical_names(first_names: pd.Series, last_names: pd.Series) -> pd.Series:
    """Return the words of each name, folded, sorted and each once, missing where there is no name.

    So it does not matter which field holds which part, nor case, accents, titles ("Dr.", "Jr.") and, beside two
    whole words, initials. A name of nothing but placeholders ("test", "unknown") is no name.

    Examples
    --------
    >>> canonical_names(pd.Series(["Dr. Anna M.", "Müller, Anna", "O’Neil"]), pd.Series(["Müller", "", "Li"])).tolist()
    ['anna muller', 'anna muller', 'li oneil']
    """
    return to_series(flat_names(first_names, last_names), first_names.index)


def flat_names(first_names: pd.Series, last_names: pd.Series) -> FlatText:
    """Return the canonical names as flat text, see `canonical_names`."""
    first = flatten(fold(to_arrow(first_names)))
    last = flatten(fold(to_arrow(last_names)))
    titles = word_digests(word_list("name_titles"))
    placeholders = word_digests(word_list("placeholders"))
    return FlatText(*_write_names(*first, *last, byte_roles(skip="'"), titles, placeholders))


def are_whole(names: FlatText) -> np.ndarray:
    """Return whether each canonical name is more than a first or last name alone.

    It has two words, or is not in plain Latin letters: Chinese and Japanese names are often written as one.
    """
    return _are_whole(*names)


@njit(cache=True)
def _are_whole(offsets, data):  # type: ignore[no-untyped-def]
    result = np.zeros(len(offsets) - 1, np.bool_)
    for row in range(len(result)):
        for place in range(offsets[row], offsets[row + 1]):
            if data[place] == _BLANK or data[place] >= 0x80:
                result[row] = True
                break
    return result


@njit(cache=True)
def _write_names(first_offsets, first, last_offsets, last, roles, titles, placeholders):  # type: ignore[no-untyped-def]
    rows = len(first_offsets) - 1
    begins = np.zeros(rows + 1, np.int64)
    result = np.empty(len(first) + len(last) + 2 * rows, np.uint8)
    bounds, letters = room_for_words(longest(first_offsets) + longest(last_offsets))
    kept = np.empty(MOST_WORDS, np.int64)
    for row in range(rows):
        count = read_words(first, first_offsets[row], first_offsets[row + 1], roles, bounds, letters, 0)
        count = read_words(last, last_offsets[row], last_offsets[row + 1], roles, bounds, letters, count)
        count = _choose(bounds, letters, count, titles, placeholders, kept)
        size = begins[row]
        for word in _sort(bounds, letters, kept[:count]):
            if size > begins[row]:
                result[size] = _BLANK
                size += 1
            for place in range(bounds[word], bounds[word + 1]):
                result[size] = letters[place]
                size += 1
        begins[row + 1] = size
    return begins, result[: begins[-1]]


@njit(cache=True)
def _choose(bounds, letters, count, titles, placeholders, kept):  # type: ignore[no-untyped-def]
    """Note in `kept` the words that make a name, and return how many they are, 0 where they make none."""
    whole, real, chosen = 0, 0, 0
    for word in range(count):
        if is_listed(letters, bounds[word], bounds[word + 1], titles):
            continue
        kept[chosen] = word
        chosen += 1
        if not _is_initial(bounds, letters, word):
            whole += 1
            real += not is_listed(letters, bounds[word], bounds[word + 1], placeholders)
    if not real or whole < 2 or whole == chosen:
        return chosen if real else 0
    whole = 0
    for place in range(chosen):
        if not _is_initial(bounds, letters, kept[place]):
            kept[whole] = kept[place]
            whole += 1
    return whole


@njit(cache=True)
def _sort(bounds, letters, words):  # type: ignore[no-untyped-def]
    """Return words in alphabetical order, each once (insertion sort, a name has few words)."""
    sorted_ = 0
    for word in words:
        place = sorted_
        while place and _order(bounds, letters, words[place - 1], word) > 0:
            place -= 1
        if place and _order(bounds, letters, words[place - 1], word) == 0:
            continue
        for later in range(sorted_, place, -1):
            words[later] = words[later - 1]
        words[place] = word
        sorted_ += 1
    return words[:sorted_]


@njit(cache=True)
def _is_initial(bounds, letters, word):  # type: ignore[no-untyped-def]
    """Return whether a word is one letter of an alphabet; one character of Chinese, Japanese or Korean is a name."""
    size = bounds[word + 1] - bounds[word]
    return size == 1 or (size == 2 and letters[bounds[word]] >= 0x80)


@njit(cache=True)
def _order(bounds, letters, one, other):  # type: ignore[no-untyped-def]
    """Return -1, 0 or 1: whether a word comes before another, is the same or comes after it."""
    one_size, other_size = bounds[one + 1] - bounds[one], bounds[other + 1] - bounds[other]
    for place in range(min(one_size, other_size)):
        difference = np.int64(letters[bounds[one] + place]) - np.int64(letters[bounds[other] + place])
        if difference:
            return 1 if difference > 0 else -1
    return 0 if one_size == other_size else (1 if one_size > other_size else -1)
