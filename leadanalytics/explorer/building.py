"""The funnels of a selection: built once for each value of the rules, then only chosen from."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from leadanalytics.charts.words import unit_words
from leadanalytics.explorer.people import Members, join_members
from leadanalytics.explorer.preparing import ACCOUNT_ROW, CUSTOMER_ROW, Prepared
from leadanalytics.explorer.selection import CARRIED, Selection, select_units
from leadanalytics.funnels import FunnelRules, build_funnels, split_funnels
from leadanalytics.vocabulary import Vocabulary

__all__ = ["Builder", "Selected"]

KEPT = 6  # rules whose funnels are kept; those of a million leads take some hundred megabytes


class Built(NamedTuple):
    """All funnels of some rules.

    Attributes
    ----------
    funnels : DataFrame
        With what is carried along.
    members : Members
        Who is behind each row.
    units : array of int
        The number of the unit of each row; a unit has a row in each of its funnels.
    """

    funnels: pd.DataFrame
    members: Members
    units: np.ndarray


@dataclass(frozen=True, eq=False)
class Selected:
    """The units of a selection, among all that its rules count.

    Attributes
    ----------
    selection : Selection
    everything : Built
        All funnels of the rules.
    keeps : array of bool
        Which rows of them are selected.
    """

    selection: Selection
    everything: Built
    keeps: np.ndarray

    @functools.cached_property
    def funnels(self) -> pd.DataFrame:
        """The funnels of the units that are selected."""
        return self.everything.funnels[self.keeps]

    @functools.cached_property
    def parts(self) -> list[pd.DataFrame]:
        """The same, each funnel for itself."""
        return [part for _, part in split_funnels(self.funnels)]

    def is_side_by_side(self, picture: str) -> bool:
        """Return whether a picture shows several funnels; of a trend and a curve it shows the largest."""
        return picture == "funnel" and len(self.parts) > 1

    def drawn(self, picture: str) -> pd.DataFrame:
        """Return the funnels that a picture shows."""
        return self.funnels if self.is_side_by_side(picture) else max(self.parts, key=len)

    def only(self, picture: str) -> str | None:
        """Return the name of the funnel that a picture shows, where the rules have several."""
        if "funnels" not in self.funnels.attrs or self.is_side_by_side(picture):
            return None
        return str(self.drawn(picture).attrs["funnel"])

    def title(self, picture: str) -> str | None:
        """Return the title of a picture, which says which funnel is drawn where there are several; None for its own."""
        rules, said, several = self.selection.rules, self.selection.title, len(self.parts)
        if rules.funnel is not None:
            return said
        if self.is_side_by_side(picture):
            return said or ("Each offer in its own funnel" if "offer_id" in rules.unit else "Funnel by funnel")
        facts = self.drawn(picture).attrs
        funnel = str(facts["funnel"]) if rules.order == "any" else " → ".join(facts["steps"])
        if several == 1:
            return said or funnel
        return f"{f'{said}: ' if said else ''}{funnel}, the largest of {several} funnels"

    @property
    def headline(self) -> str:
        """How many units are selected, and how they came in, in sentences whose numbers add up."""
        units, rows = np.unique(self.everything.units[self.keeps], return_counts=True)
        everybody = int(self.everything.units.max(initial=-1)) + 1
        of = f" of {everybody:,}" if len(units) < everybody else ""
        narrowed = f" ({self.selection.words})" if self.selection.words else ""
        said = f"{len(units):,}{of} {unit_words(list(self.selection.rules.unit))}{narrowed}{self._ways_in(len(units))}."
        several = int((rows > 1).sum())
        twice = f" {several:,} of them count in more than one funnel, one for each button of their offer."
        return said + twice * bool(several)

    def _ways_in(self, units: int) -> str:
        """Return how many took the first step, skipped it or were excluded, in words."""
        if self.selection.rules.start == "any" or self.selection.rules.order == "any":
            return " came in at any step"
        took = self._units(self.funnels["depth"] > 0)
        excluded = np.setdiff1d(self._units(self.funnels["status"] == "excluded"), took)
        skipped = units - len(took) - len(excluded)
        first = self.parts[0].attrs["steps"][0] if len(self.parts) == 1 else "the first step of their funnel"
        left_out = f", {len(excluded):,} were excluded" if len(excluded) else ""
        return f": {len(took):,} took {first}, {skipped:,} skipped it{left_out}"

    def _units(self, chosen: pd.Series) -> np.ndarray:
        return np.unique(self.everything.units[self.keeps][chosen.to_numpy()])


class Builder:
    """Builds the funnels of selections from the same leads.

    A choice of offer, country or company is made among units by the value at their entry, so it needs no new funnels;
    a range of dates does, because it decides which leads are entries.
    """

    def __init__(self, prepared: Prepared, *, vocabulary: Vocabulary | None = None) -> None:
        # As categories, texts are carried and looked through several times as fast.
        self._leads = prepared.leads.astype(dict.fromkeys(CARRIED, "category"))
        self._accounts, self._vocabulary = prepared.accounts, vocabulary
        self._build = functools.lru_cache(maxsize=KEPT)(self._build_once)

    def select(self, selection: Selection) -> Selected:
        """Return the units of a selection.

        Raises
        ------
        OptionError
            When a choice of the rules means nothing for these leads.
        """
        built = self._build(selection.rules)
        return Selected(selection, built, select_units(built.funnels, selection))

    def _build_once(self, rules: FunnelRules) -> Built:
        funnels = build_funnels(
            self._leads, rules, by=[*CARRIED, CUSTOMER_ROW, ACCOUNT_ROW], vocabulary=self._vocabulary
        )
        return Built(funnels, join_members(funnels, self._accounts), _numbered(funnels, rules.unit))


def _numbered(funnels: pd.DataFrame, unit: Sequence[str]) -> np.ndarray:
    """Return the number of the unit of each row."""
    if "funnels" not in funnels.attrs:
        return np.arange(len(funnels))
    return funnels.groupby(list(unit), sort=False, dropna=False, observed=True).ngroup().to_numpy()
