"""From leads to what the pass reads: the leads of the funnel alone, as numbers, sorted by unit and time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from leadanalytics.funnels.definition import Definition
from leadanalytics.funnels.engine import NEVER, order_by
from leadanalytics.funnels.rules import FunnelRules
from leadanalytics.funnels.sentence import noun
from leadanalytics.funnels.steps import DO_NOT_CONTACT
from leadanalytics.offers import offer_keys
from leadanalytics.schema import TEXT

__all__ = ["Packed", "Sifted", "code_units", "pack_leads", "sift_leads", "unit_values"]


@dataclass(frozen=True)
class Sifted:
    """Which leads can take part in a funnel, and how many cannot."""

    kept: np.ndarray
    evidence: np.ndarray  # those and the later ones, which tell which steps an offer can have
    removed: dict[str, int]  # by the first reason that applies
    people: int  # records of people instead of events, among all that could be customers


@dataclass(frozen=True)
class Packed:
    """The leads of one funnel, sorted by unit and time, and which leads are not among them."""

    rows: np.ndarray  # where the lead stands in the frame
    times: np.ndarray  # nanoseconds of UTC
    stages: np.ndarray  # which of the funnel's stages
    bounds: np.ndarray  # where each unit begins, and where the last one ends
    repeats: np.ndarray  # the rows of leads that are another one again

    def shown(self, serves: np.ndarray) -> np.ndarray:
        """Return as bits, the first step the lowest, the steps of which each unit has a lead."""
        bits = (serves.astype(np.int64) << np.arange(len(serves))[:, None]).sum(axis=0)
        return np.bitwise_or.reduceat(bits[self.stages], self.bounds[:-1]) if len(self.rows) else self.rows


def sift_leads(leads: pd.DataFrame, created: np.ndarray, rules: FunnelRules, as_of: pd.Timestamp | None) -> Sifted:
    """Return which leads can take part in a funnel, whatever its steps."""
    reasons = {
        "test leads": _flag(leads, "is_test"),
        "referrals": _is_kind(leads, "referral"),
        "do not contact": _flag(leads, "do_not_contact") & (DO_NOT_CONTACT not in rules.excluding),
        "no created time": created == NEVER,
    }
    for column in rules.unit:
        if column != "offer_id":
            reasons[f"no {noun(column)}"] = leads[column].isna().to_numpy()
    kept = np.ones(len(leads), bool)
    removed = {}
    for reason, applies in reasons.items():
        removed[reason] = int(np.count_nonzero(kept & applies))
        kept &= ~applies
    evidence = kept
    removed["repeated records"] = 0  # known once the leads are sorted
    if as_of is not None:
        kept = evidence & (created <= as_of.value)
        removed["after as_of"] = int(np.count_nonzero(evidence)) - int(np.count_nonzero(kept))
    people = int(np.count_nonzero(_is_kind(leads, "person") & ~_flag(leads, "is_test")))
    return Sifted(kept, evidence, removed, people)


def pack_leads(leads: pd.DataFrame, *, rows: np.ndarray, created: np.ndarray, definition: Definition) -> Packed:
    """Return those of some leads that a definition counts, sorted by unit and time, each record once."""
    stages = _stage_codes(leads["stage"], definition.stages)
    if DO_NOT_CONTACT in definition.excluding:
        stages[_flag(leads, "do_not_contact")] = definition.stages.index(DO_NOT_CONTACT)
    rows = rows[stages[rows] >= 0]
    created, stages = created[rows], stages[rows]
    units = [_ranks(unit_values(leads, column, rows)) for column in definition.rules.unit]
    order = _order(units, created)
    rows, created, stages, units = rows[order], created[order], stages[order], [ranks[order] for ranks in units]
    begins = _changes(*units)
    order, repeats = _settle_ties(leads, rows, stages, ~(begins | _changes(created)), definition.by)
    repeated = rows[order[repeats]]
    order, begins = np.delete(order, repeats), np.delete(begins, repeats)
    if definition.excluding:
        alone = _only_excluding(stages[order], begins, definition)
        order, begins = order[~alone], begins[~alone]
    return Packed(
        rows=rows[order],
        times=created[order],
        stages=stages[order],
        bounds=np.flatnonzero(np.append(begins, True)),
        repeats=repeated,
    )


def _only_excluding(stages: np.ndarray, begins: np.ndarray, definition: Definition) -> np.ndarray:
    """Return which leads are of a unit without a lead of any step: nothing to exclude from."""
    serves = stages < len(definition.stages) - len(definition.excluding)
    units = np.cumsum(begins) - 1
    return np.bincount(units, weights=serves)[units] == 0


def unit_values(leads: pd.DataFrame, column: str, rows: np.ndarray) -> pd.Series:
    """Return a column of the unit at some rows; an offer without an id goes by its name, else as "(missing)"."""
    if column != "offer_id":
        return leads[column].iloc[rows]
    named = [name for name in ("offer_id", "offer_name") if name in leads.columns]
    return offer_keys(leads[named].iloc[rows])


def code_units(leads: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return leads whose columns of the unit are ordered codes, so that many funnels of them are built in less time."""
    rows = np.arange(len(leads))
    return leads.assign(**{column: unit_values(leads, column, rows).astype("category") for column in columns})


def _flag(leads: pd.DataFrame, column: str) -> np.ndarray:
    if column not in leads.columns:
        return np.zeros(len(leads), bool)
    return leads[column].eq(True).fillna(False).to_numpy(bool)


def _is_kind(leads: pd.DataFrame, kind: str) -> np.ndarray:
    if "record_kind" not in leads.columns:
        return np.zeros(len(leads), bool)
    return leads["record_kind"].eq(kind).fillna(False).to_numpy(bool)


def _stage_codes(stage: pd.Series, stages: Sequence[str]) -> np.ndarray:
    """Return each lead's stage as its place among the funnel's stages, -1 for any other."""
    if not isinstance(stage.dtype, pd.CategoricalDtype):
        stage = stage.astype(TEXT).astype("category")
    # The codes index the categories; a missing stage is code -1 and so reads the last place.
    places = np.append(pd.Index(stages).get_indexer(stage.cat.categories), -1)
    return places[stage.cat.codes.to_numpy()]


def _ranks(values: pd.Series) -> np.ndarray:
    """Return the place of each value among the different values in order, or numbers that stand in the same order."""
    if isinstance(values.dtype, pd.CategoricalDtype) and values.cat.categories.is_monotonic_increasing:
        return values.cat.codes.to_numpy(np.int64)
    codes, distinct = pd.factorize(values)
    # The order of categories may follow the rows, the order of their texts does not.
    sortable = distinct.astype(TEXT) if isinstance(distinct.dtype, pd.CategoricalDtype) else distinct
    ranks = np.empty(len(distinct), np.int64)
    ranks[sortable.argsort()] = np.arange(len(distinct))
    return ranks[codes]


def _order(units: Sequence[np.ndarray], created: np.ndarray) -> np.ndarray:
    """Return an order of rows by unit and time; rows that stand so already are not sorted again."""
    in_order = np.ones(max(len(created) - 1, 0), bool)
    for column in (created, *reversed(units)):
        in_order = (column[:-1] < column[1:]) | ((column[:-1] == column[1:]) & in_order)
    if in_order.all():
        return np.arange(len(created))
    order = np.argsort(created, kind="stable")
    for ranks in reversed(units):
        order = order_by(ranks, order, int(ranks.max(initial=-1)) + 1)
    return order


def _changes(*columns: np.ndarray) -> np.ndarray:
    """Return where any of some columns differs from the row before; the first row does."""
    changes = np.zeros(len(columns[0]), bool)
    changes[:1] = True
    for column in columns:
        changes[1:] |= column[1:] != column[:-1]
    return changes


def _settle_ties(
    leads: pd.DataFrame, rows: np.ndarray, stages: np.ndarray, same: np.ndarray, by: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Return an order of the rows that does not depend on how they came, and the places in it that hold repeats.

    Only leads of one unit at one time can be repeats, or stand in another order; `same` marks a lead that has both
    in common with the one before. A repeat comes after the lead that it repeats.
    """
    order = np.arange(len(rows))
    tied = np.flatnonzero(same | np.append(same[1:], False))
    at = rows[tied]
    keys = pd.DataFrame({"group": np.cumsum(~same)[tied], "stage": stages[tied]})
    if "offer_id" in leads.columns:
        keys["offer"] = unit_values(leads, "offer_id", at).astype(TEXT).array
    if "record_id" in leads.columns:
        keys["record"] = leads["record_id"].iloc[at].astype(TEXT).array
    record = list(keys)
    for place, column in enumerate(by):
        keys[f"by {place}"] = leads[column].iloc[at].astype(TEXT).array
    keys = keys.sort_values(list(keys), kind="stable")
    order[tied] = tied[keys.index]
    # Without a record id nothing tells that two leads are one.
    repeated = keys.duplicated(record) & keys["record"].notna() if "record" in keys else np.zeros(len(keys), bool)
    return order, tied[np.asarray(repeated)]
