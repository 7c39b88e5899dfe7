"""What was seen of each unit, and for how long."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from conversion_cases import funnels_in_days
from funnel_cases import GET, INS, TD, leads_of

from leadanalytics.conversion.spells import DAY, read_spells, tell_groups
from leadanalytics.errors import FrameError, OptionError
from leadanalytics.funnels import build_funnels
from leadanalytics.schema import TEXT

# As of day 40 with a window of 30: u and v saw the end of theirs, w did not; x skipped the first step.
FUNNELS = funnels_in_days("u: TD@0 GET@20; v: TD@0; w: TD@30 GET@31 INS@31; x: GET@5", window="30 days", as_of=40)


def spells_of(funnels):
    return read_spells(funnels)


def test_units_are_watched_until_as_of_at_most_to_the_end_of_the_window():
    spells = spells_of(FUNNELS)
    assert (spells.watched / DAY).tolist() == [30, 30, 10]
    assert spells.is_mature.tolist() == [True, True, False]
    assert spells.horizon / DAY == 30


def test_without_a_window_they_are_watched_until_as_of_and_never_mature():
    spells = spells_of(funnels_in_days("u: TD@0; v: TD@30", as_of=40))
    assert (spells.watched / DAY).tolist() == [40, 10]
    assert not spells.is_mature.any()


def test_steps_are_dated_from_the_entry_and_bypasses_have_no_spell():
    spells = spells_of(FUNNELS)
    assert spells.rows.tolist() == [0, 1, 2]
    assert spells.depth.tolist() == [1, 0, 2]
    assert (spells.arrivals[2] / DAY).tolist() == [0, 1, 1]


def test_excluded_units_have_no_spell():
    funnels = FUNNELS.assign(status=["excluded", "dropped", "reached", "bypass"])
    assert spells_of(funnels).rows.tolist() == [1, 2]


def test_who_is_at_risk_stood_before_the_step_and_is_still_watched():
    spells = spells_of(FUNNELS)
    days = np.array([0, 1, 2, 10, 11, 20, 21, 30]) * DAY
    assert spells.at_risk(1, days).tolist() == [3, 3, 2, 2, 2, 2, 1, 1]
    assert spells.at_risk(2, days).tolist() == [3, 3, 2, 2, 2, 2, 2, 2]


def test_who_entered_at_a_later_step_is_never_at_risk_of_it():
    spells = spells_of(funnels_in_days("u: GET@0; v: TD@0", start="any", as_of=10))
    assert spells.at_risk(1, np.array([0])).tolist() == [1]


def test_groups_come_with_the_largest_first_and_a_missing_value_has_its_own():
    funnels = FUNNELS.assign(country=["DE", None, None, "FR"])
    told = tell_groups(funnels, by="country", tell=lambda spells: pd.DataFrame({"row": spells.rows}))
    assert told.to_dict("list") == {"country": ["(missing)", "(missing)", "DE"], "row": [1, 2, 0]}
    assert told["country"].dtype == TEXT
    assert told.attrs == {**funnels.attrs, "by": ["country"]}


def test_groups_of_nobody_are_none():
    told = tell_groups(
        FUNNELS.iloc[:0], by="customer_id", tell=lambda spells: pd.DataFrame({"window": [spells.window]})
    )
    assert told.empty
    assert list(told) == ["customer_id", "window"]


def test_a_column_that_the_result_has_already_is_refused():
    with pytest.raises(OptionError, match="'entry_status'"):
        tell_groups(FUNNELS, by="status", tell=lambda spells: pd.DataFrame({"status": spells.depth}))


@pytest.mark.parametrize("lost", ["steps", "window", "as_of"])
def test_lost_attrs_are_told(lost):
    funnels = FUNNELS.copy()
    funnels.attrs = {name: value for name, value in FUNNELS.attrs.items() if name != lost}
    with pytest.raises(FrameError, match=r"lost its attrs.*funnels\.attrs"):
        read_spells(funnels)


@pytest.mark.parametrize("column", ["country", TD, GET, INS, "entered_at"])
def test_a_missing_column_is_told(column):
    with pytest.raises(FrameError, match=column):
        read_spells(FUNNELS.drop(columns=column, errors="ignore"), columns=["country"] if column == "country" else [])


def test_the_units_of_several_funnels_have_no_common_spells():
    several = build_funnels(leads_of("u: TD@1 GET@2; v: CON@4/desk"))
    with pytest.raises(FrameError, match="several funnels"):
        read_spells(several)
    assert read_spells(several[several["offer_id"] == "desk"]).labels == ["Contact me"]


def test_what_is_told_of_several_funnels_stands_behind_their_names():
    several = build_funnels(leads_of("u: TD@1 GET@2; v: CON@4/desk"))
    told = tell_groups(several, by=["offer_id"], tell=lambda spells: pd.DataFrame({"units": [len(spells.rows)]}))
    assert told.columns.tolist() == ["funnel", "offer_id", "units"]
    assert told["units"].tolist() == [1, 1]
    assert told.attrs["by"] == ["funnel", "offer_id"]
