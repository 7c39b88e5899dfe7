"""The one value of several that a customer's row shows: the rules by which it is chosen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics.identity.flat import first_rows, first_rows_of_pairs, flatten, to_arrow

# A rule gives each of n leads (sorted by customer, oldest first, undated last) a strength from
#     dated     whether the lead has a time
#     customer  the number of its customer
#     texts     its value
# such that the strongest lead of a customer holds the best value, and strength modulo n is the lead's place.
Rule = Callable[[np.ndarray, np.ndarray, pa.LargeStringArray], np.ndarray]


def _latest(dated: np.ndarray, customer: np.ndarray, texts: pa.LargeStringArray) -> np.ndarray:
    return dated * len(dated) + np.arange(len(dated))  # an undated lead is not known to be new


def _earliest(dated: np.ndarray, customer: np.ndarray, texts: pa.LargeStringArray) -> np.ndarray:
    places = np.arange(len(dated))
    return (len(dated) - places) * len(dated) + places


def _commonest(dated: np.ndarray, customer: np.ndarray, texts: pa.LargeStringArray) -> np.ndarray:
    pairs = first_rows_of_pairs(customer, first_rows(flatten(texts)))
    leads = np.bincount(pairs[pairs >= 0], minlength=len(pairs))[pairs]
    return leads * 2 * len(dated) + _latest(dated, customer, texts)


BEST: dict[str, Rule] = {"latest": _latest, "earliest": _earliest, "commonest": _commonest}


def best_values(texts: pd.Series, dated: np.ndarray, customer: np.ndarray, starts: np.ndarray, rule: str) -> pd.Series:
    """Return each customer's best text that is not blank, missing where all are.

    Parameters
    ----------
    texts : Series of str
        One per lead, sorted by customer, oldest first, undated last.
    dated : array of bool
        Whether the lead has a time.
    customer : array of int
        The number of the lead's customer.
    starts : array of int
        The place of each customer's first lead.
    rule : str
        A name in `BEST`.
    """
    trimmed = pc.utf8_trim_whitespace(to_arrow(texts))
    filled = np.diff(flatten(trimmed).offsets) > 0
    strength = np.where(filled, BEST[rule](dated, customer, trimmed), -1)
    strongest = np.maximum.reduceat(strength, starts) if len(starts) else strength
    places = np.where(strongest < 0, -1, strongest % max(len(strength), 1))
    return pd.Series(texts.array.take(places, allow_fill=True))
