"""Phone numbers as match keys: the last nine digits, which are the same in every way of writing a number."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numba import njit

from leadanalytics.identity.flat import NONE, flatten, to_arrow
from leadanalytics.identity.folding import fold

_DIGITS = 9  # country codes and trunk prefixes stand before the last nine digits of most numbers
_FEWEST = 7  # shorter numbers are extensions and emergency numbers
_REFERENCE = np.array([555_0100, 555_1212, 555_1234])  # what people type who do not want to be called


def canonical_phones(phones: pd.Series) -> np.ndarray:
    """Return each phone number's last nine digits as an integer, -1 where there is no usable number.

    Extensions are dropped, and so are the zeros in front, which only some ways of writing a number have. Not usable
    are numbers of fewer than seven digits and made-up ones: one or two different digits, digits in sequence,
    555-0100, 555-1212 and 555-1234.

    Examples
    --------
    >>> phones = pd.Series(["+44 20 7946 0018", "(020) 7946-0018 ext. 12", "0123456789", "12345", None])
    >>> canonical_phones(phones).tolist()
    [79460018, 79460018, -1, -1, -1]
    """
    numbers = _read_numbers(*flatten(fold(to_arrow(phones))))
    numbers[np.isin(numbers % 10**7, _REFERENCE)] = NONE
    return numbers


@njit(cache=True)
def _read_numbers(offsets, data):  # type: ignore[no-untyped-def]
    result = np.full(len(offsets) - 1, NONE, np.int64)
    digits = np.empty(_DIGITS, np.int64)
    for row in range(len(result)):
        count = 0
        for place in range(offsets[row], offsets[row + 1]):
            byte = data[place]
            if 48 <= byte <= 57:
                digits[count % _DIGITS] = byte - 48
                count += 1
            elif count >= _FEWEST and (97 <= byte <= 122 or byte == 35 or byte == 59):
                break  # a letter, # or ; after a whole number begins its extension
        if count >= _FEWEST:
            result[row] = _number(digits, max(count - _DIGITS, 0), count)
    return result


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
