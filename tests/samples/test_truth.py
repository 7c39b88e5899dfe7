from __future__ import annotations

import pandas as pd
import pytest

from leadanalytics.errors import FrameError
from leadanalytics.samples import make_leads, sample_truth

STAGES = {"StartTestDrive": "Test drive", "INS": "Get it now", "PLT": "Contact me", "Create": "Install"}


def raw_of(*leads: tuple[str | None, str, str, str]) -> pd.DataFrame:
    """Return raw leads from customer, offer, action and time of day."""
    return pd.DataFrame(
        {
            "lead_source": [f"Some-{action} | contoso-samples.{offer}" for _, offer, action, _ in leads],
            "action_code": [action for _, _, action, _ in leads],
            "created": [f"3/4/2024 {time}:00 AM" for _, _, _, time in leads],
            "record_id": [str(number) for number in range(len(leads))],
            "true_customer": pd.Series([customer for customer, *_ in leads], dtype="str"),
            "true_stage": pd.Series([STAGES.get(action) for _, _, action, _ in leads], dtype="str"),
        }
    )


def counts(raw: pd.DataFrame, funnel: str, offer: str) -> list[int]:
    funnels = sample_truth(raw).funnels
    return funnels.loc[(funnels["funnel"] == funnel) & (funnels["offer_id"] == offer), "n"].tolist()


def test_customers_tests_and_requests_not_to_be_contacted_are_counted():
    raw = raw_of(
        ("A", "one", "INS", "1:00"),
        ("A", "one", "DNC", "2:00"),
        ("B", "two", "INS", "3:00"),
        (None, "one", "INS", "4:00"),
    )
    assert sample_truth(raw)[:4] == (4, 1, 2, 1)


def test_steps_count_in_order_and_per_offer():
    raw = raw_of(
        ("A", "one", "StartTestDrive", "1:00"),
        ("A", "one", "INS", "2:00"),
        ("A", "one", "Create", "3:00"),
        ("A", "two.x", "Create", "3:00"),  # bypass
        ("B", "one", "INS", "1:00"),  # too early
        ("B", "one", "StartTestDrive", "2:00"),
        ("C", "one", "StartTestDrive", "1:00"),
        ("C", "one", "INS", "2:00"),
        ("C", "one", "PLT", "3:00"),
    )
    assert counts(raw, "acquisition", "one") == [3, 2, 1]
    assert counts(raw, "get_it_now", "one") == [3, 2]
    assert counts(raw, "overall", "one") == [3, 2, 1]
    assert counts(raw, "overall", "two.x") == [0, 0, 0]


def test_steps_of_the_same_second_may_go_in_order():
    raw = raw_of(("A", "one", "INS", "1:00"), ("A", "one", "StartTestDrive", "1:00"))
    assert counts(raw, "acquisition", "one") == [1, 1, 0]


def test_repeats_do_not_count_twice():
    raw = raw_of(("A", "one", "StartTestDrive", "1:00"), ("A", "one", "StartTestDrive", "2:00"))
    assert counts(raw, "acquisition", "one") == [1, 0, 0]


def test_delivered_leads_do_not_know_the_truth():
    with pytest.raises(FrameError, match="true_customer"):
        sample_truth(make_leads(customers=3).drop(columns="true_customer"))
