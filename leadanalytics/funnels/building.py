"""From leads to funnels: one row per unit, how far it went and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from leadanalytics import schema
from leadanalytics.errors import OptionError, check_option
from leadanalytics.funnels.any_order import walk_any_order
from leadanalytics.funnels.definition import Definition
from leadanalytics.funnels.engine import MOST_STEPS, NEVER, Rules, Walks, walk_units
from leadanalytics.funnels.packing import Packed, pack_leads, unit_values
from leadanalytics.funnels.steps import Funnel, read_excluding, read_steps, serving
from leadanalytics.funnels.times import Instant, created_times, read_instant, read_range
from leadanalytics.spans import Span, read_span
from leadanalytics.vocabulary import Vocabulary, load_vocabulary

__all__ = ["STATUSES", "build_funnels"]

STATUSES = ("reached", "open", "dropped", "bypass", "excluded")
# The arguments that take one of several words, and the words.
_WORDS = {
    "order": ("ordered", "any", "strict"),
    "start": ("first", "any"),
    "entry": ("best", "first"),
    "anchor": ("earliest", "latest"),
    "ties": ("forward", "strict"),
    "exclusion": ("chain", "unit"),
}
# What keeps its default where the steps may come in any order, and why another value means nothing there.
_NEEDS_AN_ORDER: dict[str, tuple[object, str]] = {
    "gap": (None, "no step is next to another"),
    "excluding": ((), "no lead stands between two steps"),
    "start": ("first", "a unit enters at any step anyway"),
    "ties": ("forward", "no step has to come later than another"),
}
_LATEST = np.iinfo(np.int64).max


def build_funnels(
    leads: pd.DataFrame,
    *,
    unit: str | Sequence[str] = ("customer_id", "offer_id"),
    funnel: Funnel = "acquisition",
    order: str = "ordered",
    window: Span | None = None,
    gap: Span | None = None,
    as_of: Instant = None,
    start: str = "first",
    entry: str = "best",
    anchor: str = "earliest",
    ties: str = "forward",
    excluding: str | Iterable[str] = (),
    exclusion: str = "chain",
    entered: tuple[Instant, Instant] = (None, None),
    by: str | Sequence[str] = (),
    vocabulary: Vocabulary | None = None,
) -> pd.DataFrame:
    """Return one row per unit: how far it went through the steps of a funnel, its status, and when it took each step.

    From created_at, stage and the columns of the unit, to those columns, depth, status, entered_step, entered_at,
    do_not_contact (where the leads have it and the unit names customer_id: whether any lead of the customer says so),
    one time (UTC) per step named as the step, and the columns of `by`. There is a row for every unit that has a lead of
    any step, sorted by unit; the order of the leads does not matter.

    Parameters
    ----------
    leads : DataFrame
        Leads with customer_id. Test leads (is_test), do-not-contact leads (do_not_contact), leads without a time or a
        customer, and repeats of a record (record_id) take no part; `attrs["removed"]` counts them by reason.
    unit : str or sequence of str
        What is counted once: columns of the leads. A missing offer_id is read as the offer_name.
    funnel : str, mapping or sequence
        A name in funnels.csv, or the steps: ["Test drive", "Get it now"], or
        {"Tried": "Test drive", "Serious": ("Install", "Contact me")}.
    order : {"ordered", "any", "strict"}
        Take the steps in their order, other leads between them being harmless; or in any order, each lead serving one
        step, where depth is the most different steps inside one window and the times are named "1 of 3", "2 of 3",
        "3 of 3"; or in their order with no lead of another step between two of them, repeats of the earlier aside.
    window : str or timedelta, optional
        The longest time from the entry to any later step, inclusive; no limit by default.
    gap : str or timedelta, optional
        The longest time from each step to the next, inclusive; no limit by default.
    as_of : str or datetime with a time zone, optional
        Later leads are ignored, and a unit that a lead just after it could take further is open; by default the
        newest created_at of the leads.
    start : {"first", "any"}
        Enter at the first step only, or at any step; then depth is the furthest step reached from there.
    entry : {"best", "first"}
        Enter with the lead that leads furthest (the earliest of several), or with the first one only.
    anchor : {"earliest", "latest"}
        Of the chains that get equally far, tell the one that begins first, or the one that begins last; in both each
        step is taken as early as the chain allows. It changes no depth, unless the unit policy of exclusion looks at
        the chain.
    ties : {"forward", "strict"}
        Leads at the same time may be taken in the order of the steps, or time must increase from step to step.
    excluding : str or sequence of str
        Stages whose leads exclude where they lie strictly between two steps; "do not contact" names the leads so
        flagged. They serve no step.
    exclusion : {"chain", "unit"}
        A chain cannot pass an excluding lead, but another chain of the unit may count; or a unit is excluded if the
        chain that would be told without excluding passes one.
    entered : pair of str or datetime with a time zone
        Only leads in [from, to) are entries; later steps may come at any time.
    by : str or sequence of str
        Columns of the leads whose value at the entry is carried along, to break counts down.
    vocabulary : Vocabulary, optional
        The stages and funnels there are; the shipped ones by default.

    Returns
    -------
    DataFrame
        Its `attrs` hold every choice, the number of leads removed, and `definition`, which says it in one sentence.

    Raises
    ------
    FrameError
        When a column is missing, or created_at has no time zone.
    OptionError
        When an argument has a value that is not one of its options, a time has no zone, or an argument means nothing
        beside another: any order with gap, excluding, start or ties.

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
    >>> funnels = build_funnels(leads, window="14 days")
    >>> funnels[["customer_id", "depth", "status"]]
      customer_id  depth   status
    0         ann      2  dropped
    1         bob      1     open
    >>> funnels.attrs["definition"]
    'Customers per offer who took Test drive, then Get it now, then Install within 14 days of their Test drive, ...'
    """
    words = {"order": order, "start": start, "entry": entry, "anchor": anchor, "ties": ties, "exclusion": exclusion}
    for argument, value in words.items():
        check_option(argument, value, _WORDS[argument])
    units, carried = _columns(unit), _columns(by)
    _check(leads, units, carried)
    created = created_times(leads)
    vocabulary, stages = vocabulary or load_vocabulary(), _known_stages(leads["stage"])
    steps = read_steps(funnel, vocabulary=vocabulary, stages=stages)
    definition = Definition(
        unit=units,
        funnel=funnel if isinstance(funnel, str) else None,
        steps=steps,
        window=None if window is None else read_span("window", window),
        gap=None if gap is None else read_span("gap", gap),
        as_of=read_instant("as_of", as_of) or _newest(created),
        excluding=read_excluding(excluding, steps=steps, vocabulary=vocabulary, stages=stages),
        **words,
        entered=read_range("entered", entered),
        by=tuple(column for column in carried if column not in units),
    )
    _check_meaning(definition)
    _check_names(definition)
    packed = pack_leads(leads, created=created, definition=definition)
    walk = walk_any_order if order == "any" else walk_units
    walks = walk(packed.bounds, packed.times, packed.stages, _rules(definition))
    return _frame(leads, packed, walks, definition)


def _columns(names: str | Sequence[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(dict.fromkeys(names))


def _check(leads: pd.DataFrame, unit: tuple[str, ...], by: tuple[str, ...]) -> None:
    kind = "leads with customer_id" if "customer_id" in unit else "leads"
    schema.check(leads, kind, columns=["created_at", "stage", *unit, *by])
    if not unit:
        raise OptionError("unit names at least one column", found="none", next_step="unit='customer_id'")


def _check_meaning(definition: Definition) -> None:
    """Raise where one choice leaves another without a meaning, or there is more than the pass can hold."""
    if len(definition.steps) > MOST_STEPS:
        raise OptionError(f"a funnel has at most {MOST_STEPS} steps", found=f"{len(definition.steps)} steps")
    if definition.exclusion == "unit" and not definition.excluding:
        raise OptionError(
            "exclusion='unit' means nothing without excluding", next_step="excluding='Contact me' names a stage"
        )
    if definition.order != "any":
        return
    for argument, (default, why) in _NEEDS_AN_ORDER.items():
        if getattr(definition, argument) != default:
            raise OptionError(
                f"order='any' and {argument} mean nothing together: {why}",
                next_step=f"leave out {argument}, or use order='ordered'",
            )


def _check_names(definition: Definition) -> None:
    """Raise unless every column of the result has a name of its own."""
    names = [*schema.KINDS["funnels"].names, *definition.unit, *definition.by, *definition.labels]
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


def _newest(created: np.ndarray) -> pd.Timestamp | None:
    newest = created.max(initial=NEVER)
    return pd.Timestamp(newest, tz="UTC") if newest != NEVER else None


def _rules(definition: Definition) -> Rules:
    since, until = definition.entered
    serves = serving(definition.steps)[1]
    serves = np.pad(serves, ((0, 0), (0, len(definition.excluding))))
    return Rules(
        serves=serves,
        breaks=_breaks(serves) if definition.order == "strict" else np.zeros_like(serves),
        excludes=np.logical_not(serves.any(axis=0)),
        excludes_unit=definition.exclusion == "unit",
        window=_nanoseconds(definition.window, _LATEST),
        gap=_nanoseconds(definition.gap, _LATEST),
        as_of=_nanoseconds(definition.as_of, NEVER),
        entered_from=_nanoseconds(since, NEVER),
        entered_to=_nanoseconds(until, _LATEST),
        any_step=definition.start == "any",
        first_only=definition.entry == "first",
        latest=definition.anchor == "latest",
        strict=definition.ties == "strict",
    )


def _breaks(serves: np.ndarray) -> np.ndarray:
    """Return, as [step, stage], which leads break a strict order: those of the funnel that do not repeat the step."""
    breaks = np.zeros_like(serves)
    breaks[1:] = serves.any(axis=0) & ~serves[:-1]
    return breaks


def _nanoseconds(time: pd.Timestamp | pd.Timedelta | None, unlimited: int) -> int:
    return time.value if time is not None else unlimited


def _frame(leads: pd.DataFrame, packed: Packed, walks: Walks, definition: Definition) -> pd.DataFrame:
    """Return the funnels: the units that entered, or came in past the first step, inside the range of entries."""
    shown = np.flatnonzero(walks.entry_rows >= 0)
    firsts, entries = packed.rows[packed.bounds[shown]], walks.entry_rows[shown]
    columns = {column: unit_values(leads, column, firsts).array for column in definition.unit}
    columns |= {
        "depth": walks.depths[shown],
        "status": _statuses(walks, steps=len(definition.steps))[shown],
        "entered_step": walks.entered_steps[shown],
        "entered_at": _as_times(packed.times[entries]),
    }
    if packed.flagged is not None:
        columns["do_not_contact"] = packed.flagged[shown]
    columns |= {label: _as_times(walks.step_times[shown, step]) for step, label in enumerate(definition.labels)}
    columns |= {column: leads[column].iloc[packed.rows[entries]].array for column in definition.by}
    funnels = pd.DataFrame(columns, copy=False)
    outside = len(walks.depths) - len(shown)
    funnels.attrs = definition.facts({**packed.removed, "outside the entry range": outside}, people=packed.people)
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
