"""What a funnel means, as one value that every function takes and hands back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from leadanalytics.errors import OptionError, check_option
from leadanalytics.funnels.sentence import Sentence
from leadanalytics.funnels.times import read_instant, read_range, read_zone
from leadanalytics.rules import Rules
from leadanalytics.spans import read_span, say_span

__all__ = ["OWN_FUNNELS", "FunnelRules"]

# What `funnel` is called on the command line where each offer has its own.
OWN_FUNNELS = "own"
# The choices that take one of several words, and the words; the first is the default.
WORDS: Mapping[str, tuple[str, ...]] = {
    "order": ("ordered", "any", "strict"),
    "start": ("first", "any"),
    "entry": ("best", "first"),
    "prefer": ("earliest", "latest"),
    "ties": ("forward", "strict"),
    "policy": ("chain", "unit"),
}
_EXAMPLES = {
    "unit": "'customer_id'",
    "excluding": "'Contact me'",
    "funnel": "['Test drive', ('Get it now', 'Install')]",
}
# What keeps its default where the steps may come in any order, and why another value means nothing there.
_NEEDS_AN_ORDER: dict[str, tuple[object, str]] = {
    "gap": (None, "no step is next to another"),
    "excluding": ([], "no lead stands between two steps"),
    "start": ("first", "a unit enters at any step anyway"),
    "ties": ("forward", "no step has to come later than another"),
}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class FunnelRules(Rules):
    """Every choice that a funnel's numbers depend on, with one default for all functions and commands.

    The value is frozen, a dict of plain values (so that it travels in `attrs` and Parquet files), readable from TOML
    (`FunnelRules.from_toml`) and printable as one sentence (`print(rules)`).

    Parameters
    ----------
    funnel : str, mapping or sequence, optional
        By default each offer's own funnel, which follows from its listing. Else one for all: a name in funnels.csv, or
        the steps: ["Test drive", "Get it now"], or {"Tried": "Test drive", "Serious": ("Install", "Contact me")}.
    unit : str or sequence of str
        What is counted once: columns of the leads. A missing offer_id is read as the offer_name.
    window : str or timedelta, optional
        The longest time from the entry to any later step, inclusive; None for no limit.
    gap : str or timedelta, optional
        The longest time from each step to the next, inclusive; no limit by default.
    as_of : str or datetime, optional
        Later leads are ignored, and a unit that a lead just after it could take further is open; by default the newest
        created_at of the leads. A plain date is the end of that day in `zone`.
    order : {"ordered", "any", "strict"}
        Take the steps in their order, other leads between them being harmless; or in any order, each lead serving one
        step; or in their order with no lead of another step between two of them, repeats of the earlier aside.
    start : {"first", "any"}
        Enter at the first step only, or at any step; then depth is the furthest step reached from there.
    entry : {"best", "first"}
        Enter with the lead that leads furthest (the earliest of several), or with the first one only.
    prefer : {"earliest", "latest"}
        Of the chains that get equally far, count the one that begins first, or the one that begins last.
    ties : {"forward", "strict"}
        Leads at the same time may be taken in the order of the steps, or time must increase from step to step.
    excluding : str or sequence of str
        Stages whose leads exclude where they lie strictly between two steps; "do not contact" names the leads so
        flagged. They serve no step.
    policy : {"chain", "unit"}
        What an excluding lead excludes: the chain, while another chain of the unit may count; or the unit.
    dates : pair of str or datetime
        Only leads in [from, to) are entries; later steps may come at any time. A plain date begins that day in `zone`.
    zone : str
        The time zone of plain dates, such as "Europe/Berlin".

    Raises
    ------
    OptionError
        When a choice has no such value, a time has no zone, or two choices mean nothing together.

    Examples
    --------
    >>> rules = FunnelRules(window="14 days", entry="first")
    >>> rules
    FunnelRules(window='14 days', entry='first')
    >>> print(rules)
    Customers per offer who took the steps of their offer within 14 days of their first entry.
    >>> rules.changed(window=None).window is None
    True
    """

    section: ClassVar[str] = "funnel"
    renamed: ClassVar[Mapping[str, str]] = {
        "anchor": "prefer",
        "exclusion": "policy",
        "entered": "dates",
        "tz": "zone",
    }

    funnel: Any = None
    unit: Any = ("customer_id", "offer_id")
    window: Any = "30 days"
    gap: Any = None
    as_of: Any = None
    order: str = "ordered"
    start: str = "first"
    entry: str = "best"
    prefer: str = "earliest"
    ties: str = "forward"
    excluding: Any = ()
    policy: str = "chain"
    dates: Any = (None, None)
    zone: str = "UTC"

    def _checked(self) -> dict[str, Any]:
        zone = read_zone("zone", self.zone)
        for choice, words in WORDS.items():
            check_option(choice, getattr(self, choice), words)
        moment = read_instant("as_of", self.as_of, zone=zone, end_of_day=True)
        plain = {
            "funnel": _plain_funnel(self.funnel),
            "unit": _names("unit", self.unit),
            "window": _span("window", self.window),
            "gap": _span("gap", self.gap),
            "as_of": moment.isoformat() if moment is not None else None,
            "excluding": _names("excluding", self.excluding),
            "dates": [
                instant.isoformat() if instant is not None else None
                for instant in read_range("dates", self.dates, zone=zone)
            ],
        }
        self._check_together(plain)
        return plain

    def _check_together(self, plain: Mapping[str, Any]) -> None:
        """Raise where one choice leaves another without a meaning."""
        if not plain["unit"]:
            raise OptionError("unit names at least one column", found="none", next_step="unit='customer_id'")
        if self.policy == "unit" and not plain["excluding"]:
            raise OptionError(
                "policy='unit' means nothing without excluding", next_step="excluding='Contact me' names a stage"
            )
        if self.order != "any":
            return
        for choice, (default, why) in _NEEDS_AN_ORDER.items():
            if plain.get(choice, getattr(self, choice)) != default:
                raise OptionError(
                    f"order='any' and {choice} mean nothing together: {why}",
                    next_step=f"leave out {choice}, or use order='ordered'",
                )

    def __str__(self) -> str:
        labels = [] if isinstance(self.funnel, str) else [_label(step) for step in self.funnel or ()]
        return Sentence(self, labels).say()


def _span(choice: str, value: Any) -> str | None:
    """Return a length of time in words; TOML files and command lines, which know no None, say "none"."""
    if value is None or (isinstance(value, str) and value.strip().lower() == "none"):
        return None
    return say_span(read_span(choice, value))


def _names(choice: str, names: Any) -> list[str]:
    listed = [names] if isinstance(names, str) or not isinstance(names, Iterable) else list(dict.fromkeys(names))
    if not all(isinstance(name, str) for name in listed):
        raise OptionError(
            f"{choice} is a name or a sequence of names", found=repr(names), next_step=f"{choice}={_EXAMPLES[choice]}"
        )
    return listed


def _plain_funnel(funnel: Any) -> Any:
    """Return a funnel as plain values; that its stages exist shows only when the leads are there."""
    if funnel is None or isinstance(funnel, str):
        return None if funnel == OWN_FUNNELS else funnel
    if not isinstance(funnel, Mapping | Sequence) or not funnel:
        raise OptionError(
            "funnel is a name, a sequence of stages or a mapping of labels to stages",
            found=repr(funnel),
            next_step="funnel=['Test drive', 'Get it now']",
        )
    if isinstance(funnel, Mapping):
        return {str(label): _step(stages) for label, stages in funnel.items()}
    return [_step(stages) for stages in funnel]


def _step(stages: Any) -> Any:
    return stages if isinstance(stages, str) else _names("funnel", stages)


def _label(step: Any) -> str:
    return step if isinstance(step, str) else " or ".join(step)
