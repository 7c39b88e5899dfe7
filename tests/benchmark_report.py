"""How long a report takes: of identified leads, and of raw ones with decoding and the search for customers before it.

    python tests/benchmark_report.py --leads 1000000 --offers 20

The leads are made up and have as many offers as asked for. Before the clock starts, a report of a few leads is written,
so that imports and compiled code are ready.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pandas as pd

import leadanalytics as la

LEADS_PER_CUSTOMER = 1.8  # a little less than there are, so that enough are made
WARM_UP_LEADS = 2_000
MOST_SECONDS = 30

Made = TypeVar("Made")


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(description="Measure the report of generated leads.")
    parser.add_argument("--leads", type=int, default=1_000_000)
    parser.add_argument("--offers", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.html"
        la.write_report(identified(raw_leads(WARM_UP_LEADS)), path, with_people=True)
        raw = raw_leads(options.leads)
        leads, before = timed(lambda: identified(raw))
        leads = with_offers(leads, options.offers)
        _, without = timed(lambda: la.write_report(leads, path))
        size = path.stat().st_size
        _, with_people = timed(lambda: la.write_report(leads, path, with_people=True))
    lines = [
        f"{options.leads:,} leads, {options.offers:,} offers, {size / 1e3:,.0f} kB of HTML",
        f"{'stage':<40}{'CPU s':>8}",
        f"{'decode_leads, identify_customers':<40}{before:>8.2f}",
        f"{'write_report of identified leads':<40}{without:>8.2f}   (at most {MOST_SECONDS})",
        f"{'write_report, with people':<40}{with_people:>8.2f}",
        f"{'from raw leads to the report':<40}{before + without:>8.2f}",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


def raw_leads(leads: int) -> pd.DataFrame:
    """Return generated leads."""
    return la.make_leads(customers=int(leads / LEADS_PER_CUSTOMER) + 100).head(leads)


def identified(raw: pd.DataFrame) -> pd.DataFrame:
    """Return leads with their customers, found by the quick method; `make bench-matching` measures the accurate one."""
    return la.identify_customers(la.decode_leads(raw), method="keys")


def with_offers(leads: pd.DataFrame, offers: int) -> pd.DataFrame:
    """Return leads whose offers are cut into about as many as are asked for, each customer's into the same part."""
    parts = max(offers // max(leads["offer_id"].nunique(), 1), 1)
    part = pd.Series(pd.factorize(leads["customer_id"])[0] % parts, index=leads.index).astype("str")
    return leads.assign(offer_id=leads["offer_id"] + "-" + part, offer_name=leads["offer_name"] + " " + part)


def timed(stage: Callable[[], Made]) -> tuple[Made, float]:
    """Return what a stage makes, and its CPU seconds."""
    start = time.process_time()
    made = stage()
    return made, time.process_time() - start


if __name__ == "__main__":
    main()
