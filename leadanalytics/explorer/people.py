"""The customers behind some units: who they are, how far each went, found, ordered and shown page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from leadanalytics.explorer.preparing import ACCOUNT_ROW, CUSTOMER_ROW
from leadanalytics.schema import TEXT

__all__ = ["ORDERS", "Directory", "Members", "join_members"]

# What the customers can be ordered by; the first is the order in which they stand.
ORDERS: Mapping[str, Sequence[str]] = {
    "latest first": (),
    "name": ("last_name", "first_name"),
    "company": ("company",),
    "country": ("country",),
}
FURTHEST = "furthest step"
_FOUND_BY = ("first_name", "last_name", "company", "email")


@dataclass(frozen=True, eq=False)
class Members:
    """Which unit is of which customer, those that got less far first, and how far each unit got."""

    units: np.ndarray
    customers: np.ndarray
    depths: np.ndarray


def join_members(funnels: pd.DataFrame, accounts: np.ndarray) -> Members:
    """Return the customers of each unit: its own, or where the unit is an account all of that account.

    A customer stands behind each funnel in which the unit has a row.

    Parameters
    ----------
    funnels : DataFrame
        Made by `build_funnels` with customer_row and account_row carried along.
    accounts : array of int
        The account_row of each customer, -1 for none.
    """
    if "customer_id" in funnels.columns:
        units, customers = np.arange(len(funnels)), funnels[CUSTOMER_ROW].to_numpy()
    else:
        by_account = np.argsort(accounts, kind="stable")
        first, end = (
            np.searchsorted(accounts[by_account], funnels[ACCOUNT_ROW].to_numpy(), side) for side in ("left", "right")
        )
        units = np.repeat(np.arange(len(funnels)), end - first)
        within = np.arange(len(units)) - np.repeat(np.cumsum(end - first) - (end - first), end - first)
        customers = by_account[np.repeat(first, end - first) + within]
    depths = funnels["depth"].to_numpy()
    order = np.argsort(depths[units], kind="stable")
    return Members(units[order], customers[order], depths)


class Directory:
    """All customers, in which those of a selection are found and ordered.

    Parameters
    ----------
    customers : DataFrame
        One row per customer, the latest first.
    """

    def __init__(self, customers: pd.DataFrame) -> None:
        self.customers = customers
        self._ranks: dict[str, np.ndarray] = {}

    def select(self, members: Members, keeps: np.ndarray, *, find: str = "", order: str = "latest first") -> np.ndarray:
        """Return the rows of the customers behind some units, and of each the unit that got furthest, as [2, customer].

        Parameters
        ----------
        members : Members
            Who is behind the units of the funnels.
        keeps : array of bool
            Which units are selected.
        find : str
            Words that the name, the company and the address must contain, whatever the case.
        order : str
            One of `ORDERS`, or "furthest step", which puts those first who went furthest.
        """
        unit = np.full(len(self.customers), -1)
        selected = keeps[members.units]
        # Of several units the last one stays, and the furthest comes last.
        unit[members.customers[selected]] = members.units[selected]
        rows = np.flatnonzero((unit >= 0) & self._found(find))
        if ORDERS.get(order):
            rows = rows[np.argsort(self._rank(order)[rows], kind="stable")]
        elif order == FURTHEST:
            rows = rows[np.argsort(-members.depths[unit[rows]], kind="stable")]
        return np.stack([rows, unit[rows]])

    def table(self, selected: np.ndarray, funnels: pd.DataFrame) -> pd.DataFrame:
        """Return the customers of a selection, with the *step* that each reached and the *status* there."""
        rows, units = selected
        reached = funnels.iloc[units]
        table = self.customers.iloc[rows].reset_index(drop=True)
        table.insert(2, "step", _steps_reached(reached))
        table.insert(3, "status", reached["status"].astype(TEXT).array)
        return table

    @cached_property
    def _texts(self) -> pd.Series:
        """The name, the company and the address of each customer in small letters."""
        parts = [self.customers[column].fillna("") for column in _FOUND_BY]
        return parts[0].str.cat(parts[1:], sep=" ").str.lower()

    def _found(self, find: str) -> np.ndarray:
        found = np.ones(len(self.customers), bool)
        for word in find.lower().split():
            found &= self._texts.str.contains(word, regex=False).to_numpy(bool)
        return found

    def _rank(self, order: str) -> np.ndarray:
        if order not in self._ranks:
            texts = self.customers[list(ORDERS[order])].apply(lambda column: column.str.lower())
            rank = np.empty(len(texts), np.int64)
            rank[texts.sort_values(list(texts), kind="stable", ignore_index=False).index] = np.arange(len(texts))
            self._ranks[order] = rank
        return self._ranks[order]


def _steps_reached(funnels: pd.DataFrame) -> pd.api.extensions.ExtensionArray:
    """Return the label of the step that each unit reached in its own funnel; an empty text for none."""
    depth = funnels["depth"].to_numpy()
    if "funnels" not in funnels.attrs:
        return pd.array(np.array(["", *funnels.attrs["steps"]], object)[depth], dtype=TEXT)
    reached = np.full(len(funnels), "", object)
    for name, facts in funnels.attrs["funnels"].items():
        here = (funnels["funnel"] == name).to_numpy()
        reached[here] = np.array(["", *facts["steps"]], object)[depth[here]]
    return pd.array(reached, dtype=TEXT)
