"""The offers of leads: what each is called, how it is listed, and which funnels its leads take.

Which steps an offer can have follows from its listing. The publisher names it in offers.csv; else the codes seen prove
what they can (route_proofs.csv). A step of which an offer shows no lead is left out of its funnel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from leadanalytics.schema import TEXT
from leadanalytics.vocabulary import Listings, Vocabulary

__all__ = ["MISSING", "Branch", "Route", "branches_of", "offer_keys", "offer_labels", "route_offers"]

MISSING = "(missing)"
_NO_MARKETPLACE = "(none)"

Steps = Mapping[str, tuple[str, ...]]


class Branch(NamedTuple):
    """One funnel of an offer: the steps that it shows, and the labels of those that it does not show.

    Attributes
    ----------
    funnel : str
        A name of funnels.csv.
    steps : tuple
        The label of each step and the stages that serve it, in order.
    unshown : tuple of str
        The labels of the other steps of the funnel.
    """

    funnel: str
    steps: tuple[tuple[str, tuple[str, ...]], ...]
    unshown: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What the branch is called: two branches of one name have the same steps."""
        return f"{self.funnel} without {' and '.join(self.unshown)}" if self.unshown else self.funnel

    @property
    def stages(self) -> frozenset[str]:
        """The stages of its steps."""
        return frozenset(stage for _, stages in self.steps for stage in stages)


@dataclass(frozen=True)
class Route:
    """How an offer is listed.

    Attributes
    ----------
    routes : tuple of str
        Names of routes.csv; several where the listing changed, or its leads come by several.
    is_given : bool
        Whether the publisher named them; else they were inferred from the codes seen.
    branches : tuple of Branch
        The funnels of its leads.
    """

    routes: tuple[str, ...]
    is_given: bool
    branches: tuple[Branch, ...]


def offer_keys(leads: pd.DataFrame) -> pd.Series:
    """Return what each lead's offer goes by: its id, else its name, else "(missing)"."""
    keys = leads["offer_id"]
    if not keys.isna().any():
        return keys
    keys = keys.astype(TEXT)
    if "offer_name" in leads.columns:
        keys = keys.fillna(leads["offer_name"].astype(TEXT))
    return keys.fillna(MISSING)


def offer_labels(leads: pd.DataFrame) -> dict[str, str]:
    """Return what to call each offer, by its key: its commonest title, with the id where two share a title.

    Examples
    --------
    >>> leads = pd.DataFrame({"offer_id": ["a1", "a2", "b"], "offer_name": ["Crane", "Crane", "Desk"]})
    >>> offer_labels(leads)
    {'a1': 'Crane (a1)', 'a2': 'Crane (a2)', 'b': 'Desk'}
    """
    keys = offer_keys(leads).astype(TEXT)
    if "offer_name" not in leads.columns:
        return {key: key for key in keys.unique()}
    named = pd.DataFrame({"key": keys.array, "name": leads["offer_name"].astype(TEXT).array})
    counts = named.value_counts(["key", "name"], sort=False, dropna=False).rename("leads").reset_index()
    counts["name"] = counts["name"].fillna(counts["key"])
    # An id stands where no title was known, so that any title says more.
    counts["is_id"] = counts["name"] == counts["key"]
    best = counts.sort_values(["key", "is_id", "leads", "name"], ascending=[True, True, False, True])
    labels = best.drop_duplicates("key").set_index("key")["name"]
    twins = labels.duplicated(keep=False) & (labels != labels.index)
    return labels.mask(twins, labels + " (" + labels.index + ")").to_dict()


def route_offers(leads: pd.DataFrame, vocabulary: Vocabulary, *, keys: pd.Series | None = None) -> dict[str, Route]:
    """Return how each offer is listed, by its key, from leads that can count in a funnel.

    Parameters
    ----------
    leads : DataFrame
        stage, created_at, marketplace, offer_id and offer_name (the last three may be absent).
    vocabulary : Vocabulary
    keys : Series, optional
        What tells the offers apart, in place of `offer_keys`; one value for all leads takes them as one offer.
    """
    keys = offer_keys(leads) if keys is None else keys
    marketplace = leads["marketplace"].astype(TEXT) if "marketplace" in leads.columns else pd.Series(pd.NA, leads.index)
    seen = pd.DataFrame(
        {
            "key": keys.astype("category").array,
            "marketplace": marketplace.astype("category").array,
            "stage": leads["stage"].astype("category").array,
            "at": leads["created_at"].array,
        }
    ).dropna(subset="stage")
    spans = seen.groupby(["key", "marketplace", "stage"], observed=True, dropna=False)["at"].agg(["min", "max"])
    names = _names_of(leads, keys) if len(vocabulary.offers) else {}
    found: dict[str, Route] = {}
    known: dict[object, Route] = {}
    for key, part in spans.reset_index().groupby("key", observed=True, sort=False):
        pairs = frozenset(
            (_NO_MARKETPLACE if pd.isna(market) else str(market), str(stage))
            for market, stage in zip(part["marketplace"], part["stage"])
        )
        given = names and _given(Listings.of(vocabulary), part, names.get(str(key), ()))
        facts = (tuple(given or ()), pairs)
        if facts not in known:
            known[facts] = _route(facts[0], pairs, vocabulary)
        found[str(key)] = known[facts]
    return found


def branches_of(routes: Mapping[str, Route]) -> dict[Branch, list[str]]:
    """Return the different branches of some offers, and the keys of the offers that take each, both in order."""
    branches: dict[Branch, list[str]] = {}
    for key, route in routes.items():
        for branch in route.branches:
            branches.setdefault(branch, []).append(key)
    return branches


def _names_of(leads: pd.DataFrame, keys: pd.Series) -> dict[str, tuple[str, ...]]:
    """Return every name under which the publisher may list each offer."""
    columns = [leads[name].astype(TEXT) for name in ("offer_id", "offer_name") if name in leads.columns]
    if {"publisher_id", "offer_id"} <= {*leads.columns}:
        columns.insert(0, leads["publisher_id"].astype(TEXT) + "." + leads["offer_id"].astype(TEXT))
    named = pd.concat([keys.astype(TEXT).rename("key"), *columns], axis=1).drop_duplicates()
    return {
        str(key): tuple(
            dict.fromkeys(name for row in part.itertuples(index=False) for name in row[1:] if pd.notna(name))
        )
        for key, part in named.groupby("key", sort=False)
    }


def _given(listings: Listings, part: pd.DataFrame, names: Iterable[str]) -> list[str]:
    return listings.routes(part["min"].min(), part["max"].max(), *names)


def _route(given: tuple[str, ...], pairs: frozenset[tuple[str, str]], vocabulary: Vocabulary) -> Route:
    branches = _branches(given, pairs, vocabulary)
    covered = frozenset[str]().union(*(branch.stages for branch in branches))
    # What a listing cannot have is counted all the same, by what its codes prove.
    others = frozenset((market, stage) for market, stage in pairs if stage not in covered)
    proved = _proved(others, vocabulary) if others else []
    branches += _branches(proved, pairs, vocabulary, branches)
    return Route(given or tuple(proved), bool(given), tuple(branches))


def _proved(pairs: frozenset[tuple[str, str]], vocabulary: Vocabulary) -> list[str]:
    """Return the routes that leads of some marketplaces and stages prove, in the order of route_proofs.csv."""
    proofs: list[tuple[str, object]] = []
    for row in vocabulary.route_proofs.itertuples(index=False):
        if any(_fits(row.marketplace, market) and _fits(row.stage, stage) for market, stage in pairs):
            proofs.append((str(row.route), row.unless))
    routes = dict.fromkeys(route for route, _ in proofs)
    idle = {route for route, unless in proofs if isinstance(unless, str) and _is_idle(unless, route, routes)}
    return [route for route in routes if route not in idle]


def _fits(asked: object, value: str) -> bool:
    return not isinstance(asked, str) or asked == value


def _is_idle(unless: str, route: str, routes: Iterable[str]) -> bool:
    others = {*routes} - {route}
    return bool(others) if unless == "*" else not others.isdisjoint(unless.split(";"))


def _branches(
    routes: Iterable[str], pairs: frozenset[tuple[str, str]], vocabulary: Vocabulary, before: Iterable[Branch] = ()
) -> list[Branch]:
    """Return the branches of some routes: of each funnel the steps that are shown, none that adds no stage."""
    shown = {stage for _, stage in pairs}
    funnels = vocabulary.routes.set_index("route")["funnels"]
    branches: list[Branch] = []
    for funnel in dict.fromkeys(name for route in routes for name in funnels[route].split(";")):
        steps = vocabulary.steps(funnel)
        taken = tuple((label, stages) for label, stages in steps.items() if shown.intersection(stages))
        if taken:
            unshown = tuple(label for label in steps if label not in dict(taken))
            branches.append(Branch(funnel, taken, unshown))
    kept: list[Branch] = []
    for branch in branches:
        others = [*before, *kept, *(other for other in branches if other.stages > branch.stages)]
        if not any(branch.stages <= other.stages for other in others):
            kept.append(branch)
    return kept


def keys_of_all(leads: pd.DataFrame) -> pd.Series:
    """Return one key for all leads, which takes them as those of one offer."""
    return pd.Series(np.full(len(leads), ""), index=leads.index, dtype=TEXT)
