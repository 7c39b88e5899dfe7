"""New leads taken into what is known: only customers that share a key with them are looked at again."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics.identity.accounts import account_ids, account_keys
from leadanalytics.identity.events import tell_events
from leadanalytics.identity.flat import digests, flatten, to_arrow
from leadanalytics.identity.frozen_rarity import FrozenRarity, freeze_rarity, recall_population
from leadanalytics.identity.grouping import Pairs
from leadanalytics.identity.identifying import Identities, by_evidence, known_ids, oldest_first
from leadanalytics.identity.known_records import (
    CUSTOMERS,
    KnownRecords,
    find_accounts,
    find_customers,
    find_near,
    find_records,
    take_records,
    to_records,
)
from leadanalytics.identity.matching import match_profiles
from leadanalytics.identity.profiles import Profiles, read_profiles
from leadanalytics.identity.record_keys import record_keys
from leadanalytics.identity.succession import carry_on
from leadanalytics.schema import CUSTOMER_FIELDS, TEXT, TIME

_READ = ("record_id", "created_at", *CUSTOMER_FIELDS)
_STORED = (*_READ, "customer_id", "account_id", "since")


@dataclass(frozen=True)
class Choices:
    """How new leads are taken in, see `CustomerIndex.update`."""

    threshold: float = 0.0
    review: float = -2.0
    same: Pairs = ()
    different: Pairs = ()
    as_of: pd.Timestamp = pd.NaT
    refresh_at: float = 2.0


@dataclass(frozen=True)
class Increment:
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
    people = people.reindex(columns=list(_READ)).astype({"created_at": TIME, **dict.fromkeys(_text_columns(), TEXT)})
    size = known.records.num_rows
    refreshed = known.rarity is None or size + len(people) >= choices.refresh_at * known.rarity.leads
    rows = np.arange(size) if refreshed else _touched_rows(known, people, choices)
    everyone = pd.concat([take_records(known.records, rows, _STORED), people], ignore_index=True)
    profiles = read_profiles(everyone, free_domains=None if refreshed else known.rarity.free_domains)
    rarity = freeze_rarity(profiles) if refreshed else known.rarity
    return _Taking(known, rows, everyone, profiles, rarity, choices, refreshed).increment()


def _text_columns() -> tuple[str, ...]:
    return ("record_id", *CUSTOMER_FIELDS)
