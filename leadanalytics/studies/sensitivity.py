"""Questions that say the whole sentence several times: how much of an answer is a choice that was made on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from leadanalytics.errors import OptionError
from leadanalytics.funnels import FunnelRules, build_funnels, code_units, count_stages, plan_funnels, split_funnels
from leadanalytics.funnels.building import Plan
from leadanalytics.funnels.rules import WORDS
from leadanalytics.identity import identify_at, identify_customers
from leadanalytics.schema import TEXT, check
from leadanalytics.vocabulary import Vocabulary

__all__ = ["definition_sensitivity", "identity_sensitivity"]

BASE = "base"
# The choices of `FunnelRules` that are tried one by one, and their values; those of the base are not tried again.
_CHOICES: Mapping[str, Sequence[Any]] = {
    **{choice: WORDS[choice] for choice in ("entry", "ties", "start", "order")},
    "unit": (["customer_id", "offer_id"], ["customer_id"], ["account_id"]),
}


def identity_sensitivity(
    leads: pd.DataFrame,
    rules: FunnelRules | Mapping[str, Any] | None = None,
    *,
    thresholds: Sequence[float] = (-2, -1, 0, 1, 2, 4),
    vocabulary: Vocabulary | None = None,
    **changes: Any,
) -> pd.DataFrame:
    """Return the headline rate for each way to say who is one customer: how much of the answer is identity.

    Where the rates lie within one another's intervals, the choice of the threshold does not matter for the funnel.

    Parameters
    ----------
    leads : DataFrame
        As made by `decode_leads`; a customer_id that is there is found anew.
    rules : FunnelRules or mapping, optional
        What the funnel means, as in `build_funnels`. There is one headline rate, so where each offer has its own funnel
        the one with most units is counted, with its offers, and `attrs["definition"]` says so.
    thresholds : sequence of float
        The bits from which two leads are one person's: more bits make fewer merges, and more customers.
    vocabulary : Vocabulary, optional
        The meaning of the codes; the shipped one by default.
    **changes
        Choices of `FunnelRules` that differ from `rules`, such as funnel="acquisition".

    Returns
    -------
    DataFrame
        One row per threshold, then one for the method "keys": *method*, *threshold* [bits, missing for keys],
        *customers*, *merged_records* (that share a customer with another record), *entered* (units at the first step),
        *reached* (at the last step), *rate* (the last step of the first), *rate_low* and *rate_high* (its 95 %
        interval). `attrs["definition"]` says what the funnel counts.

    Raises
    ------
    FrameError
        When a column is missing.
    OptionError
        When a choice has no such value.

    Examples
    --------
    >>> import leadanalytics as la
    >>> leads = la.make_leads(customers=100, seed=1).pipe(la.decode_leads)
    >>> la.identity_sensitivity(leads, thresholds=[0, 4])["method"].tolist()
    ['evidence', 'evidence', 'keys']
    """
    rules = FunnelRules.read(rules, **changes)
    check(leads, "leads")
    by_keys = identify_customers(leads, method="keys")
    headline = Headline.of(by_keys, rules, vocabulary)
    ways = [("evidence", threshold) for threshold in thresholds] + [("keys", float("nan"))]
    rows, definition = [], ""
    # The pairs that a user knows better stay with the evidence.
    for identified in (*identify_at(by_keys, thresholds, leads.attrs.get("match_rules")), by_keys):
        facts, definition = headline.rate_of(identified, rules)
        rows.append(_size(identified) | facts)
    result = pd.concat([pd.DataFrame(ways, columns=["method", "threshold"]), pd.DataFrame(rows)], axis=1)
    result.attrs = {"rules": rules, "funnel": headline.plan.name, "definition": headline.whose + definition}
    return result


def definition_sensitivity(
    leads: pd.DataFrame,
    rules: FunnelRules | Mapping[str, Any] | None = None,
    *,
    windows: Sequence[str] = ("7 days", "14 days", "30 days", "90 days"),
    thresholds: Sequence[float] = (-4, 0, 4, 8),
    vocabulary: Vocabulary | None = None,
    **changes: Any,
) -> pd.DataFrame:
    """Return the headline rate for each choice of meaning, one changed at a time: how much of it is definition.

    A difference that lies far within the interval of the base is of no matter; one beyond it has to be told with the
    rate. The rates are of the same leads, so their difference is no test of chance, and has no interval.

    Parameters
    ----------
    leads : DataFrame
        Leads with customer_id.
    rules : FunnelRules or mapping, optional
        The base, from which one choice differs at a time. There is one headline rate, so where each offer has its own
        funnel the one with most units is counted, with its offers, and `attrs["definition"]` says so.
    windows : sequence of str
        Other windows to try.
    thresholds : sequence of float
        The bits from which two leads are one person's, to try in place of the customers that the leads have.
    vocabulary : Vocabulary, optional
        The meaning of the codes; the shipped one by default.
    **changes
        Choices of `FunnelRules` that differ from `rules`, such as funnel="acquisition".

    Returns
    -------
    DataFrame
        The base, then one row per choice that differs from it in one thing: *choice* (entry, ties, start, order, unit,
        window or identity; "base" for the base), *value*, *n* (units at the first step), *reached* (at the last),
        *rate*, *rate_low* and *rate_high* (its 95 % interval, Wilson's), *difference* (of the rate from that of the
        base) and *definition*. The unit account_id is there where the leads know their accounts; what means nothing
        together with the base is not there.

    Raises
    ------
    FrameError
        When a column is missing.
    OptionError
        When a choice has no such value.

    Examples
    --------
    >>> import leadanalytics as la
    >>> leads = la.make_leads(customers=100, seed=1).pipe(la.decode_leads).pipe(la.identify_customers)
    >>> rates = la.definition_sensitivity(leads, funnel="acquisition", windows=["60 days"], thresholds=[4])
    >>> rates["choice"].tolist()
    ['base', 'entry', 'ties', 'start', 'order', 'order', 'unit', 'unit', 'window', 'window', 'identity', 'identity']
    """
    rules = FunnelRules.read(rules, **changes)
    check(leads, "leads with customer_id", columns=rules.unit)
    columns = dict.fromkeys([*rules.unit, "customer_id", "offer_id", "account_id"])
    coded = code_units(leads, [name for name in columns if name in leads.columns])
    headline = Headline.of(coded, rules, vocabulary)
    others = [*_other_choices(rules, windows, leads.columns), *_other_identities(leads, thresholds)]
    rows = []
    for choice, value, identified, other in [(BASE, "", None, rules), *others]:
        facts, definition = headline.rate_of(coded if identified is None else identified, other or rules)
        rows.append({"choice": choice, "value": value, **facts, "definition": definition})
    result = pd.DataFrame(rows).rename(columns={"entered": "n"}).astype({"choice": TEXT, "value": TEXT})
    result.insert(result.columns.get_loc("definition"), "difference", result["rate"] - result["rate"].iloc[0])
    said = headline.whose + result["definition"].iloc[0]
    result.attrs = {"rules": rules, "funnel": headline.plan.name, "definition": said}
    return result


class Headline(NamedTuple):
    """The one funnel whose rate is looked at, and that it is one of several, in words."""

    plan: Plan
    whose: str
    vocabulary: Vocabulary | None

    @classmethod
    def of(cls, leads: pd.DataFrame, rules: FunnelRules, vocabulary: Vocabulary | None) -> Headline:
        """Return the funnel with most units; one of a single step has no rate, and comes last."""
        plans = plan_funnels(leads, rules, vocabulary=vocabulary)
        funnels = build_funnels(leads, rules, plans=plans, vocabulary=vocabulary)
        sizes = {name: len(part) for name, part in split_funnels(funnels)}
        largest = max(plans, key=lambda plan: (len(plan.steps) > 1, sizes.get(plan.name, 0)))
        whose = f"The largest of {len(plans)} funnels. " if len(plans) > 1 else ""
        return cls(largest, whose, vocabulary)

    def rate_of(self, leads: pd.DataFrame, rules: FunnelRules) -> tuple[dict[str, float], str]:
        """Return the headline rate under some rules, and what it counts."""
        counts = count_stages(build_funnels(leads, rules, plans=[self.plan], vocabulary=self.vocabulary))
        first, last = counts.iloc[0], counts.iloc[-1]
        facts = {
            "entered": first["n"],
            "reached": last["n"],
            "rate": last["of_first"],
            "rate_low": last["of_first_low"],
            "rate_high": last["of_first_high"],
        }
        return facts, str(counts.attrs["definition"])


# A choice, its value, the leads where they are other ones, and the rules where they are.
Way = tuple[str, str, pd.DataFrame | None, FunnelRules | None]


def _other_choices(rules: FunnelRules, windows: Sequence[str], columns: pd.Index) -> Iterator[Way]:
    """Yield every way to count the same customers otherwise."""
    limits = [*([] if rules.window is None else [None]), *windows]
    choices = {**_CHOICES, "window": limits}
    for choice, values in choices.items():
        for value in values:
            if choice == "unit" and not {*value} <= {*columns}:
                continue
            try:
                other = rules.changed(**{choice: value})
            except OptionError:
                if choice == "window":
                    raise
                continue  # it means nothing together with another choice of the base
            if other[choice] != rules[choice]:
                said = ", ".join(value) if choice == "unit" else str(value or "none")
                yield choice, said, None, other


def _other_identities(leads: pd.DataFrame, thresholds: Sequence[float]) -> Iterator[Way]:
    """Yield every other way to say who is one customer; the accounts stay."""
    for threshold, identified in zip(thresholds, identify_at(leads, thresholds), strict=True):
        yield "identity", f"{threshold:g} bits", identified, None
    yield "identity", "keys", identify_customers(leads, method="keys"), None


def _size(leads: pd.DataFrame) -> dict[str, int]:
    """Return how many customers leads make, and how many records share theirs with another."""
    records = leads.dropna(subset="customer_id").drop_duplicates("record_id")
    return {
        "customers": records["customer_id"].nunique(),
        "merged_records": int(records["customer_id"].duplicated(keep=False).sum()),
    }
