import pytest
from lead_frames import leads_of, person

from leadanalytics.identity import MatchRules, identify_at, identify_customers

ANA = person("Ana Ruiz", country="ES")


@pytest.fixture
def leads():
    known = ANA | {"email": "ana@example.com"}
    return leads_of(known, known, ANA | {"title": "CTO"}, known | {"title": "CTO"}, known, is_test=[False] * 4 + [True])


def test_each_threshold_makes_the_customers_of_its_own_run(leads):
    thresholds = [-4.0, 0.0, 8.0, 40.0]
    at_once = [each["customer_id"] for each in identify_at(identify_customers(leads), thresholds)]
    for threshold, customers in zip(thresholds, at_once, strict=True):
        alone = identify_customers(leads, threshold=threshold)["customer_id"]
        assert customers.isna().tolist() == alone.isna().tolist()
        assert customers.factorize()[0].tolist() == alone.factorize()[0].tolist()
    assert [customers.nunique() for customers in at_once] != [1] * 4


def test_no_thresholds_make_no_customers(leads):
    assert list(identify_at(identify_customers(leads), [])) == []


def test_leads_keep_their_index(leads):
    leads.index = [7, 7, 8, 9, 9]
    (identified,) = identify_at(identify_customers(leads), [0.0])
    assert identified.index.tolist() == [7, 7, 8, 9, 9]


def test_pairs_that_a_user_knows_hold_at_every_threshold(leads):
    known = identify_customers(leads, different=[("r1", "r2")])
    for each in identify_at(known.drop(index=2), [0.0, 8.0]):
        customers = each.set_index("record_id")["customer_id"]
        assert customers["r1"] != customers["r2"]
    assert each.attrs["match_rules"] == MatchRules(threshold=8, review=8, different=[("r1", "r2")])
