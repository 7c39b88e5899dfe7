"""Distinct combinations of the source columns, given back to their rows."""

import numpy as np
import pandas as pd

from leadanalytics import schema
from leadanalytics.decoding.source_columns import decode_sources
from leadanalytics.vocabulary import load_vocabulary


def decoded(is_test=None, **columns):
    rows = len(next(iter(columns.values())))
    raw = schema.conform(pd.DataFrame({"record_id": map(str, range(rows)), **columns}), "raw")
    return decode_sources(raw, np.array(is_test or [False] * rows), load_vocabulary())


def test_each_row_has_the_reading_of_its_own_combination():
    sources = decoded(lead_source=["SPZA", "SPZA-PLT|a.b", "SPZA", None], action_code=["INS", None, "DNC", "INS"])
    assert [str(code) for code in sources.columns["action"]] == ["INS", "PLT", "DNC", "INS"]
    assert list(sources.columns["source"])[:3] == ["SPZA"] * 3
    assert sources.columns["do_not_contact"].tolist() == [False, False, True, False]
    assert list(sources.columns["stage"])[:2] == ["Get it now", "Contact me"]
    assert sources.columns["stage"].ordered


def test_categories_are_the_known_codes_and_then_the_unknown_by_alphabet():
    vocabulary = load_vocabulary()
    sources = decoded(lead_source=["Z", "A", "SPZA"])
    assert list(sources.columns["source"].categories) == [*vocabulary.sources["source"], "A", "Z"]


def test_problems_lie_only_in_leads_that_are_no_tests():
    sources = decoded(is_test=[False, True], lead_source=["New", "New"], action_code=["XYZ", "XYZ"])
    true = {problem for problem, mask in sources.problems.items() if mask[0]}
    assert true == {"unknown source", "unknown action", "no offer"}
    assert not any(mask[1] for mask in sources.problems.values())
    assert sources.unknown == "action 'XYZ': 1, source 'New': 1"


def test_unknown_codes_are_ranked_and_personal_texts_hidden():
    codes = ["New"] * 3 + [f"Code {letter}" for letter in "ABCDEFGHIJ"] + ["+44 20 7946 0018", "ana@firm.example"]
    unknown = decoded(lead_source=codes).unknown
    assert unknown.startswith("source 'New': 3, source (a text that is no code): 2, source 'Code A': 1")
    assert unknown.endswith("source 'Code H': 1, and 2 more")
    assert "7946" not in unknown and "firm" not in unknown


def test_a_lead_of_a_test_may_share_its_combination_with_one_that_is_none():
    sources = decoded(is_test=[False, True, False], lead_source=["SPZA-INS|a.b"] * 3)
    assert sources.columns["is_test"].tolist() == [False, True, False]
