"""The funnels of a selection: built once for each question, then only chosen from."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from leadanalytics.charts.words import unit_words
from leadanalytics.explorer.people import Members, join_members
from leadanalytics.explorer.preparing import ACCOUNT_ROW, CUSTOMER_ROW, Prepared
from leadanalytics.explorer.selection import CARRIED, Selection, select_units
from leadanalytics.funnels import build_funnels
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

    @property
    def headline(self) -> str:
        """How many units are selected, and how they came in, in one sentence whose numbers add up."""
        units, first = unit_words(list(self.selection.unit)), self.everything.attrs["steps"][0]
        took = int((self.funnels["depth"] > 0).sum())
        of = f" of {len(self.everything):,}" if len(self.funnels) < len(self.everything) else ""
        whole = f"{len(self.funnels):,}{of} {units}"
        narrowed = f" ({self.selection.words})" if self.selection.words else ""
        if self.selection.start == "any":
            return f"{whole}{narrowed} came in at any step."
        beside = len(self.funnels) - took
        return f"{whole}{narrowed}: {took:,} took {first}, {beside:,} came past it and are beside the funnel."


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
        funnels, members = self._build(tuple(selection.question.items()))
        return Selected(selection, funnels, select_units(funnels, selection), members)

    def _build_once(self, question: tuple[tuple[str, Any], ...]) -> tuple[pd.DataFrame, Members]:
        options = dict(question)
        by = [column for column in (*CARRIED, CUSTOMER_ROW, ACCOUNT_ROW) if column not in options["unit"]]
        funnels = build_funnels(self._leads, by=by, vocabulary=self._vocabulary, **options)
        return funnels, join_members(funnels, self._accounts)
