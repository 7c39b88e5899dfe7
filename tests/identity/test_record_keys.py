from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from leadanalytics.identity.candidates import WINDOW, Block, find_candidates
from leadanalytics.identity.profiles import read_profiles
from leadanalytics.identity.record_keys import BLOCK_COLUMNS, NO_KEY, near_in_block, record_keys


def keys_of(rows):
    leads = pd.DataFrame(rows)
    leads["record_id"] = [f"r{number}" for number in range(len(leads))]
    return record_keys(read_profiles(leads), leads["record_id"])


def test_keys_depend_on_values_alone():
    ana = {"first_name": "Ana", "last_name": "Ruiz", "email": "ana@example.com"}
    alone = keys_of([ana])
    among = keys_of([ana, {"first_name": "Li", "last_name": "Chen", "email": "li@example.com"}])
    pd.testing.assert_frame_equal(among.head(1), alone)


def test_a_key_needs_all_its_values():
    keys = keys_of([{"first_name": "Ana", "last_name": "Ruiz", "company": None}])
    assert keys.loc[0, "key_full"] != NO_KEY
    assert keys.loc[0, "key_full_company"] == NO_KEY


def test_records_that_say_the_same_are_one_profile():
    keys = keys_of([{"email": "ana@example.com"}, {"email": "Ana+x@example.com"}, {"email": "li@example.com"}])
    assert keys["profile"].duplicated().tolist() == [False, True, False]
    assert not keys["record"].duplicated().any()


def crowd(places, profiles=None):
    places = np.array(places, "uint64")
    profiles = places if profiles is None else np.array(profiles, "uint64")
    return pd.DataFrame({"key": np.uint64(1), "profile": profiles, "place": places})


def test_a_small_block_is_compared_whole():
    assert near_in_block(Block(("full",), 12), crowd(range(12)), crowd([100]), "key").all()


def test_in_a_crowded_block_the_nearest_are_compared():
    near = near_in_block(Block(("full",), 12), crowd(range(0, 80, 2)), crowd([41]), "key")
    assert np.flatnonzero(near).tolist() == list(range(21 - WINDOW, 21 + WINDOW))


def test_records_of_one_profile_go_together():
    known = crowd([*range(40), 39], profiles=[*range(40), 0])
    near = near_in_block(Block(("full",), 12), known, crowd([39]), "key")
    assert not near[0]
    assert not near[40]
    near = near_in_block(Block(("full",), 12), known, crowd([99], profiles=[0]), "key")
    assert near[0]
    assert near[40]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["Ana", "Li", "Bo", None]), min_size=2, max_size=8))
def test_profiles_share_a_key_when_they_are_candidates(names):
    leads = pd.DataFrame(
        {"first_name": names, "company": ["Alpine", "Grid"] * (len(names) // 2) + ["Grid"] * (len(names) % 2)}
    )
    leads["record_id"] = [f"r{number}" for number in range(len(leads))]
    profiles = read_profiles(leads)
    keys = record_keys(profiles, leads["record_id"]).groupby("profile", sort=False).first()
    first = pd.Series(profiles.of).drop_duplicates()
    blocks = keys[list(BLOCK_COLUMNS)].to_numpy()[np.argsort(first.to_numpy())]
    shared = (blocks[:, None] == blocks[None]) & (blocks[:, None] != NO_KEY)
    pairs = np.argwhere(np.triu(shared.any(axis=2), 1))
    assert pairs.tolist() == np.stack(find_candidates(profiles), axis=1).tolist()
