"""Which offer a title belongs to, and which title an offer has, told by the leads themselves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from leadanalytics.decoding.lead_source import Offer

__all__ = ["complete_offers", "name_offers"]

OfferIds = tuple[str | None, str]


def complete_offers(offers: Sequence[Offer], *, is_test: Sequence[bool]) -> list[Offer]:
    """Return offers in which a lone title has the ids of the one offer that other leads name together with it.

    A title that leads name together with several offers proves nothing, and stays alone. Tests neither prove nor gain.
    """
    ids_of_title: defaultdict[str, set[OfferIds]] = defaultdict(set)
    for offer, test in zip(offers, is_test, strict=True):
        if offer.title and offer.offer_id and not test:
            ids_of_title[offer.title.casefold()].add((offer.publisher_id, offer.offer_id))
    return [
        offer if test or offer.offer_id else _with_ids(offer, ids_of_title)
        for offer, test in zip(offers, is_test, strict=True)
    ]


def _with_ids(offer: Offer, ids_of_title: defaultdict[str, set[OfferIds]]) -> Offer:
    ids = ids_of_title.get((offer.title or "").casefold(), set())
    if len(ids) != 1:
        return offer
    ((publisher_id, offer_id),) = ids
    return Offer(publisher_id, offer_id, offer.title)


def name_offers(
    offers: Sequence[Offer], *, leads: Sequence[int], titles: Mapping[str, str] | None = None
) -> list[str | None]:
    """Return a name for each offer: the publisher's title of it, its own, else the commonest of its ids, else its id.

    `leads` tells how many leads name each; of titles that are equally common the first by alphabet is taken. `titles`
    are those that the publisher gives, by the offer's id in lower case, with or without the publisher's id.
    """
    seen: defaultdict[OfferIds, Counter[str]] = defaultdict(Counter)
    for offer, count in zip(offers, leads, strict=True):
        if offer.title and offer.offer_id:
            seen[offer.publisher_id, offer.offer_id][offer.title] += count
    commonest = {ids: min(counts, key=lambda title: (-counts[title], title)) for ids, counts in seen.items()}
    return [
        _given(offer, titles or {})
        or offer.title
        or (commonest.get((offer.publisher_id, offer.offer_id), offer.offer_id) if offer.offer_id else None)
        for offer in offers
    ]


def _given(offer: Offer, titles: Mapping[str, str]) -> str | None:
    names = [f"{offer.publisher_id}.{offer.offer_id}", offer.offer_id] if offer.offer_id else []
    return next(filter(None, (titles.get(name.casefold()) for name in names if name)), None)
