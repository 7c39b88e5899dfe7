from __future__ import annotations

import sqlite3

import pandas as pd
import pytest
from rapidfuzz.distance import OSA, JaroWinkler

from leadanalytics.errors import FrameError
from leadanalytics.identity.splink import to_splink


@pytest.fixture
def leads():
    return pd.DataFrame(
        {
            "record_id": ["r1", "r2", "r3", "r1", "r4"],
            "first_name": ["Dr. Ana", "ANNA", "Li", "Dr. Ana", "Test"],
            "last_name": ["Ruiz", "Ruiz", "Chen", "Ruiz", "Lead"],
            "email": ["Ana+azure@Example.com", "anna@example.com", "info@example.com", "Ana@Example.com", None],
            "phone": ["+44 20 7946 0018", None, "0000000", None, None],
            "company": ["Alpine GmbH", "alpine", "n/a", None, None],
            "country": ["Deutschland", "DE", "Atlantis", None, None],
            "is_test": [False, False, False, False, True],
        }
    )


def test_the_frame_holds_one_clean_row_per_record_of_a_person(leads):
    frame, _ = to_splink(leads)
    assert frame.astype(object).where(frame.notna(), None).to_dict("split")["data"] == [
        ["r1", "ana", "ruiz", "ana@example.com", "079460018", "alpine", "DE"],
        ["r2", "anna", "ruiz", "anna@example.com", None, "alpine", "DE"],
        ["r3", "li", "chen", None, None, None, None],
    ]


def test_fields_may_be_absent_and_rows_too():
    frame, settings = to_splink(pd.DataFrame({"record_id": pd.Series(dtype="str")}))
    assert len(frame) == 0
    assert {comparison["output_column_name"] for comparison in settings["comparisons"]} <= set(frame.columns)


def test_record_ids_are_needed():
    with pytest.raises(FrameError, match="record_id"):
        to_splink(pd.DataFrame({"email": ["ana@example.com"]}))


@pytest.fixture
def pairs(leads):
    """Give a function that runs SQL over the pairs of the frame, with the functions that DuckDB has."""
    frame, settings = to_splink(leads)
    connection = sqlite3.connect(":memory:")
    connection.create_function("jaro_winkler_similarity", 2, JaroWinkler.similarity)
    connection.create_function("damerau_levenshtein", 2, OSA.distance)
    frame.to_sql("leads", connection, index=False)
    values = ", ".join(f"l.{name} AS {name}_l, r.{name} AS {name}_r" for name in frame.columns)
    joined = "leads l JOIN leads r ON l.record_id < r.record_id"
    yield settings, lambda sql: connection.execute(sql.format(values=values, joined=joined)).fetchall()
    connection.close()


def test_blocking_rules_find_the_pair(pairs):
    settings, run = pairs
    found = [
        run(f"SELECT l.record_id, r.record_id FROM {{joined}} AND ({rule})")
        for rule in settings["blocking_rules_to_generate_predictions"]
    ]
    assert [("r1", "r2")] in found
    assert all(pair == ("r1", "r2") for rows in found for pair in rows)


def test_levels_are_true_from_the_first_that_holds(pairs):
    settings, run = pairs
    labels = {}
    for comparison in settings["comparisons"]:
        *levels, last = comparison["comparison_levels"]
        assert last["sql_condition"] == "ELSE"
        cases = " ".join(f"WHEN {level['sql_condition']} THEN '{level['label_for_charts']}'" for level in levels)
        query = f"SELECT CASE {cases} ELSE 'different' END FROM (SELECT {{values}} FROM {{joined}})"
        labels[comparison["output_column_name"]] = run(f"{query} WHERE record_id_r = 'r2'")[0][0]
    assert labels == {
        "email": "one slip",
        "phone": "missing",
        "first_name": "alike",
        "last_name": "the same",
        "company": "the same",
        "country": "the same",
    }
