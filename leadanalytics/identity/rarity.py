"""How many people have a value, and how much it therefore tells: people are counted, not leads."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadanalytics.identity.flat import first_rows_of_pairs
from leadanalytics.identity.profiles import Profiles

# A short list is a sample of a larger world: so many people more are thought of, who have none of its values.
STRANGERS = 1_000


def count_people(profiles: Profiles) -> np.ndarray:
    """Return a number for each profile that stands for its person as far as one value tells: address, else phone.

    Somebody who leaves ten leads must not make a name look ten times as common (as it does in matchers that count
    rows), so people are told apart by the address that is theirs alone.
    """
    size = len(profiles)
    by_phone = np.where(profiles.phone.codes >= 0, profiles.phone.codes + size, np.arange(size) + 2 * size)
    person = np.where(profiles.is_personal, profiles.email.codes, by_phone)
    return pd.factorize(person)[0].astype("int64")


def bearers(codes: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Return for each value how many different others it goes with: people or names, for example.

    Parameters
    ----------
    codes : array of int
        The value of each profile, -1 for none.
    by : array of int
        The other of each profile, -1 for none.

    Examples
    --------
    >>> bearers(np.array([0, 0, 0, 1, -1]), np.array([7, 7, 8, 7, 7])).tolist()
    [2, 1]
    """
    pairs = first_rows_of_pairs(codes, by)
    distinct = np.flatnonzero(pairs == np.arange(len(pairs)))
    return np.bincount(codes[distinct], minlength=codes.max(initial=-1) + 1)


def bits_of_rarity(codes: np.ndarray, people: np.ndarray, *, values: int = 0) -> np.ndarray:
    """Return for each value the bits that it tells: log2 of all people, and some strangers, by those who have it.

    Parameters
    ----------
    codes : array of int
        The value of each profile, -1 for none.
    people : array of int
        The person of each profile.
    values : int
        How many values there are at least; those that nobody has are as rare as one person's.

    Examples
    --------
    >>> bits_of_rarity(np.array([0, 0, 1, 1]), np.array([0, 1, 2, 2])).round(2).tolist()
    [8.97, 9.97]
    """
    everybody = people.max(initial=-1) + 1 + STRANGERS
    counts = bearers(codes, people)
    counts = np.append(counts, np.zeros(max(values - len(counts), 0), counts.dtype))
    return np.log2(everybody / np.maximum(counts, 1))
