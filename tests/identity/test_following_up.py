from __future__ import annotations

import pandas as pd
import pytest

from leadanalytics.identity.following_up import follow_ups

TABLE = pd.DataFrame(
    [
        ("Install", None, "install later"),
        ("Install", 14.0, "install soon"),
        ("Get it now", 1.0, "get soon"),
        (None, None, "none later"),
        (None, 1.0, "none soon"),
        ("(do not contact)", None, "never"),
        ("(no contact details)", None, "nobody"),
    ],
    columns=["stage", "up_to_days", "follow_up"],
)
STAGES = pd.CategoricalDtype(["Get it now", "Install"], ordered=True)


def message(stage, days, *, email="ana@example.com", phone=None, do_not_contact=False):
    customers = pd.DataFrame(
        {
            "do_not_contact": [do_not_contact],
            "email": pd.Series([email], dtype="str"),
            "phone": pd.Series([phone], dtype="str"),
            "furthest_stage": pd.Series([stage], dtype=STAGES),
            "days_since": pd.Series([days], dtype="float64"),
        }
    )
    return follow_ups(customers, TABLE).tolist()


@pytest.mark.parametrize(
    ("stage", "days", "expected"),
    [
        ("Install", 0.0, "install soon"),
        ("Install", 14.0, "install soon"),
        ("Install", 14.01, "install later"),
        ("Install", None, "install later"),
        (None, 1.0, "none soon"),
        (None, 2.0, "none later"),
    ],
)
def test_stage_and_days_choose_the_message(stage, days, expected):
    assert message(stage, days) == [expected]


def test_a_stage_without_a_row_for_its_days_has_no_message():
    assert pd.isna(message("Get it now", 2.0)[0])


def test_nobody_is_written_to_who_cannot_or_must_not_be():
    assert message("Install", 0.0, email=None) == ["nobody"]
    assert message("Install", 0.0, email=None, phone="020 7946 0018") == ["install soon"]
    assert message("Install", 0.0, do_not_contact=True) == ["never"]
    assert message("Install", 0.0, email=None, do_not_contact=True) == ["never"]
