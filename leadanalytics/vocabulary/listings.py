"""What a code means for an offer at a time: by the listing that the publisher names, else by the code alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from leadanalytics.vocabulary.loading import Vocabulary, valid_at

__all__ = ["Listings", "StageTable", "stage_table"]

_BEFORE_ALL = pd.Timestamp("1970-01-01", tz="UTC")


class _Listed(NamedTuple):
    """One row of offers.csv."""

    since: pd.Timestamp
    route: str


@dataclass(frozen=True)
class Listings:
    """How the publisher lists each offer, by the offer's id, with or without the publisher's, or by its title."""

    by_name: dict[str, list[_Listed]]
    titles: dict[str, str]  # by the offer's id without the publisher's, in lower case

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> Listings:
        """Return the listings of a vocabulary's offers; a title that two offers share names neither."""
        by_name: dict[str, list[_Listed]] = {}
        titles: dict[str, str] = {}
        named: dict[str, set[str]] = {}
        rows = vocabulary.offers.fillna({"valid_from": _BEFORE_ALL}).sort_values("valid_from", kind="stable")
        for row in rows.itertuples(index=False):
            offer = _folded(str(row.offer_id))
            listed = by_name.setdefault(offer, [])
            if pd.notna(row.route):
                listed.append(_Listed(row.valid_from, str(row.route)))
            if pd.notna(row.title):
                titles[offer] = str(row.title).strip()
                named.setdefault(_folded(str(row.title)), set()).add(offer)
        of_title = {title: by_name[offer] for title, (offer, *others) in named.items() if not others}
        return cls(of_title | by_name, titles)

    def find(self, *names: str | None) -> list[_Listed]:
        """Return the rows of the first name that is listed, the oldest first."""
        found = (self.by_name.get(_folded(name)) for name in names if name)
        return next(filter(None, found), [])

    def routes(self, first: pd.Timestamp, last: pd.Timestamp, *names: str | None) -> list[str]:
        """Return the routes in force at any time from the first to the last; without times, that of today."""
        rows = self.find(*names)
        if pd.isna(first):
            return [row.route for row in rows[-1:]]
        ends = [*(row.since for row in rows[1:]), pd.Timestamp.max.tz_localize("UTC")]
        return list(dict.fromkeys(row.route for row, end in zip(rows, ends) if row.since <= last and first < end))


def _folded(name: str) -> str:
    return name.strip().casefold()


class StageTable(NamedTuple):
    """The stage of each combination of action and offer in each span between two changes of meaning.

    Attributes
    ----------
    changes : array of int
        When anything changes its meaning, nanoseconds since 1970, rising.
    stages : array of int
        As [combination, span], the place among the stages of the vocabulary, -1 for none.
    """

    changes: npt.NDArray[np.int64]
    stages: npt.NDArray[np.int64]

    def at(self, combinations: npt.NDArray[np.intp], times: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the stage of each row by its combination and its time; the least number is no time: today's."""
        undated = np.iinfo(np.int64).min
        spans = np.searchsorted(self.changes, times, side="right")
        return self.stages[combinations, np.where(times == undated, len(self.changes), spans)]


def stage_table(
    vocabulary: Vocabulary, actions: Sequence[str | None], offers: Sequence[tuple[str | None, ...]]
) -> StageTable:
    """Return the stages of combinations of an action and the names of its offer."""
    listings, codes = Listings.of(vocabulary), vocabulary.actions
    dates = [table["valid_from"] for table in (codes, vocabulary.route_codes, vocabulary.offers)]
    dates += [table["valid_to"] for table in (codes, vocabulary.route_codes)]
    changes = sorted(set(pd.concat(dates).dropna()))
    # Offers that are listed alike read a code alike.
    read = [(action, tuple(listings.find(*names))) for action, names in zip(actions, offers, strict=True)]
    rows = {each: row for row, each in enumerate(dict.fromkeys(read))}
    place = {stage: place for place, stage in enumerate(vocabulary.stages["stage"])}
    stages = np.full((len(rows), len(changes) + 1), -1)
    for span, day in enumerate([_BEFORE_ALL, *changes]):
        alone = _stages(valid_at(codes, day), ["action"])
        on_route = _stages(valid_at(vocabulary.route_codes, day), ["route", "action"])
        for (action, listed), row in rows.items():
            route = next((each.route for each in reversed(listed) if each.since <= day), None)
            stages[row, span] = place.get(on_route.get((route, action), alone.get(action)), -1)
    return StageTable(np.array([change.value for change in changes], np.int64), stages[[rows[each] for each in read]])


def _stages(rows: pd.DataFrame, keys: list[str]) -> dict[object, str]:
    named = rows.dropna(subset="stage")
    return dict(zip(named[keys[0]] if len(keys) == 1 else zip(*(named[key] for key in keys)), named["stage"]))
