"""What is kept of each record so that new leads find it: its keys as digests, which are the same in every run."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd
from numba import njit

from leadanalytics.identity.candidates import BLOCKS, WINDOW, Block, comparable_values
from leadanalytics.identity.flat import digests, digests_of, flatten, mix, to_arrow
from leadanalytics.identity.profiles import Profiles, Values

# No key: the record lacks one of the values that make it.
NO_KEY = np.uint64(0)
BLOCK_COLUMNS = {f"key_{'_'.join(block.fields)}": block for block in BLOCKS}
COLUMNS = ("record", "profile", "place", *BLOCK_COLUMNS)


def record_keys(profiles: Profiles, record_ids: pd.Series) -> pd.DataFrame:
    """Return the keys of each lead.

    Returns
    -------
    DataFrame
        All of uint64: *record*, its id; *profile*, all its comparable values; *place*, where it stands in a block that
        is too large to be compared whole; and one key per block, 0 for none.
    """
    values = {name: _digested(value) for name, value in comparable_values(profiles).items()}
    record = digests(*flatten(to_arrow(record_ids)))
    whole = functools.reduce(_together, [_digested(value) for value in _identifying(profiles)])[profiles.of]
    name = _digested(profiles.full)[profiles.of]
    keys = {
        "record": record,
        "profile": whole,
        "place": (name >> np.uint64(32) << np.uint64(32)) | (record >> np.uint64(32)),
    }
    for column, block in BLOCK_COLUMNS.items():
        parts = [values[field] for field in block.fields]
        is_known = np.all([part != NO_KEY for part in parts], axis=0)
        keys[column] = np.where(is_known, functools.reduce(_together, parts), NO_KEY)[profiles.of]
    return pd.DataFrame(keys, index=record_ids.index)


def near_in_block(block: Block, known: pd.DataFrame, new: pd.DataFrame, column: str) -> np.ndarray:
    """Return which known records of a block new ones are compared with: all, or in a crowded one the nearest by place.

    Parameters
    ----------
    block : Block
        Says from how many profiles on it is crowded.
    known, new : DataFrame
        Their keys; the known ones share a key of the block with a new one.
    column : str
        The name of the block's key.

    Returns
    -------
    array of bool
        One per known record. Records of one profile go together.
    """
    members = known.drop_duplicates([column, "profile"])  # a profile has one key of a block
    counts = members[column].value_counts()
    crowded = known[column].isin(counts.index[counts > block.cap])
    if not crowded.any():
        return np.ones(len(known), bool)
    near = pd.concat([new["profile"], _around(members, new[new[column].isin(counts.index)], column)])
    return (~crowded | known["profile"].isin(near)).to_numpy()


def _around(members: pd.DataFrame, new: pd.DataFrame, column: str) -> pd.Series:
    """Return the profiles of the members that stand next to new ones in their blocks, before them and after them."""
    both = pd.concat([members, new[members.columns]]).sort_values([column, "place"], kind="stable")
    both_are_new = np.isin(both["profile"], new["profile"])
    members, new = both[~both_are_new], both[both_are_new]
    arrivals = np.cumsum(~both_are_new)[both_are_new]
    around = arrivals[:, None] + np.arange(-WINDOW, WINDOW)
    around = np.where((around >= 0) & (around < len(members)), around, -1)
    shared = np.append(members[column].to_numpy(), NO_KEY)[around] == new[column].to_numpy()[:, None]
    return members["profile"].iloc[np.unique(around[shared])]


def _identifying(profiles: Profiles) -> list[Values]:
    return [
        profiles.email, profiles.phone, profiles.first, profiles.last,
        profiles.full, profiles.generation, profiles.company, profiles.country, profiles.title,
    ]  # fmt: skip


def _digested(values: Values) -> np.ndarray:
    """Return the digest of each profile's value, 0 where there is none."""
    return np.append(digests_of(values.texts), NO_KEY)[values.codes]


@njit(cache=True)
def _together(left, right):  # type: ignore[no-untyped-def]
    """Return digests of pairs of digests."""
    result = np.empty(len(left), np.uint64)
    for row in range(len(left)):
        result[row] = mix(mix(left[row]) ^ right[row])
    return result
