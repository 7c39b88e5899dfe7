"""Which profiles are compared: those that share a key, in blocks whose size is capped, so that pairs grow with rows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from leadanalytics.identity.flat import first_rows_of_pairs
from leadanalytics.identity.profiles import Profiles
from leadanalytics.identity.similarity import initials

# In a block over its cap, a profile is compared with so many that follow it, instead of with none.
WINDOW = 6
SHORTEST_MAILBOX = 6  # "info" and "ana" say nothing without their domain


class Block(NamedTuple):
    """A key, and up to how many profiles that share it are all compared."""

    key: np.ndarray
    cap: int


def find_candidates(profiles: Profiles) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs of profiles to compare, each once, the smaller number first, in order."""
    blocks = _blocks(profiles)
    size = len(profiles)
    pairs = np.sort(np.concatenate([_pairs(block, size) for block in blocks]))
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    return pairs // max(size, 1), pairs % max(size, 1)


def _blocks(profiles: Profiles) -> list[Block]:
    email = np.where(profiles.is_personal, profiles.email.codes, -1)
    phone, full, country = profiles.phone.codes, profiles.full.codes, profiles.country.codes
    first, last, company = profiles.first.codes, profiles.last.codes, profiles.company.codes
    title = profiles.title.codes
    domain = np.where(profiles.is_free, -1, profiles.domain.codes)
    initial = _initials(profiles)
    return [
        Block(email, 20),
        Block(phone, 20),
        Block(_with(full, company), 20),
        Block(_with(full, domain), 20),
        Block(_with(full, country), 20),
        Block(full, 12),
        Block(_with(full, title), 12),
        Block(_with(_with(last, initial), domain), 12),
        Block(_with(_with(last, initial), company), 12),
        Block(_with(first, domain), 15),
        Block(_with(first, company), 15),
        Block(_with(last, domain), 12),
        Block(_with(last, company), 12),
        Block(_long_mailboxes(profiles), 12),
        Block(_with(phone, last), 20),
        Block(_with(phone, first), 20),
    ]


def _with(key: np.ndarray, other: np.ndarray) -> np.ndarray:
    return first_rows_of_pairs(key, other)


def _initials(profiles: Profiles) -> np.ndarray:
    return np.append(initials(profiles.first.texts), -1)[profiles.first.codes]


def _long_mailboxes(profiles: Profiles) -> np.ndarray:
    is_long = np.array([len(text) >= SHORTEST_MAILBOX for text in profiles.mailbox.texts] + [False], bool)
    return np.where(is_long[profiles.mailbox.codes] & profiles.is_personal, profiles.mailbox.codes, -1)


def _pairs(block: Block, size: int) -> np.ndarray:
    """Return the pairs of a block as one number each: the smaller profile times their count plus the larger."""
    members = np.flatnonzero(block.key >= 0)
    members = members[np.argsort(block.key[members], kind="stable")]
    return _paired(members, block.key[members], block.cap, WINDOW, size)


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
