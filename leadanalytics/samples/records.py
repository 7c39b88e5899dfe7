"""The delivered record: what an Azure Table holds of one click, as text."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics.samples.journeys import CLICKS, CONTACT_ME, DAY
from leadanalytics.samples.people import People
from leadanalytics.samples.spellings import FIELDS, PLACEHOLDER_PHONE, change, replace, spell
from leadanalytics.samples.words import TEXT, Numbers, chance, choose, join, load_words, pick
from leadanalytics.vocabulary import load_vocabulary
from leadanalytics.vocabulary.connection_tests import TEST_MARK, TICKS_AT_1970

PUBLISHER = "contoso-samples"

_ENCODED_TWICE = 7  # of thousand leads
_NOTES = 700  # of thousand requests to be contacted
# Ways to write source, action and offer, with their shares. AppSource has a longer name as well.
_SOURCE_FORMS = ("{source}-{action}|{offer}", "{source}-{action} | {offer}", "{long_source}-{action}|{offer}")
_SOURCE_SHARES = (95, 3, 2)
_LONG_SOURCES = {"SPZA": "AppSource (SPZA)"}

_HEX = np.frombuffer(b"0123456789abcdef", dtype="uint8")
_GUID_DASHES = (8, 13, 18, 23)


def deliver(
    rng: np.random.Generator, *, people: People, offers: pd.DataFrame, clicks: pd.DataFrame
) -> dict[str, pa.Array]:
    """Return the columns of `raw` that the clicks fill, and the truth: true_customer and true_stage."""
    offer, click, at, customer = (clicks[name].to_numpy() for name in ("offer", "click", "at", "customer"))
    actions = [action for _, action in CLICKS]
    stages = load_vocabulary().stage_of
    number = pc.utf8_lpad(pa.array(customer + 1).cast(TEXT), 7, "0")
    return {
        **write_times(rng, at),
        "lead_source": _lead_sources(rng, offers=offers, offer=offer, click=click),
        "action_code": choose(actions, click),
        "offer_title": choose(offers["title"], offer),
        "customer_info": _customer_info(rng, people=people, customer=customer),
        "description": _descriptions(rng, click),
        "true_customer": join("T", number),
        "true_stage": choose([stages.get(action) for action in actions], click),
    }


def connection_tests(rng: np.random.Generator, *, offers: pd.DataFrame, published: pd.Timestamp) -> dict[str, pa.Array]:
    """Return two connection tests per offer, sent while it was published: one named by its ticks, one like a lead."""
    size = 2 * len(offers)
    at = published.value // 1_000_000_000 + np.arange(size) * 3600 + rng.integers(0, 3600, size)
    names = [f"{TEST_MARK}{second * 10_000_000 + TICKS_AT_1970 + 1_318_844}" for second in at.tolist()]
    titles = [title for title in offers["title"] for _ in range(2)]
    offer_ids = [f"{PUBLISHER}.{offer}" for offer in offers["offer_id"] for _ in range(2)]
    named = [row % 2 == 0 for row in range(size)]
    sources = [
        f"{name}-{name}|{title}" if by_ticks else f"AzureMarketplace-INS|{offer}"
        for name, title, offer, by_ticks in zip(names, titles, offer_ids, named)
    ]
    fields = dict.fromkeys(FIELDS, names) | {
        "Email": [f"{name}@test.com" for name in names],
        "Phone": [PLACEHOLDER_PHONE] * size,
        "Country": ["US"] * size,
    }
    return {
        **write_times(rng, at),
        "lead_source": pa.array(sources, TEXT),
        "action_code": pa.array([name if by_ticks else "INS" for name, by_ticks in zip(names, named)], TEXT),
        "offer_title": pa.array(titles, TEXT),
        "customer_info": _json_objects({field: pa.array(values, TEXT) for field, values in fields.items()}),
        "description": pa.array(names, TEXT),
        "true_customer": pa.nulls(size, TEXT),
        "true_stage": pa.nulls(size, TEXT),
    }


def write_times(rng: np.random.Generator, at: Numbers) -> dict[str, pa.Array]:
    """Return record_id, created, received and partition_key of leads made at some seconds since 1970, UTC."""
    day, second = np.divmod(at, DAY)
    stored_day, stored_second = np.divmod(at + rng.integers(2, 5, len(at)), DAY)
    first = int(day.min()) if len(day) else 0
    days = [pd.Timestamp(number, unit="D") for number in range(first, int(stored_day.max(initial=first)) + 1)]
    fractions = [f"{number:07d}" for number in rng.integers(0, 10_000_000, 1_000).tolist()]
    partition = choose([f"{each.month}:2F{each.day}:2F{each.year}" for each in days], day - first)
    created = (choose([f"{each.month}/{each.day}/{each.year}" for each in days], day - first), " ")
    received = (choose([f"{each:%Y-%m-%d}" for each in days], stored_day - first), "T")
    return {
        "record_id": join(partition, "/", _guids(rng, len(at))),
        "created": join(*created, _twelve_hour_clock().take(pa.array(second))),
        "received": join(
            *received,
            _twenty_four_hour_clock().take(pa.array(stored_second)),
            ".",
            choose(fractions, rng.integers(0, len(fractions), len(at))),
            "Z",
        ),
        "partition_key": partition,
    }


def _lead_sources(rng: np.random.Generator, *, offers: pd.DataFrame, offer: Numbers, click: Numbers) -> pa.Array:
    every = [
        form.format(
            source=source,
            long_source=_LONG_SOURCES.get(source, source),
            action=action,
            offer=f"{PUBLISHER}.{offer_id}",
        )
        for form in _SOURCE_FORMS
        for source, action in CLICKS
        for offer_id in offers["offer_id"]
    ]
    form = pick(rng, _SOURCE_SHARES, len(click))
    return choose(every, (form * len(CLICKS) + click) * len(offers) + offer)


def _customer_info(rng: np.random.Generator, *, people: People, customer: Numbers) -> pa.Array:
    """Return CustomerInfo; a cut one ends within the key of the company, after all that could identify the customer."""
    fields = spell(rng, people, customer)
    for field in ("Company", "Title"):
        fields[field] = pc.replace_substring(fields[field], '"', '\\"')
    objects = _json_objects(fields)
    cut = people.has("cut")[customer]
    objects = change(objects, cut, lambda some: pc.replace_substring_regex(some, '"Company": .*', '"Compa'))
    return change(objects, chance(rng, _ENCODED_TWICE, len(customer)) & ~cut, _encode_again)


def _json_objects(fields: dict[str, pa.Array]) -> pa.Array:
    pieces: list[pa.Array | str] = []
    for field, values in fields.items():
        pieces += [f'{", " if pieces else "{"}"{field}": "', values, '"']
    return join(*pieces, "}")


def _encode_again(texts: pa.Array) -> pa.Array:
    escaped = pc.replace_substring(pc.replace_substring(texts, "\\", "\\\\"), '"', '\\"')
    return join('"', escaped, '"')


def _descriptions(rng: np.random.Generator, click: Numbers) -> pa.Array:
    """Return what the marketplace adds: mostly an empty campaign, at times a campaign, URL parameters or a note."""
    campaigns = load_words("campaigns")["campaign"]
    notes = load_words("notes")["note"]
    plain = ["Campaigns: ", " ", ""]
    named = [f"Campaigns: {campaign}" for campaign in campaigns]
    parameters = [f'{{"mktcmpid":"{campaign}","partnerid":"98765"}}' for campaign in campaigns]
    every = plain + named + parameters
    shares = [55, 20, 5, *[1] * len(named), *[1] * len(parameters)]
    added = choose(every, pick(rng, shares, len(click)))
    asks = (click == CONTACT_ME) & chance(rng, _NOTES, len(click))
    return replace(added, asks, choose(notes, rng.integers(0, len(notes), len(click))))


def _guids(rng: np.random.Generator, size: int) -> pa.Array:
    digits = rng.integers(0, 16, (size, 36), dtype="uint8")
    text = _HEX[digits]
    text[:, _GUID_DASHES] = ord("-")
    return pa.array(text.view("S36").ravel()).cast(TEXT)


@functools.cache
def _twelve_hour_clock() -> pa.Array:
    """Return each second of a day as text, such as 1:05:09 PM."""
    hours = [f"{hour % 12 or 12}:{{}} {'AM' if hour < 12 else 'PM'}" for hour in range(24)]
    return pa.array([hour.format(rest) for hour in hours for rest in _minutes_and_seconds()], TEXT)


@functools.cache
def _twenty_four_hour_clock() -> pa.Array:
    """Return each second of a day as text, such as 13:05:09."""
    return pa.array([f"{hour:02d}:{rest}" for hour in range(24) for rest in _minutes_and_seconds()], TEXT)


def _minutes_and_seconds() -> list[str]:
    return [f"{minute:02d}:{second:02d}" for minute in range(60) for second in range(60)]
