"""Rarity as it was measured once, kept so that a few new leads are weighed as all the others were."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from leadanalytics.identity.evidence import Population, measure_population
from leadanalytics.identity.flat import digests_of
from leadanalytics.identity.profiles import Profiles, Values
from leadanalytics.identity.rarity import STRANGERS, count_people

# What is counted of each field: names that go with a value, or bits of rarity.
_NAMES = {"names_on_email": "email", "names_on_phone": "phone"}
_BITS = ("first", "last", "full", "company", "title")
_FREE = "free_domains"
_ABOUT = b"rarity"


@dataclass(frozen=True)
class FrozenRarity:
    """How rare values were in a list of leads, without the list: values are kept as digests.

    Attributes
    ----------
    leads : int
        The number of leads that it was measured on.
    size : float
        log2 of their number, and of some strangers.
    rarest : float
        The bits of a value that one person had, or nobody.
    free_domains : array of uint64
        The domains at which anybody may have a mailbox.
    numbers : dict of str to (array of uint64, array of float)
        By field, the values that more than one had, in ascending order, and how many names or bits.
    """

    leads: int
    size: float
    rarest: float
    free_domains: np.ndarray
    numbers: Mapping[str, tuple[np.ndarray, np.ndarray]]


def freeze_rarity(profiles: Profiles) -> FrozenRarity:
    """Return the rarity that the values of profiles have now."""
    population = measure_population(profiles)
    rarest = float(np.log2(count_people(profiles).max(initial=-1) + 1 + STRANGERS))
    numbers = {}
    for name, field in _fields().items():
        measured = getattr(population, name)[:-1]
        # A company that stands in no lead but in a domain has no bearer, and is as rare as one with a single one.
        shared = np.flatnonzero(measured > 1 if name in _NAMES else (measured < rarest) & (measured > 0))
        digests = digests_of(_values(profiles, field).texts[shared])
        order = np.argsort(digests)
        numbers[name] = (digests[order], measured[shared[order]].astype("float64"))
    free = np.unique(profiles.domain.codes[profiles.is_free])
    return FrozenRarity(
        leads=len(profiles.of),
        size=population.size,
        rarest=rarest,
        free_domains=np.sort(digests_of(profiles.domain.texts[free[free >= 0]])),
        numbers=numbers,
    )


def recall_population(rarity: FrozenRarity, profiles: Profiles) -> Population:
    """Return the rarity of the values of other profiles, values that were not there being the rarest."""
    found = {}
    for name, field in _fields().items():
        usual = 1.0 if name in _NAMES else rarity.rarest
        digests, numbers = rarity.numbers[name]
        wanted = digests_of(_values(profiles, field).texts)
        places = np.searchsorted(digests, wanted)
        known = np.append(digests, np.uint64(0))[places] == wanted
        found[name] = np.append(np.where(known, np.append(numbers, 0.0)[places], usual), 0.0)
    return Population(size=rarity.size, **found)


def rarity_to_table(rarity: FrozenRarity) -> pa.Table:
    """Return frozen rarity as a table of field, digest and number."""
    parts = {**rarity.numbers, _FREE: (rarity.free_domains, np.ones(len(rarity.free_domains)))}
    fields = np.repeat(np.array(list(parts), object), [len(digests) for digests, _ in parts.values()])
    about = {"leads": rarity.leads, "size": rarity.size, "rarest": rarity.rarest}
    table = pa.table(
        {
            "field": pa.array(fields, pa.string()).dictionary_encode(),
            "digest": np.concatenate([digests for digests, _ in parts.values()]),
            "number": np.concatenate([numbers for _, numbers in parts.values()]),
        }
    )
    return table.replace_schema_metadata({_ABOUT: json.dumps(about)})


def rarity_from_table(table: pa.Table) -> FrozenRarity:
    """Return frozen rarity from a table of it."""
    fields = table["field"].to_numpy()
    digests, numbers = table["digest"].to_numpy(), table["number"].to_numpy()
    parts = {name: (digests[fields == name], numbers[fields == name]) for name in (*_fields(), _FREE)}
    free_domains, _ = parts.pop(_FREE)
    about = json.loads(table.schema.metadata[_ABOUT])
    return FrozenRarity(free_domains=free_domains, numbers=parts, **about)


def _fields() -> dict[str, str]:
    """Return the field whose values each number of a population is about."""
    return {**_NAMES, **{name: name for name in _BITS}}


def _values(profiles: Profiles, field: str) -> Values:
    return getattr(profiles, field)
