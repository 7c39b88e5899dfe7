"""How texts resemble one another: a slip of the keyboard apart, one the beginning of the other, a word in common."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA, Prefix

from leadanalytics.identity.flat import first_rows_of_pairs


class Pairs(NamedTuple):
    """The distinct ones of some pairs of values.

    Attributes
    ----------
    one, other : array of int
        The values of each distinct pair.
    place : array of int
        The distinct pair of each pair.
    """

    one: np.ndarray
    other: np.ndarray
    place: np.ndarray


def distinct_pairs(one: np.ndarray, other: np.ndarray) -> Pairs:
    """Return the distinct ones of some pairs of values, so that each is compared once.

    Examples
    --------
    >>> distinct_pairs(np.array([5, 5, 5]), np.array([7, 8, 7])).place.tolist()
    [0, 1, 0]
    """
    place, first = pd.factorize(first_rows_of_pairs(one, other))
    return Pairs(one[first], other[first], place)


def slips_apart(texts: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return how many slips lie between pairs of texts: letters added, left out, replaced, or two swapped.

    This is the distance of optimal string alignment; one that is more than 2 is given as 3.

    Parameters
    ----------
    texts : array of str
        The distinct texts.
    one, other : array of int
        The places of each pair's texts.

    Examples
    --------
    >>> slips_apart(np.array(["ana", "aan", "maria"], object), np.array([0, 0, 1]), np.array([1, 2, 1])).tolist()
    [1, 3, 0]
    """
    left, right = texts[one].tolist(), texts[other].tolist()
    return process.cpdist(left, right, scorer=OSA.distance, score_cutoff=2).astype("int64")


def begin_alike(texts: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return whether the shorter text of each pair is the beginning of the longer one.

    Examples
    --------
    >>> begin_alike(np.array(["ben", "benjamin", "bella"], object), np.array([0, 1]), np.array([1, 2])).tolist()
    [True, False]
    """
    left, right = texts[one].tolist(), texts[other].tolist()
    shared = process.cpdist(left, right, scorer=Prefix.similarity).astype("int64")
    letters = lengths(texts)
    return shared == np.minimum(letters[one], letters[other])


def share_a_word(texts: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return whether pairs of texts, of which one at least has several words, have a word in common.

    Examples
    --------
    >>> share_a_word(np.array(["ruiz vega", "ruiz", "blanco"], object), np.array([0, 0]), np.array([1, 2])).tolist()
    [True, False]
    """
    several = np.fromiter((" " in text for text in texts), bool, len(texts))
    shared = several[one] | several[other]
    rows = np.flatnonzero(shared)
    pairs = zip(texts[one[rows]].tolist(), texts[other[rows]].tolist())
    shared[rows] = [not set(left.split()).isdisjoint(right.split()) for left, right in pairs]
    return shared


def lengths(texts: np.ndarray) -> np.ndarray:
    """Return the number of characters of each text."""
    return np.fromiter(map(len, texts), "int64", len(texts))


def initials(texts: np.ndarray) -> np.ndarray:
    """Return a number for each text that only those with the same first character have.

    Examples
    --------
    >>> initials(np.array(["ana", "bo", "amy"], object)).tolist()
    [0, 1, 0]
    """
    return pd.factorize(np.array([text[:1] for text in texts], object))[0].astype("int64")
