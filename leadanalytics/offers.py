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

__all__ = ["MISSING", "Branch", "Route", "branches_of", "keys_of_all", "offer_keys", "offer_labels", "route_offers"]

MISSING = "(missing)"

Pairs = frozenset[tuple[str | None, str]]  # the marketplaces and stages of leads


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
    """Return what each lead's offer goes by: its id, else its name, else "(missing)".

    Examples
    --------
    >>> offer_keys(pd.DataFrame({"offer_id": ["a1", None, None], "offer_name": ["Crane", "Desk", None]})).tolist()
    ['a1', 'Desk', '(missing)']
    """
    if "offer_id" in leads.columns and not leads["offer_id"].isna().any():
        return leads["offer_id"]
    keys = pd.Series(None, index=leads.index, dtype=TEXT)
    for column in ("offer_id", "offer_name"):
        if column in leads.columns:
            keys = keys.fillna(leads[column].astype(TEXT))
    return keys.fillna(MISSING)


def offer_labels(leads: pd.DataFrame, counted: np.ndarray | None = None) -> dict[str, str]:
    """Return what to call each offer, by its key: its commonest title, with the id where two share a title.

    Parameters
    ----------
    leads : DataFrame
        offer_id and offer_name (either may be absent).
    counted : array of bool, optional
        Which leads to look at; all by default.

    Examples
    --------
    >>> leads = pd.DataFrame({"offer_id": ["a1", "a2", "b"], "offer_name": ["Crane", "Crane", "Desk"]})
    >>> offer_labels(leads)
    {'a1': 'Crane (a1)', 'a2': 'Crane (a2)', 'b': 'Desk'}
    """
    places, keys = pd.factorize(offer_keys(leads))
    keys = pd.Index(keys).astype(TEXT)
    if "offer_name" not in leads.columns:
        return {key: key for key in keys}
    name_places, names = pd.factorize(leads["offer_name"])
    # Numbers are chosen and counted in less time than texts. The first name is that of leads without one.
    pairs = places * (len(names) + 1) + name_places + 1
    pairs, leads_of = np.unique(pairs if counted is None else pairs[counted], return_counts=True)
    of_key, of_name = np.divmod(pairs, len(names) + 1)
    counts = pd.DataFrame({"key": keys[of_key], "leads": leads_of})
    counts["name"] = pd.Index(names).astype(TEXT).insert(0, None)[of_name]
    counts["name"] = counts["name"].fillna(counts["key"])
    # An id stands where no title was known, so that any title says more.
    counts["is_id"] = counts["name"] == counts["key"]
    best = counts.sort_values(["key", "is_id", "leads", "name"], ascending=[True, True, False, True])
    labels = best.drop_duplicates("key").set_index("key")["name"]
    twins = labels.duplicated(keep=False) & (labels != labels.index)
    return labels.mask(twins, labels + " (" + labels.index + ")").to_dict()


def route_offers(leads: pd.DataFrame, vocabulary: Vocabulary, *, keys: pd.Series | None = None) -> dict[str, Route]:
    """Return how each offer is listed, by its key, from leads that can count in a funnel.

    An offer none of whose leads has a stage has no route.

    Parameters
    ----------
    leads : DataFrame
        stage, created_at, marketplace, publisher_id, offer_id and offer_name (the last four may be absent).
    vocabulary : Vocabulary
    keys : Series, optional
        What tells the offers apart, in place of `offer_keys`; one value for all leads takes them as one offer.

    Examples
    --------
    >>> from leadanalytics.vocabulary import load_vocabulary
    >>> times = pd.to_datetime(["2024-06-01", "2024-06-03"], utc=True)
    >>> leads = pd.DataFrame({"offer_id": "crane", "stage": ["Test drive", "Contact me"], "created_at": times})
    >>> route_offers(leads, load_vocabulary())["crane"].routes
    ('contact_me',)
    """
    keys = offer_keys(leads) if keys is None else keys
    marketplace = leads["marketplace"] if "marketplace" in leads.columns else pd.Series(None, leads.index, TEXT)
    seen = pd.DataFrame(
        {
            "key": keys.astype("category").array,
            "marketplace": marketplace.astype("category").array,
            "stage": leads["stage"].astype("category").array,
            "at": leads["created_at"].array,
        }
    ).dropna(subset="stage")
    groups = seen.groupby(["key", "marketplace", "stage"], observed=True, dropna=False)["at"]
    spans = groups.agg(["min", "max"]).reset_index().astype({"key": TEXT})
    given = _given(leads, keys, spans, vocabulary) if len(vocabulary.offers) else {}
    pairs: dict[str, set[tuple[str | None, str]]] = {}
    for key, market, stage in zip(spans["key"], spans["marketplace"], spans["stage"]):
        pairs.setdefault(key, set()).add((None if pd.isna(market) else str(market), str(stage)))
    # Many offers share their facts, and so their route.
    facts = {key: (given.get(key, ()), frozenset(of_key)) for key, of_key in pairs.items()}
    routes = {each: _route(*each, vocabulary) for each in dict.fromkeys(facts.values())}
    return {key: routes[each] for key, each in facts.items()}


def branches_of(routes: Mapping[str, Route]) -> dict[Branch, list[str]]:
    """Return the different branches of some offers, and the keys of the offers that take each, both in order."""
    branches: dict[Branch, list[str]] = {}
    for key, route in routes.items():
        for branch in route.branches:
            branches.setdefault(branch, []).append(key)
    return branches


def _given(
    leads: pd.DataFrame, keys: pd.Series, spans: pd.DataFrame, vocabulary: Vocabulary
) -> dict[str, tuple[str, ...]]:
    """Return the routes by which the publisher lists each offer in the time of its leads."""
    listings = Listings.of(vocabulary)
    of_key = spans.groupby("key")
    first, last = of_key["min"].min().to_dict(), of_key["max"].max().to_dict()
    columns = [leads[name].astype(TEXT).rename(name) for name in ("offer_id", "offer_name") if name in leads.columns]
    if {"publisher_id", "offer_id"} <= {*leads.columns}:
        columns.insert(0, leads["publisher_id"].astype(TEXT) + "." + columns[0])
    named = pd.concat([keys.astype(TEXT), *columns], axis=1).drop_duplicates()
    given: dict[str, list[str]] = {}
    for key, *names in named.itertuples(index=False):
        if key in first:
            texts = [name for name in names if pd.notna(name)]
            given.setdefault(key, []).extend(listings.routes(first[key], last[key], *texts))
    return {key: tuple(dict.fromkeys(routes)) for key, routes in given.items()}


def _route(given: tuple[str, ...], pairs: Pairs, vocabulary: Vocabulary) -> Route:
    routes, branches, left = list(given), _branches(given, pairs, vocabulary), pairs
    # What a listing cannot have is counted all the same, by what its codes prove.
    while left := frozenset((market, stage) for market, stage in left if not any(stage in b.stages for b in branches)):
        proved = _proved(left, vocabulary)
        routes += proved if not given else []
        more = _branches(proved, pairs, vocabulary, branches)
        if not more:
            break
        branches += more
    return Route(tuple(dict.fromkeys(routes)), bool(given), tuple(branches))


def _proved(pairs: Pairs, vocabulary: Vocabulary) -> list[str]:
    """Return the routes that leads of some marketplaces and stages prove, in the order of route_proofs.csv."""
    routes: dict[str, None] = {}
    for row in vocabulary.route_proofs.itertuples(index=False):
        unless = row.unless.split(";") if isinstance(row.unless, str) else ()
        if routes and (unless == ["*"] or not routes.keys().isdisjoint(unless)):
            continue
        if any(_fits(row.marketplace, market) and _fits(row.stage, stage) for market, stage in pairs):
            routes[str(row.route)] = None
    return list(routes)


def _fits(asked: object, value: str | None) -> bool:
    return not isinstance(asked, str) or asked == value


def _branches(
    routes: Iterable[str], pairs: Pairs, vocabulary: Vocabulary, before: Iterable[Branch] = ()
) -> list[Branch]:
    """Return the branches of some routes: of each funnel the steps that are shown, none that adds no stage."""
    shown = {stage for _, stage in pairs}
    funnels = vocabulary.routes.set_index("route")["funnels"]
    branches: list[Branch] = []
    for funnel in dict.fromkeys(name for route in routes for name in funnels[route].split(";")):
        steps = vocabulary.steps(funnel)
        taken = {label: stages for label, stages in steps.items() if shown.intersection(stages)}
        if taken:
            branches.append(Branch(funnel, tuple(taken.items()), tuple(label for label in steps if label not in taken)))
    kept: list[Branch] = []
    for branch in branches:
        others = [*before, *kept, *(other for other in branches if other.stages > branch.stages)]
        if not any(branch.stages <= other.stages for other in others):
            kept.append(branch)
    return kept


def keys_of_all(leads: pd.DataFrame) -> pd.Series:
    """Return one key for all leads, which takes them as those of one offer."""
    return pd.Series(np.full(len(leads), ""), index=leads.index, dtype=TEXT)
