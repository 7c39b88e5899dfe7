"""Why a lead takes no part in a funnel at all: the reasons that `build_funnels` counts as removed, lead by lead."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from leadanalytics.funnels.packing import unit_values
from leadanalytics.funnels.sentence import noun
from leadanalytics.funnels.steps import DO_NOT_CONTACT
from leadanalytics.schema import TEXT
from leadanalytics.studies.chains import Question
from leadanalytics.studies.roles import Role, lasting


def kept_out(
    leads: pd.DataFrame,
    units: pd.Series,
    *,
    question: Question,
) -> dict[int, Role]:
    """Return why leads take no part, by row; a lead that takes part is not among them.

    Parameters
    ----------
    leads : DataFrame
        Leads of a customer.
    units : Series of str
        The unit of each.
    question : Question
        The rules with the instant that they mean, and the funnel. Leads that exclude take part.
    """
    excluding, unit = question.excluding, question.rules.unit
    as_of = None if question.rules.as_of is None else pd.Timestamp(question.rules.as_of)
    excludes = excluding_names(leads, excluding).notna()
    reasons = [
        (_flag(leads, "is_test"), Role("test lead", "a test lead")),
        (_is_referral(leads), Role("referral", "a referral, which tells of no person")),
        (
            _flag(leads, "do_not_contact") & (DO_NOT_CONTACT not in excluding),
            Role("do not contact", "a lead that says not to contact the customer"),
        ),
        (leads["created_at"].isna(), Role("undated", "it has no created time")),
    ]
    for column in unit:
        if column != "offer_id":
            reasons.append((leads[column].isna(), Role(f"no {noun(column)}", f"its {noun(column)} is not known")))
    if as_of is not None:
        reasons.append((leads["created_at"] > as_of, Role("after as_of", "")))
    reasons.append((~(_serves(leads, question) | excludes), Role("no step", "")))
    roles: dict[int, Role] = {}
    for applies, role in reasons:
        for row in leads.index[applies.to_numpy(bool)]:
            roles.setdefault(row, _in_words(role, leads.loc[row], as_of))
    for row in _repeats(leads.drop(index=list(roles)), units):
        roles[row] = Role("exact duplicate", f"exact duplicate of {leads.loc[row, 'record_id']}, delivered again")
    return roles


def excluding_names(leads: pd.DataFrame, excluding: Sequence[str]) -> pd.Series:
    """Return as what each lead excludes, missing where it does not: its stage, or "do not contact"."""
    names = leads["stage"].astype(TEXT)
    names = names.where(names.isin(list(excluding)))
    return names.mask(_flag(leads, "do_not_contact"), DO_NOT_CONTACT) if DO_NOT_CONTACT in excluding else names


def _in_words(role: Role, lead: pd.Series, as_of: pd.Timestamp | None) -> Role:
    if role.name == "after as_of":
        return Role(role.name, f"after as_of, by {lasting(lead['created_at'] - as_of)}")
    if role.name == "no step":
        stage = lead["stage"]
        return Role(role.name, "it reaches no stage" if pd.isna(stage) else f"{stage} is no step of this funnel")
    return role


def _flag(leads: pd.DataFrame, column: str) -> pd.Series:
    if column not in leads.columns:
        return pd.Series(False, index=leads.index)
    return leads[column].eq(True).fillna(False)


def _is_referral(leads: pd.DataFrame) -> pd.Series:
    if "record_kind" not in leads.columns:
        return pd.Series(False, index=leads.index)
    return leads["record_kind"].eq("referral").fillna(False)


def _serves(leads: pd.DataFrame, question: Question) -> pd.Series:
    return leads["stage"].map(lambda stage: bool(question.served_by(stage))).fillna(False).astype(bool)


def _repeats(leads: pd.DataFrame, units: pd.Series) -> list[int]:
    """Return which leads are another one again: of its unit, time, stage, offer and record."""
    if "record_id" not in leads.columns:
        return []
    keys = leads[["created_at", "stage", "record_id"]].assign(unit=units)
    if "offer_id" in leads.columns:
        keys["offer"] = unit_values(leads, "offer_id", np.arange(len(leads)))
    return list(keys.index[keys.duplicated() & keys["record_id"].notna()])
