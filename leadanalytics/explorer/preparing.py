"""From any leads to those that can be explored: what is missing is made, and said."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from leadanalytics import schema
from leadanalytics.decoding import decode_leads
from leadanalytics.identity import collapse_customers, identify_customers
from leadanalytics.vocabulary import Vocabulary

__all__ = ["Prepared", "prepare_leads"]


@dataclass(frozen=True, eq=False)
class Prepared:
    """Leads that can be explored.

    Attributes
    ----------
    leads : DataFrame
        Leads with customer_id, every offer named.
    customers : DataFrame
        One row per customer, the latest first, with the *account_id*.
    steps : tuple of str
        The calls that made the leads of what was given, as they follow `leads`.
    notes : tuple of str
        The same in words, one sentence each.
    """

    leads: pd.DataFrame
    customers: pd.DataFrame
    steps: tuple[str, ...]
    notes: tuple[str, ...]


def prepare_leads(leads: pd.DataFrame, *, vocabulary: Vocabulary | None = None) -> Prepared:
    """Return leads decoded and identified, whichever of the two was still to do.

    Parameters
    ----------
    leads : DataFrame
        Raw leads, leads, or leads with customer_id.
    vocabulary : Vocabulary, optional
        The meaning of the codes; the shipped one by default.

    Raises
    ------
    FrameError
        When the frame is none of these.
    """
    steps, notes = [], []
    if "lead_source" in leads.columns and "stage" not in leads.columns:
        leads = decode_leads(leads, vocabulary=vocabulary)
        steps.append(".pipe(la.decode_leads, vocabulary=vocabulary)" if vocabulary else ".pipe(la.decode_leads)")
        notes.append(f"Decoded {len(leads):,} raw leads.")
    if "customer_id" not in leads.columns:
        leads = identify_customers(leads)
        steps.append(".pipe(la.identify_customers)")
        notes.append(f"Found {leads['customer_id'].nunique():,} customers among them.")
    leads = schema.conform(leads, "leads with customer_id")
    if (leads["offer_id"].isna() & leads["offer_name"].notna()).any():
        leads = leads.assign(offer_id=leads["offer_id"].fillna(leads["offer_name"]))
        steps.append('.assign(offer_id=lambda leads: leads["offer_id"].fillna(leads["offer_name"]))')
    return Prepared(leads, _customers(leads, vocabulary), tuple(steps), tuple(notes))


def _customers(leads: pd.DataFrame, vocabulary: Vocabulary | None) -> pd.DataFrame:
    customers = collapse_customers(leads, vocabulary=vocabulary)
    accounts = leads[["customer_id", "account_id"]].dropna().drop_duplicates("customer_id")
    accounts = accounts.set_index("customer_id")["account_id"]
    customers.insert(1, "account_id", customers["customer_id"].map(accounts).astype(schema.TEXT))
    latest_first = np.argsort(-customers["last_at"].fillna(pd.Timestamp(0, tz="UTC")).to_numpy("int64"), kind="stable")
    return customers.take(latest_first).reset_index(drop=True)
