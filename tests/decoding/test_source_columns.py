"""Distinct combinations of the source columns, given back to their rows."""

import numpy as np
import pandas as pd

from leadanalytics import schema
from leadanalytics.decoding.source_columns import decode_sources
from leadanalytics.vocabulary import load_vocabulary


def decoded(is_test=None, days=None, vocabulary=None, **columns):
    rows = len(next(iter(columns.values())))
    raw = schema.conform(pd.DataFrame({"record_id": map(str, range(rows)), **columns}), "raw")
    created_at = pd.to_datetime(days or ["2024-06-01"] * rows, utc=True).as_unit("ns").asi8
    return decode_sources(raw, np.array(is_test or [False] * rows), created_at, vocabulary or load_vocabulary())


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


def test_a_code_means_what_the_listing_of_its_offer_says_at_the_time_of_the_lead():
    offers = pd.DataFrame(
        [
            ("contoso.desk", "get_it_now_free", None),
            ("contoso.desk", "free_trial_list", "2024-03-01"),
            ("crane", "saas_transact_appsource", None),
            ("Lamp", "contact_me", None),
        ],
        columns=["offer_id", "route", "valid_from"],
    )
    vocabulary = load_vocabulary(offers=offers)
    sources = ["SPZA-INS|contoso.desk"] * 3 + ["SPZA-INS|contoso.crane", "SPZA-INS|contoso.sofa", "SPZA-INS|Lamp"]
    days = ["2024-02-29", "2024-03-01", None, *["2024-06-01"] * 3]
    stages = decoded(days=days, vocabulary=vocabulary, lead_source=sources).columns["stage"]
    # A lead without a time is read as one of today; a code that a listing cannot have means what it means alone.
    assert list(stages) == ["Get it now", "Free trial", "Free trial", "Purchase", "Get it now", "Get it now"]


def test_written_names_are_codes():
    columns = decoded(
        lead_source=["Microsoft AppSource", "Microsoft Marketplace", "AzureMarketplace", "Marketplace"],
        action_code=["Contact me", "Get it now", "Free trial", "Subscribe"],
    ).columns
    assert list(columns["source"]) == ["SPZA", "MicrosoftMarketplace", "AzureMarketplace", "MicrosoftMarketplace"]
    assert list(columns["action"]) == ["PLT", "INS", "FreeTrial", "Create"]
    assert list(columns["stage"]) == ["Contact me", "Get it now", "Free trial", "Install"]


def test_the_title_that_the_publisher_gives_names_the_offer():
    offers = pd.DataFrame({"offer_id": ["desk"], "route": ["contact_me"], "title": ["Desk 365"]})
    columns = decoded(vocabulary=load_vocabulary(offers=offers), lead_source=["SPZA-PLT|contoso.desk"]).columns
    assert list(columns["offer_name"]) == ["Desk 365"]
