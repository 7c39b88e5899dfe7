"""Whom to write to now: the customers who have not taken the last step, the most urgent first, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from leadanalytics.conversion import still_warm
from leadanalytics.errors import OptionError
from leadanalytics.funnels import FunnelRules, build_funnels, plan_funnels, split_funnels
from leadanalytics.funnels.building import Plan
from leadanalytics.funnels.definition import Definition
from leadanalytics.funnels.steps import Steps
from leadanalytics.identity import collapse_customers
from leadanalytics.offers import MISSING
from leadanalytics.schema import TEXT, conform
from leadanalytics.studies.answering import waiting_for_answer
from leadanalytics.studies.messages import next_messages
from leadanalytics.vocabulary import Vocabulary, load_vocabulary

__all__ = ["follow_up_list"]

# The statuses of `build_funnels` that are followed up, and what the list calls them; the most promising first. Whoever
# took the test drive of an offer that shows no other step has tried it: nothing says what would be the end.
STATUSES = {"open": "open", "bypass": "bypass", "tried": "tried", "dropped": "lost"}
NEW = "new"  # whoever still waits for an answer, wherever they stand in the funnel
_ADDED = ["status", "why", "follow_up", "hours_left", "days_since", "offer", "step", "probability"]
_ROW = "row of the funnels"


def follow_up_list(
    leads: pd.DataFrame,
    rules: FunnelRules | Mapping[str, Any] | None = None,
    *,
    answer_within: str | pd.Timedelta = "24 hours",
    vocabulary: Vocabulary | None = None,
    **changes: Any,
) -> pd.DataFrame:
    r"""Return the customers to follow up, one row each, the most urgent first, with the reason why each is on the list.

    A customer is on it as new (the newest lead of any stage still waits for an answer, wherever the customer stands in
    the funnel), as open (can still go on inside the window), as a bypass (skipped the first step), as tried (took the
    test drive of an offer that shows no other step) or as lost (the window has ended). Each offer has its own funnel
    by default; whoever took the last step that an offer has, in any of its funnels, is done with it. Where the offers
    of a customer stand differently, the most promising counts, then the latest. First come the new ones, the least
    time left first; then the open ones, the warmest first; then those who skipped the first step, who tried, and the
    lost ones, the latest first.

    Parameters
    ----------
    leads : DataFrame
        Leads with customer_id.
    rules : FunnelRules or mapping, optional
        What the funnels mean, as in `build_funnels`; the unit names customer_id. The list is made at `as_of`, and
        without a window nobody is ever lost.
    answer_within : str or Timedelta
        How soon a lead is to be answered; Microsoft advises 24 hours.
    vocabulary : Vocabulary, optional
        The stages, funnels, listings and follow-ups; the shipped ones by default.
    **changes
        Choices of `FunnelRules` that differ from `rules`, such as window="14 days".

    Returns
    -------
    DataFrame
        The columns of the kind 'customers', so that `write_leads` takes it, and *status* ("new", "open", "bypass",
        "tried", "lost"), *why* (the reason in words), *follow_up* (the next message, which follows from what *why*
        tells), *hours_left* (of answer_within since the newest lead [hours], 0 where it is over), *offer* (its title)
        and *step* (the latest taken; of a new customer without one, the offer of the lead and no step) and
        *probability* (of the open units to take the next step in time, as in `still_warm`). `attrs["left_out"]` counts
        the customers who are not on it by the first reason that applies: "only later leads" (than as_of), "do not
        contact" (who never is), "in no step" (within the dates, where the rules have any), "reached", "excluded",
        "no contact details". The list and those left out are all customers.

    Raises
    ------
    FrameError
        When a column is missing.
    OptionError
        When the unit does not name customer_id, or a choice has no such value.

    Examples
    --------
    >>> leads = pd.DataFrame({
    ...     "record_id": ["r1", "r2"],
    ...     "customer_id": ["C-1", "C-2"],
    ...     "offer_id": "crane",
    ...     "stage": ["Test drive", "Get it now"],
    ...     "created_at": pd.to_datetime(["2024-06-01 08:00", "2024-06-03 20:00"], utc=True),
    ...     "email": ["ana@example.com", "li@example.com"],
    ... })
    >>> todo = follow_up_list(leads, as_of="2024-06-04 08:00Z")
    >>> todo[["customer_id", "status", "hours_left"]].to_numpy().tolist()
    [['C-2', 'new', 12.0], ['C-1', 'open', 0.0]]
    >>> print("\n".join(todo["why"]))
    left a lead 12 hours ago: Get it now of crane; came in at Get it now of crane, without Test drive
    took Test drive of crane and can still go on to Get it now
    """
    rules = FunnelRules.read(rules, **changes)
    if "customer_id" not in rules.unit:
        raise OptionError(
            "the list to follow up names customers, and the unit does not",
            found=f"unit={rules.unit}",
            next_step="unit=('customer_id', 'offer_id')",
        )
    leads, vocabulary = conform(leads, "leads with customer_id"), vocabulary or load_vocabulary()
    plans = plan_funnels(leads, rules, vocabulary=vocabulary)
    funnels = build_funnels(leads, rules, plans=plans, vocabulary=vocabulary)
    moment = pd.Timestamp(funnels.attrs["as_of"])
    known = leads[~(leads["created_at"] > moment)]
    customers = collapse_customers(known, as_of=funnels.attrs["as_of"], vocabulary=vocabulary)
    units = _most_promising(funnels, [plan.name for plan in plans if _is_only_tried(plan, vocabulary)])
    within = pd.Timedelta(answer_within)
    new = waiting_for_answer(known, moment, within=within, labels=funnels.attrs.get("offer_labels", {}))
    reasons = _left_out(customers, leads, funnels, units, new)
    todo = customers[reasons == ""].merge(units, on="customer_id", how="left").merge(new, on="customer_id", how="left")
    todo = _new_first(todo)
    todo["follow_up"] = next_messages(todo, leads, moment, steps=_steps(plans, rules), vocabulary=vocabulary)
    todo = _by_urgency(todo)
    first = ["customer_id", *_ADDED]
    todo = todo[[*first, *(column for column in customers.columns if column not in first)]]
    todo.attrs = {
        "rules": rules,
        "definition": funnels.attrs["definition"],
        "as_of": funnels.attrs["as_of"],
        "left_out": _counted(reasons, later=leads.loc[~leads["is_test"], "customer_id"].nunique() - len(customers)),
    }
    return todo


def _is_only_tried(plan: Plan, vocabulary: Vocabulary) -> bool:
    """Return whether the offers of a funnel show the first of all stages alone, so that later ones may come."""
    first = str(vocabulary.stages["stage"].iloc[0])
    return bool(plan.unshown) and list(plan.steps.values()) == [(first,)]


def _steps(plans: Sequence[Plan], rules: FunnelRules) -> Steps:
    """Return the stages that serve each step, of all funnels; taken in any order, a step may be of any stage."""
    steps: dict[str, tuple[str, ...]] = {}
    for plan in plans:
        every = tuple(dict.fromkeys(stage for stages in plan.steps.values() for stage in stages))
        for label, stages in zip(Definition(rules, plan.steps).labels, plan.steps.values(), strict=True):
            taken = every if rules.order == "any" else stages
            steps[label] = tuple(dict.fromkeys([*steps.get(label, ()), *taken]))
    return steps


def _new_first(todo: pd.DataFrame) -> pd.DataFrame:
    """Return the customers with what is new about them told before where they stand in the funnel."""
    is_new = todo["news"].notna()
    both = todo["news"].str.cat(todo["why"].astype(TEXT), sep="; ").fillna(todo["news"])
    return todo.assign(
        status=todo["status"].mask(is_new, NEW),
        why=todo["why"].mask(is_new, both),
        offer=todo["offer"].fillna(todo["new_offer"]),
        hours_left=todo["hours_left"].fillna(0.0),
    )


def _most_promising(funnels: pd.DataFrame, tried: Collection[str | None]) -> pd.DataFrame:
    """Return for each customer with something left to do the unit to write about: its status, offer, step and why."""
    parts = [_told(part, is_only_tried=name in tried) for name, part in split_funnels(funnels)]
    units = pd.concat(parts, ignore_index=True)
    if len(parts) > 1:
        # Whoever took the last step of an offer in one of its funnels is done with it in the others.
        unit = [units[column] for column in funnels.attrs["unit"]]
        units = units[~units["status"].eq("reached").groupby(unit, observed=True, dropna=False).transform("any")]
    units = units.dropna(subset="rank")
    customer = pd.factorize(units["customer_id"])[0]
    latest, chance = -units["latest"].astype("int64"), -units["probability"].fillna(0)
    units = units.iloc[np.lexsort([chance, latest, units["rank"], customer])]
    units = units[np.diff(np.sort(customer), prepend=-1) > 0].reset_index(drop=True)
    units["why"] = _reasons(units, funnels.attrs)
    units["status"] = units["status"].map(STATUSES)
    columns = ["customer_id", "status", "why", "offer", "step", "probability", "latest"]
    return units[columns].astype({"why": TEXT, "status": TEXT, "step": TEXT})


def _told(funnels: pd.DataFrame, *, is_only_tried: bool) -> pd.DataFrame:
    """Return what is told of each unit of one funnel, behind the columns of the unit."""
    labels = np.array(["", *funnels.attrs["steps"]], object)
    status = funnels["status"].astype(TEXT)
    if is_only_tried:
        status = status.replace("reached", "tried")
    step = funnels["depth"].where(status != "bypass", funnels["entered_step"])
    offer = funnels["offer_name"] if "offer_name" in funnels.columns else pd.Series(index=funnels.index, dtype=TEXT)
    return funnels[funnels.attrs["unit"]].assign(
        status=status,
        offer=offer.astype(TEXT).replace(MISSING, np.nan),
        first=pd.array([labels[1]] * len(funnels), dtype=TEXT),
        step=pd.array(labels[step], dtype=TEXT),
        after=pd.array(labels[np.minimum(step + 1, len(labels) - 1)], dtype=TEXT),
        rank=status.map({status: place for place, status in enumerate(STATUSES)}),
        latest=funnels[labels[1:].tolist()].max(axis=1).fillna(funnels["entered_at"]),
        probability=_chances(funnels),
    )


def _chances(funnels: pd.DataFrame) -> np.ndarray:
    """Return the probability of each open unit to take its next step in time, NaN for others."""
    chances = np.full(len(funnels), np.nan)
    numbered = funnels.assign(**{_ROW: np.arange(len(funnels))})
    numbered.attrs = funnels.attrs
    warm = still_warm(numbered)
    chances[warm[_ROW].to_numpy(np.int64)] = warm["probability"]
    return chances


def _reasons(units: pd.DataFrame, said: Mapping[str, Any]) -> pd.api.extensions.ExtensionArray:
    """Return why each unit is on the list; many share a reason, so each different one is written once."""
    facts = units[["status", "first", "step", "after", "offer"]].assign(percent=(units["probability"] * 100).round())
    place = facts.groupby(list(facts), dropna=False, sort=False).ngroup().to_numpy()
    different = facts.drop_duplicates().itertuples(index=False)
    written = [_why(said, *each) for each in different]
    return pd.array(written, dtype=TEXT).take(place)


def _why(
    said: Mapping[str, Any], status: str, first: str, step: str, after: str, offer: str | float, percent: float
) -> str:
    of_offer = "" if pd.isna(offer) else f" of {offer}"
    if status == "tried":
        return f"took {step}{of_offer}, which shows no other step yet"
    if status == "bypass":
        return f"came in at {step}{of_offer}, without {first}"
    if said["order"] == "any":
        step, after = f"{step} steps", "another one"
    if status == "open":
        share = f", as {percent:.0f} % of such customers do" if percent >= 1 else ""
        return f"took {step}{of_offer} and can still go on to {after}{share}"
    return f"took {step}{of_offer} and not {after} within {said['window']}"


def _left_out(
    customers: pd.DataFrame, leads: pd.DataFrame, funnels: pd.DataFrame, units: pd.DataFrame, new: pd.DataFrame
) -> pd.Series:
    """Return why each customer is not on the list; an empty text for those who are."""
    is_new = _are_among(customers, new)
    # Who has said so later than as_of has said so all the same.
    never = customers["do_not_contact"] | _are_among(customers, leads[leads["do_not_contact"]])
    is_listed = _are_among(customers, units) | is_new
    reached = _are_among(customers, funnels[funnels["status"] == "reached"])
    in_no_step = "in no step" if funnels.attrs["dates"] == [None, None] else "in no step within the dates"
    reasons = {
        "do not contact": never,
        in_no_step: ~(_are_among(customers, funnels) | is_new),
        "reached": ~is_listed & reached,
        "excluded": ~is_listed,
        "no contact details": customers["email"].isna() & customers["phone"].isna(),
    }
    return pd.Series(np.select(list(reasons.values()), list(reasons), ""), index=customers.index)


def _counted(reasons: pd.Series, *, later: int) -> dict[str, int]:
    counts = {str(reason): int(count) for reason, count in reasons[reasons != ""].value_counts().items()}
    return counts | ({"only later leads": later} if later else {})


def _are_among(customers: pd.DataFrame, others: pd.DataFrame) -> np.ndarray:
    """Return which customers have a row among others; three times as quick as isin for many ids."""
    return pd.Index(others["customer_id"].dropna().unique()).get_indexer(customers["customer_id"]) >= 0


def _by_urgency(todo: pd.DataFrame) -> pd.DataFrame:
    waits = todo["hours_left"].where(todo["hours_left"] > 0, np.inf)
    rank = todo["status"].map({status: place for place, status in enumerate(STATUSES.values())})
    order = np.lexsort([todo["days_since"], -todo["probability"].fillna(0), rank, waits])
    return todo.iloc[order].reset_index(drop=True)
