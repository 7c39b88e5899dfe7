"""What each open unit may still do."""

from __future__ import annotations

import pytest
from conversion_cases import funnels_in_days

from leadanalytics.conversion.prospects import prospects
from leadanalytics.conversion.spells import DAY, read_spells
from leadanalytics.conversion.transitions import find_moves


def prospects_of(funnels):
    spells = read_spells(funnels)
    return spells, *prospects(spells, find_moves(spells))


def test_only_open_units_have_prospects():
    text = "u: TD@0 GET@20; v: TD@0; w: TD@31; x: TD@32 GET@33 INS@34; y: GET@35"
    spells, units, ages, chance = prospects_of(funnels_in_days(text, window="30 days", as_of=40))
    assert spells.rows[units].tolist() == [2]
    assert (ages / DAY).tolist() == [9]
    assert chance[0].tolist() == pytest.approx([1, 1 / 2, 0])


def test_who_has_waited_longer_has_less_to_come():
    text = "a: TD@0 GET@2; b: TD@0 GET@8; c: TD@0; d: TD@0; w: TD@39; x: TD@35"
    _, _, ages, chance = prospects_of(funnels_in_days(text, window="30 days", as_of=40))
    assert (ages / DAY).tolist() == [1, 5]
    # Of the five who were watched on day 2 one went on, of the three on day 8 another.
    assert chance[:, 1].tolist() == pytest.approx([1 - 4 / 5 * 2 / 3, 1 - 2 / 3])


def test_who_entered_again_stands_in_the_middle_of_the_window():
    funnels = funnels_in_days("a: TD@0 GET@20; u: TD@0 TD@35", window="30 days", as_of=40)
    _, _, ages, _ = prospects_of(funnels)
    assert (ages / DAY).tolist() == [15]
