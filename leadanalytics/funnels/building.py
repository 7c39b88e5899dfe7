"""From leads to funnels: one row per unit, how far it went and when."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from leadanalytics import schema
from leadanalytics.errors import OptionError, UnknownCodeWarning
from leadanalytics.funnels.any_order import walk_any_order
from leadanalytics.funnels.definition import Definition
from leadanalytics.funnels.engine import MOST_STEPS, NEVER, Rules, Walks, walk_units
from leadanalytics.funnels.packing import Packed, Sifted, pack_leads, sift_leads, unit_values
from leadanalytics.funnels.rules import FunnelRules
from leadanalytics.funnels.steps import Steps, read_excluding, read_steps, serving
from leadanalytics.funnels.times import created_times
from leadanalytics.offers import branches_of, keys_of_all, offer_keys, offer_labels, route_offers
from leadanalytics.vocabulary import Vocabulary, load_vocabulary

__all__ = ["STATUSES", "Plan", "build_funnels", "plan_funnels"]

STATUSES = ("reached", "open", "dropped", "bypass", "excluded")
OTHER_FUNNEL = "of an offer with another funnel"
_LATEST = np.iinfo(np.int64).max


class Plan(NamedTuple):
    """One funnel that leads are counted in.

    Attributes
    ----------
    name : str or None
        The name of the funnel; two of one name have the same steps. None for steps of the caller's own.
    steps : dict of str to tuple of str
        Label to the stages that serve it, in order.
    unshown : tuple of str
        The steps of the funnel that are left out, since its offers show no lead of them.
    offers : list of str or None
        The offers whose leads are counted, as `offer_keys` names them; None for all.
    """

    name: str | None
    steps: Steps
    unshown: tuple[str, ...] = ()
    offers: list[str] | None = None


def build_funnels(
    leads: pd.DataFrame,
    rules: FunnelRules | Mapping[str, Any] | None = None,
    *,
    by: str | Sequence[str] = (),
    plans: Sequence[Plan] | None = None,
    vocabulary: Vocabulary | None = None,
    **changes: Any,
) -> pd.DataFrame:
    """Return one row per unit: how far it went through the steps of its funnel, its status, and when it took each step.

    From created_at, stage and the columns of the unit, to those columns, depth, status, entered_step, entered_at, shown
    (the steps of which the unit has a lead, as bits), do_not_contact (where the leads have it and the unit names
    customer_id: whether any lead of the customer says so), offer_name (what to call the offer, where the unit names
    offer_id), one time (UTC) per step named as the step, and the columns of `by`. There is a row for every unit that
    has a lead of any step, sorted by unit; the order of the leads does not matter.

    Each offer has its own funnel by default, which follows from its listing (offers.csv), or from the codes of its
    leads; steps of which it shows no lead are left out. Then *funnel* names the funnel of each row. An offer with two
    buttons, such as Get it now and Contact me, has a row per unit in each branch. `split_funnels` parts the frame.

    Parameters
    ----------
    leads : DataFrame
        Leads with customer_id. Test leads (is_test), do-not-contact leads (do_not_contact), leads without a time or a
        customer, and repeats of a record (record_id) take no part; `attrs["removed"]` counts them by reason.
    rules : FunnelRules or mapping, optional
        What the funnel means; the default rules have a window of 30 days.
    by : str or sequence of str
        Columns of the leads whose value at the entry is carried along, to break counts down.
    plans : sequence of Plan, optional
        The funnels to count in, as `plan_funnels` gives them for more leads than these: a part of the leads is then
        counted in the same steps as all of them.
    vocabulary : Vocabulary, optional
        The stages, funnels and listings there are; the shipped ones by default.
    **changes
        Choices of `FunnelRules` that differ from `rules`, such as funnel="acquisition" or window="14 days".

    Returns
    -------
    DataFrame
        Its `attrs` hold the *rules*, every choice, the number of leads *removed*, and the *definition*, which says it
        in one sentence. Where there are several funnels, *funnels* holds the facts of each by its name.

    Raises
    ------
    FrameError
        When a column is missing, or created_at has no time zone.
    OptionError
        When a choice has no such value, or two mean nothing together.

    Warns
    -----
    UnknownCodeWarning
        When no lead that could count has a known stage.

    Examples
    --------
    >>> leads = pd.DataFrame(
    ...     {
    ...         "customer_id": ["ann", "ann", "bob"],
    ...         "offer_id": ["crane"] * 3,
    ...         "stage": ["Test drive", "Get it now", "Test drive"],
    ...         "created_at": pd.to_datetime(["2024-06-01", "2024-06-03", "2024-06-20"], utc=True),
    ...     }
    ... )
    >>> funnels = build_funnels(leads, funnel="acquisition", window="14 days")
    >>> funnels[["customer_id", "depth", "status"]]
      customer_id  depth   status
    0         ann      2  dropped
    1         bob      1     open
    >>> funnels.attrs["definition"]
    'Customers per offer who took Test drive, then Get it now, then Install within 14 days of their Test drive, ...'
    """
    rules = FunnelRules.read(rules, **changes)
    carried = _carried(by, rules)
    _check(leads, rules, carried)
    vocabulary = vocabulary or load_vocabulary()
    created = created_times(leads)
    as_of = _as_of(rules, created)
    sifted = sift_leads(leads, created, rules, as_of)
    own = rules.funnel is None
    parts = []
    taken, repeated = np.zeros(len(leads), bool), np.zeros(len(leads), bool)
    for plan, rows in _planned(leads, rules, vocabulary, sifted, plans):
        definition = _define(plan, rules, as_of=as_of, by=carried)
        _check_steps(definition, vocabulary, leads)
        packed = pack_leads(leads, rows=rows, created=created, definition=definition)
        taken[packed.rows] = repeated[packed.repeats] = True
        removed = _removed(sifted, offered=len(rows), taken=len(packed.rows), repeated=len(packed.repeats))
        parts.append(_frame(leads, packed, definition, removed, people=sifted.people, own=own))
    removed = _removed(sifted, taken=taken.sum(), repeated=(repeated & ~taken).sum())
    funnels = _together(parts, removed, Definition(rules, as_of=as_of))
    if sifted.kept.any() and leads["stage"].isna().to_numpy()[sifted.kept].all():
        warnings.warn(
            f"none of the {np.count_nonzero(sifted.kept):,} leads that could count has a known stage; "
            "audit_codes(leads) shows the codes that were delivered",
            UnknownCodeWarning,
            stacklevel=2,
        )
    return _named(funnels, leads, sifted.evidence)


def plan_funnels(
    leads: pd.DataFrame,
    rules: FunnelRules | Mapping[str, Any] | None = None,
    *,
    vocabulary: Vocabulary | None = None,
    **changes: Any,
) -> list[Plan]:
    """Return the funnels that `build_funnels` counts leads in, with the offers of each; the first has most leads."""
    rules = FunnelRules.read(rules, **changes)
    _check(leads, rules, ())
    created = created_times(leads)
    sifted = sift_leads(leads, created, rules, _as_of(rules, created))
    return [plan for plan, _ in _planned(leads, rules, vocabulary or load_vocabulary(), sifted)]


def _planned(
    leads: pd.DataFrame,
    rules: FunnelRules,
    vocabulary: Vocabulary,
    sifted: Sifted,
    planned: Sequence[Plan] | None = None,
) -> Iterator[tuple[Plan, np.ndarray]]:
    """Give each funnel to count, and the rows of the leads that may count in it."""
    kept = np.flatnonzero(sifted.kept)
    if planned is not None:
        for plan in planned:
            taken = kept if plan.offers is None else kept[:0]
            yield plan, kept[unit_values(leads, "offer_id", kept).isin(plan.offers)] if plan.offers else taken
        return
    if rules.funnel is not None:
        steps = read_steps(rules.funnel, vocabulary=vocabulary, stages=_known_stages(leads["stage"]))
        yield Plan(rules.funnel if isinstance(rules.funnel, str) else None, steps), kept
        return
    by_offer = "offer_id" in rules.unit
    of_lead, names = pd.factorize(offer_keys(leads) if by_offer else keys_of_all(leads))
    names = pd.Index(names).astype(schema.TEXT)
    columns = [*_OF_ROUTES, *(_OF_LISTINGS if len(vocabulary.offers) else ())]
    evidence = leads.loc[sifted.evidence, [name for name in columns if name in leads.columns]]
    offers = of_lead[sifted.evidence]
    keys = pd.Series(pd.Categorical.from_codes(offers, names), index=evidence.index)
    stages, stage_names = pd.factorize(evidence["stage"].astype("category"))
    # How many leads each offer has of each stage; the first column is that of leads without a stage.
    width = len(stage_names) + 1
    tally = np.bincount(offers * width + stages + 1, minlength=len(names) * width).reshape(len(names), width)
    plans = []
    for branch, of_branch in branches_of(route_offers(evidence, vocabulary, keys=keys)).items():
        chosen = names.isin(of_branch)
        size = int(tally[chosen][:, 1 + np.flatnonzero(stage_names.isin(branch.stages))].sum())
        plan = Plan(branch.name, dict(branch.steps), branch.unshown, of_branch if by_offer else None)
        plans.append((size, plan, kept[chosen[of_lead[kept]]]))
    for _, plan, rows in sorted(plans, key=lambda each: -each[0]):
        yield plan, rows
    if not plans:
        name = str(vocabulary.funnels["funnel"].iloc[0])
        yield Plan(name, vocabulary.steps(name), offers=[]), kept[:0]


# The columns that tell the route of an offer, and those by which the publisher may list it.
_OF_ROUTES = ("marketplace", "stage", "created_at")
_OF_LISTINGS = ("publisher_id", "offer_id", "offer_name")


def _define(plan: Plan, rules: FunnelRules, *, as_of: pd.Timestamp | None, by: tuple[str, ...]) -> Definition:
    serving_stages = {stage for stages in plan.steps.values() for stage in stages}
    # Where each offer has its own funnel, a stage that serves a step of one may exclude in the others.
    excluding = [name for name in rules.excluding if rules.funnel is not None or name not in serving_stages]
    return Definition(
        rules=rules,
        steps=plan.steps,
        funnel=plan.name,
        unshown=plan.unshown,
        excluding=tuple(excluding),
        as_of=as_of,
        by=by,
    )


def _removed(sifted: Sifted, *, taken: int, repeated: int, offered: int | None = None) -> dict[str, int]:
    """Return how many leads take no part, by the first reason that applies; all of them and those that do are all."""
    kept = int(np.count_nonzero(sifted.kept))
    removed = sifted.removed | {"repeated records": int(repeated)}
    if offered is not None and offered < kept:
        removed[OTHER_FUNNEL] = kept - offered
    return removed | {"in no step": (kept if offered is None else offered) - int(taken) - int(repeated)}


def _carried(by: str | Sequence[str], rules: FunnelRules) -> tuple[str, ...]:
    """Return the columns whose value at the entry is carried along; what every unit has anyway is none of them."""
    own = [*rules.unit, "offer_name"] if "offer_id" in rules.unit else rules.unit
    return tuple(name for name in dict.fromkeys([by] if isinstance(by, str) else by) if name not in own)


def _check(leads: pd.DataFrame, rules: FunnelRules, by: tuple[str, ...]) -> None:
    kind = "leads with customer_id" if "customer_id" in rules.unit else "leads"
    schema.check(leads, kind, columns=["created_at", "stage", *rules.unit, *by])


def _check_steps(definition: Definition, vocabulary: Vocabulary, leads: pd.DataFrame) -> None:
    """Raise where the steps are too many, a stage both serves and excludes, or two columns would have one name."""
    if len(definition.steps) > MOST_STEPS:
        raise OptionError(f"a funnel has at most {MOST_STEPS} steps", found=f"{len(definition.steps)} steps")
    read_excluding(
        definition.excluding,
        steps=definition.steps,
        vocabulary=vocabulary,
        stages=_known_stages(leads["stage"]),
    )
    own = [name for name in schema.KINDS["funnels"].names if name != "offer_name"]
    names = [*own, *definition.rules.unit, *definition.by, *definition.labels]
    clash = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if clash is not None:
        raise OptionError(
            "two columns of the funnels would have the same name",
            found=repr(clash),
            next_step="rename the column of the leads, or label the step: funnel={'a label': 'a stage', ...}",
        )


def _known_stages(stage: pd.Series) -> list[str]:
    categorical = isinstance(stage.dtype, pd.CategoricalDtype)
    return [str(value) for value in (stage.cat.categories if categorical else stage.dropna().unique())]


def _as_of(rules: FunnelRules, created: np.ndarray) -> pd.Timestamp | None:
    """Return the instant that the rules name, else the newest time of the leads."""
    if rules.as_of is not None:
        return pd.Timestamp(rules.as_of)
    newest = created.max(initial=NEVER)
    return pd.Timestamp(newest, tz="UTC") if newest != NEVER else None


def _rules(definition: Definition) -> Rules:
    rules, (since, until) = definition.rules, definition.dates
    serves = serving(definition.steps)[1]
    serves = np.pad(serves, ((0, 0), (0, len(definition.excluding))))
    return Rules(
        serves=serves,
        breaks=_breaks(serves) if rules.order == "strict" else np.zeros_like(serves),
        excludes=np.logical_not(serves.any(axis=0)),
        excludes_unit=rules.policy == "unit",
        window=_nanoseconds(rules.window and pd.Timedelta(rules.window), _LATEST),
        gap=_nanoseconds(rules.gap and pd.Timedelta(rules.gap), _LATEST),
        as_of=_nanoseconds(definition.as_of, NEVER),
        entered_from=_nanoseconds(since, NEVER),
        entered_to=_nanoseconds(until, _LATEST),
        any_step=rules.start == "any",
        first_only=rules.entry == "first",
        latest=rules.prefer == "latest",
        strict=rules.ties == "strict",
    )


def _breaks(serves: np.ndarray) -> np.ndarray:
    """Return, as [step, stage], which leads break a strict order: those of the funnel that do not repeat the step."""
    breaks = np.zeros_like(serves)
    breaks[1:] = serves.any(axis=0) & ~serves[:-1]
    return breaks


def _nanoseconds(time: pd.Timestamp | pd.Timedelta | None, unlimited: int) -> int:
    return time.value if time is not None else unlimited


def _frame(
    leads: pd.DataFrame,
    packed: Packed,
    definition: Definition,
    removed: Mapping[str, int],
    *,
    people: int,
    own: bool,
) -> pd.DataFrame:
    """Return the funnels: the units that entered, or came in past the first step, inside the range of entries."""
    rules = _rules(definition)
    walk = walk_any_order if definition.rules.order == "any" else walk_units
    walks = walk(packed.bounds, packed.times, packed.stages, rules)
    shown = np.flatnonzero(walks.entry_rows >= 0)
    firsts, entries = packed.rows[packed.bounds[shown]], walks.entry_rows[shown]
    columns = {column: unit_values(leads, column, firsts).array for column in definition.rules.unit}
    if own:
        columns["funnel"] = pd.Categorical.from_codes(np.zeros(len(shown), "int8"), [definition.funnel])
    columns |= {
        "depth": walks.depths[shown],
        "status": _statuses(walks, steps=len(definition.steps))[shown],
        "entered_step": walks.entered_steps[shown],
        "entered_at": _as_times(packed.times[entries]),
        "shown": packed.shown(rules.serves)[shown],
    }
    columns |= {label: _as_times(walks.step_times[shown, step]) for step, label in enumerate(definition.labels)}
    columns |= {column: leads[column].iloc[packed.rows[entries]].array for column in definition.by}
    funnels = pd.DataFrame(columns, copy=False)
    outside = {"outside the entry range": len(walks.depths) - len(shown)}
    funnels.attrs = definition.facts({**removed, **outside}, people=people)
    return funnels


# The facts that each funnel of a frame has for itself.
_OF_EACH = ("steps", "unshown", "funnel", "definition", "removed")


def _together(parts: list[pd.DataFrame], removed: Mapping[str, int], together: Definition) -> pd.DataFrame:
    """Return the funnels of all plans as one frame, plan by plan; the frame of a single plan stays as it is."""
    if len(parts) == 1:
        return parts[0]
    facts = {part.attrs["funnel"]: {name: part.attrs[name] for name in _OF_EACH} for part in parts}
    labels = list(dict.fromkeys(label for part in parts for label in part.attrs["steps"]))
    by = parts[0].attrs["by"]
    own = [column for column in parts[0].columns if column not in (*labels, *by)]
    dtype = pd.CategoricalDtype(list(facts))
    funnels = pd.concat([part.astype({"funnel": dtype}) for part in parts], ignore_index=True)[[*own, *labels, *by]]
    outside = sum(part.attrs["removed"]["outside the entry range"] for part in parts)
    funnels.attrs = {
        **{name: value for name, value in parts[0].attrs.items() if name not in _OF_EACH},
        "definition": together.facts(removed, people=parts[0].attrs["people"])["definition"],
        "removed": {**removed, "outside the entry range": outside},
        "funnels": facts,
    }
    return funnels


def _named(funnels: pd.DataFrame, leads: pd.DataFrame, evidence: np.ndarray) -> pd.DataFrame:
    """Return funnels with what to call their offers, and whether their customers may be contacted."""
    unit, place = funnels.attrs["unit"], funnels.columns.get_loc("shown") + 1
    if "offer_id" in unit and "offer_name" not in unit:
        labels = offer_labels(leads, evidence)
        funnels.attrs["offer_labels"] = labels
        funnels.insert(place, "offer_name", funnels["offer_id"].astype(schema.TEXT).map(labels).astype(schema.TEXT))
    if "customer_id" in unit and "do_not_contact" in leads.columns:
        says = leads["do_not_contact"].eq(True).fillna(False)
        never = leads.loc[says, "customer_id"].dropna().unique()
        funnels.insert(place, "do_not_contact", funnels["customer_id"].isin(never).to_numpy(bool))
    return funnels


def _statuses(walks: Walks, *, steps: int) -> pd.Categorical:
    codes = np.select(
        [walks.excluded, walks.depths == steps, walks.depths == 0, walks.open],
        [STATUSES.index(status) for status in ("excluded", "reached", "bypass", "open")],
        STATUSES.index("dropped"),
    )
    return pd.Categorical.from_codes(codes, list(STATUSES))


def _as_times(nanoseconds: np.ndarray) -> pd.arrays.DatetimeArray:
    return pd.DatetimeIndex(nanoseconds.view("datetime64[ns]"), tz="UTC").array
