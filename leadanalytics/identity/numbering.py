"""What the numbering plans of countries say of a phone number, as `phonenumbers` knows them.

Asking it takes some 20 microseconds a number, so each distinct number is asked for once, and only where it matters.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd
import phonenumbers

LONGEST_KEY, SHORTEST_KEY = 9, 7  # digits
_LONGEST_CALLING_CODE = 3
_NO_DIGIT = re.compile(r"\D")
_EXIT_CODE = re.compile(r"^\W*00")  # what most countries dial for the plus

Answer = TypeVar("Answer")


class _Plan(NamedTuple):
    """What may stand before the national number in a country that has short ones."""

    calling_code: str
    trunk_prefix: re.Pattern[str]


@functools.cache
def calling_code_lengths() -> np.ndarray:
    """Return the number of digits of the calling code with which each three digits begin, 0 for none.

    Examples
    --------
    >>> calling_code_lengths()[[120, 493, 353, 999]].tolist()
    [1, 2, 3, 0]
    """
    lengths = np.zeros(10**_LONGEST_CALLING_CODE, "int64")
    for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
        span = 10 ** (_LONGEST_CALLING_CODE - len(str(code)))
        lengths[code * span : (code + 1) * span] = len(str(code))
    return lengths


def without_prefixes(numbers: np.ndarray, phones: pd.Series, regions: pd.Series) -> np.ndarray:
    """Return match keys of numbers without calling code or trunk prefix, where a short national number has one.

    Parameters
    ----------
    numbers : array of int
        The keys as the last digits alone make them.
    phones, regions : Series of str
        The numbers as written, and the ISO 3166-1 codes of their countries.
    """
    numbers = numbers.copy()
    short = [region for region in regions.dropna().unique() if _plan(region)]
    rows = np.flatnonzero(regions.isin(short))
    found = for_each(_national_key, phones.iloc[rows], regions.iloc[rows])
    known = np.array([key is not None for key in found], bool)
    numbers[rows[known]] = [key for key in found if key is not None]
    return numbers


def for_each(ask: Callable[[str, str], Answer], phones: pd.Series, regions: pd.Series) -> list[Answer]:
    """Return the answer for each phone number and country, asking once for those that are the same."""
    pairs = list(zip(phones.tolist(), regions.tolist(), strict=True))
    answers = {pair: ask(*pair) for pair in dict.fromkeys(pairs)}
    return [answers[pair] for pair in pairs]


def standard_number(phone: str, region: str) -> str | None:
    """Return a number in E.164, None where its country's plan does not know it.

    Examples
    --------
    >>> standard_number("030 901820", "DE"), standard_number("030 901820", "")
    ('+4930901820', None)
    """
    number = _parse(_EXIT_CODE.sub("+", phone), region)
    return None if number is None else phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _national_key(phone: str, region: str) -> int | None:
    plan = _plan(region)
    if plan is None:
        return None
    digits = _NO_DIGIT.sub("", phone)
    trunk = plan.trunk_prefix.match(digits)
    # Zeros in front do not change a key, so only other prefixes are worth asking about.
    if not (digits.startswith(plan.calling_code) or (trunk and trunk.group().strip("0"))):
        return None
    number = _parse(phone, region)
    national = "" if number is None else str(number.national_number)
    return int(national[-LONGEST_KEY:]) if len(national) >= SHORTEST_KEY else None


def _parse(phone: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(phone, region or None)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


@functools.cache
def _plan(region: str) -> _Plan | None:
    """Return the plan of a country if it has numbers shorter than a key."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    if metadata is None or not metadata.general_desc or min(metadata.general_desc.possible_length) >= LONGEST_KEY:
        return None
    prefix = metadata.national_prefix_for_parsing
    return _Plan(str(metadata.country_code), re.compile(prefix or r"(?!)"))
