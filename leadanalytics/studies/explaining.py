"""Why a customer is counted so: the leads in order, the step that each served, and why the others served none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA

from leadanalytics.errors import FrameError, OptionError
from leadanalytics.funnels import FunnelRules, build_funnels, plan_funnels, split_funnels
from leadanalytics.funnels.building import Plan
from leadanalytics.funnels.packing import sift_leads, unit_values
from leadanalytics.funnels.sentence import noun
from leadanalytics.funnels.times import created_times
from leadanalytics.offers import offer_labels
from leadanalytics.schema import TEXT, check
from leadanalytics.studies.chains import ROW, Chain, Lead, Question, find_chain
from leadanalytics.studies.funnel_explanation import FunnelExplanation
from leadanalytics.studies.kept_out import excluding_names, kept_out
from leadanalytics.studies.roles import Role, Rules, tell_excluding, tell_role
from leadanalytics.vocabulary import Vocabulary

_TOLD = ["unit", "record_id", "created_at", "stage", "offer_id", "step", "role", "why", "match_rule", "match_bits"]
ANOTHER_OFFER = "another offer"
_LEAST_SIMILAR = 0.6  # two ids, for one to be taken for the other
_DIGITS = 9  # of a row's number, so that its text sorts as the number


def explain_funnel(
    leads: pd.DataFrame,
    customer_id: str,
    rules: FunnelRules | Mapping[str, Any] | None = None,
    *,
    offer_id: str | None = None,
    vocabulary: Vocabulary | None = None,
    **changes: Any,
) -> FunnelExplanation:
    r"""Return why a customer is counted as `build_funnels` counts them.

    From leads with customer_id to the customer's leads in order: which one served which step of the counted chain,
    why each other one did not, how far each unit of the customer went, and what merged the records. Each offer has its
    own funnel by default; one with two buttons is told once for each that the customer's leads take part in.

    Parameters
    ----------
    leads : DataFrame
        All leads with customer_id: the newest of all is as_of, unless that is given, and the funnel of an offer
        follows from the leads of all customers.
    customer_id : str
        One of them.
    rules : FunnelRules or mapping, optional
        What the funnel means, as in `build_funnels`. Where the unit is wider than a customer, such as account_id, the
        leads are all those of the customer's account.
    offer_id : str, optional
        One offer of the customer, by its id or title; by default every one.
    vocabulary : Vocabulary, optional
        The stages, funnels and listings there are; the shipped ones by default.
    **changes
        Choices of `FunnelRules` that differ from `rules`, such as window="14 days".

    Returns
    -------
    FunnelExplanation
        Text where it is printed; its `frame` holds one row per lead with *step*, *role* and *why*.

    Raises
    ------
    FrameError
        When there is no such customer, or no lead of the customer for the offer.
    OptionError
        When offer_id is given and the unit is not counted per offer, or a choice has no such value.

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
    rules = FunnelRules.read(rules, **changes)
    check(leads, "leads with customer_id", columns=["customer_id", "created_at", "stage", *rules.unit])
    rules, labels = _as_of_all(leads, rules), _labels(leads, rules)
    own = _leads_of(leads, customer_id, rules.unit)
    asked = _is_asked(own, offer_id, rules.unit, labels)
    units = _unit_names(own, rules.unit, labels)
    units = units.where(asked, units[asked].iloc[0])
    plans = plan_funnels(leads, rules, vocabulary=vocabulary)
    funnels = _counted(own, units[asked], plans, rules, labels, vocabulary)
    rows = {
        (name, unit): row
        for name, part in split_funnels(funnels)
        for unit, row in zip(_unit_names(part, rules.unit, labels), part.to_dict("records"), strict=True)
    }
    others = _titles(own, labels)[~asked]
    kept = {row: Role(ANOTHER_OFFER, f"of another offer, {title}") for row, title in others.items()}
    told: dict[str, _Told] = {}
    for unit, leads_of_unit in own.groupby(units, sort=False):
        of_offer = _plans_of(leads_of_unit.drop(index=others.index, errors="ignore"), plans, rules.unit)
        answers = {
            name: _tell(leads_of_unit, units, kept, rows.get((plan.name, unit)), Question(rules, plan, vocabulary))
            for name, plan in _named_plans(str(unit), of_offer).items()
        }
        # A funnel of the offer in which the unit has no lead says nothing, unless there is no other.
        taking_part = {name: answer for name, answer in answers.items() if answer.takes_part}
        told |= taking_part or dict(list(answers.items())[:1])
    return FunnelExplanation(
        verdicts={name: answer.verdict for name, answer in told.items()},
        funnels=funnels.drop(columns=ROW),
        frame=pd.concat([answer.frame.assign(unit=name) for name, answer in told.items()], ignore_index=True)[_TOLD],
    )


class _Told(NamedTuple):
    """What is told of a unit in one funnel."""

    takes_part: bool
    verdict: str
    frame: pd.DataFrame


def _as_of_all(leads: pd.DataFrame, rules: FunnelRules) -> FunnelRules:
    """Return rules with the instant that they mean for all leads, so that it is the same for those of a customer."""
    created_times(leads)  # complains of times without a zone
    newest = leads["created_at"].max()
    return rules if rules.as_of or pd.isna(newest) else rules.changed(as_of=newest)


def _labels(leads: pd.DataFrame, rules: FunnelRules) -> dict[str, str]:
    """Return what `build_funnels` calls each offer, by its key."""
    if "offer_id" not in rules.unit:
        return {}
    evidence = sift_leads(leads, created_times(leads), rules, None).evidence
    return offer_labels(leads.loc[evidence, [name for name in ("offer_id", "offer_name") if name in leads.columns]])


def _counted(
    own: pd.DataFrame,
    asked: pd.Series,
    plans: Sequence[Plan],
    rules: FunnelRules,
    labels: Mapping[str, str],
    vocabulary: Vocabulary | None,
) -> pd.DataFrame:
    """Return the rows that `build_funnels` has of the units asked for, with the row of each entry."""
    taken = [plan for plan in _plans_of(own.loc[asked.index], plans, rules.unit) if plan.steps]
    if own["stage"].isna().all():
        own = own.iloc[:0]  # of which there is nothing to warn
    taken = taken or [plans[0]._replace(offers=[])]
    funnels = build_funnels(own, rules, by=ROW, plans=taken, vocabulary=vocabulary)
    funnels = funnels[_unit_names(funnels, rules.unit, labels).isin(asked).to_numpy(bool)].reset_index(drop=True)
    if "offer_id" in rules.unit and "offer_name" not in rules.unit:
        funnels["offer_name"] = _titles(funnels, labels)
    return funnels


def _plans_of(leads: pd.DataFrame, plans: Sequence[Plan], unit: Sequence[str]) -> list[Plan]:
    """Return the funnels that the offers of some leads are counted in; one without steps where there is none."""
    if "offer_id" not in unit or all(plan.offers is None for plan in plans):
        return list(plans)
    keys = set(_keys(leads))
    return [plan for plan in plans if plan.offers is None or not keys.isdisjoint(plan.offers)] or [Plan(None, {})]


def _named_plans(unit: str, plans: Sequence[Plan]) -> dict[str, Plan]:
    """Return the funnels of a unit by what to call the unit in each: where there are several, with the last step."""
    if len(plans) == 1:
        return {unit: plans[0]}
    ends = Counter([*plan.steps][-1] for plan in plans)
    return {
        f"{unit}, to {last if ends[last] == 1 else ', '.join(plan.steps)}": plan
        for plan in plans
        for last in [[*plan.steps][-1]]
    }


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


def _is_asked(own: pd.DataFrame, offer_id: str | None, unit: Sequence[str], labels: Mapping[str, str]) -> np.ndarray:
    """Return which leads are of the offer that was asked for."""
    if offer_id is None:
        return np.ones(len(own), bool)
    if "offer_id" not in unit:
        raise OptionError(
            "offer_id asks for one offer, and the unit is not counted per offer",
            found=f"unit={list(unit)}",
            next_step="leave out offer_id, or give unit=('customer_id', 'offer_id')",
        )
    titles = _titles(own, labels)
    asked = (_keys(own).eq(offer_id) | titles.eq(offer_id)).to_numpy(bool)
    if not asked.any():
        found = ", ".join(map(repr, titles.unique()))
        raise FrameError(f"the customer has no lead of the offer {offer_id!r}", found=found)
    return asked


def _keys(leads: pd.DataFrame) -> pd.Series:
    return unit_values(leads, "offer_id", np.arange(len(leads))).astype(TEXT)


def _titles(leads: pd.DataFrame, labels: Mapping[str, str]) -> pd.Series:
    if "offer_id" not in leads.columns:
        return pd.Series(index=leads.index, dtype=TEXT)
    keys = _keys(leads)
    return keys.map(labels).astype(TEXT).fillna(keys)


def _unit_names(frame: pd.DataFrame, unit: Sequence[str], labels: Mapping[str, str] | None = None) -> pd.Series:
    """Return the unit of each row of leads or funnels in words, such as "C-1, offer Crane"."""
    parts = []
    for column in unit:
        values = frame[column].astype(TEXT) if column != "offer_id" else _titles(frame, labels or {})
        values = values.fillna("(missing)")
        parts.append(values if column == "customer_id" else f"{noun(column)} " + values)
    first, *others = parts
    return first.str.cat(others, sep=", ") if others else first


def _tell(
    leads: pd.DataFrame,
    units: pd.Series,
    others: Mapping[int, Role],
    funnel: Mapping[str, Any] | None,
    question: Question,
) -> _Told:
    """Return what is told of a unit in one funnel: how far it went, and its leads with the part that each had."""
    rules = Rules.of(question)
    of_unit = leads.drop(index=list(others), errors="ignore")
    kept = kept_out(of_unit, units[of_unit.index], question=question) | {
        row: role for row, role in others.items() if row in leads.index
    }
    part, excluding = _taking_part(leads.drop(index=list(kept)), question, rules)
    chain = find_chain(funnel, part, rules.labels, any_order=rules.any_order) if funnel is not None else None
    beside = [*part, *excluding]
    roles = {
        lead.row: tell_role(lead, chain, rules, lambda at: question.depth_from(of_unit, at), others=beside)
        for lead in part
    }
    roles |= {lead.row: tell_excluding(lead, chain, part) for lead in excluding} | kept
    serving = chain.serving if chain is not None else {}
    frame = leads.reindex(columns=_TOLD).assign(
        step=pd.array([serving.get(row, pd.NA) for row in leads.index], dtype="Int64"),
        role=pd.array([roles[row].name for row in leads.index], dtype=TEXT),
        why=pd.array([roles[row].why for row in leads.index], dtype=TEXT),
    )
    return _Told(bool(part), _verdict(chain, rules, takes_part=bool(part)), frame)


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
        return f"skipped {rules.labels[0]}, first seen at {rules.place(chain.entered_step)}"
    if chain.status == "reached":
        return f"reached {rules.place(chain.depth)}"
    if chain.status == "excluded":
        return f"excluded by a lead of {' or '.join(rules.excluding)}"
    return f"{chain.status} at {rules.place(chain.depth)}"
