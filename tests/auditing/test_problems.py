"""The audit of problems adds up to the leads."""

import pandas as pd
import pytest

from leadanalytics.auditing import audit_leads
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
