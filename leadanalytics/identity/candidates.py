"""Which profiles are compared: those that share a key, in blocks whose size is capped, so that pairs grow with rows."""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np
import pandas as pd
from numba import njit

from leadanalytics.identity.flat import NONE, first_rows_of_pairs
from leadanalytics.identity.profiles import Profiles, Values

# In a block over its cap, a profile is compared with so many that follow it, instead of with none.
WINDOW = 6
SHORTEST_MAILBOX = 6  # "info" and "ana" say nothing without their domain


class Block(NamedTuple):
    """Values that make a key together, and up to how many profiles that share it are all compared."""

    fields: tuple[str, ...]
    cap: int


BLOCKS = (
    Block(("email",), 20),
    Block(("phone",), 20),
    Block(("full", "company"), 20),
    Block(("full", "domain"), 20),
    Block(("full", "country"), 20),
    Block(("full",), 12),
    Block(("full", "title"), 12),
    Block(("last", "initial", "domain"), 12),
    Block(("last", "initial", "company"), 12),
    Block(("first", "domain"), 15),
    Block(("first", "company"), 15),
    Block(("last", "domain"), 12),
    Block(("last", "company"), 12),
    Block(("mailbox",), 12),
    Block(("phone", "last"), 20),
    Block(("phone", "first"), 20),
)


def find_candidates(profiles: Profiles) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs of profiles to compare, each once, the smaller number first, in order."""
    values = comparable_values(profiles)
    size = len(profiles)
    found = []
    for block in BLOCKS:
        key = functools.reduce(first_rows_of_pairs, [values[field].codes for field in block.fields])
        found.append(_pairs(key, block.cap, size))
    pairs = np.sort(np.concatenate(found))
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    return pairs // max(size, 1), pairs % max(size, 1)


def share_a_key(profiles: Profiles, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return which pairs of profiles have a key of any block in common."""
    values = comparable_values(profiles)
    same = {name: (value.codes[one] >= 0) & (value.codes[one] == value.codes[other]) for name, value in values.items()}
    return np.any([np.all([same[field] for field in block.fields], axis=0) for block in BLOCKS], axis=0)


def comparable_values(profiles: Profiles) -> dict[str, Values]:
    """Return the values that keys are made of, by name."""
    personal = profiles.is_personal
    return {
        "email": Values(np.where(personal, profiles.email.codes, NONE), profiles.email.texts),
        "phone": profiles.phone,
        "full": profiles.full,
        "first": profiles.first,
        "last": profiles.last,
        "initial": _initials(profiles.first),
        "title": profiles.title,
        "company": profiles.company,
        "domain": Values(np.where(profiles.is_free, NONE, profiles.domain.codes), profiles.domain.texts),
        "country": profiles.country,
        "mailbox": Values(_long_mailboxes(profiles), profiles.mailbox.texts),
    }


def _initials(first: Values) -> Values:
    initials, texts = pd.factorize(np.array([text[:1] for text in first.texts], object))
    return Values(np.append(initials.astype("int64"), NONE)[first.codes], np.asarray(texts, dtype=object))


def _long_mailboxes(profiles: Profiles) -> np.ndarray:
    is_long = np.array([len(text) >= SHORTEST_MAILBOX for text in profiles.mailbox.texts] + [False], bool)
    return np.where(is_long[profiles.mailbox.codes] & profiles.is_personal, profiles.mailbox.codes, NONE)


def _pairs(key: np.ndarray, cap: int, size: int) -> np.ndarray:
    """Return the pairs that share a key as one number each: the smaller profile times their count plus the larger."""
    members = np.flatnonzero(key >= 0)
    members = members[np.argsort(key[members], kind="stable")]
    return _paired(members, key[members], cap, WINDOW, size)


@njit(cache=True)
def _paired(members, keys, cap, window, size):  # type: ignore[no-untyped-def]
    counts = 0
    result = np.empty(0, np.int64)
    for pass_ in range(2):  # the first only counts
        if pass_:
            result = np.empty(counts, np.int64)
        counts = 0
        begin = 0
        while begin < len(members):
            end = begin
            while end < len(members) and keys[end] == keys[begin]:
                end += 1
            reach = end - begin if end - begin <= cap else window
            for one in range(begin, end):
                for other in range(one + 1, min(one + 1 + reach, end)):
                    if pass_:
                        # Members of a block are in ascending order.
                        result[counts] = members[one] * size + members[other]
                    counts += 1
            begin = end
    return result
