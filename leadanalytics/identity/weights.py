"""The bits that each kind of evidence is worth, as data with one line of reason each."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pandas as pd

_FILE = Path(__file__).with_name("weights.csv")


@functools.cache
def load_weights() -> Mapping[str, float]:
    """Return the bits of every kind of evidence, by name.

    They were set by hand on made-up leads and are not fitted to any list: a bit more or less rarely changes a merge.

    Examples
    --------
    >>> load_weights()["country_same"]
    1.5
    """
    table = pd.read_csv(_FILE)
    return MappingProxyType(dict(zip(table["evidence"], table["bits"].astype("float64"), strict=True)))
