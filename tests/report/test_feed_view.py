import pandas as pd
from report_cases import found, leads_of

from leadanalytics.report.feed_view import view_feed


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_worst_problems_add_up_to_all_leads():
    problem = pd.Categorical([None] * 9 + ["no action; no offer", "no offer", "no offer"])
    shown = view_feed(found(leads_of(problem=problem))).problems
    assert sum(int(row[3]) for row in shown.rows) == int(shown.total[3]) == 12
    assert [row[0] for row in shown.rows] == ["no problem", "no action", "no offer"]


def test_the_newest_lead_is_set_beside_the_moment_of_the_report():
    assert plain(view_feed(found()).newest) == (
        "The newest lead is of 29 June 2024, 1 day before the moment of this report."
    )
    undated = leads_of().assign(created_at=pd.Series(pd.NaT, index=range(12), dtype="datetime64[ns, UTC]"))
    assert view_feed(found(undated)).days is None


def test_a_silent_feed_is_told():
    days = [1 + number % 40 for number in range(200)] + [100]
    rows = [(f"C-{n}", "crane", None, "Test drive", day, False, False) for n, day in enumerate(days)]
    assert "the feed was silent" in view_feed(found(leads_of(rows), as_of=None)).silence


def test_codes_that_nobody_knows_are_listed():
    unknown = pd.Categorical(["unknown action"] + [None] * 11)
    shown = view_feed(found(leads_of(problem=unknown, lead_source="SPZA-XYZ|contoso.crane")))
    assert shown.codes.rows == (("SPZA-XYZ", "(none)", "1"),)
    assert view_feed(found()).codes is None
