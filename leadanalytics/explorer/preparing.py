"""From any leads to those that can be explored: what is missing is made, and said."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from leadanalytics import schema
from leadanalytics.decoding import decode_leads
from leadanalytics.identity import collapse_customers, identify_customers
from leadanalytics.vocabulary import Vocabulary

__all__ = ["ACCOUNT_ROW", "CUSTOMER_ROW", "Prepared", "prepare_leads"]

# Where a lead's customer and account stand, so that nobody has to be looked up by name after each change.
CUSTOMER_ROW, ACCOUNT_ROW = "customer_row", "account_row"


@dataclass(frozen=True, eq=False)
class Prepared:
    """Leads that can be explored.

    Attributes
    ----------
    leads : DataFrame
        Leads with customer_id, every offer named, with the *customer_row* and the *account_row* of each.
    customers : DataFrame
        One row per customer, the latest first, with the *account_id*.
    accounts : array of int
        The account_row of each customer, -1 for none.
    steps : tuple of str
        The calls that made the leads of what was given, as they follow `leads`.
    notes : tuple of str
        The same in words, one sentence each.
    """

    leads: pd.DataFrame
    customers: pd.DataFrame
    accounts: np.ndarray
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
    schema.check(leads, "leads", columns=())
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
    customers = _customers(leads, vocabulary)
    of_customer, of_account = pd.Index(customers["customer_id"]), pd.Index(customers["account_id"].dropna().unique())
    rows = {
        CUSTOMER_ROW: of_customer.get_indexer(leads["customer_id"]),
        ACCOUNT_ROW: of_account.get_indexer(leads["account_id"]),
    }
    accounts = of_account.get_indexer(customers["account_id"])
    return Prepared(leads.assign(**rows), customers, accounts, tuple(steps), tuple(notes))


def _customers(leads: pd.DataFrame, vocabulary: Vocabulary | None) -> pd.DataFrame:
    customers = collapse_customers(leads, vocabulary=vocabulary)
    accounts = leads[["customer_id", "account_id"]].dropna().drop_duplicates("customer_id")
    accounts = accounts.set_index("customer_id")["account_id"]
    customers.insert(1, "account_id", customers["customer_id"].map(accounts).astype(schema.TEXT))
    return customers.sort_values("last_at", ascending=False, kind="stable", ignore_index=True)
