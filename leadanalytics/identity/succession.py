"""Which id a customer goes on under when leads came, customers grew together or one was parted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics.identity.clusters import customer_ids, first_of_each
from leadanalytics.identity.flat import to_arrow


def carry_on(
    clusters: np.ndarray,
    order: np.ndarray,
    record_ids: pd.Series,
    *,
    before: pd.Series,
    ages: np.ndarray | None = None,
    given: pa.Array | None = None,
    prefix: str = "C-",
) -> pd.Series:
    """Return the customer id of each lead, known ids going on wherever they can.

    An id stays with the cluster that holds its oldest lead; of several ids in one cluster the one given first
    survives; a cluster that is left without gets a new one, made from the record id of its oldest lead.

    Parameters
    ----------
    clusters : array of int
        The number of each lead's cluster; all leads of the ids in question are there.
    order : array of int
        The rows, the oldest lead first.
    record_ids, before : Series of str
        The record id of each lead, and its customer id so far, missing for a new lead.
    ages : array of int, optional
        Where the id so far of each lead stands among all ids, the one given first having the smallest number; by
        default the id with the oldest lead counts as given first.
    given : Arrow array of str, optional
        Every id ever given, none of which is given anew; by default those in `before`.
    prefix : str
        What a new id begins with.

    Examples
    --------
    >>> before = pd.Series(["C-1", "C-2", None, None], dtype="str")
    >>> records = pd.Series(["a", "b", "c", "d"])
    >>> carry_on(np.array([0, 0, 0, 1]), np.arange(4), records, before=before).tolist()
    ['C-1', 'C-1', 'C-1', 'C-...']
    """
    old, names = pd.factorize(before)
    oldest = _oldest_rows(old, order)
    survivors = np.full(clusters.max(initial=-1) + 1, -1)
    youngest_first = np.argsort(_places(order)[oldest] if ages is None else ages[oldest], kind="stable")[::-1]
    survivors[clusters[oldest[youngest_first]]] = youngest_first  # the one written last, the oldest, stays
    founders = first_of_each(clusters, order)
    founders = founders[survivors[clusters[founders]] < 0]
    survivors[clusters[founders]] = len(names) + np.arange(len(founders))
    old_ids = pd.Series(names, dtype="str")
    new_ids = _new_ids(record_ids.iloc[founders], to_arrow(old_ids) if given is None else given, prefix)
    ids = pd.concat([old_ids, new_ids], ignore_index=True)
    return ids.take(survivors[clusters]).set_axis(record_ids.index)


def _places(order: np.ndarray) -> np.ndarray:
    places = np.empty(len(order), "int64")
    places[order] = np.arange(len(order))
    return places


def _oldest_rows(codes: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Return the first row of each code in an order of the rows."""
    rows = order[codes[order] >= 0]
    first = np.empty(codes.max(initial=-1) + 1, "int64")
    first[codes[rows[::-1]]] = rows[::-1]
    return first


def _new_ids(record_ids: pd.Series, given: pa.Array, prefix: str) -> pd.Series:
    ids = customer_ids(record_ids, prefix=prefix)
    while (taken := pc.is_in(to_arrow(ids), value_set=given).to_numpy(zero_copy_only=False)).any():
        record_ids = record_ids.where(~taken, record_ids + "'")
        ids = customer_ids(record_ids, prefix=prefix)
    return ids
