"""The audit of codes adds up to the leads."""

import pandas as pd

from leadanalytics.auditing import audit_codes


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
