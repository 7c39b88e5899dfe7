"""Leads of people for tests, one record per row and one second apart."""

import pandas as pd

FIELDS = ("first_name", "last_name", "email", "phone", "country", "company", "title")


def leads_of(*rows, **columns):
    """Return leads r1, r2 ... of people given as mappings of the customer fields."""
    leads = pd.DataFrame(rows).reindex(columns=list(FIELDS)).astype("str")
    leads.insert(0, "record_id", [f"r{number}" for number in range(1, len(leads) + 1)])
    leads["created_at"] = pd.Timestamp("2024-03-01", tz="UTC") + pd.to_timedelta(range(len(leads)), "s")
    return leads.assign(**columns)


def person(name, **fields):
    """Return the fields of a person of a first and a last name."""
    first, _, last = name.partition(" ")
    return {"first_name": first, "last_name": last or None, **fields}
