"""A few leads to explore: two offers, three people of two companies, a test lead and somebody not to be contacted."""

import pandas as pd

import leadanalytics as la

PAYLOAD = '<img src=x onerror="alert(1)">'


def leads_to_explore():
    """Return leads with customer_id: C-1 installed vm, C-2 still tries it, C-3 got app and wants no more."""
    rows = [
        ("r1", "C-1", "A-1", "vm", "Test drive", "2024-06-01", "Ana", "Ruiz", "DE", "Contoso Ltd", "spring"),
        ("r2", "C-1", "A-1", "vm", "Get it now", "2024-06-03", "Ana", "Ruiz", "DE", "Contoso Ltd", None),
        ("r3", "C-1", "A-1", "vm", "Install", "2024-06-04", "Ana", "Ruiz", "DE", "Contoso Ltd", None),
        ("r4", "C-2", "A-1", "vm", "Test drive", "2024-06-20", "Bob", "Lee", "Germany", "CONTOSO", None),
        ("r5", "C-3", "A-2", "app", "Get it now", "2024-06-10", "Cleo", "Ng", "FR", "Fabrikam", "spring"),
        ("r6", "C-3", "A-2", "app", "Contact me", "2024-06-11", "Cleo", "Ng", "FR", "Fabrikam", None),
        ("r7", None, None, "vm", "Test drive", "2024-06-12", "Test", "Lead", "US", "Fabrikam", None),
    ]
    names = ("record_id", "customer_id", "account_id", "offer_id", "stage", "created_at")
    names += ("first_name", "last_name", "country", "company", "campaign")
    leads = pd.DataFrame(rows, columns=list(names))
    leads["created_at"] = pd.to_datetime(leads["created_at"], utc=True)
    leads["offer_name"] = leads["offer_id"].map({"vm": "Virtual Machine", "app": "App"})
    leads["marketplace"] = leads["stage"].map({"Install": "Azure Marketplace", "Contact me": "AppSource"})
    leads["email"] = leads["first_name"].str.lower() + "@example.com"
    leads["is_test"] = leads["record_id"] == "r7"
    leads["do_not_contact"] = leads["record_id"] == "r6"
    return leads


def explorer(**options):
    """Return the panel of an explorer of these leads."""
    return la.explore(leads_to_explore(), **options).panel
