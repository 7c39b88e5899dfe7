"""How the offers are shown: the largest as charts, all of them in tables, and how much the charts leave out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from leadanalytics.report.findings import Findings
from leadanalytics.report.headlines import some_of
from leadanalytics.report.pictures import Picture, draw_offers
from leadanalytics.report.step_columns import step_columns
from leadanalytics.report.tables import Table, table
from leadanalytics.report.words import NOTHING, counted, number, rate
from leadanalytics.vocabulary import Vocabulary

__all__ = ["OfferView", "view_offers"]

_NOT_CERTAIN = "not certain"
_KEYS = ["offer_id", "funnel"]


@dataclass(frozen=True)
class OfferView:
    """The offers: a chart for each of the largest, and for each of its branches; every offer in two tables."""

    panels: list[tuple[str, Picture]]
    rest: str  # what is not drawn, in words
    doubts: str  # whose listing the codes cannot tell, in words
    table: Table | None
    listings: Table


def view_offers(findings: Findings, *, most: int, vocabulary: Vocabulary) -> OfferView:
    """Return the charts and the tables of the offers; at most so many offers are drawn."""
    counts, listings = _in_order(findings.counts), findings.listings
    unsure = listings[listings["how_sure"].str.startswith(_NOT_CERTAIN)]
    offers = [] if counts is None else list(dict.fromkeys(counts["offer_id"]))
    return OfferView(
        panels=[] if counts is None else draw_offers(_first(counts, offers[:most]), key="offers"),
        rest=_rest(findings.offer_units, offers, most, findings.tallies[0].unit),
        doubts=_doubts(list(unsure["offer_name"])),
        table=None if counts is None else _table(counts, findings.tallies[0].unit),
        listings=_listings(findings, vocabulary),
    )


def _in_order(counts: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return counts with the offer first that has the longest bar, and what to call each of its branches."""
    if counts is None or counts.empty:
        return None
    first = counts[counts["step"] == 1]
    longest = first.groupby("offer_id")["n"].max()
    branches = first.groupby("offer_id").size()
    end = counts.groupby(_KEYS)["stage"].transform("last")
    several = counts["offer_id"].map(branches) > 1
    ordered = counts.assign(
        label=counts["offer_name"].where(~several, counts["offer_name"] + ": to " + end),
        longest=counts["offer_id"].map(longest),
    )
    ordered = ordered.sort_values("longest", ascending=False, kind="stable", ignore_index=True)
    ordered.attrs = counts.attrs
    return ordered


def _first(counts: pd.DataFrame, offers: Sequence[str]) -> pd.DataFrame:
    drawn = counts[counts["offer_id"].isin(list(offers))]
    drawn.attrs = counts.attrs
    return drawn


def _rest(units: pd.Series, offers: Sequence[str], most: int, unit: str) -> str:
    left = offers[most:]
    if not left:
        return ""
    count, every = int(units.reindex(left).sum()), int(units.sum())
    others = "one offer" if len(left) == 1 else f"{number(len(left))} offers"
    share = rate(count / every if every else math.nan)
    return f"Not drawn: {others} of the table below, with {number(count)} {unit}, {share} of all."


def _doubts(names: list[str]) -> str:
    if not names:
        return ""
    one = len(names) == 1
    return (
        f"The codes do not tell how {counted(len(names), 'offer is', 'offers are')} listed: {some_of(names)}. "
        f"Name {'its' if one else 'their'} listing in offers.csv if you know it."
    )


def _table(counts: pd.DataFrame, unit: str) -> Table:
    columns = {"Offer": [str(label) for label in counts["label"]], **step_columns(counts)}
    caption = (
        f"{unit.capitalize()} at each step, the offer with most at the first step first. "
        "Reached, skipped and left out are all with such a lead"
    )
    return table(caption, list(columns), zip(*columns.values()), words=["Step"])


def _listings(findings: Findings, vocabulary: Vocabulary) -> Table:
    """Return the table of how each offer is listed, and how sure that is."""
    labels = dict(zip(vocabulary.routes["route"], vocabulary.routes["label"]))
    own = findings.rules.funnel is None
    rows = [
        [
            row["offer_name"],
            number(row["leads"]),
            "; ".join(labels.get(name, name) for name in _parts(row["route"])) or NOTHING,
            row["how_sure"],
            *(["; ".join(_parts(row["funnels"])) or NOTHING] if own else []),
            "; ".join(_parts(row["not_of_listing"])) or "none",
        ]
        for row in findings.listings.to_dict("records")
    ]
    funnels = ["Its steps"] if own else []
    heads = ["Offer", "Leads", "Listing", "How sure", *funnels, "Codes that it cannot have"]
    return table("How each offer is listed, by offers.csv or by its codes", heads, rows, words=[*heads[2:]])


def _parts(text: object) -> list[str]:
    return text.split("; ") if isinstance(text, str) else []
