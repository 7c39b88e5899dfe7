"""The word lists behind made-up leads, and the draws from them.

Every draw is made of `Generator.integers` and `Generator.random` alone, and no logarithm or power is taken, so that a
seed gives the same leads on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

WORDS = Path(__file__).parent / "words"
TEXT = pa.large_string()

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def load_words(name: str, *, numbers: Sequence[str] = ()) -> pd.DataFrame:
    """Return one word list as text, with whole numbers in the columns that are named.

    Examples
    --------
    >>> load_words("gaps", numbers=["share"])["share"].sum()
    np.int64(100)
    """
    words = pd.read_csv(WORDS / f"{name}.csv", dtype=str, keep_default_na=False, encoding="utf-8")
    return words.astype(dict.fromkeys(numbers, "int64"))


def pick(rng: np.random.Generator, shares: Sequence[int] | pd.Series, size: int | tuple[int, ...]) -> Numbers:
    """Return positions in a list of shares, each drawn as often as its share says.

    Examples
    --------
    >>> pick(np.random.default_rng(0), [0, 1, 0], 4)
    array([1, 1, 1, 1])
    """
    ends = np.cumsum(np.asarray(shares, dtype="int64"))
    return np.searchsorted(ends, rng.integers(0, ends[-1], size), side="right")


def chance(rng: np.random.Generator, per_thousand: int | Numbers, size: int) -> Flags:
    """Return flags that are true with a chance, given per thousand (one for all or one for each).

    Examples
    --------
    >>> chance(np.random.default_rng(0), 1000, 3)
    array([ True,  True,  True])
    """
    return rng.integers(0, 1000, size) < per_thousand


def choose(words: Sequence[str] | pd.Series, positions: Numbers) -> pa.Array:
    """Return the words at some positions, as Arrow text.

    Examples
    --------
    >>> choose(["a", "b"], np.array([1, 0, 1])).to_pylist()
    ['b', 'a', 'b']
    """
    return pa.array(list(words), TEXT).take(pa.array(positions))


def join(*texts: pa.Array | str, separator: str = "") -> pa.Array:
    """Return columns of Arrow text, and texts that are the same in every row, joined row by row.

    Examples
    --------
    >>> join("<", pa.array(["a", "b"], TEXT), ">").to_pylist()
    ['<a>', '<b>']
    """
    pieces = [pa.scalar(text, TEXT) if isinstance(text, str) else text for text in texts]
    return pc.binary_join_element_wise(*pieces, pa.scalar(separator, TEXT))
