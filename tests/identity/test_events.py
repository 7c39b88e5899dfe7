from __future__ import annotations

import numpy as np
import pandas as pd

from leadanalytics.identity.events import tell_events


def told(before, after, records=None):
    records = pd.Series(records or list("abcdefgh")[: len(before)])
    events = tell_events(records, pd.Series(before, dtype="str"), pd.Series(after, dtype="str"), np.arange(len(before)))
    assert events["event"].dtype.categories.tolist() == ["created", "joined", "merged", "split"]
    return events.fillna("").astype("str").to_numpy().tolist()


def test_the_oldest_record_creates_a_customer_and_the_others_join():
    assert told([None] * 3, ["X", "X", "Y"]) == [
        ["created", "X", "", "a"],
        ["created", "Y", "", "c"],
        ["joined", "X", "", "b"],
    ]


def test_a_customer_that_ends_is_merged_once():
    assert told(["X", "Y", "Y"], ["X", "X", "X"]) == [["merged", "X", "Y", "b"]]


def test_records_that_leave_are_split_off_once_for_each_place_they_go_to():
    assert told(["X"] * 4 + ["Y"], ["X", "Z", "Z", "Y", "Y"]) == [["split", "X", "Z", "b"], ["split", "X", "Y", "d"]]


def test_a_customer_may_be_merged_and_split_at_once():
    assert told(["X", "Y", "Y"], ["X", "X", "Z"]) == [["merged", "X", "Y", "b"], ["split", "Y", "Z", "c"]]


def test_a_new_record_beside_a_part_joins_it():
    assert told(["X", "X", None], ["X", "Z", "Z"]) == [["joined", "Z", "", "c"], ["split", "X", "Z", "b"]]


def test_a_record_delivered_twice_is_told_once():
    assert told([None, None], ["X", "X"], records=["a", "a"]) == [["created", "X", "", "a"]]


def test_nothing_becomes_of_customers_that_stay():
    assert told(["X", "Y"], ["X", "Y"]) == []
