"""What was left out and why, as sums that a reader can check: rows in = rows out + rows set aside."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from leadanalytics.report.stories import Story
from leadanalytics.report.tables import Table, table
from leadanalytics.report.words import number

__all__ = ["account_for_leads", "account_for_units", "leads_taking_part"]

# What `build_funnels` calls each reason, in the order in which they are tried, and how the page says it.
REASONS = {
    "test leads": "test leads, which are nobody",
    "referrals": "referrals without a person",
    "do not contact": "leads that say: do not contact",
    "no created time": "leads without a created time",
    "no customer": "leads that name no customer",
    "repeated records": "exact duplicates, delivered again",
    "after as_of": "leads later than this report",
    "in no step": "leads of a stage that is no step of this funnel",
}
# Units, not leads.
OF_UNITS = "outside the entry range"
MINUS = "\N{MINUS SIGN}"


def leads_taking_part(story: Story, leads: int) -> int:
    """Return how many leads the funnel of a story was made of."""
    return leads - sum(count for reason, count in story.attrs["removed"].items() if reason != OF_UNITS)


def account_for_leads(stories: Sequence[Story], leads: int, rejects: pd.DataFrame | None) -> Table:
    """Return the table that leads from the delivered records to the leads of each funnel.

    Parameters
    ----------
    stories : sequence of Story
    leads : int
        How many leads there are.
    rejects : DataFrame, optional
        The records that could not be read.
    """
    rows = []
    if rejects is not None:
        rows.append(["Records delivered", *_same(leads + len(rejects), stories)])
        reasons = rejects["reason"].astype(object).value_counts(sort=True)
        rows += [[f"could not be read: {reason}", *_same(-count, stories)] for reason, count in reasons.items()]
    rows.append(["Leads read", *_same(leads, stories)])
    removed = [story.attrs["removed"] for story in stories]
    for reason in dict.fromkeys(reason for each in removed for reason in each if reason != OF_UNITS):
        counts = [each.get(reason, 0) for each in removed]
        if any(counts):
            rows.append([REASONS.get(reason, f"leads with {reason}"), *(_signed(-count) for count in counts)])
    return table(
        "From the records delivered to the leads that take part in each funnel",
        ["Leads", *(story.name for story in stories)],
        rows,
        total=["Leads that take part", *(number(leads_taking_part(story, leads)) for story in stories)],
    )


def account_for_units(stories: Sequence[Story]) -> Table:
    """Return the table that leads from all units of each funnel's steps to those that entered the funnel."""
    rows = [
        ["With such a lead", *(number(_units(story)) for story in stories)],
        ["of offers that are sold only elsewhere", *(_signed(-story.attrs["sold_elsewhere"]) for story in stories)],
        ["came without the first step (bypass)", *(_signed(-story.bypass) for story in stories)],
    ]
    total = ["Entered the funnel at its first step", *(number(story.entered) for story in stories)]
    return table(
        "From the customers behind those leads to those who entered each funnel",
        ["Customers per offer", *(story.name for story in stories)],
        rows,
        total=total,
    )


def _units(story: Story) -> int:
    return story.entered + story.bypass + story.attrs["sold_elsewhere"]


def _same(count: int, stories: Sequence[Story]) -> list[str]:
    return [_signed(count)] * len(stories)


def _signed(count: int) -> str:
    return f"{MINUS}{number(-count)}" if count < 0 else number(count)
