"""The one appropriate next message per customer, looked up in the vocabulary's follow-ups."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadanalytics.schema import TEXT

DO_NOT_CONTACT = "(do not contact)"
NO_CONTACT_DETAILS = "(no contact details)"


def follow_ups(customers: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    """Return each customer's next message.

    From do_not_contact, email, phone, furthest_stage and days_since of customers, and stage, up_to_days and
    follow_up of the table: the row of the customer's stage with the fewest days that are not below days_since. Unknown
    days count as the most; no stage is the table's blank stage.

    Examples
    --------
    >>> customers = pd.DataFrame({"do_not_contact": [False], "email": ["ana@example.com"], "phone": [None],
    ...                           "furthest_stage": pd.Categorical(["Install"]), "days_since": [3.0]})
    >>> table = pd.DataFrame({"stage": ["Install", "Install"], "up_to_days": [14, None], "follow_up": ["Hi", "News?"]})
    >>> follow_ups(customers, table).tolist()
    ['Hi']
    """
    situations = ["", *customers["furthest_stage"].cat.categories, NO_CONTACT_DETAILS, DO_NOT_CONTACT]
    unreachable = (customers["email"].isna() & customers["phone"].isna()).to_numpy()
    situation = customers["furthest_stage"].cat.codes.to_numpy("int64") + 1
    situation[unreachable] = situations.index(NO_CONTACT_DETAILS)
    situation[customers["do_not_contact"].to_numpy()] = situations.index(DO_NOT_CONTACT)
    days = customers["days_since"].fillna(np.inf).to_numpy()
    table = table.fillna({"stage": "", "up_to_days": np.inf}).sort_values(
        "up_to_days", kind="stable", ignore_index=True
    )
    message = np.full(len(customers), -1)
    for number, name in enumerate(situations):
        rows = np.flatnonzero(table["stage"] == name)
        here = situation == number
        message[here] = np.append(rows, -1)[np.searchsorted(table["up_to_days"].iloc[rows], days[here])]
    texts = pd.array(table["follow_up"], dtype=TEXT)
    return pd.Series(texts.take(message, allow_fill=True), index=customers.index)
