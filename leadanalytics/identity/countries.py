"""Countries as evidence: any common way of writing a country, as its code of two letters."""

from __future__ import annotations

import functools

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
