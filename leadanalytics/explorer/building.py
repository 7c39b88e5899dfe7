"""The funnels of a selection: built once for each question, then only chosen from."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import pandas as pd

from leadanalytics.charts.words import unit_words
from leadanalytics.explorer.people import Members, join_members
from leadanalytics.explorer.preparing import ACCOUNT_ROW, CUSTOMER_ROW, Prepared
from leadanalytics.explorer.selection import CARRIED, Selection, select_units
from leadanalytics.funnels import FunnelRules, build_funnels, split_funnels
from leadanalytics.vocabulary import Vocabulary

__all__ = ["Builder", "Selected"]

KEPT = 6  # questions whose funnels are kept; those of a million leads take some hundred megabytes


@dataclass(frozen=True, eq=False)
class Selected:
    """The units of a selection, among all of its question.

    Attributes
    ----------
    selection : Selection
    everything : DataFrame
        The funnels of the question, with what is carried along.
    keeps : array of bool
        Which of them are selected.
    members : Members
        Who is behind them.
    """

    selection: Selection
    everything: pd.DataFrame
    keeps: np.ndarray
    members: Members

    @functools.cached_property
    def funnels(self) -> pd.DataFrame:
        """The funnels of the units that are selected."""
        return self.everything[self.keeps]

    @functools.cached_property
    def parts(self) -> list[pd.DataFrame]:
        """The funnels of the units that are selected, each with its own steps, the one with most units first."""
        parts = [part for _, part in split_funnels(self.funnels)]
        return sorted(filter(len, parts), key=len, reverse=True) or parts[:1]

    @property
    def headline(self) -> str:
        """How many units are selected, and how they came in, in one sentence whose numbers add up."""
        units = unit_words(list(self.selection.rules.unit))
        took = int((self.funnels["depth"] > 0).sum())
        of = f" of {len(self.everything):,}" if len(self.funnels) < len(self.everything) else ""
        whole = f"{len(self.funnels):,}{of} {units}"
        narrowed = f" ({self.selection.words})" if self.selection.words else ""
        branches = " Whoever can take two ways through an offer is counted in both." if self._has_branches else ""
        if self.selection.rules.start == "any" or self.selection.rules.order == "any":
            return f"{whole}{narrowed} came in at any step.{branches}"
        skipped = len(self.funnels) - took
        first = self.parts[0].attrs["steps"][0] if len(self.parts) == 1 else "the first step of their offer"
        return f"{whole}{narrowed}: {took:,} took {first}, {skipped:,} skipped it.{branches}"

    @property
    def _has_branches(self) -> bool:
        return bool(self.funnels.duplicated(list(self.selection.rules.unit)).any())


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
            When an option of `build_funnels` has no such value.
        """
        funnels, members = self._build(selection.rules)
        return Selected(selection, funnels, select_units(funnels, selection), members)

    def _build_once(self, rules: FunnelRules) -> tuple[pd.DataFrame, Members]:
        by = [column for column in (*CARRIED, CUSTOMER_ROW, ACCOUNT_ROW) if column not in rules.unit]
        funnels = build_funnels(self._leads, rules, by=by, vocabulary=self._vocabulary)
        return funnels, join_members(funnels, self._accounts)
