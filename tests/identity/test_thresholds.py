import pytest
from lead_frames import leads_of, person

from leadanalytics.identity import identify_at, identify_customers

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
