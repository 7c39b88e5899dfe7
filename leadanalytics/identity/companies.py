"""Company names as match keys: without legal form, punctuation and the article in front."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit

from leadanalytics.identity.flat import FlatText, first_rows, flatten, longest, to_arrow, to_series
from leadanalytics.identity.folding import change_beyond_ascii, fold
from leadanalytics.identity.words import (
    byte_roles,
    is_listed,
    read_words,
    room_for_words,
    word_digests,
    word_list,
)

_BLANK, _OPEN, _CLOSE = (ord(character) for character in " ()")
_FIRST_CJK = 0x3000  # the scripts that write without blanks begin here


def canonical_companies(companies: pd.Series) -> pd.Series:
    """Return each company's name, folded, without blanks and legal form, missing where there is no company.

    Legal forms are dropped at the end, again and again ("GmbH & Co. KG"), those not written in Latin letters in
    front too, but never the last word, and so is what stands in brackets after a name ("Contoso (UK) Ltd"). `&` is
    "and". Placeholders ("none", "self-employed") are no company.

    Examples
    --------
    >>> companies = pd.Series(["The Café & Söhne GmbH & Co. KG", "cafe and sohne S. A.", "株式会社東京", "n/a"])
    >>> canonical_companies(companies).tolist()
    ['cafeandsohne', 'cafeandsohne', '東京', nan]
    """
    return to_series(_flat_companies(to_arrow(companies)), companies.index)


def company_numbers(companies: pd.Series) -> np.ndarray:
    """Return for each company a number that only the same canonical company has, -1 where there is none."""
    distinct = pc.dictionary_encode(to_arrow(companies))  # companies repeat more than people
    return first_rows(_flat_companies(distinct.dictionary))[distinct.indices.to_numpy()]


def _flat_companies(companies: pa.LargeStringArray) -> FlatText:
    texts = flatten(change_beyond_ascii(fold(companies), _part_legal_forms))
    forms = word_list("legal_forms")
    placeholders = [word.replace(" ", "") for word in word_list("placeholders")]
    front = ["the", *(form for form in forms if not form.isascii())]
    roles = byte_roles(skip="'.", ampersand=True)
    lists = (word_digests(forms), word_digests(front), word_digests(placeholders))
    return FlatText(*_write_companies(*texts, roles, *lists, max(len(form.encode()) for form in forms)))


def _part_legal_forms(companies: pa.LargeStringArray) -> pa.LargeStringArray:
    """Set Chinese, Japanese and Korean legal forms apart, which are written without a blank."""
    written_together = [form for form in word_list("legal_forms") if len(form) > 1 and ord(form[0]) >= _FIRST_CJK]
    longest_first = sorted(written_together, key=len, reverse=True)
    return pc.replace_substring_regex(companies, f"({'|'.join(longest_first)})", r" \1 ")


@njit(cache=True)
def _write_companies(offsets, data, roles, forms, front, placeholders, longest_form):  # type: ignore[no-untyped-def]
    begins = np.zeros(len(offsets), np.int64)
    result = np.empty(3 * len(data), np.uint8)
    bounds, letters = room_for_words(longest(offsets))
    for row in range(len(offsets) - 1):
        count = _read_company(data, offsets[row], offsets[row + 1], roles, bounds, letters)
        last = _without_forms(bounds, letters, count, forms, longest_form)
        first = 0
        while first < last - 1 and is_listed(letters, bounds[first], bounds[first + 1], front):
            first += 1
        begin, end, size = bounds[first], bounds[last], begins[row]
        if not is_listed(letters, begin, end, placeholders):
            result[size : size + end - begin] = letters[begin:end]
            size += end - begin
        begins[row + 1] = size
    return begins, result[: begins[-1]]


@njit(cache=True)
def _read_company(data, begin, end, roles, bounds, letters):  # type: ignore[no-untyped-def]
    """Read the words of a company without those in brackets, unless none stand before the brackets.

    Brackets that follow a word without a blank are part of it: some write =HYPERLINK("...") for a company.
    """
    count, depth, start = 0, 0, begin
    for place in range(begin, end):
        if data[place] == _OPEN and (depth or data[max(place - 1, begin)] in (_BLANK, _OPEN)):
            if depth == 0:
                count = read_words(data, start, place, roles, bounds, letters, count)
                start = place
            depth += 1
        elif data[place] == _CLOSE and depth:
            depth -= 1
            if depth == 0 and count:
                start = place + 1
    return read_words(data, start, end, roles, bounds, letters, count) if depth == 0 or count == 0 else count


@njit(cache=True)
def _without_forms(bounds, letters, count, forms, longest_form):  # type: ignore[no-untyped-def]
    """Return how many words are left, at least one, when legal forms are dropped from the end."""
    words = 1
    while words < count and bounds[count] - bounds[count - words] <= longest_form:
        if is_listed(letters, bounds[count - words], bounds[count], forms):
            count, words = count - words, 0
        words += 1
    return count
