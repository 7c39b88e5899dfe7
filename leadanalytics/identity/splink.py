"""Leads for Splink (https://moj-analytical-services.github.io/splink/), to cross-check who is who with another matcher.

Splink is not needed here, nor imported: it takes a frame and a dict of settings.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from leadanalytics.identity.companies import canonical_companies
from leadanalytics.identity.countries import country_codes
from leadanalytics.identity.emails import canonical_emails, flat_emails, personal
from leadanalytics.identity.name_parts import part_names
from leadanalytics.identity.phones import canonical_phones
from leadanalytics.schema import CUSTOMER_FIELDS, TEXT, check

# What each column may be besides the same: the label, and the SQL of DuckDB for a pair of values.
_ONE_SLIP = ("one slip", "damerau_levenshtein({0}_l, {0}_r) <= 1")
_ALIKE = ("alike", "jaro_winkler_similarity({0}_l, {0}_r) >= 0.92")
_NEARLY_ALIKE = ("nearly alike", "jaro_winkler_similarity({0}_l, {0}_r) >= 0.85")
# No level says "same user name" or "same domain": these repeat the evidence of name and company, and joined namesakes
# and colleagues (F1 0.89 instead of 0.93 on made-up leads).
_LEVELS = {
    "email": [_ONE_SLIP],
    "phone": [_ONE_SLIP],
    "first_name": [_ALIKE, _NEARLY_ALIKE],
    "last_name": [_ALIKE, _NEARLY_ALIKE],
    "company": [_ALIKE],
    "country": [],
}
_BLOCKS = (
    ["email"],
    ["phone"],
    ["first_name", "last_name", "company"],
    ["first_name", "last_name", "country"],
    ["last_name", "company"],
    ["first_name", "company"],
)


def to_splink(leads: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return the leads as Splink 4 or 5 takes them, cleaned as this package compares them, and its settings.

    The frame has one row per record of a person: record_id, the folded first_name and last_name, email (canonical,
    missing for role mailboxes and placeholders), phone (the last nine digits), company (without legal form) and country
    (ISO 3166-1). The settings have comparisons, blocking rules in the SQL of DuckDB, and no trained weights.

    Parameters
    ----------
    leads : DataFrame
        Leads with record_id; any of the customer fields may be absent.

    Raises
    ------
    FrameError
        When there is no column record_id.

    Examples
    --------
    >>> leads = pd.DataFrame({"record_id": ["r1", "r2"], "email": ["ANA+x@Example.com", "info@example.com"]})
    >>> frame, settings = to_splink(leads)
    >>> frame["email"].tolist(), settings["link_type"]
    (['ana@example.com', nan], 'dedupe_only')

    With Splink 5 it goes on like this; Splink 4 takes `Linker(frame, settings, DuckDBAPI())`:

    >>> from splink import DuckDBAPI, Linker, block_on  # doctest: +SKIP
    >>> linker = Linker(DuckDBAPI().register(frame), settings)  # doctest: +SKIP
    >>> linker.training.estimate_u_using_random_sampling(max_pairs=1e7)  # doctest: +SKIP
    >>> for rule in (block_on("email"), block_on("first_name", "last_name")):  # doctest: +SKIP
    ...     linker.training.estimate_parameters_using_expectation_maximisation(rule)
    >>> pairs = linker.inference.predict(threshold_match_probability=0.9)  # doctest: +SKIP
    >>> linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, 0.99)  # doctest: +SKIP
    """
    check(leads, "leads", columns=["record_id"])
    leads = _people(leads)
    names = part_names(leads["first_name"], leads["last_name"])
    emails = canonical_emails(leads["email"])
    phones = canonical_phones(leads["phone"], leads["country"])
    columns = {
        "record_id": leads["record_id"],
        "first_name": names.first,
        "last_name": names.last,
        "email": emails.where(personal(flat_emails(emails))),
        "phone": pd.Series([f"{number:09d}" if number >= 0 else None for number in phones.tolist()], dtype=TEXT),
        "company": canonical_companies(leads["company"]),
        "country": country_codes(leads["country"]),
    }
    frame = pd.DataFrame(columns)
    return frame, _settings(len(frame))


def _people(leads: pd.DataFrame) -> pd.DataFrame:
    """Return one row per record of a person, with all customer fields."""
    is_nobody = np.zeros(len(leads), bool)
    if "is_test" in leads.columns:
        is_nobody |= leads["is_test"].to_numpy("bool")
    if "record_kind" in leads.columns:
        is_nobody |= (leads["record_kind"] == "referral").to_numpy("bool")
    people = leads[~is_nobody & ~leads["record_id"].duplicated()]
    return people.reindex(columns=["record_id", *CUSTOMER_FIELDS]).reset_index(drop=True)


def _settings(rows: int) -> dict[str, Any]:
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "record_id",
        # About a third of leads are repeats, so a lead has about one other of its person.
        "probability_two_random_records_match": 1 / max(rows, 2),
        "comparisons": [_comparison(column, levels) for column, levels in _LEVELS.items()],
        "blocking_rules_to_generate_predictions": [
            " AND ".join(f"l.{column} = r.{column}" for column in columns) for columns in _BLOCKS
        ],
        "retain_intermediate_calculation_columns": True,
    }


def _comparison(column: str, levels: list[tuple[str, str]]) -> dict[str, Any]:
    """Return the levels of a column, the missing first, then the same, of which rare values tell more."""
    missing = {
        "sql_condition": f"{column}_l IS NULL OR {column}_r IS NULL",
        "label_for_charts": "missing",
        "is_null_level": True,
    }
    same = {
        "sql_condition": f"{column}_l = {column}_r",
        "label_for_charts": "the same",
        "tf_adjustment_column": column,
        "tf_adjustment_weight": 1.0,
    }
    other = {"sql_condition": "ELSE", "label_for_charts": "different"}
    between = [{"sql_condition": sql.format(column), "label_for_charts": label} for label, sql in levels]
    return {"output_column_name": column, "comparison_levels": [missing, same, *between, other]}
