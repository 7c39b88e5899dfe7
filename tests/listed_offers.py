"""Made-up leads of offers of every kind of listing, as a file and as a table of the publisher's offers."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np

OFFERS = {
    "listing": ("TestDrive-StartTestDrive", "SPZA-PLT"),
    "machine": ("TestDrive-StartTestDrive", "AzureMarketplace-INS", "AzurePortal-Create"),
    "template": ("AzureMarketplace-INS", "AzurePortal-Create"),
    "addin": ("TestDrive-StartTestDrive", "SPZA-INS"),
    "both": ("TestDrive-StartTestDrive", "SPZA-INS", "SPZA-PLT", "AzureMarketplace-INS", "AzurePortal-Create"),
    "trial": ("TestDrive-StartTestDrive", "SPZA-INS"),
    "saas": ("TestDrive-StartTestDrive", "SPZA-INS"),
    "service": ("SPZA-PLT",),
    "tried": ("TestDrive-StartTestDrive",),
}
LISTED = """offer_id,title,route,valid_from
trial,Trial of ours,free_trial_list,
saas,SaaS of ours,saas_transact_appsource,
"""


def write_leads_of_offers(folder: Path, *, seed: int, customers: int = 60) -> tuple[Path, Path]:
    """Return the file of leads and the table of offers, written into a folder."""
    rng = np.random.default_rng(seed)
    start = np.datetime64("2024-01-01T00:00:00")
    rows = []
    for customer in range(customers):
        person = json.dumps(
            {
                "FirstName": f"Ana{customer}",
                "LastName": f"Ruiz{customer}",
                "Email": f"p{customer}@firm{customer}.example",
            }
        )
        for offer in rng.choice(list(OFFERS), rng.integers(1, 4), replace=False):
            at = start + np.timedelta64(int(rng.integers(0, 100 * 24)), "h")
            for source in _journey(rng, OFFERS[offer]):
                rows.append(("p", f"r{len(rows)}", f"{at}Z", f"{source}|contoso.{offer}", person))
                at += np.timedelta64(int(rng.choice([0, 5, 30, 24 * 8, 24 * 20, 24 * 40])), "h")
    path, offers = folder / "leads.csv", folder / "offers.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("PartitionKey", "RowKey", "CreatedTime", "LeadSource", "CustomerInfo"), *rows])
    offers.write_text(LISTED, encoding="utf-8")
    return path, offers


def _journey(rng: np.random.Generator, codes: tuple[str, ...]) -> list[str]:
    """Return the codes of one customer's leads of an offer: most in their order, some missing, some twice."""
    taken = [code for code in codes for _ in range(int(rng.choice([0, 1, 1, 1, 2])))] or [codes[-1]]
    if rng.random() < 0.2:
        rng.shuffle(taken)
    return taken + ["SPZA-DNC"] * (rng.random() < 0.05)
