from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from leadanalytics.identity.clusters import customer_ids
from leadanalytics.identity.succession import carry_on

RECORDS = pd.Series(["a", "b", "c", "d"])
OF_RECORD = dict(zip(RECORDS, customer_ids(RECORDS), strict=True))


def carried(clusters, before, **options):
    before = pd.Series(before, dtype="str")
    return carry_on(np.array(clusters), np.arange(4), RECORDS, before=before, **options).tolist()


def test_new_customers_get_the_id_of_their_oldest_record():
    assert carried([1, 1, 0, 0], [None] * 4) == [OF_RECORD["a"]] * 2 + [OF_RECORD["c"]] * 2


def test_a_known_id_goes_on_for_new_records():
    assert carried([0, 0, 0, 1], ["X", None, None, "Y"]) == ["X", "X", "X", "Y"]


def test_of_ids_that_grow_together_the_one_given_first_survives():
    assert carried([0, 0, 0, 0], ["X", "Y", "Y", None]) == ["X"] * 4  # by the oldest record
    assert carried([0, 0, 0, 0], ["X", "Y", "Y", None], ages=np.array([7, 3, 3, -1])) == ["Y"] * 4


def test_the_part_with_the_oldest_record_keeps_the_id():
    assert carried([0, 1, 0, 1], ["X"] * 4) == ["X", OF_RECORD["b"], "X", OF_RECORD["b"]]


def test_a_part_may_go_to_another_customer():
    assert carried([0, 1, 1, 1], ["X", "X", "Y", "Y"]) == ["X", "Y", "Y", "Y"]


def test_an_id_is_never_given_twice():
    given = pa.array([OF_RECORD["a"]], pa.large_string())
    fresh = carried([0, 1, 1, 1], [None, "Y", "Y", "Y"], given=given)[0]
    assert fresh.startswith("C-")
    assert fresh != OF_RECORD["a"]


def test_no_leads_have_no_ids():
    none = pd.Series(dtype="str")
    assert carry_on(np.zeros(0, "int64"), np.zeros(0, "int64"), none, before=none).empty
