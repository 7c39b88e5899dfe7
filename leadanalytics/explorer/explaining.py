"""Why a customer is one customer, and is counted so: the texts under the table."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from leadanalytics.explorer.selection import Selection
from leadanalytics.identity import MatchRules, explain_customer
from leadanalytics.studies import explain_funnel
from leadanalytics.vocabulary import Vocabulary

__all__ = ["explanations"]


def explanations(
    leads: pd.DataFrame, customer_id: str, selection: Selection, *, vocabulary: Vocabulary | None = None
) -> Iterator[tuple[str, str]]:
    """Yield headings with texts, the quick one first: how the customer is counted, why the records are one customer's.

    The second compares the customer with everybody, which takes some seconds with a million leads.

    Parameters
    ----------
    leads : DataFrame
        All leads with customer_id.
    customer_id : str
        One of them.
    selection : Selection
        What is asked, which decides how the customer is counted.
    vocabulary : Vocabulary, optional
        The stages and funnels there are; the shipped ones by default.
    """
    counted = explain_funnel(leads, customer_id, selection.rules, vocabulary=vocabulary)
    yield "How this customer is counted", str(counted)
    rules = leads.attrs.get("match_rules", MatchRules())  # of customers from elsewhere it says what is not by the rules
    yield "Why these records are one customer", str(explain_customer(leads, customer_id, rules))
