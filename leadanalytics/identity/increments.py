"""New leads taken into what is known: only customers that share a key with them are looked at again."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics.identity.accounts import account_ids, account_keys
from leadanalytics.identity.events import tell_events
from leadanalytics.identity.flat import to_arrow
from leadanalytics.identity.frozen_rarity import FrozenRarity, freeze_rarity, recall_population
from leadanalytics.identity.identifying import Identities, by_evidence, known_ids, oldest_first
from leadanalytics.identity.known_records import (
    ACCOUNT_COLUMNS,
    KnownRecords,
    find_accounts,
    find_customers,
    find_near,
    find_records,
    take_records,
    with_events,
    with_records,
)
from leadanalytics.identity.matching import Matches, match_profiles
from leadanalytics.identity.profiles import Profiles, read_profiles
from leadanalytics.identity.record_keys import COLUMNS, record_keys
from leadanalytics.identity.rules import PAIRS, MatchRules
from leadanalytics.identity.succession import carry_on
from leadanalytics.schema import CUSTOMER_FIELDS, TEXT, TIME

_READ = ("record_id", "created_at", *CUSTOMER_FIELDS)
_TEXTS = ("record_id", *CUSTOMER_FIELDS)
_STORED = (*_READ, "customer_id", "account_id", "since")


@dataclass(frozen=True)
class Choices:
    """How new leads are taken in, see `CustomerIndex.update`."""

    rules: MatchRules = field(default_factory=MatchRules)
    as_of: pd.Timestamp | None = None
    refresh_at: float = math.inf


class Increment(NamedTuple):
    """What becomes of an index when leads are taken in.

    Attributes
    ----------
    known : KnownRecords
        The index afterwards.
    identities : Identities
        Of the new leads.
    events : DataFrame
        See `tell_events`.
    refreshed : bool
        Whether rarity was measured anew and every customer looked at again.
    """

    known: KnownRecords
    identities: Identities
    events: pd.DataFrame
    refreshed: bool


def take_in(known: KnownRecords, people: pd.DataFrame, choices: Choices) -> Increment:
    """Return what becomes of an index when the leads of some people are taken in."""
    people = people.reindex(columns=list(_READ)).astype({"created_at": TIME, **dict.fromkeys(_TEXTS, TEXT)})
    frozen = _frozen_rarity(known, len(people), choices)
    rows = np.arange(known.records.num_rows) if frozen is None else _touched_rows(known, frozen, people, choices)
    everyone = pd.concat([take_records(known.records, rows, _STORED), people], ignore_index=True)
    profiles = read_profiles(everyone, free_domains=None if frozen is None else frozen.free_domains)
    rarity = frozen or freeze_rarity(profiles)
    matches = _match(profiles, rarity, everyone, choices)
    found = by_evidence(matches, everyone, choices.rules)
    order, before = oldest_first(everyone), known_ids(everyone)
    ids = _carry_on(known, found.clusters, order, everyone["record_id"], before)
    events = tell_events(everyone["record_id"], before, ids, order)
    keys = record_keys(profiles, everyone["record_id"])
    after = everyone.join(keys).join(account_keys(everyone, free_domains=rarity.free_domains))
    if frozen is None:
        accounts = account_ids(after, everyone["record_id"], order, before=everyone["account_id"])
    else:
        accounts = _new_account_ids(known.records, after, len(rows))
    as_of = choices.as_of or (people if len(people) else everyone)["created_at"].max()
    since = everyone["since"].where(everyone["customer_id"] == ids, as_of)
    parted = _are_parted(matches, found.clusters)
    after = after.assign(customer_id=ids, account_id=accounts, since=since, parted=parted)
    records, customers = with_records(known.records, rows, after), with_events(known.customers, events, as_of)
    new = slice(len(rows), None)
    return Increment(
        KnownRecords(records, customers, rarity, known.updates + 1, choices.rules),
        Identities(found.part(new), ids[new], accounts[new]),
        events,
        refreshed=frozen is None,
    )


def _frozen_rarity(known: KnownRecords, leads: int, choices: Choices) -> FrozenRarity | None:
    """Return the rarity with which leads are weighed, None where it is to be measured anew: all is to be looked at."""
    if known.rules is not None and known.rules.threshold != choices.rules.threshold:
        return None
    if known.rarity is None or known.records.num_rows + leads >= choices.refresh_at * known.rarity.leads:
        return None
    return known.rarity


def _touched_rows(known: KnownRecords, rarity: FrozenRarity, people: pd.DataFrame, choices: Choices) -> np.ndarray:
    """Return the rows of all records of those customers that new leads are linked with, or that a list names.

    A customer with a link that was not followed, for too many people hung together or a list kept them apart, is only
    a part: the parts that such links lead to are looked at as well. So are records that a list named before.
    """
    known_rules = known.rules or choices.rules
    pairs = [pair for rules in (choices.rules, known_rules) for name in PAIRS for pair in rules[name]]
    told = [record_id for pair in pairs for record_id in pair]
    named = find_records(known.records, pd.concat([people["record_id"], pd.Series(told, dtype=TEXT)]))
    profiles = read_profiles(people, free_domains=rarity.free_domains)
    new = people.join(record_keys(profiles, people["record_id"]))
    rows, asked = np.zeros(0, "int64"), np.zeros(0, "int64")
    reached = np.union1d(_linked_rows(known, rarity, new, choices), named)
    while len(reached):
        customers = take_records(known.records, reached, ("customer_id",))["customer_id"]
        rows = np.union1d(rows, find_customers(known.records, customers))
        parted = take_records(known.records, rows, ("parted",))["parted"].to_numpy("bool")
        asking = np.setdiff1d(rows[parted], asked)
        asked = np.union1d(asked, asking)
        parts = take_records(known.records, asking, (*_READ, *COLUMNS))
        reached = np.setdiff1d(_linked_rows(known, rarity, parts, choices), rows) if len(asking) else asking
    return rows


def _linked_rows(known: KnownRecords, rarity: FrozenRarity, leads: pd.DataFrame, choices: Choices) -> np.ndarray:
    """Return the known records that leads, which have keys, are linked with, and those that say the same as these."""
    near = find_near(known.records, leads)
    both = pd.concat([take_records(known.records, near, _READ), leads[list(_READ)]], ignore_index=True)
    profiles = read_profiles(both, free_domains=rarity.free_domains)
    matches = _match(profiles, rarity, both, choices)
    is_theirs = np.zeros(len(profiles), bool)
    is_theirs[profiles.of[len(near) :]] = True
    one, other = matches.evidence.one[matches.links], matches.evidence.other[matches.links]
    touching = is_theirs[one] | is_theirs[other]
    linked = np.zeros(len(profiles), bool)
    linked[one[touching]] = linked[other[touching]] = True
    return near[linked[profiles.of[: len(near)]]]


def _are_parted(matches: Matches, clusters: np.ndarray) -> np.ndarray:
    """Return which leads have a link that was not followed."""
    lowest = np.full(len(matches.profiles), len(clusters))
    highest = np.full(len(matches.profiles), -1)
    np.minimum.at(lowest, matches.profiles.of, clusters)
    np.maximum.at(highest, matches.profiles.of, clusters)
    one, other = matches.evidence.one[matches.links], matches.evidence.other[matches.links]
    left_out = np.minimum(lowest[one], lowest[other]) != np.maximum(highest[one], highest[other])
    parted = np.zeros(len(matches.profiles), bool)
    parted[one[left_out]] = parted[other[left_out]] = True
    return parted[matches.profiles.of]


def _match(profiles: Profiles, rarity: FrozenRarity, leads: pd.DataFrame, choices: Choices) -> Matches:
    population = recall_population(rarity, profiles)
    threshold, review = choices.rules.threshold, choices.rules.review
    return match_profiles(profiles, population, leads["record_id"], threshold=threshold, review=review)


def _carry_on(
    known: KnownRecords, clusters: np.ndarray, order: np.ndarray, record_ids: pd.Series, before: pd.Series
) -> pd.Series:
    """Return the customer ids, of which the one given first survives, and none is given twice."""
    given = known.customers["customer_id"]
    ages = pc.fill_null(pc.index_in(to_arrow(before), value_set=given), -1).to_numpy(zero_copy_only=False)
    return carry_on(clusters, order, record_ids, before=before, ages=ages, given=given)


def _new_account_ids(records: pa.Table, everyone: pd.DataFrame, known: int) -> pd.Series:
    """Return the account ids of leads, of which those known, which come first, keep theirs."""
    new = everyone.iloc[known:]
    columns = (*_READ[:2], "account_id", *ACCOUNT_COLUMNS)
    earlier = take_records(records, find_accounts(records, new), columns)
    both = pd.concat([earlier, new[list(columns)]], ignore_index=True)
    found = account_ids(both, both["record_id"], oldest_first(both), before=both["account_id"])
    return pd.concat([everyone["account_id"].iloc[:known], found.iloc[len(earlier) :]], ignore_index=True)
