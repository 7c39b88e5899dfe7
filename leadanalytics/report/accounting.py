"""What was left out and why, as sums that a reader can check: rows in = rows out + rows set aside."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from leadanalytics.report.stories import Tally
from leadanalytics.report.tables import Table, table
from leadanalytics.report.words import number

__all__ = ["account_for_funnels", "account_for_leads", "account_for_units", "leads_taking_part"]

# What `build_funnels` calls each reason, in the order in which they are tried, and how the page says it. These hold for
# every funnel alike ...
REASONS = {
    "test leads": "test leads (not real people)",
    "referrals": "referrals without a person",
    "do not contact": "leads that say: do not contact",
    "no created time": "leads without a created time",
    "no customer": "leads that name no customer",
    "after as_of": "leads later than this report",
}
# ... these are counted in each funnel by itself ...
OF_FUNNELS = {
    "of an offer with another funnel": "Of an offer with another funnel",
    "repeated records": "Delivered again",
    "in no step": "Of a stage that is no step",
}
# ... and this one counts units, not leads.
OF_UNITS = "outside the entry range"
MINUS = "\N{MINUS SIGN}"


def leads_taking_part(tally: Tally, leads: int) -> int:
    """Return how many leads a funnel was made of."""
    return leads - sum(count for reason, count in tally.attrs["removed"].items() if reason != OF_UNITS)


def account_for_leads(tallies: Sequence[Tally], leads: int, rejects: pd.DataFrame | None) -> Table:
    """Return the table that leads from the delivered records to the leads that can count in a funnel.

    Parameters
    ----------
    tallies : sequence of Tally
    leads : int
        How many leads there are.
    rejects : DataFrame, optional
        The records that could not be read.
    """
    rows = []
    if rejects is not None:
        rows.append(["Records delivered", number(leads + len(rejects))])
        reasons = rejects["reason"].astype(object).value_counts(sort=True)
        rows += [[f"could not be read: {reason}", _signed(-count)] for reason, count in reasons.items()]
    rows.append(["Leads read", number(leads)])
    rows += [
        [REASONS.get(reason, f"leads with {reason}"), _signed(-count)]
        for reason, count in _removed_from_all(tallies).items()
        if count
    ]
    return table(
        "From the records delivered to the leads that can count in a funnel",
        ["Leads", "Number"],
        rows,
        total=["Leads that can count", number(_can_count(tallies, leads))],
    )


def account_for_funnels(tallies: Sequence[Tally], leads: int) -> Table:
    """Return the table that leads from the leads that can count to those of each funnel; each row adds up."""
    can_count = number(_can_count(tallies, leads))
    rows = [
        [
            tally.name,
            can_count,
            *(_signed(-tally.attrs["removed"].get(reason, 0)) for reason in OF_FUNNELS),
            number(leads_taking_part(tally, leads)),
        ]
        for tally in tallies
    ]
    heads = ["Funnel", "Leads that can count", *OF_FUNNELS.values(), "Leads that take part"]
    return table("From the leads that can count to those that take part in each funnel", heads, rows)


def account_for_units(tallies: Sequence[Tally]) -> Table:
    """Return the table that leads from all units of each funnel's steps to those that entered it; each row adds up."""
    outside = [tally.attrs["removed"].get(OF_UNITS, 0) for tally in tallies]
    excluded = [tally.statuses["excluded"] for tally in tallies]
    columns = {
        "With a lead of any step": [tally.units + count for tally, count in zip(tallies, outside)],
        **({"Entered outside the dates": [-count for count in outside]} if any(outside) else {}),
        "Skipped the first step": [-tally.skipped for tally in tallies],
        **({"Excluded": [-count for count in excluded]} if any(excluded) else {}),
        "Entered": [tally.entered for tally in tallies],
    }
    rows = [[tally.name, *map(_signed, numbers)] for tally, *numbers in zip(tallies, *columns.values())]
    total = ["All funnels", *(_signed(sum(numbers)) for numbers in columns.values())]
    unit = tallies[0].unit if tallies else "customers per offer"
    caption = f"From the {unit} behind those leads to those that entered each funnel"
    return table(caption, ["Funnel", *columns], rows, total=total if len(rows) > 1 else None)


def _removed_from_all(tallies: Sequence[Tally]) -> dict[str, int]:
    """Return how many leads count in no funnel whatever its steps, by reason."""
    removed = tallies[0].attrs["removed"]
    return {reason: count for reason, count in removed.items() if reason not in (*OF_FUNNELS, OF_UNITS)}


def _can_count(tallies: Sequence[Tally], leads: int) -> int:
    return leads - sum(_removed_from_all(tallies).values())


def _signed(count: int) -> str:
    return f"{MINUS}{number(-count)}" if count < 0 else number(count)
