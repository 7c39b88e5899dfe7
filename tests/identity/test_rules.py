import numpy as np
import pandas as pd
import pytest
from lead_frames import leads_of, person

import leadanalytics as la
from leadanalytics.errors import FrameError, OptionError
from leadanalytics.identity import MatchRules, identify_customers
from leadanalytics.identity.rules import rules_of, rules_that_made

ANA = person("Ana Ruiz", email="ana@example.com")


def test_rules_are_plain_values():
    rules = MatchRules(
        threshold=np.int64(4), same=np.array([["r1", "r2"]]), different=(pair for pair in [("r1", "r3")])
    )
    assert rules == {
        "method": "evidence", "threshold": 4.0, "review": -2.0, "same": [["r1", "r2"]], "different": [["r1", "r3"]],
    }  # fmt: skip
    assert {type(rules["threshold"]), type(rules["same"][0][0])} == {float, str}
    assert la.MatchRules is MatchRules


def test_they_are_said_in_one_sentence():
    assert str(MatchRules()) == "One customer is who has leads that at least 0 bits of evidence link."
    assert str(MatchRules(threshold=2.5, same=[("a", "b"), ("a", "c")], different=[("b", "d")])) == (
        "One customer is who has leads that at least 2.5 bits of evidence link, "
        "or 2 pairs of records known as one person's, except 1 pair of records known as two people's."
    )
    assert str(MatchRules(method="keys")).endswith("with the same e-mail, phone and name, or name and company.")


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"method": "key"}, "method is one of 'evidence', 'keys'; found 'key'; did you mean 'keys'"),
        ({"threshold": "4"}, "threshold is a number of bits; found '4'"),
        ({"review": float("nan")}, "review is a number of bits; found nan"),
        ({"threshold": True}, "threshold is a number of bits"),
        ({"same": "r1"}, r"same=\[\(one_record_id, other_record_id\)\]"),
        ({"same": ["r1", "r2"]}, "something else than pairs"),
        ({"different": [("r1", "r2", "r3")]}, "something else than pairs"),
        ({"different": [("r1", 2)]}, "something else than pairs"),
        ({"different": None}, "something else than pairs"),
        ({"different": [("r1", "r1")]}, "a record paired with itself"),
        ({"method": "keys", "same": [("r1", "r2")]}, "same and different need the evidence"),
    ],
)
def test_a_choice_that_is_none_is_refused(choices, message):
    with pytest.raises(OptionError, match=message):
        MatchRules(**choices)


def test_they_are_read_from_their_table_of_a_toml_file(tmp_path):
    path = tmp_path / "leadanalytics.toml"
    path.write_text('sources = []\n[match]\nthreshold = 4\ndifferent = [["r1", "r2"]]\n', encoding="utf-8")
    assert MatchRules.from_toml(path) == MatchRules(threshold=4, different=[("r1", "r2")])


def test_leads_keep_the_rules_that_made_their_customers_through_steps_and_files(tmp_path):
    leads = identify_customers(leads_of(ANA, ANA), MatchRules(threshold=4), different=[("r1", "r2")])
    assert leads.attrs["match_rules"] == MatchRules(threshold=4, different=[("r1", "r2")])
    leads.assign(mine=1).to_parquet(tmp_path / "leads.parquet")
    again = pd.read_parquet(tmp_path / "leads.parquet")
    assert rules_of(again, None, {"review": 1}) == MatchRules(threshold=4, review=1, different=[("r1", "r2")])


def test_identifying_takes_rules_as_plain_values_and_leaves_the_attrs_of_the_leads():
    leads = leads_of(ANA, ANA)
    leads.attrs["mine"] = 1
    identified = identify_customers(leads, {"threshold": 50})
    assert identified["customer_id"].nunique() == 2
    assert (leads.attrs, identified.attrs["mine"]) == ({"mine": 1}, 1)


def test_what_is_given_wins_over_the_attrs_and_nothing_is_the_default():
    leads = leads_of(ANA)
    assert rules_of(leads, None, {}) == MatchRules()
    leads.attrs["match_rules"] = MatchRules(threshold=4)
    assert rules_of(leads, None, {}).threshold == rules_that_made(leads, None, {}).threshold == 4
    assert rules_of(leads, MatchRules(review=1), {}) == MatchRules(review=1)


def test_where_nothing_may_be_assumed_rules_or_attrs_are_needed():
    with pytest.raises(FrameError, match=r"lost their attrs, .*; pass rules=la\.MatchRules\(\) or the ones you used"):
        rules_that_made(leads_of(ANA), None, {})
    assert rules_that_made(leads_of(ANA), None, {"threshold": 1}) == MatchRules(threshold=1)
    assert rules_that_made(leads_of(ANA), MatchRules(), {}) == MatchRules()
