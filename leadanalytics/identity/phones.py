"""Phone numbers as match keys: the last nine digits of the national number, the same in every way of writing it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numba import njit

from leadanalytics.identity.countries import country_codes
from leadanalytics.identity.flat import NONE, flatten, to_arrow
from leadanalytics.identity.folding import fold
from leadanalytics.identity.numbering import (
    LONGEST_KEY,
    SHORTEST_KEY,
    calling_code_lengths,
    for_each,
    standard_number,
    without_prefixes,
)
from leadanalytics.schema import TEXT

_DIGITS = LONGEST_KEY  # calling codes and trunk prefixes stand before the last nine digits of most numbers
_FEWEST = SHORTEST_KEY  # shorter numbers are extensions and emergency numbers
_LONGEST_BARE = 11  # with more digits, prefix or not, the last nine are the national number's
_PLUS, _ZERO, _NINE, _SHARP, _SEMICOLON = (ord(character) for character in "+09#;")
_REFERENCE = np.array([555_0100, 555_1212, 555_1234])  # what people type who do not want to be called


def canonical_phones(phones: pd.Series, countries: pd.Series | None = None) -> np.ndarray:
    """Return the last nine digits of each national phone number as an integer, -1 where there is no usable number.

    Extensions are dropped, and so are calling codes and the zeros in front, which only some ways of writing a number
    have. Not usable are numbers of fewer than seven digits and made-up ones: one or two different digits, digits in
    sequence, 555-0100, 555-1212 and 555-1234.

    Parameters
    ----------
    phones : Series of str
        The numbers as written.
    countries : Series of str, optional
        The countries, in any common way of writing; they tell calling code and trunk prefix from a short number.

    Examples
    --------
    >>> phones = pd.Series(["+44 20 7946 0018", "(020) 7946-0018 ext. 12", "0123456789", "12345", None])
    >>> canonical_phones(phones).tolist()
    [79460018, 79460018, -1, -1, -1]
    >>> canonical_phones(pd.Series(["+49 30 901820", "030 901820", "49 30 901820"]), pd.Series(["DE"] * 3)).tolist()
    [30901820, 30901820, 30901820]
    """
    numbers, is_bare = _read_numbers(*flatten(fold(to_arrow(phones))), calling_code_lengths())
    if countries is not None:
        rows = np.flatnonzero(is_bare)
        regions = country_codes(countries.iloc[rows])
        numbers[rows] = without_prefixes(numbers[rows], phones.iloc[rows], regions)
    numbers[np.isin(numbers % 10**7, _REFERENCE)] = NONE
    return numbers


def standard_phones(phones: pd.Series, countries: pd.Series) -> pd.Series:
    """Return each phone number in E.164, missing where it is none that can be called.

    Made-up numbers and numbers that their country's plan does not know are missing, extensions are dropped. A number
    written without its calling code needs a country.

    Parameters
    ----------
    phones : Series of str
        The numbers as written.
    countries : Series of str
        The countries, in any common way of writing.

    Examples
    --------
    >>> phones = pd.Series(["030 901820", "+1 (206) 267-4000 x7", "n/a"])
    >>> standard_phones(phones, pd.Series(["Germany", None, "US"])).tolist()
    ['+4930901820', '+12062674000', nan]
    """
    rows = np.flatnonzero(canonical_phones(phones) >= 0)
    found = for_each(standard_number, phones.iloc[rows], country_codes(countries.iloc[rows]).fillna(""))
    standard = np.full(len(phones), None, dtype=object)
    standard[rows] = found
    return pd.Series(standard, index=phones.index, dtype=TEXT)


@njit(cache=True)
def _read_numbers(offsets, data, code_lengths):  # type: ignore[no-untyped-def]
    """Return the key of each number, and whether, being short and without plus, it may hold a prefix."""
    result = np.full(len(offsets) - 1, NONE, np.int64)
    is_bare = np.zeros(len(offsets) - 1, np.bool_)
    digits = np.empty(_DIGITS, np.int64)
    for row in range(len(result)):
        count, beginning, has_plus = 0, 0, False
        for place in range(offsets[row], offsets[row + 1]):
            byte = data[place]
            if _ZERO <= byte <= _NINE:
                digits[count % _DIGITS] = byte - _ZERO
                count += 1
                beginning = beginning * 10 + byte - _ZERO if count <= 5 else beginning
            elif byte == _PLUS and count == 0:
                has_plus = True
            elif count >= _FEWEST and (97 <= byte <= 122 or byte in (_SHARP, _SEMICOLON)):
                break  # a letter, # or ; after a whole number begins its extension
        if count < _FEWEST:
            continue
        # Of the first five digits, three tell the calling code, after the plus or after 00.
        prefix = code_lengths[beginning // 100] if has_plus else 0
        if not has_plus and beginning < 1000:
            prefix = code_lengths[beginning] + 2 if code_lengths[beginning] else 0
        begin = prefix if count - prefix >= _FEWEST else 0
        result[row] = _number(digits, max(count - _DIGITS, begin), count)
        is_bare[row] = prefix == 0 and _DIGITS <= count <= _LONGEST_BARE and result[row] != NONE
    return result, is_bare


@njit(cache=True)
def _number(digits, begin, end):  # type: ignore[no-untyped-def]
    """Return the number that digits begin to end (kept in a ring) make, -1 where they look made up."""
    number, seen, up, down = 0, 0, True, True
    for place in range(begin, end):
        digit = digits[place % _DIGITS]
        if place > begin:
            step = (digit - digits[(place - 1) % _DIGITS]) % 10
            up, down = up and step == 1, down and step == 9
        number = number * 10 + digit
        seen |= 1 << digit
    different = 0
    while seen:
        different += seen & 1
        seen >>= 1
    return NONE if up or down or different <= 2 else number
