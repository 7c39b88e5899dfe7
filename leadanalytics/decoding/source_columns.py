"""The columns that lead source, action code, offer id and offer title tell, read once per distinct combination."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from leadanalytics.decoding.lead_source import Codes, Offer, SourceReading, read_combination
from leadanalytics.decoding.offers import complete_offers, name_offers
from leadanalytics.decoding.text_columns import arrow_of, encode, pandas_of
from leadanalytics.vocabulary import Listings, Vocabulary, stage_table

__all__ = ["SourceColumns", "decode_sources"]

COLUMNS = ("lead_source", "action_code", "offer_id", "offer_title")
CODES_LISTED = 10
LIKE_A_CODE = re.compile(r"[^\W\d_][\w .()/-]{0,39}")

Mask = npt.NDArray[np.bool_]
Times = npt.NDArray[np.int64]


class _Combination(NamedTuple):
    texts: tuple[str | None, ...]
    is_test: bool


@dataclass(frozen=True)
class SourceColumns:
    """What the four columns tell of every row.

    Attributes
    ----------
    columns : dict
        The columns of `leads` from source to offer_name, is_test and do_not_contact.
    problems : dict
        One mask for each problem that can lie in these columns; tests have none.
    unknown : str
        The codes that the vocabulary does not know and how many leads carry each, in words; empty when all are known.
    """

    columns: dict[str, Any]
    problems: dict[str, Mask]
    unknown: str


def decode_sources(raw: pd.DataFrame, is_test: Mask, created_at: Times, vocabulary: Vocabulary) -> SourceColumns:
    """Return the source columns of every row.

    Parameters
    ----------
    raw : DataFrame
    is_test : array of bool
        Which rows are known to be tests by other evidence.
    created_at : array of int
        When each lead was made, by which codes have their meaning; nanoseconds since 1970.
    vocabulary : Vocabulary
    """
    rows, combinations = _distinct(raw, is_test)
    codes = Codes.of(vocabulary)
    readings = [read_combination(codes, *combination.texts) for combination in combinations]
    tests = [r.is_test or combination.is_test for r, combination in zip(readings, combinations, strict=True)]
    leads = np.bincount(rows, minlength=len(combinations))
    listings = Listings.of(vocabulary)
    offers = complete_offers([reading.offer for reading in readings], is_test=tests)
    counted = [0 if test else count for test, count in zip(tests, leads.tolist(), strict=True)]
    names = name_offers(offers, leads=counted, titles=listings.titles)
    spread = _Spread(rows)
    problems = _problems(readings, offers, codes)
    return SourceColumns(
        columns={
            **_code_columns(readings, vocabulary, spread),
            "stage": _stages(readings, offers, created_at, vocabulary, spread),
            "publisher_id": spread.text(offer.publisher_id for offer in offers),
            "offer_id": spread.text(offer.offer_id for offer in offers),
            "offer_name": spread.text(names),
            "is_test": spread.mask(tests),
            "do_not_contact": spread.mask(reading.do_not_contact for reading in readings),
        },
        problems={name: spread.mask(mask) & ~spread.mask(tests) for name, mask in problems.items()},
        unknown=_describe_unknown(readings, problems, np.where(tests, 0, leads).tolist()),
    )


def _distinct(raw: pd.DataFrame, is_test: Mask) -> tuple[npt.NDArray[np.intp], list[_Combination]]:
    """Return the number of each row's combination, and the combinations in order of first appearance."""
    combined = is_test.astype("int64")
    for name in COLUMNS:
        encoded = encode(raw[name])
        missing = len(encoded.dictionary)
        codes = encoded.indices.fill_null(missing).to_numpy(zero_copy_only=False)
        # Numbering anew after each column keeps the product of two numbers of distinct values within 64 bits.
        combined, _ = pd.factorize(combined * (missing + 1) + codes)
    # The numbers count up by first appearance, so a row that has more than any before it is the first of its kind.
    first_rows = np.flatnonzero(np.diff(np.maximum.accumulate(combined), prepend=-1))
    values = [arrow_of(raw[name].iloc[first_rows]).to_pylist() for name in COLUMNS]
    return combined, [_Combination(*pair) for pair in zip(zip(*values), is_test[first_rows].tolist(), strict=True)]


@dataclass(frozen=True)
class _Spread:
    """Values of combinations, given to each of their rows."""

    rows: npt.NDArray[np.intp]

    def text(self, values: Iterable[str | None]) -> object:
        return pandas_of(pa.array(list(values), pa.large_string()).take(pa.array(self.rows)))

    def mask(self, values: Iterable[bool]) -> Mask:
        return np.fromiter(values, "bool")[self.rows]

    def code(self, values: Sequence[str | None], dtype: pd.CategoricalDtype) -> pd.Categorical:
        return pd.Categorical(values, dtype=dtype).take(self.rows)


def _code_columns(readings: Sequence[SourceReading], vocabulary: Vocabulary, spread: _Spread) -> dict[str, object]:
    """Source, action and marketplace; their categories are the known codes, then the unknown by alphabet."""
    marketplace_of = vocabulary.sources.set_index("source")["marketplace"].dropna().to_dict()
    sources = [reading.source for reading in readings]
    actions = [reading.action for reading in readings]
    marketplaces = pd.CategoricalDtype(sorted(set(marketplace_of.values())))
    return {
        "source": spread.code(sources, _with_unknown(vocabulary.sources["source"], sources)),
        "action": spread.code(actions, _with_unknown(vocabulary.actions["action"], actions)),
        "marketplace": spread.code([marketplace_of.get(source) for source in sources], marketplaces),
    }


def _stages(
    readings: Sequence[SourceReading],
    offers: Sequence[Offer],
    created_at: Times,
    vocabulary: Vocabulary,
    spread: _Spread,
) -> pd.Categorical:
    """Return the stage of each row, which follows from its action, the listing of its offer and its time."""
    table = stage_table(
        vocabulary,
        [reading.action for reading in readings],
        [(f"{offer.publisher_id}.{offer.offer_id}", offer.offer_id, offer.title) for offer in offers],
    )
    return pd.Categorical.from_codes(table.at(spread.rows, created_at), dtype=vocabulary.stage_dtype)


def _with_unknown(known: Iterable[str], found: Iterable[str | None]) -> pd.CategoricalDtype:
    codes = list(dict.fromkeys(known))
    return pd.CategoricalDtype(codes + sorted({code for code in found if code} - set(codes)))


def _problems(readings: Sequence[SourceReading], offers: Sequence[Offer], codes: Codes) -> dict[str, list[bool]]:
    known_sources, known_actions = set(codes.sources.values()), set(codes.actions.values())
    return {
        "unknown source": [bool(reading.source) and reading.source not in known_sources for reading in readings],
        "unknown action": [bool(reading.action) and reading.action not in known_actions for reading in readings],
        "no action": [reading.action is None for reading in readings],
        "no offer": [not (offer.offer_id or offer.title) for offer in offers],
        "actions disagree": [reading.actions_disagree for reading in readings],
        "offers disagree": [reading.offers_disagree for reading in readings],
    }


def _describe_unknown(
    readings: Sequence[SourceReading], problems: Mapping[str, Sequence[bool]], leads: Sequence[int]
) -> str:
    """Return the unknown codes in words, the commonest first; what looks like no code may be personal and is hidden."""
    counts: Counter[str] = Counter()
    for kind in ("source", "action"):
        for reading, is_unknown, count in zip(readings, problems[f"unknown {kind}"], leads, strict=True):
            if is_unknown and count:
                code = getattr(reading, kind)
                shown = repr(code) if LIKE_A_CODE.fullmatch(code) else "(a text that is no code)"
                counts[f"{kind} {shown}"] += count
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    listed = [f"{code}: {count:,}" for code, count in ranked[:CODES_LISTED]]
    more = [f"and {len(ranked) - CODES_LISTED} more"] if len(ranked) > CODES_LISTED else []
    return ", ".join(listed + more)
