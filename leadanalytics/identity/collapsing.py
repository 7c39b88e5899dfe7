"""One row per customer: the best of what their leads say, first and last touch, and what to write next."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd

from leadanalytics.errors import OptionError, check_option
from leadanalytics.identity.best_values import BEST, best_values
from leadanalytics.identity.countries import country_names
from leadanalytics.identity.flat import first_rows, first_rows_of_pairs, flatten, to_arrow
from leadanalytics.identity.following_up import follow_ups
from leadanalytics.identity.listing import BETWEEN, listed, stages_per_offer
from leadanalytics.identity.ordering import UNDATED, moments, sorted_rows
from leadanalytics.schema import CUSTOMER_FIELDS, TEXT, conform
from leadanalytics.vocabulary import Vocabulary, load_vocabulary

_NEEDED = [
    *("customer_id", "record_id", "created_at", "source", "stage", "offer_name", "match_rule", "do_not_contact"),
    *CUSTOMER_FIELDS,
]
_TOUCH = ["customer_id", "created_at", "source"]
_DAY = pd.Timedelta(days=1)


def collapse_customers(
    leads: pd.DataFrame,
    *,
    best: str = "latest",
    as_of: datetime | str | None = None,
    vocabulary: Vocabulary | None = None,
) -> pd.DataFrame:
    """Return one row per customer, sorted by first touch, then customer_id.

    From the columns of leads with customer_id to those of the kind customers: the best value of each customer
    field, how many leads (different record ids), first and last touch (UTC), the furthest stage, the offers and the
    stages reached with each, days since the last touch [days] and the follow-up. Test leads and leads without
    customer_id are left out; `attrs["removed"]` says how many. A country is its English name, however the leads write
    it; what is no known country stays as delivered.

    Parameters
    ----------
    leads : DataFrame
        As made by `identify_customers`.
    best : {"latest", "earliest", "commonest"}
        Which of several values a field shows, blanks apart: the newest, the oldest, or the one on most leads (on
        ties the newest of them). An undated lead counts only where no dated one has a value.
    as_of : datetime or str, optional
        The moment from which days are counted, with a time zone; the newest created_at of the leads by default.
    vocabulary : Vocabulary, optional
        The stages and follow-ups; those shipped by default.

    Raises
    ------
    FrameError
        When a needed column is absent.
    OptionError
        When `best` is none of the rules or `as_of` has no time zone.

    Examples
    --------
    >>> leads = pd.DataFrame({
    ...     "record_id": ["r1", "r2"],
    ...     "customer_id": ["C-1", "C-1"],
    ...     "created_at": pd.to_datetime(["2024-03-01", "2024-03-08"], utc=True),
    ...     "stage": ["Test drive", "Install"],
    ...     "offer_name": ["Flow", "Flow"],
    ...     "email": ["ana@example.com", None],
    ... })
    >>> collapse_customers(leads)[["email", "leads", "stages"]].to_dict("records")
    [{'email': 'ana@example.com', 'leads': 2, 'stages': 'Flow: Test drive, Install'}]
    """
    check_option("best", best, BEST)
    vocabulary = vocabulary or load_vocabulary()
    leads = conform(leads, "leads with customer_id")
    moment = _moment(as_of, leads["created_at"])
    order, customer = _by_customer(leads[["customer_id", "created_at", "record_id", "is_test"]])
    touches = leads[_NEEDED].take(order).reset_index(drop=True)
    touches = touches.assign(country=country_names(touches["country"]))
    starts = np.flatnonzero(np.diff(customer, prepend=-1))
    customers = _collapse(touches, customer, starts, best, vocabulary.stage_dtype)
    customers["days_since"] = (moment - customers["last_at"]) / _DAY
    customers["follow_up"] = follow_ups(customers, vocabulary.follow_ups)
    customers = conform(customers, "customers")
    customers.attrs = {
        "best": best,
        "as_of": None if pd.isna(moment) else moment.isoformat(),
        "removed": _removed(leads),
    }
    return customers


def _moment(as_of: datetime | str | None, times: pd.Series) -> pd.Timestamp:
    if as_of is None:
        return times.max()
    moment = pd.Timestamp(as_of)
    if moment.tz is None:
        raise OptionError(
            "as_of needs a time zone", found=repr(str(as_of)), next_step=f"as_of={f'{moment.isoformat()}+00:00'!r}"
        )
    return moment.tz_convert("UTC")


def _removed(leads: pd.DataFrame) -> dict[str, int]:
    nobodys = int((leads["customer_id"].isna() & ~leads["is_test"]).sum())
    return {"test leads": int(leads["is_test"].sum())} | ({"leads without customer": nobodys} if nobodys else {})


def _by_customer(leads: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of the leads that count, by customer, each one's oldest first, and the customer's number of each.

    Customers are numbered by their first touch, then customer_id.
    """
    rows = np.flatnonzero(~leads["is_test"] & leads["customer_id"].notna())
    leads = leads.take(rows)
    code = first_rows(flatten(to_arrow(leads["customer_id"])))
    times = moments(leads["created_at"])
    first = np.full(len(leads), UNDATED)
    np.minimum.at(first, code, times)
    distinct = np.flatnonzero(code == np.arange(len(leads)))
    distinct = distinct[sorted_rows([first[distinct]], leads["customer_id"].iloc[distinct])]
    customer = np.empty(len(leads), "int64")
    customer[distinct] = np.arange(len(distinct))
    customer = customer[code]
    order = sorted_rows([customer, times], leads["record_id"])
    return rows[order], customer[order]


def _collapse(
    touches: pd.DataFrame, customer: np.ndarray, starts: np.ndarray, best: str, stage_dtype: pd.CategoricalDtype
) -> pd.DataFrame:
    """Return the customers without what depends on the moment, given their leads in order."""
    dated = touches["created_at"].notna().to_numpy()
    ends = np.append(starts[1:], len(touches)) - 1
    undated = np.add.reduceat((~dated).astype("int64"), starts)
    last = np.where(dated[starts], ends - undated, ends)
    fields = {field: best_values(touches[field], dated, customer, starts, best) for field in CUSTOMER_FIELDS}
    stages = touches["stage"].astype(stage_dtype).mask(touches["do_not_contact"])
    furthest = np.maximum.reduceat(stages.cat.codes.to_numpy(), starts)
    first_touch, last_touch = (touches[_TOUCH].take(rows).reset_index(drop=True) for rows in (starts, last))
    return pd.DataFrame(
        {
            "customer_id": first_touch["customer_id"],
            **fields,
            "leads": _count_different(touches["record_id"], customer, starts),
            "first_at": first_touch["created_at"],
            "first_source": first_touch["source"],
            "last_at": last_touch["created_at"],
            "last_source": last_touch["source"],
            "furthest_stage": pd.Categorical.from_codes(furthest, dtype=stage_dtype),
            "offers": listed(touches["offer_name"], customer, len(starts)),
            "stages": stages_per_offer(touches["offer_name"], stages, customer, len(starts)),
            "match_rules": _rules(touches["match_rule"], starts),
            "do_not_contact": np.logical_or.reduceat(touches["do_not_contact"].to_numpy(), starts),
            "record_ids": listed(touches["record_id"], customer, len(starts)),
        }
    )


def _count_different(record_ids: pd.Series, customer: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return how many different record ids each customer has."""
    record = first_rows_of_pairs(customer, first_rows(flatten(to_arrow(record_ids))))
    return np.add.reduceat((record == np.arange(len(record))).astype("int64"), starts)


def _rules(match_rule: pd.Series, starts: np.ndarray) -> pd.Series:
    """Return the different rules of each customer's leads, joined; a lead may name several."""
    written = [str(category).split(BETWEEN) for category in match_rule.cat.categories]
    names = list(dict.fromkeys(name for rules in written for name in rules))
    bits = np.array([sum(1 << names.index(name) for name in rules) for rules in written] + [0], "int64")
    distinct, place = np.unique(np.bitwise_or.reduceat(bits[match_rule.cat.codes], starts), return_inverse=True)
    texts = [BETWEEN.join(name for bit, name in enumerate(names) if rules >> bit & 1) or None for rules in distinct]
    return pd.Series(pd.array(texts, dtype=TEXT)).take(place).reset_index(drop=True)
