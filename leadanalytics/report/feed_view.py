"""How the health of the feed is shown: where the leads came from, what is wrong with them, which codes nobody knows."""

from __future__ import annotations

from dataclasses import dataclass

from leadanalytics.report.findings import Findings
from leadanalytics.report.pictures import Picture, draw_days
from leadanalytics.report.tables import Table, table
from leadanalytics.report.words import counted, date, days, number, rate

__all__ = ["FeedView", "view_feed"]

MOST_CODES = 20
DAYS = 731  # the most that the calendar shows: two years
NONE = "(none)"


@dataclass(frozen=True)
class FeedView:
    """What the page shows of the feed."""

    newest: str
    silence: str
    days: Picture | None
    sources: Table
    problems: Table
    codes: Table | None
    codes_left: int


def view_feed(findings: Findings) -> FeedView:
    """Return the tables and sentences on the feed."""
    return FeedView(
        newest=_newest(findings),
        silence=_silence(findings),
        days=draw_days(findings.days.tail(DAYS), key="days") if len(findings.days) else None,
        sources=_sources(findings),
        problems=_problems(findings),
        codes=_codes(findings) if len(findings.codes) else None,
        codes_left=max(len(findings.codes) - MOST_CODES, 0),
    )


def _newest(findings: Findings) -> str:
    if findings.last is None or findings.as_of is None:
        return "No lead has a time."
    before = (findings.as_of - findings.last).total_seconds() / 86_400
    if before <= 0:
        return f"The newest lead is of {date(findings.last)}, the moment of this report."
    return f"The newest lead is of {date(findings.last)}, {days(before)} before the moment of this report."


def _silence(findings: Findings) -> str:
    days = int(findings.days["silent"].sum())
    if not days:
        return "No gap between two leads is too long for chance."
    shown = " The calendar shows the last two years." if len(findings.days) > DAYS else ""
    return f"On {counted(days, 'day')} the feed was silent for longer than chance explains.{shown}"


def _sources(findings: Findings) -> Table:
    rows = [
        [
            row["label"],
            number(row["leads"]),
            rate(row["leads"] / findings.leads),
            "" if row["last"] is None or row["last"] != row["last"] else date(row["last"]),
        ]
        for row in findings.sources.to_dict("records")
    ]
    total = ["All leads", number(findings.leads), "", ""]
    return table("Leads by channel", ["Channel", "Leads", "Share", "Newest lead"], rows, total=total)


def _problems(findings: Findings) -> Table:
    found = findings.audit[(findings.audit["leads"] > 0) | (findings.audit["problem"] == NONE)]
    rows = [
        [
            "no problem" if row["problem"] == NONE else row["problem"],
            number(row["leads"]),
            rate(row["share"]),
            number(row["first"]),
            row["what_to_do"],
        ]
        for row in found.to_dict("records")
    ]
    heads = ["Problem", "Leads", "Share", "As the worst", "What to do"]
    total = ["All leads", "", "", number(findings.leads), ""]
    caption = "Problems of the leads; a lead may have several and counts once, as its worst"
    return table(caption, heads, rows, words=["What to do"], total=total)


def _codes(findings: Findings) -> Table:
    rows = [
        [_code(row["delivered_source"]), _code(row["delivered_action"]), number(row["leads"])]
        for row in findings.codes.head(MOST_CODES).to_dict("records")
    ]
    heads = ["Source as delivered", "Action as delivered", "Leads"]
    caption = (
        f"{counted(len(findings.codes), 'way', 'ways')} of writing source and action that the vocabulary does not know"
    )
    return table(caption, heads, rows, words=["Action as delivered"])


def _code(value: object) -> str:
    return value if isinstance(value, str) else NONE
