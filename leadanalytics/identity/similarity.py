"""Which texts are a slip of the keyboard apart: compared once for each pair of distinct texts."""

from __future__ import annotations

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA


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
    pairs, place = np.unique(one * len(texts) + other, return_inverse=True)
    left, right = texts[pairs // max(len(texts), 1)].tolist(), texts[pairs % max(len(texts), 1)].tolist()
    return process.cpdist(left, right, scorer=OSA.distance, score_cutoff=2).astype("int64")[place]


def begin_alike(texts: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return whether the shorter text of each pair is the beginning of the longer one.

    Examples
    --------
    >>> begin_alike(np.array(["ben", "benjamin", "bella"], object), np.array([0, 1]), np.array([1, 2])).tolist()
    [True, False]
    """
    left, right = texts[one].tolist(), texts[other].tolist()
    return np.fromiter((a.startswith(b) or b.startswith(a) for a, b in zip(left, right)), bool, len(left))


def lengths(texts: np.ndarray) -> np.ndarray:
    """Return the number of characters of each text."""
    return np.fromiter(map(len, texts), "int64", len(texts))
