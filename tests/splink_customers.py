"""Customers by Splink, for comparison: cleaned columns, comparisons that do not overlap, and its customary training."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadanalytics.identity.companies import canonical_companies
from leadanalytics.identity.countries import country_codes
from leadanalytics.identity.emails import canonical_emails, flat_emails, personal
from leadanalytics.identity.name_parts import part_names
from leadanalytics.identity.phones import canonical_phones

THRESHOLD = 0.99  # the best of several on labelled leads, which favours Splink
_MOST_PAIRS = 1e6


def splink_customers(leads: pd.DataFrame) -> pd.Series:
    """Return the number of each lead's customer by Splink 5; the columns are those of `identify_customers`.

    There is no level for the same user name or domain of an address, since those repeat the name and the company:
    without them Splink does better here.
    """
    import splink.comparison_level_library as levels
    import splink.comparison_library as comparisons
    from splink import Linker, SettingsCreator, block_on
    from splink.internals.duckdb.database_api import DuckDBAPI

    def names(column: str) -> comparisons.JaroWinklerAtThresholds:
        return comparisons.JaroWinklerAtThresholds(column, [0.92, 0.8]).configure(term_frequency_adjustments=True)

    columns = cleaned(leads)
    kept = [name for name in columns if columns[name].notna().any()]
    compared = {
        "first_name": names("first_name"),
        "last_name": names("last_name"),
        "company": names("company"),
        "email": comparisons.LevenshteinAtThresholds("email", [1, 2]).configure(term_frequency_adjustments=True),
        "phone": comparisons.LevenshteinAtThresholds("phone", 1).configure(term_frequency_adjustments=True),
        "country": comparisons.CustomComparison(
            [levels.NullLevel("country"), levels.ExactMatchLevel("country"), levels.ElseLevel()]
        ),
    }
    blocks = [
        ("email",), ("phone",), ("last_name", "first_name", "country"), ("last_name", "company"),
        ("first_name", "company"), ("first_name", "last_name"),
    ]  # fmt: skip
    blocks = [block for block in blocks if set(block) <= set(kept)]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[compared[name] for name in kept if name in compared],
        blocking_rules_to_generate_predictions=[block_on(*block) for block in blocks],
        max_iterations=15,
    )
    api = DuckDBAPI()
    linker = Linker(api.register(columns[["unique_id", *(name for name in kept if name in compared)]]), settings)
    linker.training.estimate_probability_two_random_records_match([block_on(*blocks[0])], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=_MOST_PAIRS, seed=1)
    for block in blocks[:3]:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*block))
    pairs = linker.inference.predict(threshold_match_probability=THRESHOLD)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, THRESHOLD).as_pandas_dataframe()
    return clusters.set_index("unique_id")["cluster_id"].loc[np.arange(len(leads))].set_axis(leads.index)


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
