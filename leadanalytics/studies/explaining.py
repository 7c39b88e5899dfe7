"""Why a customer is counted so: the leads in order, the step that each served, and why the others served none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA

from leadanalytics.errors import FrameError, OptionError
from leadanalytics.funnels.packing import unit_values
from leadanalytics.funnels.sentence import noun
from leadanalytics.funnels.steps import read_steps
from leadanalytics.funnels.times import created_times
from leadanalytics.schema import TEXT, check
from leadanalytics.studies.chains import ROW, Chain, Lead, Question, find_chain
from leadanalytics.studies.funnel_explanation import FunnelExplanation
from leadanalytics.studies.kept_out import excluding_names, kept_out
from leadanalytics.studies.roles import Role, Rules, tell_excluding, tell_role
from leadanalytics.vocabulary import load_vocabulary

_TOLD = ["unit", "record_id", "created_at", "stage", "offer_id", "step", "role", "why", "match_rule", "match_bits"]
ANOTHER_OFFER = "another offer"
_LEAST_SIMILAR = 0.6  # two ids, for one to be taken for the other
_DIGITS = 9  # of a row's number, so that its text sorts as the number


def explain_funnel(
    leads: pd.DataFrame, customer_id: str, *, offer_id: str | None = None, **options: Any
) -> FunnelExplanation:
    r"""Return why a customer is counted as `build_funnels` counts them.

    From leads with customer_id to the customer's leads in order: which one served which step of the counted chain,
    why each other one did not, how far each unit of the customer went, and what merged the records.

    Parameters
    ----------
    leads : DataFrame
        All leads with customer_id: the newest of all is as_of, unless that is given.
    customer_id : str
        One of them.
    offer_id : str, optional
        One offer of the customer, by id or, where it has none, by name; by default every one.
    **options
        The options of `build_funnels`: funnel, window, as_of, start, entry, ties, unit ... Where the unit is wider than
        a customer, such as account_id, the leads are all those of the customer's account.

    Returns
    -------
    FunnelExplanation
        Text where it is printed; its `frame` holds one row per lead with *step*, *role* and *why*.

    Raises
    ------
    FrameError
        When there is no such customer, or no lead of the customer for the offer.
    OptionError
        When offer_id is given and the unit is not counted per offer, or an option has no such value.

    Examples
    --------
    >>> leads = pd.DataFrame({
    ...     "record_id": ["r1", "r2", "r3"],
    ...     "customer_id": ["C-1"] * 3,
    ...     "offer_id": ["crane"] * 3,
    ...     "stage": ["Test drive", "Get it now", "Install"],
    ...     "created_at": pd.to_datetime(["2024-06-01 08:00", "2024-06-03 08:00", "2024-06-17 12:00"], utc=True),
    ... })
    >>> told = explain_funnel(leads, "C-1", window="14 days")
    >>> told
    <FunnelExplanation: C-1, offer crane: dropped at step 2 of 3, Get it now>
    >>> print("\n".join(told.frame["why"]))
    step 1, Test drive: the entry
    step 2, Get it now: 2 d after the entry
    out of the window by 2 d 4 h: step 3, Install, had to come within 14 days of the entry
    """
    unit = _columns(options.get("unit", ("customer_id", "offer_id")))
    check(leads, "leads with customer_id", columns=["customer_id", "created_at", "stage", *unit])
    question = _question(leads, options)
    own = _leads_of(leads, customer_id, unit)
    asked = _is_asked(own, offer_id, unit)
    units = _unit_names(own, unit)
    units = units.where(asked, units[asked].iloc[0])
    funnels = question.funnels(own[asked])
    rules = Rules.of(funnels)
    kept = kept_out(own[asked], units, unit=unit, as_of=rules.as_of, question=question, excluding=rules.excluding)
    kept |= {row: Role(ANOTHER_OFFER, f"of another offer, {name}") for row, name in _offers(own)[~asked].items()}
    counted = dict(zip(_unit_names(funnels, unit), funnels.to_dict("records"), strict=True))
    told = {
        name: _tell(leads_of_unit, kept, counted.get(name), question, rules)
        for name, leads_of_unit in own.groupby(units, sort=False)
    }
    return FunnelExplanation(
        verdicts={name: verdict for name, (verdict, _) in told.items()},
        funnels=funnels.drop(columns=ROW),
        frame=pd.concat([frame.assign(unit=name) for name, (_, frame) in told.items()], ignore_index=True)[_TOLD],
    )


def _columns(names: str | Iterable[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def _question(leads: pd.DataFrame, options: Mapping[str, Any]) -> Question:
    """Return the question to ask of a customer's leads so that it is the one that was asked of all leads."""
    created_times(leads)  # complains of times without a zone
    newest = leads["created_at"].max()
    as_of = options.get("as_of") or (None if pd.isna(newest) else newest)
    vocabulary = options.get("vocabulary") or load_vocabulary()
    stages = _stages(leads).cat.categories
    steps = read_steps(options.get("funnel", "acquisition"), vocabulary=vocabulary, stages=stages)
    return Question(options={**options, "as_of": as_of}, steps=steps)


def _stages(leads: pd.DataFrame) -> pd.Series:
    """Return the stages as a categorical, which knows those of other customers too."""
    stage = leads["stage"]
    return stage if isinstance(stage.dtype, pd.CategoricalDtype) else stage.astype(TEXT).astype("category")


def _leads_of(leads: pd.DataFrame, customer_id: str, unit: Sequence[str]) -> pd.DataFrame:
    """Return the leads of a customer, or of all units that the customer has a lead of, numbered in order of time."""
    is_own = leads["customer_id"].eq(customer_id).fillna(False).to_numpy(bool)
    if not is_own.any():
        known = leads["customer_id"].dropna().unique()
        similar = process.extractOne(customer_id, known, scorer=OSA.normalized_similarity, score_cutoff=_LEAST_SIMILAR)
        raise FrameError(
            f"there is no customer {customer_id!r}",
            found=f"{len(known):,} customers",
            next_step=f"did you mean {similar[0]!r}?" if similar else None,
        )
    if "customer_id" not in unit:
        names, named = _unit_names(leads, unit), [column for column in unit if column != "offer_id"]
        is_own = is_own | names.isin(names[is_own & leads[named].notna().all(axis=1)]).to_numpy()
    own = leads.assign(stage=_stages(leads))[is_own].sort_values("created_at", kind="stable", ignore_index=True)
    return own.assign(**{ROW: own.index.astype(str).str.zfill(_DIGITS)})


def _is_asked(own: pd.DataFrame, offer_id: str | None, unit: Sequence[str]) -> np.ndarray:
    """Return which leads are of the offer that was asked for."""
    if offer_id is None:
        return np.ones(len(own), bool)
    if "offer_id" not in unit:
        raise OptionError(
            "offer_id asks for one offer, and the unit is not counted per offer",
            found=f"unit={list(unit)}",
            next_step="leave out offer_id, or give unit=('customer_id', 'offer_id')",
        )
    offers = _offers(own)
    if not offers.eq(offer_id).any():
        found = ", ".join(map(repr, offers.unique()))
        raise FrameError(f"the customer has no lead of the offer {offer_id!r}", found=found)
    return offers.eq(offer_id).to_numpy(bool)


def _offers(leads: pd.DataFrame) -> pd.Series:
    return unit_values(leads, "offer_id", np.arange(len(leads))).astype(TEXT)


def _unit_names(frame: pd.DataFrame, unit: Sequence[str]) -> pd.Series:
    """Return the unit of each row of leads or funnels in words, such as "C-1, offer crane"."""
    parts = []
    for column in unit:
        values = unit_values(frame, column, np.arange(len(frame))).astype(TEXT).fillna("(missing)")
        parts.append(values if column == "customer_id" else f"{noun(column)} " + values)
    first, *others = parts
    return first.str.cat(others, sep=", ") if others else first


def _tell(
    leads: pd.DataFrame,
    kept: Mapping[int, Role],
    funnel: Mapping[str, Any] | None,
    question: Question,
    rules: Rules,
) -> tuple[str, pd.DataFrame]:
    """Return how far a unit went, and its leads with the part that each had."""
    part, excluding = _taking_part(leads.drop(index=list(kept), errors="ignore"), question, rules)
    chain = find_chain(funnel, part, rules.labels, any_order=rules.any_order) if funnel is not None else None
    of_unit = leads[[row not in kept or kept[row].name != ANOTHER_OFFER for row in leads.index]]
    others = [*part, *excluding]
    roles = {
        lead.row: tell_role(lead, chain, rules, lambda at: question.depth_from(of_unit, at), others=others)
        for lead in part
    }
    roles |= {lead.row: tell_excluding(lead, chain, part) for lead in excluding}
    roles |= {row: kept[row] for row in leads.index if row in kept}
    serving = chain.serving if chain is not None else {}
    frame = leads.reindex(columns=_TOLD).assign(
        step=pd.array([serving.get(row, pd.NA) for row in leads.index], dtype="Int64"),
        role=pd.array([roles[row].name for row in leads.index], dtype=TEXT),
        why=pd.array([roles[row].why for row in leads.index], dtype=TEXT),
    )
    return _verdict(chain, rules, takes_part=bool(part)), frame


def _taking_part(leads: pd.DataFrame, question: Question, rules: Rules) -> tuple[list[Lead], list[Lead]]:
    """Return the leads that serve steps, and those that exclude."""
    names = excluding_names(leads, rules.excluding)
    serving = leads[names.isna()]
    part = [
        Lead(row, at, question.served_by(stage), stage)
        for row, at, stage in zip(serving.index, serving["created_at"], serving["stage"])
    ]
    excluding = [Lead(row, leads.loc[row, "created_at"], (), name) for row, name in names.dropna().items()]
    return part, excluding


def _verdict(chain: Chain | None, rules: Rules, *, takes_part: bool) -> str:
    if chain is None:
        return "entered outside the range of entries" if takes_part else "no lead takes part in this funnel"
    if chain.status == "bypass":
        return f"a bypass, first seen at {rules.place(chain.entered_step)}"
    if chain.status == "reached":
        return f"reached {rules.place(chain.depth)}"
    if chain.status == "excluded":
        return f"excluded by a lead of {' or '.join(rules.excluding)}"
    return f"{chain.status} at {rules.place(chain.depth)}"
