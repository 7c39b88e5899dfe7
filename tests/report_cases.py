"""Leads for tests of the report: two storefronts, a test lead, a do-not-contact lead, one of no step."""

from __future__ import annotations

import functools

import pandas as pd

from leadanalytics.report.findings import Findings, find
from leadanalytics.report.stories import Story

# customer, offer, storefront, stage, day of June, test, do not contact
ROWS = [
    ("C-1", "crane", None, "Test drive", 1, False, False),
    ("C-1", "crane", "Azure Marketplace", "Get it now", 2, False, False),
    ("C-1", "crane", "Azure Marketplace", "Install", 5, False, False),
    ("C-2", "crane", None, "Test drive", 2, False, False),
    ("C-2", "crane", "Azure Marketplace", "Get it now", 12, False, False),
    ("C-3", "crane", None, "Test drive", 3, False, False),
    ("C-4", "crane", "Azure Marketplace", "Install", 20, False, False),
    ("C-5", "lift", None, "Test drive", 4, False, False),
    ("C-5", "lift", "AppSource", "Contact me", 6, False, False),
    ("C-6", "lift", "AppSource", "Get it now", 29, False, False),
    ("C-7", "lift", "AppSource", "Get it now", 8, False, True),
    (None, "lift", "AppSource", "Get it now", 9, True, False),
]
PERSON = {"first_name": "Ana", "last_name": "Ruiz", "company": "Fabrikam", "email": "ana@example.com"}
PAYLOADS = (
    '"><img src=x onerror=alert(1)>',
    "</script><script>alert(2)</script>",
    "</text></svg><svg onload=alert(3)>",
    "</style><script>alert(4)</script>",
    "<a href=javascript:alert(5)>x</a>{{ 7 * 7 }}",
)


def leads_of(rows=ROWS, **columns) -> pd.DataFrame:
    """Return leads with customer_id of rows as above."""
    names = ["customer_id", "offer_id", "marketplace", "stage", "day", "is_test", "do_not_contact"]
    leads = pd.DataFrame(rows, columns=names)
    stages = pd.CategoricalDtype(["Test drive", "Get it now", "Contact me", "Install"], ordered=True)
    leads = leads.assign(
        record_id=[f"r{number}" for number in range(len(leads))],
        created_at=pd.Timestamp("2024-06-01", tz="UTC") + pd.to_timedelta(leads.pop("day") - 1, unit="D"),
        offer_name=leads["offer_id"].str.title(),
        stage=leads["stage"].astype(stages),
        marketplace=leads["marketplace"].astype("str").astype("category"),
        **PERSON,
    )
    return leads.assign(**columns)


def found(leads=None, **options) -> Findings:
    """Return the findings of leads, those above by default."""
    choices = {"rejects": None, "funnel": None, "freq": None, "tz": "UTC", "with_people": False, "vocabulary": None}
    choices |= {"window": "14 days", "as_of": "2024-06-30T00:00Z"}
    return find(leads_of() if leads is None else leads, **choices | options)


@functools.cache
def stories() -> tuple[Story, ...]:
    """Return the stories of the leads above: Azure Marketplace, AppSource."""
    return found().stories
