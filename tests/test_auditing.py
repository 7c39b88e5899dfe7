"""Audits add up to the leads."""

import pandas as pd
import pytest

from leadanalytics.auditing import audit_codes, audit_leads
from leadanalytics.errors import FrameError
from leadanalytics.vocabulary import load_vocabulary


def test_problems_are_counted_each_and_by_the_worst():
    problems = ["no action; no offer", "no offer", None, None, "no action; no offer"]
    audit = audit_leads(pd.DataFrame({"problem": pd.Categorical(problems)}))
    assert audit["problem"].tolist() == ["(none)", *load_vocabulary().problems["problem"]]
    assert audit.set_index("problem").loc[
        ["(none)", "no action", "no offer"], ["leads", "first"]
    ].to_numpy().tolist() == [
        [2, 2],
        [2, 2],
        [3, 1],
    ]
    assert audit["first"].sum() == len(problems)
    assert audit["share"].iloc[0] == pytest.approx(0.4)
    assert audit["what_to_do"].iloc[-1] == load_vocabulary().problems["what_to_do"].iloc[-1]


def test_a_problem_that_the_vocabulary_does_not_list_is_counted_last():
    audit = audit_leads(pd.DataFrame({"problem": ["strange", None]}))
    assert audit.iloc[-1][["problem", "leads", "first", "what_to_do"]].tolist() == ["strange", 1, 1, ""]


def test_no_leads_have_no_shares():
    audit = audit_leads(pd.DataFrame({"problem": pd.Categorical([])}))
    assert audit["leads"].sum() == 0
    assert audit["share"].isna().all()


def test_leads_need_the_column_problem():
    with pytest.raises(FrameError, match="problem"):
        audit_leads(pd.DataFrame({"record_id": ["1"]}))


def leads_of(rows):
    columns = ["lead_source", "action_code", "source", "action", "is_test", "do_not_contact", "problem"]
    leads = pd.DataFrame(rows, columns=columns)
    return leads.assign(
        record_id=[str(row) for row in range(len(rows))], created_at=pd.Timestamp("2024-01-01", tz="UTC"), stage=None
    )


def test_codes_as_delivered_with_their_reading_and_counts():
    ticks = [f"MSFT_TEST_63844581791412{end}" for end in (3000, 3001)]
    audit = audit_codes(
        leads_of(
            [
                *((f"{test}-{test}|Desk", test, "test", "test", True, False, None) for test in ticks),
                ("SPZA-DNC |a.b", None, "SPZA", "DNC", False, True, None),
                ("Shop", "XYZ", "Shop", "XYZ", False, False, "no created time; unknown source"),
            ]
        )
    )
    assert audit.drop(columns="stage").fillna("").to_numpy().tolist() == [
        ["MSFT_TEST_<ticks>-MSFT_TEST_<ticks>", "MSFT_TEST_<ticks>", "test", "test", True, 2, 2, 0],
        ["SPZA-DNC", "", "SPZA", "DNC", True, 1, 0, 1],
        ["Shop", "XYZ", "Shop", "XYZ", False, 1, 0, 0],
    ]


def test_codes_of_no_leads_are_none():
    assert len(audit_codes(leads_of([]))) == 0
