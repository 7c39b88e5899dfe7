"""How well customers are found: labelled leads, and leads of our own generator with noise, by several methods.

    python tests/benchmark_matching.py --labelled FOLDER --leads 100000 1000000

A labelled set is a Parquet or CSV file with true_id, rec_id and any of FirstName, LastName, Email, Phone, Country,
Company and Title; the project holds none. Each line is measured in a fresh process. Needs Unix, as `benchmark.py` does.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
from agreement import agreement
from benchmark import CACHE, LEADS_PER_CUSTOMER, forget_peak, peak
from noise import FIELDS, PROFILES, spoil
from splink_customers import splink_customers

import leadanalytics as la
from leadanalytics.errors import UnknownCodeWarning

COLUMNS = {
    "rec_id": "record_id", "FirstName": "first_name", "LastName": "last_name", "Email": "email", "Phone": "phone",
    "Country": "country", "Company": "company", "Title": "title",
}  # fmt: skip
WARM_UP_LEADS = 500
MOST_LEADS = {"splink": 200_000}  # beyond these a method takes minutes


def by_exact_email(leads: pd.DataFrame) -> pd.Series:
    """Return customers as many CRMs tell them apart: one per address in lower case, and one per lead without any."""
    email = leads["email"].str.strip().str.lower().replace("", np.nan)
    return email.where(email.notna(), leads["record_id"])


METHODS: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "evidence": lambda leads: la.identify_customers(leads)["customer_id"],
    "keys": lambda leads: la.identify_customers(leads, method="keys")["customer_id"],
    "exact e-mail": by_exact_email,
    "splink": splink_customers,
}
MEASURES = {
    "precision": "{:.4f}", "recall": "{:.4f}", "f1": "{:.4f}", "b_cubed_f1": "{:.4f}", "count_error": "{:+.1%}",
    "largest": "{:,.0f}", "cpu_seconds": "{:.1f}", "peak_mb": "{:,.0f}",
}  # fmt: skip


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(description="Measure how well customers are found.")
    parser.add_argument("--labelled", default=os.environ.get("LEADANALYTICS_LABELLED"), help="a folder, or none")
    parser.add_argument("--leads", type=int, nargs="*", default=[100_000, 1_000_000], help="how many to generate")
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS))
    parser.add_argument("--measure", nargs=2, metavar=("METHOD", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        sys.stdout.write(json.dumps(measure(*options.measure)))
        return
    sets = labelled_sets(Path(options.labelled)) if options.labelled else {}
    for count in options.leads:
        sets |= {f"{profile} {count:,}": generated(profile, count) for profile in PROFILES}
    sys.stdout.write(line("set", "method", dict(zip(MEASURES, MEASURES))))
    for name, path in sets.items():
        for method in options.methods:
            sys.stdout.write(line(name, method, repeat(method, path)))
            sys.stdout.flush()


def labelled_sets(folder: Path) -> dict[str, Path]:
    """Return the labelled files of a folder by name."""
    return {path.stem: path for path in sorted(folder.iterdir()) if path.suffix in (".parquet", ".csv")}


def generated(profile: str, count: int) -> Path:
    """Return a Parquet file of generated leads with the noise of a profile, made when it is not there yet."""
    path = CACHE / f"matching_{profile.replace(' ', '_')}_{count}.parquet"
    if not path.exists():
        CACHE.mkdir(exist_ok=True)
        raw = la.make_leads(customers=int(count / LEADS_PER_CUSTOMER) + 100, seed=4)
        raw = raw[raw["true_customer"].notna()].head(count)
        with warnings.catch_warnings(action="ignore", category=UnknownCodeWarning):  # the generator has some
            decoded = la.decode_leads(raw)
        leads = decoded[["record_id", *FIELDS]].astype("str")
        leads = spoil(leads, PROFILES[profile]).assign(true_id=raw["true_customer"].to_numpy())
        part = path.with_suffix(".part")
        leads.to_parquet(part)
        part.rename(path)
    return path


def read_labelled(path: Path) -> pd.DataFrame:
    """Return record_id, the seven customer fields and true_id of a labelled file, all text."""
    leads = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, dtype="str")
    return leads.rename(columns=COLUMNS)[["record_id", *FIELDS, "true_id"]].astype("str")


def repeat(method: str, path: Path) -> dict[str, float] | str:
    """Return what a fresh process measured, or why it could not."""
    command = [sys.executable, __file__, "--measure", method, str(path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        return done.stderr.strip().splitlines()[-1]
    found = json.loads(done.stdout.splitlines()[-1])
    return found.get("skipped", found)


def measure(method: str, file: str) -> dict[str, float | str]:
    """Return the agreement of a method with the truth, CPU seconds and peak megabytes, or why it was skipped."""
    leads = read_labelled(Path(file))
    if len(leads) > MOST_LEADS.get(method, len(leads)):
        return {"skipped": f"more than {MOST_LEADS[method]:,} leads"}
    truth = leads.pop("true_id")
    if method == "splink" and find_spec("splink") is None:
        return {"skipped": "Splink is not installed, make bench-matching does it"}
    if method != "splink":
        METHODS[method](leads.head(WARM_UP_LEADS))  # compiled code is ready before the clock starts
    forget_peak()
    cpu = time.process_time()
    found = METHODS[method](leads)
    return agreement(truth, found) | {"cpu_seconds": time.process_time() - cpu, "peak_mb": peak()}


def line(name: str, method: str, found: dict[str, float] | dict[str, str] | str) -> str:
    """Return one line of the table."""
    if isinstance(found, str):
        return f"{name:<22}{method:<14}skipped: {found}\n"
    cells = [form.format(found[key]) if not isinstance(found[key], str) else key for key, form in MEASURES.items()]
    return f"{name:<22}{method:<14}" + "".join(f"{cell:>12}" for cell in cells) + "\n"


if __name__ == "__main__":
    main()
