"""The offers of the leads: which codes each shows and since when, how it is listed, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from leadanalytics import schema
from leadanalytics.offers import Route, offer_keys, offer_labels, route_offers
from leadanalytics.schema import TEXT
from leadanalytics.vocabulary import Vocabulary, load_vocabulary

__all__ = ["audit_offers"]

_NOT_CERTAIN = "not certain"


def audit_offers(leads: pd.DataFrame, *, vocabulary: Vocabulary | None = None) -> pd.DataFrame:
    """Return how each offer is listed, as the publisher says or as its codes prove.

    One row per offer, the one with most leads first; test leads are left out.

    Parameters
    ----------
    leads : DataFrame
        As made by `decode_leads`.
    vocabulary : Vocabulary, optional
        The listings and codes there are, and the publisher's offers; the shipped ones by default.

    Returns
    -------
    DataFrame
        offer_id, offer_name, leads, first and last (the times of its first and last lead, UTC), codes (source and
        action with the number of leads, the commonest first), route (names of routes.csv), how_sure ("given" by
        offers.csv; "inferred" from the codes; "not certain: ..." where these cannot tell), funnels (the steps that are
        counted) and not_of_listing (the codes that a given listing cannot have, with the number of leads; missing for
        none).

    Raises
    ------
    FrameError
        When `leads` lacks a column that every lead must have.

    Examples
    --------
    >>> leads = pd.DataFrame({
    ...     "record_id": ["1", "2", "3"], "created_at": pd.to_datetime(["2024-02-27"] * 3, utc=True),
    ...     "source": ["TestDrive", "SPZA", "SPZA"], "marketplace": [None, "AppSource", "AppSource"],
    ...     "action": ["StartTestDrive", "PLT", "PLT"], "stage": ["Test drive", "Contact me", "Contact me"],
    ...     "offer_id": "desk", "offer_name": "Desk 365",
    ... })
    >>> audit_offers(leads)[["offer_name", "codes", "route", "how_sure", "funnels"]].iloc[0].tolist()
    ['Desk 365', 'SPZA-PLT: 2, TestDrive-StartTestDrive: 1', 'contact_me', 'inferred', 'Test drive → Contact me']
    """
    leads = schema.conform(leads, "leads")
    leads = leads[~leads["is_test"]]
    vocabulary = vocabulary or load_vocabulary()
    routes, labels = route_offers(leads, vocabulary), offer_labels(leads)
    seen = leads.assign(key=offer_keys(leads).astype(TEXT), code=_codes(leads))
    spans = seen.groupby("key", sort=False)["created_at"].agg(leads="size", first="min", last="max")
    counts = seen.groupby(["key", "action", "code"], observed=True, dropna=False).size().rename("leads").reset_index()
    counts = counts.sort_values(["leads", "code"], ascending=[False, True], kind="stable")
    of_offer = dict(tuple(counts.groupby("key", sort=False)))
    rows = [
        {
            "offer_id": key,
            "offer_name": labels[key],
            **span,
            "codes": _listed(of_offer[key]),
            **_listing(routes.get(key, Route((), False, ())), of_offer[key], vocabulary),
        }
        for key, span in zip(spans.index, spans.to_dict("records"))
    ]
    columns = ["offer_id", "offer_name", "leads", "first", "last", "codes", "route", "how_sure", "funnels"]
    offers = pd.DataFrame(rows, columns=[*columns, "not_of_listing"])
    # Where no lead of any offer is dated, nothing is left that has a zone.
    offers = offers.assign(**{name: pd.to_datetime(offers[name], utc=True) for name in ("first", "last")})
    texts = dict.fromkeys(offers.columns.difference(["leads", "first", "last"]), TEXT)
    offers = offers.astype(texts | {"leads": "int64", "first": schema.TIME, "last": schema.TIME})
    return offers.sort_values(["leads", "offer_id"], ascending=[False, True], kind="stable", ignore_index=True)


def _codes(leads: pd.DataFrame) -> pd.Series:
    """Return source and action of each lead as one text, such as SPZA-PLT."""
    source, action = leads["source"].astype(TEXT), leads["action"].astype(TEXT)
    return (source.fillna("(no source)") + "-" + action.fillna("(no action)")).astype("category")


def _listed(counts: pd.DataFrame) -> str:
    return ", ".join(f"{code}: {leads:,}" for code, leads in zip(counts["code"], counts["leads"]))


def _listing(route: Route, counts: pd.DataFrame, vocabulary: Vocabulary) -> dict[str, str | None]:
    foreign = counts[counts["action"].isin(_foreign(route.routes, vocabulary))] if route.is_given else counts[:0]
    return {
        "route": "; ".join(route.routes) or None,
        "how_sure": _how_sure(route, vocabulary),
        "funnels": "; ".join(" → ".join(label for label, _ in branch.steps) for branch in route.branches) or None,
        "not_of_listing": _listed(foreign) or None,
    }


def _foreign(routes: Sequence[str], vocabulary: Vocabulary) -> set[str]:
    """Return the actions with a stage that leads of some listings cannot carry."""
    codes = vocabulary.route_codes
    return {*vocabulary.stage_of} - {*codes.loc[codes["route"].isin(routes), "action"]}


def _how_sure(route: Route, vocabulary: Vocabulary) -> str:
    if route.is_given:
        return "given"
    meanings = vocabulary.routes.set_index("route")["meaning"]
    doubts: Iterable[str] = (meanings[name] for name in route.routes if meanings[name].startswith(_NOT_CERTAIN))
    return next(iter(doubts), "inferred" if route.routes else f"{_NOT_CERTAIN}: no lead has a known stage")
