"""Nowcasts of the past, beside what came."""

import pandas as pd
import pytest

import leadanalytics as la
from leadanalytics.conversion import nowcast
from leadanalytics.studies import replay_nowcasts


def buyers(*days):
    """Leads of customers who try on one day and buy on another, or never (None)."""
    rows = [
        (f"c{place}", stage, pd.Timestamp("2024-01-01", tz="UTC") + pd.Timedelta(day, "D"))
        for place, pair in enumerate(days)
        for stage, day in zip(("Test drive", "Get it now"), pair)
        if day is not None
    ]
    return pd.DataFrame(rows, columns=["customer_id", "stage", "created_at"]).assign(offer_id="app")


REPLAY = {"funnel": ["Test drive", "Get it now"], "window": "10 days"}


def test_a_replay_knows_only_what_was_known_then():
    # On day 50 two had finished, one of them bought; e was open and bought, f was open and did not.
    sold = buyers((0, 4), (0, None), (45, 52), (48, None), (55, 59), (60, None))
    replayed = replay_nowcasts(sold, months=1, **REPLAY)
    assert replayed["as_of"].tolist() == [pd.Timestamp("2024-02-20", tz="UTC")]
    row = replayed.iloc[0]
    forecast = nowcast(la.build_funnels(sold, as_of="2024-02-20T00:00:00Z", **REPLAY)).iloc[0]
    assert row[["open", "expected", "low", "high"]].tolist() == forecast[["open", "expected", "low", "high"]].tolist()
    assert row[["open", "came"]].tolist() == [2, 1]
    assert row["inside"]


def test_a_replay_looks_month_by_month_where_anyone_had_entered():
    replayed = replay_nowcasts(buyers((0, 4), (70, None), (100, None)), months=12, **REPLAY)
    assert replayed["as_of"].dt.strftime("%Y-%m-%d").tolist() == ["2024-01-31", "2024-02-29", "2024-03-31"]


def test_what_is_entered_later_is_no_answer():
    """c1 was open on day 50 and bought, but within the window of a test drive that came after."""
    replayed = replay_nowcasts(buyers((0, 4), (49, None), (60, None)), months=1, **REPLAY)
    again = pd.concat([buyers((0, 4), (49, None), (60, None)), buyers((None, None), (55, 60))]).sort_values(
        "created_at"
    )
    later = replay_nowcasts(again, months=1, **REPLAY)
    assert (la.build_funnels(again, **REPLAY)["depth"] == 2).sum() == 2
    assert replayed["came"].tolist() == later["came"].tolist() == [0]


def test_a_replay_enters_as_it_is_told():
    """c1 tried on day 35, and again on day 49: by its first entry it was no longer open on day 50."""
    leads = pd.concat([buyers((0, 4), (35, None), (60, None)), buyers((None, None), (49, None))])
    opened = [replay_nowcasts(leads, months=1, entry=entry, **REPLAY)["open"].item() for entry in ("best", "first")]
    assert opened == [1, 0]


def test_inside_is_unknown_where_nothing_had_ever_come():
    replayed = replay_nowcasts(buyers((0, None), (45, 52), (60, None)), months=1, **REPLAY)
    assert replayed["came"].tolist() == [1]
    assert replayed["inside"].isna().all()


def test_no_leads_no_replay():
    assert replay_nowcasts(buyers((0, None)).iloc[:0], **REPLAY).empty


def test_a_replay_of_months_that_are_none_is_refused():
    with pytest.raises(la.errors.OptionError, match="months"):
        replay_nowcasts(buyers((0, None)), months=0)


def test_a_replay_without_a_window_is_refused():
    with pytest.raises(la.errors.OptionError, match="window"):
        replay_nowcasts(buyers((0, None)), window=None)


def test_each_funnel_is_replayed_in_the_steps_that_all_leads_show():
    """The first who got the app did so after the moment that is looked at."""
    app, desk = buyers((30, 52), (45, 53), (60, None)), buyers((20, 50)).assign(offer_id="desk")
    desk["stage"] = desk["stage"].replace("Get it now", "Contact me")
    replayed = replay_nowcasts(pd.concat([app, desk]), months=1, window="10 days")
    assert replayed[["funnel", "stage", "open", "came"]].to_numpy().tolist() == [
        ["acquisition without Install", "Get it now", 1, 1],
        ["contact_me", "Contact me", 0, 0],
    ]
    longer = replay_nowcasts(pd.concat([app, desk]), months=1, window="40 days")
    assert longer[["funnel", "stage", "open", "came"]].to_numpy().tolist() == [
        ["contact_me", "Contact me", 1, 1],
    ]
