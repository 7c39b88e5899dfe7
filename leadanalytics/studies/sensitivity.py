"""Questions that say the whole sentence several times: how much of an answer is a choice that was made on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from leadanalytics.funnels import build_funnels, code_units, count_stages
from leadanalytics.identity import identify_at, identify_customers
from leadanalytics.schema import TEXT, check
from leadanalytics.vocabulary import Vocabulary

__all__ = ["definition_sensitivity", "identity_sensitivity"]

# The choices of `build_funnels` with a fixed set of values; the first of each is its default.
_CHOICES = {
    "entry": ("best", "first"),
    "ties": ("forward", "strict"),
    "start": ("first", "any"),
    "unit": (("customer_id", "offer_id"), ("customer_id",), ("account_id",)),
}
BASE = "base"


def identity_sensitivity(
    leads: pd.DataFrame,
    *,
    thresholds: Sequence[float] = (-2, -1, 0, 1, 2, 4),
    funnel: str = "acquisition",
    window: str | pd.Timedelta | None = None,
    as_of: str | pd.Timestamp | None = None,
    vocabulary: Vocabulary | None = None,
) -> pd.DataFrame:
    """Return the headline rate for each way to say who is one customer: how much of the answer is identity.

    Where the rates lie within one another's intervals, the choice of the threshold does not matter for the funnel.

    Parameters
    ----------
    leads : DataFrame
        As made by `decode_leads`; a customer_id that is there is found anew.
    thresholds : sequence of float
        The bits from which two leads are one person's: more bits make fewer merges, and more customers.
    funnel : str
        A funnel of funnels.csv.
    window : str or Timedelta, optional
        The longest time from a customer's first step to any later one; none by default.
    as_of : str or Timestamp, optional
        The instant at which the funnel is read; the newest lead by default.
    vocabulary : Vocabulary, optional
        The meaning of the codes; the shipped one by default.

    Returns
    -------
    DataFrame
        One row per threshold, then one for the method "keys": *method*, *threshold* [bits, missing for keys],
        *customers*, *merged_records* (that share a customer with another record), *entered* (units at the first step),
        *reached* (at the last step), *rate* (the last step of the first), *rate_low* and *rate_high* (its 95 %
        interval). `attrs["definition"]` says what the funnel counts.

    Examples
    --------
    >>> import leadanalytics as la
    >>> leads = la.make_leads(customers=100, seed=1).pipe(la.decode_leads)
    >>> la.identity_sensitivity(leads, thresholds=[0, 4])["method"].tolist()
    ['evidence', 'evidence', 'keys']
    """
    check(leads, "leads")
    by_keys = identify_customers(leads, method="keys")
    ways = [("evidence", threshold) for threshold in thresholds] + [("keys", float("nan"))]
    rows, definition = [], ""
    for identified in (*identify_at(by_keys, thresholds), by_keys):
        funnels = build_funnels(identified, funnel=funnel, window=window, as_of=as_of, vocabulary=vocabulary)
        counts = count_stages(funnels)
        rows.append(_size(identified) | _headline(counts))
        definition = counts.attrs["definition"]
    result = pd.concat([pd.DataFrame(ways, columns=["method", "threshold"]), pd.DataFrame(rows)], axis=1)
    result.attrs = {"definition": definition}
    return result


def definition_sensitivity(
    leads: pd.DataFrame,
    *,
    funnel: str = "acquisition",
    window: str | pd.Timedelta | None = None,
    as_of: str | pd.Timestamp | None = None,
    windows: Sequence[str] = ("7 days", "14 days", "30 days", "90 days"),
    thresholds: Sequence[float] = (-4, 0, 4, 8),
    vocabulary: Vocabulary | None = None,
) -> pd.DataFrame:
    """Return the headline rate for each choice of meaning, one changed at a time: how much of it is definition.

    A difference that lies far within the interval of the base is of no matter; one beyond it has to be told with the
    rate. The rates are of the same leads, so their difference is no test of chance, and has no interval.

    Parameters
    ----------
    leads : DataFrame
        Leads with customer_id.
    funnel : str
        A funnel of funnels.csv, or steps as `build_funnels` takes them.
    window : str or Timedelta, optional
        The longest time from the entry to any later step; none by default.
    as_of : str or Timestamp, optional
        The instant at which the funnel is read; the newest lead by default.
    windows : sequence of str
        Other windows to try.
    thresholds : sequence of float
        The bits from which two leads are one person's, to try in place of the customers that the leads have.
    vocabulary : Vocabulary, optional
        The meaning of the codes; the shipped one by default.

    Returns
    -------
    DataFrame
        The base, then one row per choice that differs from it in one thing: *choice* (entry, ties, start, unit, window
        or identity; "base" for the base), *value*, *n* (units at the first step), *reached* (at the last), *rate*,
        *rate_low* and *rate_high* (its 95 % interval, Wilson's), *difference* (of the rate from that of the base) and
        *definition*. The unit account_id is there where the leads know their accounts.

    Examples
    --------
    >>> import leadanalytics as la
    >>> leads = la.make_leads(customers=100, seed=1).pipe(la.decode_leads).pipe(la.identify_customers)
    >>> rates = la.definition_sensitivity(leads, window="30 days", windows=["60 days"], thresholds=[4])
    >>> rates["choice"].tolist()
    ['base', 'entry', 'ties', 'start', 'unit', 'unit', 'window', 'window', 'identity', 'identity']
    """
    check(leads, "leads with customer_id")
    base = {"funnel": funnel, "window": window, "as_of": as_of, "vocabulary": vocabulary}
    coded = code_units(leads, [name for name in ("customer_id", "offer_id", "account_id") if name in leads.columns])
    ways = [(BASE, "", coded, {}), *_other_choices(coded, window, windows), *_other_identities(leads, thresholds)]
    rows = []
    for choice, value, identified, other in ways:
        counts = count_stages(build_funnels(identified, **{**base, **other}))
        told = {"choice": choice, "value": value, **_headline(counts), "definition": counts.attrs["definition"]}
        rows.append(told)
    result = pd.DataFrame(rows).rename(columns={"entered": "n"}).astype({"choice": TEXT, "value": TEXT})
    result.insert(result.columns.get_loc("definition"), "difference", result["rate"] - result["rate"].iloc[0])
    result.attrs = {"definition": result["definition"].iloc[0]}
    return result


Way = tuple[str, str, pd.DataFrame, dict[str, Any]]


def _other_choices(leads: pd.DataFrame, window: object, windows: Sequence[str]) -> Iterator[Way]:
    """Yield every way to count the same customers otherwise: what is chosen, how, the leads, and the options."""
    for choice, (_, *others) in _CHOICES.items():
        for value in others:
            if choice == "unit" and not {*value} <= {*leads.columns}:
                continue
            yield choice, value if isinstance(value, str) else ", ".join(value), leads, {choice: value}
    limits: list[str | None] = [*([] if window is None else [None]), *windows]
    for limit in limits:
        if window is None or limit is None or pd.Timedelta(limit) != pd.Timedelta(window):
            yield "window", limit or "none", leads, {"window": limit}


def _other_identities(leads: pd.DataFrame, thresholds: Sequence[float]) -> Iterator[Way]:
    """Yield every other way to say who is one customer; the accounts stay."""
    for threshold, identified in zip(thresholds, identify_at(leads, thresholds), strict=True):
        yield "identity", f"{threshold:g} bits", identified, {}
    yield "identity", "keys", identify_customers(leads, method="keys"), {}


def _size(leads: pd.DataFrame) -> dict[str, int]:
    """Return how many customers leads make, and how many records share theirs with another."""
    records = leads.dropna(subset="customer_id").drop_duplicates("record_id")
    return {
        "customers": records["customer_id"].nunique(),
        "merged_records": int(records["customer_id"].duplicated(keep=False).sum()),
    }


def _headline(counts: pd.DataFrame) -> dict[str, float]:
    first, last = counts.iloc[0], counts.iloc[-1]
    return {
        "entered": first["n"],
        "reached": last["n"],
        "rate": last["of_first"],
        "rate_low": last["of_first_low"],
        "rate_high": last["of_first_high"],
    }
