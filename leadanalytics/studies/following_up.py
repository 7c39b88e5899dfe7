"""Whom to write to now: the customers who have not taken the last step, the most urgent first, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from leadanalytics.conversion import still_warm
from leadanalytics.funnels import build_funnels
from leadanalytics.funnels.steps import Funnel
from leadanalytics.identity import collapse_customers
from leadanalytics.schema import TEXT, conform
from leadanalytics.studies.answering import waiting_for_answer
from leadanalytics.studies.messages import next_messages
from leadanalytics.vocabulary import Vocabulary

__all__ = ["follow_up_list"]

# The statuses of `build_funnels` that are followed up, and what the list calls them; the most promising first.
STATUSES = {"open": "open", "bypass": "bypass", "dropped": "lost"}
NEW = "new"  # whoever still waits for an answer, wherever they stand in the funnel
_ADDED = ["status", "why", "follow_up", "hours_left", "days_since", "offer", "step", "probability"]
_ROW = "row of the funnels"


def follow_up_list(
    leads: pd.DataFrame,
    *,
    funnel: Funnel = "acquisition",
    window: str | pd.Timedelta | None = "30 days",
    as_of: str | pd.Timestamp | None = None,
    answer_within: str | pd.Timedelta = "24 hours",
    vocabulary: Vocabulary | None = None,
) -> pd.DataFrame:
    r"""Return the customers to follow up, one row each, the most urgent first, with the reason why each is on the list.

    A customer is on it as new (the newest lead of any stage still waits for an answer, wherever the customer stands in
    the funnel), as open (can still go on inside the window), as a bypass (came in past the first step) or as lost (the
    window has ended). Where the offers of a customer stand differently, the most promising counts, then the latest.
    First come the new ones, the least time left first; then the open ones, the warmest first; then the bypasses and
    the lost ones, the latest first.

    Parameters
    ----------
    leads : DataFrame
        Leads with customer_id.
    funnel : str, mapping or sequence
        A funnel of funnels.csv, or steps as `build_funnels` takes them.
    window : str or Timedelta, optional
        The longest time from a customer's first step to any later one; with None nobody is ever lost.
    as_of : str or Timestamp, optional
        The instant at which the list is made, with a time zone; the newest lead by default.
    answer_within : str or Timedelta
        How soon a lead is to be answered; Microsoft advises 24 hours.
    vocabulary : Vocabulary, optional
        The stages, funnels and follow-ups; the shipped ones by default.

    Returns
    -------
    DataFrame
        The columns of the kind 'customers', so that `write_leads` takes it, and *status* ("new", "open", "bypass",
        "lost"), *why* (the reason in words), *follow_up* (the next message, which follows from what *why* tells),
        *hours_left* (of answer_within since the newest lead [hours], 0 where it is over), *offer* and *step* (the
        latest taken; of a new customer without one, the offer of the lead and no step) and *probability* (of the
        open units to take the next step in time, as in `still_warm`). `attrs["left_out"]` counts the customers who
        are not on it by the first reason that applies: "do not contact" (who never is), "in no step", "reached",
        "no contact details".

    Examples
    --------
    >>> leads = pd.DataFrame({
    ...     "record_id": ["r1", "r2"],
    ...     "customer_id": ["C-1", "C-2"],
    ...     "offer_id": "crane",
    ...     "stage": ["Test drive", "Get it now"],
    ...     "created_at": pd.to_datetime(["2024-06-01 08:00", "2024-06-03 20:00"], utc=True),
    ...     "email": ["ana@example.com", "li@example.com"],
    ... })
    >>> todo = follow_up_list(leads, as_of="2024-06-04 08:00Z")
    >>> todo[["customer_id", "status", "hours_left"]].to_numpy().tolist()
    [['C-2', 'new', 12.0], ['C-1', 'open', 0.0]]
    >>> print("\n".join(todo["why"]))
    left a lead 12 hours ago: Get it now of crane; came in at Get it now of crane, without Test drive
    took Test drive of crane and can still go on to Get it now
    """
    leads = conform(leads, "leads with customer_id")
    funnels = build_funnels(leads, funnel=funnel, window=window, as_of=as_of, vocabulary=vocabulary)
    moment = pd.Timestamp(funnels.attrs["as_of"])
    known = leads[~(leads["created_at"] > moment)]
    customers = collapse_customers(known, as_of=funnels.attrs["as_of"], vocabulary=vocabulary)
    units = _most_promising(funnels, _offer_names(leads))
    new = waiting_for_answer(known, moment, within=pd.Timedelta(answer_within))
    reasons = _left_out(customers, leads, funnels, units, new)
    todo = customers[reasons == ""].merge(units, on="customer_id", how="left").merge(new, on="customer_id", how="left")
    todo = _new_first(todo)
    todo["follow_up"] = next_messages(todo, leads, moment, funnel=funnel, vocabulary=vocabulary)
    todo = _by_urgency(todo)
    first = ["customer_id", *_ADDED]
    todo = todo[[*first, *(column for column in customers.columns if column not in first)]]
    todo.attrs = {
        "definition": funnels.attrs["definition"],
        "as_of": funnels.attrs["as_of"],
        "left_out": reasons[reasons != ""].value_counts().to_dict(),
    }
    return todo


def _new_first(todo: pd.DataFrame) -> pd.DataFrame:
    """Return the customers with what is new about them told before where they stand in the funnel."""
    is_new = todo["news"].notna()
    both = todo["news"].str.cat(todo["why"].astype(TEXT), sep="; ").fillna(todo["news"])
    return todo.assign(
        status=todo["status"].mask(is_new, NEW),
        why=todo["why"].mask(is_new, both),
        offer=todo["offer"].fillna(todo["new_offer"]),
        hours_left=todo["hours_left"].fillna(0.0),
    )


def _offer_names(leads: pd.DataFrame) -> pd.Series:
    names = leads[["offer_id", "offer_name"]].dropna().drop_duplicates("offer_id")
    return names.set_index("offer_id")["offer_name"]


def _most_promising(funnels: pd.DataFrame, offer_names: pd.Series) -> pd.DataFrame:
    """Return for each customer with something left to do the unit to write about: its status, offer, step and why."""
    labels = np.array(["", *funnels.attrs["steps"]], object)
    rank = funnels["status"].astype(TEXT).map({status: place for place, status in enumerate(STATUSES)})
    step = funnels["depth"].where(funnels["status"] != "bypass", funnels["entered_step"])
    latest = funnels[labels[1:].tolist()].max(axis=1).fillna(funnels["entered_at"])
    units = funnels.assign(
        offer=funnels["offer_id"].map(offer_names).astype(TEXT).fillna(funnels["offer_id"]),
        step=labels[step],
        after=labels[np.minimum(step + 1, len(labels) - 1)],
        rank=rank,
        latest=latest,
        probability=_chances(funnels),
    ).dropna(subset="rank")
    customer = pd.factorize(units["customer_id"])[0]
    units = units.iloc[np.lexsort([-units["latest"].astype("int64"), units["rank"], customer])]
    units = units[np.diff(np.sort(customer), prepend=-1) > 0].reset_index(drop=True)
    told = units[["status", "step", "after", "offer"]].astype(TEXT).assign(percent=(units["probability"] * 100).round())
    units["why"] = _reasons(told, funnels.attrs)
    units["status"] = units["status"].astype(TEXT).map(STATUSES)
    columns = ["customer_id", "status", "why", "offer", "step", "probability", "latest"]
    return units[columns].astype({"why": TEXT, "status": TEXT, "step": TEXT})


def _chances(funnels: pd.DataFrame) -> np.ndarray:
    """Return the probability of each open unit to take its next step in time, NaN for others."""
    chances = np.full(len(funnels), np.nan)
    numbered = funnels.assign(**{_ROW: np.arange(len(funnels))})
    numbered.attrs = funnels.attrs
    warm = still_warm(numbered)
    chances[warm[_ROW].to_numpy(np.int64)] = warm["probability"]
    return chances


def _reasons(units: pd.DataFrame, said: Mapping[Any, Any]) -> pd.api.extensions.ExtensionArray:
    """Return why each unit is on the list; many share a reason, so each different one is written once."""
    place = units.groupby(list(units), dropna=False, sort=False).ngroup().to_numpy()
    different = units.drop_duplicates()
    columns = (different[name] for name in ("status", "step", "after", "offer", "percent"))
    written = [_why(status, step, after, offer, percent, said) for status, step, after, offer, percent in zip(*columns)]
    return pd.array(written, dtype=TEXT).take(place)


def _why(status: str, step: str, after: str, offer: str, percent: float, said: Mapping[Any, Any]) -> str:
    if status == "bypass":
        return f"came in at {step} of {offer}, without {said['steps'][0]}"
    if status == "open":
        share = f", as {percent:.0f}% of such units do" if percent >= 1 else ""
        return f"took {step} of {offer} and can still go on to {after}{share}"
    return f"took {step} of {offer} and not {after} within {said['window']}"


def _left_out(
    customers: pd.DataFrame, leads: pd.DataFrame, funnels: pd.DataFrame, units: pd.DataFrame, new: pd.DataFrame
) -> pd.Series:
    """Return why each customer is not on the list; an empty text for those who are."""
    is_new = _are_among(customers, new)
    # Who has said so later than as_of has said so all the same.
    never = customers["do_not_contact"] | _are_among(customers, leads[leads["do_not_contact"]])
    reasons = {
        "do not contact": never,
        "in no step": ~(_are_among(customers, funnels) | is_new),
        "reached": ~(_are_among(customers, units) | is_new),
        "no contact details": customers["email"].isna() & customers["phone"].isna(),
    }
    return pd.Series(np.select(list(reasons.values()), list(reasons), ""), index=customers.index)


def _are_among(customers: pd.DataFrame, others: pd.DataFrame) -> np.ndarray:
    """Return which customers have a row among others; three times as quick as isin for many ids."""
    return pd.Index(others["customer_id"].dropna().unique()).get_indexer(customers["customer_id"]) >= 0


def _by_urgency(todo: pd.DataFrame) -> pd.DataFrame:
    waits = todo["hours_left"].where(todo["hours_left"] > 0, np.inf)
    rank = todo["status"].map({status: place for place, status in enumerate(STATUSES.values())})
    order = np.lexsort([todo["days_since"], -todo["probability"].fillna(0), rank, waits])
    return todo.iloc[order].reset_index(drop=True)
