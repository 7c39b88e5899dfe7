from __future__ import annotations

import numpy as np
import pandas as pd

from leadanalytics.identity.clusters import customer_ids, distinct_digests, join


def test_rows_joined_by_others_are_one_cluster():
    record, email, phone = np.arange(5), np.array([0, 0, -1, -1, -1]), np.array([-1, 1, 1, 3, -1])
    assert join([record, email, phone]).tolist() == [0, 0, 0, 1, 2]


def test_an_id_is_for_ever():
    assert customer_ids(pd.Series(["2:2F27:2F2024|5f1c"])).tolist() == ["C-884927a5e88f5099"]


def test_ids_are_different_when_digests_are_the_same():
    texts = pd.Series(["first", "second", "third", "fourth"])
    numbers = np.array([7, 7, 8, 7], "uint64")
    changed = distinct_digests(numbers, texts)
    assert len(set(changed.tolist())) == 4
    assert changed[[0, 2]].tolist() == [7, 8]
