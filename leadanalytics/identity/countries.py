"""Countries: any common way of writing one, as its code for evidence and as its English name for lists."""

from __future__ import annotations

import functools
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics.identity.flat import to_arrow
from leadanalytics.identity.folding import fold
from leadanalytics.identity.words import word_list
from leadanalytics.schema import TEXT


def country_codes(countries: pd.Series) -> pd.Series:
    """Return each country as its ISO 3166-1 code of two letters, missing where it is none that is known.

    Known are the codes of two and three letters and the names in the languages that leads come in, which stand in
    `country_names.txt`.

    Examples
    --------
    >>> country_codes(pd.Series(["U.S.A.", "Deutschland", "日本", "the Netherlands", "GB", "Atlantis"])).tolist()
    ['US', 'DE', 'JP', 'NL', 'GB', nan]
    """
    distinct = pc.dictionary_encode(fold(to_arrow(countries)))
    known = [_codes().get(_plain(name)) for name in distinct.dictionary.to_pylist()]
    codes = pa.array(known, pa.large_string()).take(distinct.indices)
    return pd.Series(TEXT.__from_arrow__(codes), index=countries.index)


def country_names(countries: pd.Series) -> pd.Series:
    """Return each country by its English name, as `country_labels.txt` has it; what is no known country stays.

    Examples
    --------
    >>> country_names(pd.Series(["US", "USA", "U.S.A.", "Deutschland", "Atlantis", None])).tolist()
    ['United States', 'United States', 'United States', 'Germany', 'Atlantis', nan]
    """
    return country_codes(countries).map(_labels()).astype(TEXT).fillna(countries.astype(TEXT))


@functools.cache
def _labels() -> dict[str, str]:
    """Return the English name of each code; unlike the lists of words of the matcher, it is not folded."""
    lines = Path(__file__).with_name("country_labels.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines if not line.startswith("#"))


@functools.cache
def _codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for line in word_list("country_names"):
        code, _, names = line.partition(": ")
        codes |= dict.fromkeys(map(_plain, [code, *names.split("; ")]), code.upper())
    return codes


def _plain(name: str) -> str:
    """Return a folded name without the dots and hyphens that some write and others do not."""
    return " ".join(name.replace(".", "").replace("-", " ").split())
