"""Text without the differences that mean nothing: case, width, accents, invisible characters.

Scripts are kept as they are: nothing is romanised. Only values that are not plain ASCII pay for Unicode.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics.identity.flat import flatten

# Letters that have no decomposition in Unicode (https://www.unicode.org/reports/tr15/) but a customary spelling.
_LETTERS = {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ς": "σ"}

# Patterns of RE2, applied in this order to decomposed text.
_PATTERNS = {
    r"([a-zα-ω])[\x{0300}-\x{036F}]+": r"\1",  # accents; in other scripts marks make letters of their own
    r"\p{Cf}": "",  # zero-width and direction marks
    "[’‘ʼʹ´`′]": "'",
    r"[\p{Pd}・·،、。]|\s": " ",
}


def fold(texts: pa.LargeStringArray) -> pa.LargeStringArray:
    """Return texts in lower case, compatibility characters unified and accents dropped.

    Examples
    --------
    >>> fold(pa.array(["ANA", "Łukasz Müller", "ＡＢＣ　株式会社"], pa.large_string())).to_pylist()
    ['ana', 'lukasz muller', 'abc 株式会社']
    """
    return change_beyond_ascii(pc.ascii_lower(texts), _fold_unicode)


def change_beyond_ascii(
    texts: pa.LargeStringArray, change: Callable[[pa.LargeStringArray], pa.LargeStringArray]
) -> pa.LargeStringArray:
    """Return texts with those that hold anything beyond ASCII replaced by what `change` makes of them."""
    if not (flatten(texts).data & np.uint8(0x80)).any():
        return texts
    beyond = pc.invert(pc.string_is_ascii(texts))
    distinct = pc.dictionary_encode(pc.filter(texts, beyond))
    return pc.replace_with_mask(texts, beyond, change(distinct.dictionary).take(distinct.indices))


def _fold_unicode(texts: pa.LargeStringArray) -> pa.LargeStringArray:
    texts = pc.utf8_normalize(pc.utf8_lower(pc.utf8_normalize(texts, "NFKC")), "NFKD")
    for letter, spelling in _LETTERS.items():
        texts = pc.replace_substring(texts, letter, spelling)
    for pattern, replacement in _PATTERNS.items():
        texts = pc.replace_substring_regex(texts, pattern, replacement)
    return pc.utf8_normalize(texts, "NFC")
