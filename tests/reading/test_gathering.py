import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from leadanalytics.reading import gathering
from leadanalytics.reading.choosing import load_layouts
from leadanalytics.reading.contents import TEXT_TYPE, Part
from leadanalytics.reading.gathering import gather_raw
from leadanalytics.reading.mapping import to_raw

LAYOUTS = load_layouts()[:2]


def part(layout, names, rows):
    columns = pa.table({name: pa.array([f"{name} {row}" for row in rows], TEXT_TYPE) for name in names})
    return Part(LAYOUTS[layout], columns, np.array(rows, "int64"))


PARTS = st.builds(
    part,
    st.integers(0, 1),
    st.sampled_from([["leadsource"], ["leadsource", "actioncode"], ["actioncode", "leadsource"]]),
    st.lists(st.integers(1, 9), max_size=3),
)


@given(st.lists(st.tuples(st.sampled_from(["a.csv", "b.csv"]), PARTS), min_size=1, max_size=6))
def test_parts_mapped_together_are_those_mapped_one_by_one_in_their_order(parts):
    found = gather_raw(parts)
    pd.testing.assert_frame_equal(found, to_raw(parts), check_categorical=False)
    assert isinstance(found["origin"].dtype, pd.CategoricalDtype)


def test_large_parts_are_not_copied(monkeypatch):
    monkeypatch.setattr(gathering, "_FEW", 1)
    found = gather_raw([("a.csv", part(0, ["leadsource"], [1, 2])), ("b.csv", part(0, ["leadsource"], [3]))])
    assert found["lead_source"].tolist() == ["leadsource 1", "leadsource 2", "leadsource 3"]


def test_no_part_is_an_empty_frame():
    assert len(gather_raw([])) == 0
