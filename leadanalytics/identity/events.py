"""What became of customers: told record by record, as created, joined, merged and split."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadanalytics.schema import TEXT

EVENTS = ("created", "joined", "merged", "split")


def tell_events(record_ids: pd.Series, before: pd.Series, after: pd.Series, order: np.ndarray) -> pd.DataFrame:
    """Return what became of the customers of some leads.

    From a customer id before (missing for new records) and after, to one row per event: *event*, *customer_id*,
    *other_id* and *record_id*. Every new record is one row: "created", the oldest of a new customer, or "joined".
    "merged" says that customer_id goes on for other_id, whose oldest record is named; "split" that records of
    customer_id, of which the oldest is named, are now other_id's.

    Parameters
    ----------
    record_ids, before, after : Series of str
        One per lead; all leads of the ids in question are there.
    order : array of int
        The rows, the oldest lead first.

    Examples
    --------
    >>> before = pd.Series(["C-1", "C-2", None], dtype="str")
    >>> events = tell_events(pd.Series(["a", "b", "c"]), before, pd.Series(["C-1"] * 3), np.arange(3))
    >>> events.fillna("").values.tolist()
    [['joined', 'C-1', '', 'c'], ['merged', 'C-1', 'C-2', 'b']]
    """
    told = pd.DataFrame({"record_id": record_ids, "before": before, "after": after}).iloc[order]
    arrivals = told[told["before"].isna()].drop_duplicates("record_id")
    known = told[told["before"].notna()]
    founds = ~arrivals["after"].isin(known["after"]) & ~arrivals["after"].duplicated()
    moves = known[known["before"] != known["after"]].drop_duplicates(["before", "after"])
    oldest = known.drop_duplicates("before").set_index("before")["after"]
    merges = (moves["after"] == moves["before"].map(oldest)).astype("bool")
    parts = [
        _events("created", arrivals[founds], "after"),
        _events("joined", arrivals[~founds], "after"),
        _events("merged", moves[merges], "after", "before"),
        _events("split", moves[~merges], "before", "after"),
    ]
    return pd.concat(parts, ignore_index=True)


def _events(event: str, rows: pd.DataFrame, customer: str, other: str | None = None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "event": pd.Categorical([event] * len(rows), EVENTS),
            "customer_id": rows[customer].astype(TEXT).array,
            "other_id": pd.array([np.nan] * len(rows) if other is None else rows[other], dtype=TEXT),
            "record_id": rows["record_id"].astype(TEXT).array,
        }
    )
