"""The feed and the Partner Center download are counted beside one another, each in its unit, and nothing is lost."""

from pathlib import Path

import pandas as pd
import pytest

import leadanalytics as la
from leadanalytics.errors import FrameError, OptionError

SHAPES = Path(__file__).parent.parent / "data" / "shapes"


def records(*rows, kind="lead"):
    frame = pd.DataFrame(rows, columns=["offer_id", "created_at", "stage"])
    return frame.assign(
        record_id=[f"{kind}{row}" for row in range(len(rows))],
        created_at=pd.to_datetime(frame["created_at"], utc=True),
        record_kind=kind,
    )


def months(counts):
    """So many records in each month, in offer "crane"."""
    return [("crane", f"{month}-02", "Get it now") for month, count in counts.items() for _ in range(count)]


def gaps(leads, referrals, **options):
    feed, download = records(*months(leads)), records(*months(referrals), kind="referral")
    counts = la.reconcile(feed, download, by="month", **options)
    return dict(zip(counts["month"], counts["gap"], strict=True))


@pytest.fixture(scope="module")
def ten_leads():
    leads = la.load_leads(SHAPES / "azure_table_storage_explorer_plain.csv")
    return leads, la.decode_leads(la.read_referrals(SHAPES / "partner_center_leads_download.csv"))


def test_the_same_ten_leads_from_both_sides_have_no_gap(ten_leads):
    counts = la.reconcile(*ten_leads)
    assert counts[["referrals", "leads"]].sum().to_dict() == {"referrals": 9, "leads": 9}
    assert counts.attrs["totals"] == {"referrals": 9, "leads": 9, "customers": 7}
    assert (counts["referrals"] == counts["leads"]).all()
    assert set(counts["gap"]) == {""}
    assert set(counts["call_to_action"]) == {"Get it now", "Contact me", "Test drive"}
    row = counts.iloc[0][["offer", "month", "call_to_action", "referrals", "leads", "customers"]]
    assert row.tolist() == ["flowguard-saas", "2024-02", "Get it now", 2, 2, 1]


def test_the_test_leads_are_left_out_on_both_sides_and_said(ten_leads):
    counts = la.reconcile(*ten_leads)
    assert counts.attrs["removed"]["leads"]["tests"] == counts.attrs["removed"]["referrals"]["tests"] == 1
    assert counts.attrs["definition"] == (
        "9 referrals of Partner Center beside 9 leads of 7 customers of the feed, by month of creation (UTC); "
        "left out: 1 among the referrals (tests), 1 among the leads (tests). "
        "A referral is not a lead and a lead is not a customer, so there is no rate between them."
    )


def test_without_counterparts_the_actions_stand_as_the_feed_tells_them(ten_leads):
    counts = la.reconcile(*ten_leads, by="call_to_action", counterparts={})
    assert counts.set_index("call_to_action")["gap"].to_dict() == {
        "Contact me": "",
        "Do not contact": "no referral",
        "Get it now": "",
        "Install": "no referral",
        "Test drive": "",
    }


def test_months_that_one_side_lacks_are_gaps():
    leads, referrals = (
        {"2024-02": 4, "2024-04": 4},
        {"2024-01": 1, "2024-02": 4, "2024-03": 1, "2024-04": 4, "2024-05": 1},
    )
    assert gaps(leads, referrals) == {
        "2024-01": "no lead: before the first lead",
        "2024-02": "",
        "2024-03": "no lead",
        "2024-04": "",
        "2024-05": "no lead: after the last lead",
    }
    assert gaps(referrals, leads)["2024-03"] == "no referral"
    assert gaps(referrals, leads)["2024-05"] == "no referral: after the last referral"


def test_a_side_that_is_much_smaller_is_a_gap_unless_both_are_few():
    leads, referrals = {"2024-01": 2, "2024-02": 1, "2024-03": 5, "2024-04": 9}, {"2024-01": 5, "2024-02": 4}
    referrals |= {"2024-03": 10, "2024-04": 4}
    expected = {"2024-01": "far fewer leads", "2024-02": "", "2024-03": "", "2024-04": "far fewer referrals"}
    assert gaps(leads, referrals) == expected
    assert gaps(leads, referrals, least=1)["2024-02"] == "far fewer leads"
    assert gaps(leads, referrals, much_smaller=0.1)["2024-01"] == ""


def test_an_offer_that_the_feed_does_not_know_is_a_gap():
    feed = records(("crane", "2024-01-02", "Get it now"))
    download = records(("crane", "2024-01-02", "Get it now"), ("hoist", "2024-01-02", None), kind="referral")
    counts = la.reconcile(feed, download, by="offer")
    assert counts.to_numpy().tolist() == [["crane", 1, 1, ""], ["hoist", 1, 0, "no lead"]]


def test_what_is_missing_counts_under_a_name_and_repeats_count_once():
    feed = records((None, None, None), ("crane", "2024-01-02", "Get it now"), ("crane", "2024-01-02", "Get it now"))
    feed["record_id"] = ["a", "b", "b"]
    counts = la.reconcile(feed, records(kind="referral"))
    assert counts[["offer", "month", "call_to_action", "leads"]].to_numpy().tolist() == [
        ["(missing)", "(undated)", "(unknown)", 1],
        ["crane", "2024-01", "Get it now", 1],
    ]
    assert counts.attrs["removed"]["leads"]["repeated"] == 1


def test_referrals_among_the_leads_are_not_leads():
    feed = pd.concat(
        [records(("crane", "2024-01-02", "Get it now")), records(("crane", "2024-01-02", None), kind="referral")]
    )
    counts = la.reconcile(feed, records(kind="referral"), by="month")
    assert counts["leads"].tolist() == [1]
    assert counts.attrs["removed"]["leads"]["referrals"] == 1


def test_what_cannot_be_reconciled_is_an_error():
    feed = records(("crane", "2024-01-02", "Get it now"))
    with pytest.raises(FrameError, match="read_referrals"):
        la.reconcile(feed, feed)
    with pytest.raises(OptionError, match="did you mean 'offer'"):
        la.reconcile(feed, feed, by="offr")
    with pytest.raises(OptionError, match="at least one"):
        la.reconcile(feed, feed, by=[])
    with pytest.raises(OptionError, match="a share"):
        la.reconcile(feed, feed, much_smaller=2)
