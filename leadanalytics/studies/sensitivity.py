"""Questions that say the whole sentence several times: how much of an answer is a choice that was made on the way."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from leadanalytics.funnels import build_funnels, count_stages
from leadanalytics.identity import identify_at, identify_customers
from leadanalytics.schema import check
from leadanalytics.vocabulary import Vocabulary

__all__ = ["identity_sensitivity"]


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
