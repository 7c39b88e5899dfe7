"""Groups of units: each unit in one."""

from __future__ import annotations

import pandas as pd
import pytest

from leadanalytics.errors import FrameError, OptionError
from leadanalytics.funnels.grouping import group_units, read_by

FUNNELS = pd.DataFrame({"country": ["US", None, "DE", "US", None, "FR"], "depth": 1})


def test_r16_a_missing_value_is_a_group_and_the_largest_come_first():
    groups, group = group_units(FUNNELS, ["country"])
    assert groups["country"].tolist() == ["(missing)", "US", "DE", "FR"]
    assert group.tolist() == [1, 0, 2, 1, 0, 3]


def test_r16_beyond_the_top_the_others_are_one_group():
    groups, group = group_units(FUNNELS, ["country"], top=2)
    assert groups["country"].tolist() == ["(missing)", "US", "(other)"]
    assert group.tolist() == [1, 0, 2, 1, 0, 2]


def test_without_columns_there_is_one_group():
    groups, group = group_units(FUNNELS, [])
    assert (len(groups), group.tolist()) == (1, [0] * 6)


@pytest.mark.parametrize("top", [0, -1, 1.5, "3"])
def test_top_is_a_number(top):
    with pytest.raises(OptionError, match="top"):
        group_units(FUNNELS, ["country"], top=top)


def test_columns_are_read_as_they_are_written():
    assert read_by(FUNNELS, "country", taken=["n"]) == ["country"]
    assert read_by(FUNNELS, None, taken=["n"]) == []
    with pytest.raises(FrameError, match=r"build_funnels\(leads, by='contry'\)"):
        read_by(FUNNELS, ["contry"], taken=["n"])
    with pytest.raises(OptionError, match="rename"):
        read_by(FUNNELS, "depth", taken=["depth"])
