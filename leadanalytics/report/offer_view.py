"""How the offers are shown: the largest as charts, all of them in a table, and how much the charts leave out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from leadanalytics.report.pictures import Picture, draw_offers
from leadanalytics.report.stories import Story
from leadanalytics.report.tables import Table, table
from leadanalytics.report.words import counted, number, rate

__all__ = ["OfferView", "view_offers"]


@dataclass(frozen=True)
class OfferView:
    """The offers of one storefront."""

    key: str
    name: str
    panels: list[tuple[str, Picture]]
    rest: str  # what is not drawn, in words
    table: Table


def view_offers(stories: Sequence[Story], *, most: int) -> list[OfferView]:
    """Return the offers of each storefront; at most so many offers are drawn, the largest of all storefronts."""
    sizes = pd.concat([_sizes(story.offers) for story in stories]).groupby(level=0).max()
    largest = set(sizes.sort_values(ascending=False, kind="stable").index[:most])
    return [_view(story, largest, key=f"offers-{number}") for number, story in enumerate(stories, 1)]


def _view(story: Story, largest: set[str], *, key: str) -> OfferView:
    sizes = _sizes(story.offers)
    drawn = story.offers["offer_id"].isin(list(largest))
    return OfferView(
        key=key,
        name=story.name,
        panels=draw_offers(_with_attrs(story.offers[drawn], story), key=key),
        rest=_rest(sizes[[offer not in largest for offer in sizes.index]], int(sizes.sum())),
        table=_table(story, sizes),
    )


def _sizes(offers: pd.DataFrame) -> pd.Series:
    """Return how many customers came for each offer, the most first."""
    size = (offers["entered"] + offers["bypass"]).groupby(offers["offer_id"], sort=False).sum()
    return size.sort_values(ascending=False, kind="stable")


def _with_attrs(offers: pd.DataFrame, story: Story) -> pd.DataFrame:
    offers.attrs = dict(story.offers.attrs)
    return offers


def _rest(left: pd.Series, total: int) -> str:
    if left.empty:
        return ""
    one = len(left) == 1
    who = counted(int(left.sum()), "customer")
    share = rate(float(left.sum() / (total or np.nan)))
    others = "the smallest offer is" if one else f"the {number(len(left))} smaller offers are"
    return f"Not drawn: {others} in the table below, with {who}, {share} of all."


def _table(story: Story, sizes: pd.Series) -> Table:
    first, last = story.steps[0], story.steps[-1]
    rows = []
    for offer, part in story.offers.groupby("offer_id", sort=False):
        end = part.iloc[-1]
        counts = [number(part[column].sum()) for column in ("open", "bypass")]
        share = rate(end["of_first"], end["of_first_low"], end["of_first_high"])
        rows.append((sizes[offer], [part["offer_name"].iloc[0], *map(number, part["n"]), share, *counts]))
    rows.sort(key=lambda row: -row[0])
    steps = [str(stage) for stage in story.steps]
    heads = ["Offer", *steps, f"{last} of {first}", "Still open", "Bypass"]
    return table(
        f"{story.name}: customers of each offer at each step, the largest first", heads, [row for _, row in rows]
    )
