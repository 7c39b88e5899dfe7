"""How follow-ups are shown: as counts that add up to all customers, and as names only where people may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from leadanalytics.charts.words import NO_BREAK
from leadanalytics.report.followups import FollowUps, People
from leadanalytics.report.tables import Table, table
from leadanalytics.report.words import NOTHING, counted, days, number, rate

__all__ = ["FollowUpView", "view_follow_ups"]

# What each status of the follow-up list means, and what each reason for not being on it does.
STATUSES = {
    "new": "new: the newest lead still waits for an answer, within a day",
    "open": "open: can still take the next step inside the window",
    "bypass": "skipped: has a later step, and never took the first",
    "tried": "tried: took the test drive of an offer that shows no other step",
    "lost": "lost: took a step, and the window has ended",
}
REASONS = {
    "do not contact": "asked not to be contacted",
    "in no step": "took no step of any funnel",
    "in no step within the dates": "took no step of any funnel within the dates",
    "only later leads": "came later than this report",
    "reached": "reached the last step",
    "excluded": "is excluded by the rules",
    "no contact details": "left neither e-mail address nor phone",
}


@dataclass(frozen=True)
class FollowUpView:
    """What the page shows of the follow-ups; the last two tables hold people."""

    listed: str
    waiting: str
    rules: str
    reasons: Table
    messages: Table
    to_write_to: Table | None = None
    still_warm: Table | None = None


def view_follow_ups(follow_ups: FollowUps) -> FollowUpView:
    """Return the tables of the follow-ups."""
    people = follow_ups.people
    return FollowUpView(
        listed=counted(follow_ups.listed, "customer"),
        waiting=_waiting(follow_ups.waiting),
        rules=str(follow_ups.rules),
        reasons=_reasons(follow_ups),
        messages=_messages(follow_ups),
        to_write_to=None if people is None else _to_write_to(people, follow_ups.listed),
        still_warm=None if people is None else _still_warm(people),
    )


def _waiting(count: int) -> str:
    if not count:
        return "none of them waits"
    return f"{number(count)} of them {'waits' if count == 1 else 'wait'}"


def _reasons(follow_ups: FollowUps) -> Table:
    told = [*_told(follow_ups.statuses, STATUSES, "yes"), *_told(follow_ups.left_out, REASONS, "no")]
    rows = [[words, on_list, number(count)] for words, on_list, count in told]
    return table(
        "Every customer once, by how the customer stands",
        ["The customer", "To follow up", "Customers"],
        rows,
        words=["To follow up"],
        total=["All customers", "", number(follow_ups.customers)],
    )


def _told(counts: Mapping[str, int], words: Mapping[str, str], on_list: str) -> list[tuple[str, str, int]]:
    """Return the counts in the order of the words, those without words too, so that the table adds up."""
    found = {**dict.fromkeys(words, 0), **counts}
    return [(words.get(name, name), on_list, count) for name, count in found.items() if count]


def _messages(follow_ups: FollowUps) -> Table:
    rows = [[message, number(count)] for message, count in follow_ups.messages.items()]
    total = ["To follow up", number(follow_ups.listed)]
    return table("The next message to those to follow up", ["Next message", "Customers"], rows, total=total)


def _to_write_to(people: People, listed: int) -> Table:
    shown = people.to_write_to
    rows = [
        [
            _name(row),
            _said(row["email"]) if _is_said(row["email"]) else _said(row["phone"]),
            _said(row["why"]),
            _said(row["follow_up"]),
            number(row["hours_left"]) if row["hours_left"] > 0 else NOTHING,
        ]
        for row in shown.to_dict("records")
    ]
    heads = ["Customer", "Contact", "Why", "Next message", "Hours left"]
    caption = f"The {number(len(shown))} most urgent of {counted(listed, 'customer')} to follow up"
    return table(caption, heads, rows, words=heads[:-1])


def _still_warm(people: People) -> Table:
    rows = [
        [
            _name(row),
            _said(row["offer_name"]),
            _said(row["reason"]),
            _chance(row["probability"]),
            days(row["days_left"]),
        ]
        for row in people.still_warm.to_dict("records")
    ]
    heads = ["Customer", "Offer", "Why", "Chance", "Time left"]
    caption = f"The {number(len(rows))} open ones most likely to take their next step"
    return table(caption, heads, rows, words=heads[:3])


def _chance(probability: float) -> str:
    # That nobody did so far does not make it impossible.
    return rate(probability) if probability != 0 else f"under 1{NO_BREAK}%"


def _name(row: dict) -> str:
    names = [row[field] for field in ("first_name", "last_name") if _is_said(row[field])]
    name = " ".join(names) or str(row["customer_id"])
    return f"{name}, {row['company']}" if _is_said(row["company"]) else name


def _said(value: object) -> str:
    return str(value) if _is_said(value) else NOTHING


def _is_said(value: object) -> bool:
    return not pd.isna(value) and bool(str(value).strip())
