"""Small frames of leads for the tests of the matcher, and hypothesis's own."""

from __future__ import annotations

from typing import Any

import pandas as pd
from hypothesis import strategies as st

FIELDS = ["first_name", "last_name", "email", "phone", "company", "country", "title"]

# Leads that resemble one another in all the ways that matter.
RESEMBLING = st.lists(
    st.fixed_dictionaries(
        {
            "first_name": st.sampled_from(["Ana", "Anna", "A.", "Robert", "Bob", None]),
            "last_name": st.sampled_from(["Ruiz", "Ruiz-Vega", "Riuz", "Ana", "Chen", None]),
            "email": st.sampled_from(
                ["ana@contoso.com", "anna@contoso.com", "ana@contoos.com", "ana@gmail.com", "info@contoso.com", None]
            ),
            "phone": st.sampled_from(["020 7946 0018", "020 7946 0019", "+34 91 133 0590", "0000000", None]),
            "company": st.sampled_from(["Contoso", "Contoso Holdings", "Fabrikam", None]),
            "country": st.sampled_from(["GB", "ES", None]),
            "title": st.sampled_from(["CTO", "Analyst", None]),
        }
    ),
    min_size=2,
    max_size=12,
)


def lead_frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return leads r0, r1 and so on with the seven fields, missing where a row does not say them.

    Examples
    --------
    >>> lead_frame([{"first_name": "Ana"}])[["record_id", "first_name"]].values.tolist()
    [['r0', 'Ana']]
    """
    leads = pd.DataFrame(rows, columns=FIELDS).astype("str")
    leads.insert(0, "record_id", [f"r{number}" for number in range(len(leads))])
    return leads
