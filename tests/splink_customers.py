"""Customers by Splink, for comparison: cleaned columns, comparisons that do not overlap, and its customary training."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from leadanalytics.identity.companies import canonical_companies
from leadanalytics.identity.countries import country_codes
from leadanalytics.identity.emails import canonical_emails, flat_emails, personal
from leadanalytics.identity.name_parts import part_names
from leadanalytics.identity.phones import canonical_phones

THRESHOLD = 0.99  # the best seen on leads of this kind; on a list as short as fake_1000 a lower one finds more
BLOCKS = [
    ("email",), ("phone",), ("last_name", "first_name", "country"), ("last_name", "company"), ("first_name", "company"),
    ("first_name", "last_name"),
]  # fmt: skip


def splink_customers(leads: pd.DataFrame) -> pd.Series:
    """Return the number of each lead's customer by Splink 5; the columns are those of `identify_customers`.

    There is no level for the same user name or domain of an address, since those repeat the name and the company:
    without them Splink does better here.
    """
    from splink import Linker, SettingsCreator, block_on
    from splink.internals.duckdb.database_api import DuckDBAPI

    columns = cleaned(leads).dropna(axis="columns", how="all")
    blocks = [block_on(*block) for block in BLOCKS if set(block) <= set(columns)]
    comparisons = [comparison for column, comparison in _comparisons().items() if column in columns]
    settings = SettingsCreator("dedupe_only", comparisons, blocks, max_iterations=15)
    linker = Linker(DuckDBAPI().register(columns), settings)
    linker.training.estimate_probability_two_random_records_match(blocks[:1], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for block in blocks[:3]:
        linker.training.estimate_parameters_using_expectation_maximisation(block)
    pairs = linker.inference.predict(threshold_match_probability=THRESHOLD)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, THRESHOLD).as_pandas_dataframe()
    return clusters.set_index("unique_id")["cluster_id"].loc[np.arange(len(leads))].set_axis(leads.index)


def _comparisons() -> dict[str, Any]:
    from splink import comparison_library as compare

    made = {
        "first_name": compare.JaroWinklerAtThresholds("first_name", [0.92, 0.8]),
        "last_name": compare.JaroWinklerAtThresholds("last_name", [0.92, 0.8]),
        "company": compare.JaroWinklerAtThresholds("company", [0.92, 0.8]),
        "email": compare.LevenshteinAtThresholds("email", [1, 2]),
        "phone": compare.LevenshteinAtThresholds("phone", 1),
    }
    made = {column: each.configure(term_frequency_adjustments=True) for column, each in made.items()}
    return made | {"country": compare.ExactMatch("country")}


def cleaned(leads: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that Splink compares, with mailboxes and numbers that are nobody's left out."""
    parts = part_names(leads["first_name"], leads["last_name"])
    emails, phones = canonical_emails(leads["email"]), canonical_phones(leads["phone"])
    return pd.DataFrame(
        {
            "unique_id": np.arange(len(leads)),
            "first_name": parts.first.array,
            "last_name": parts.last.array,
            "email": emails.where(personal(flat_emails(emails))).array,
            "phone": np.where(phones < 0, None, phones.astype(str)),
            "company": canonical_companies(leads["company"]).array,
            "country": country_codes(leads["country"]).array,
        }
    ).astype({"first_name": object, "last_name": object, "email": object, "company": object, "country": object})
