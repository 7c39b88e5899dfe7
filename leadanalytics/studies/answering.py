"""Who still waits for an answer: the customers whose newest lead, of any stage, is younger than an answer may take."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from leadanalytics.offers import MISSING, offer_keys
from leadanalytics.schema import TEXT

__all__ = ["CONTACT_ME", "waiting_for_answer"]

CONTACT_ME = "Contact me"
_HOUR = pd.Timedelta("1 hour")


def waiting_for_answer(
    leads: pd.DataFrame, moment: pd.Timestamp, *, within: pd.Timedelta, labels: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return the customers whose newest lead came less than so long ago, one row each, and what it was.

    From leads of the kind 'leads with customer_id' to *customer_id*, *news* (in words), *new_stage*, *new_at* and
    *new_offer* of the lead, and *hours_left* (since the newest lead [hours]). Of several leads the newest request to be
    contacted is told before any other. Test leads, referrals and do-not-contact leads ask for no answer. An offer goes
    by its label, else by its title or id.

    Examples
    --------
    >>> from leadanalytics.schema import conform
    >>> times = pd.to_datetime(["2024-06-01 08:00", "2024-06-01 09:00"], utc=True)
    >>> leads = pd.DataFrame({"customer_id": "C-1", "offer_id": "crane", "stage": ["Contact me", "Install"]})
    >>> leads = conform(leads.assign(record_id=["r1", "r2"], created_at=times), "leads with customer_id")
    >>> new = waiting_for_answer(leads, pd.Timestamp("2024-06-01 09:30Z"), within=pd.Timedelta("24 hours"))
    >>> new[["news", "hours_left"]].to_numpy().tolist()
    [['asked to be contacted 1.5 hours ago', 23.5]]
    """
    age = moment - leads["created_at"]
    asks = ~leads["is_test"] & ~leads["do_not_contact"] & leads["record_kind"].astype(TEXT).ne("referral").fillna(True)
    recent = leads.assign(age=age)[asks & (age < within) & leads["customer_id"].notna()]
    recent = recent.assign(is_request=recent["stage"].astype(TEXT).eq(CONTACT_ME).fillna(False))
    customers = pd.factorize(recent["customer_id"])[0]
    youngest = np.full(customers.max(initial=-1) + 1, np.inf)
    np.minimum.at(youngest, customers, recent["age"] / _HOUR)
    recent["hours_left"] = within / _HOUR - youngest[customers]
    told = recent.sort_values(["is_request", "age"], ascending=[False, True], kind="stable")
    told = told.drop_duplicates("customer_id")
    keys = offer_keys(told).astype(TEXT)
    offer = keys.map(labels or {}).astype(TEXT).fillna(told["offer_name"].astype(TEXT)).fillna(keys)
    offer = offer.replace(MISSING, np.nan)
    stage = told["stage"].astype(TEXT)
    return pd.DataFrame(
        {
            "customer_id": told["customer_id"],
            "news": pd.array([_news(*facts) for facts in zip(stage, offer, told["age"] / _HOUR)], dtype=TEXT),
            "new_stage": stage,
            "new_at": told["created_at"],
            "new_offer": offer,
            "hours_left": told["hours_left"],
        }
    ).reset_index(drop=True)


def _news(stage: str, offer: str, hours: float) -> str:
    ago = f"{hours:.1f}".removesuffix(".0")
    since = f"{ago} hour{'s' * (ago != '1')} ago"
    if stage == CONTACT_ME:
        return f"asked to be contacted {since}"
    what = " of ".join(part for part in (stage, offer) if not pd.isna(part))
    return f"left a lead {since}" + (f": {what}" if what else "")
