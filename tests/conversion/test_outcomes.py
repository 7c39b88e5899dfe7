"""Which units' outcomes are known, and for how long each was seen."""

from __future__ import annotations

import pandas as pd
import pytest
from funnel_cases import GET, INS, TD, at, leads_of

from leadanalytics.conversion.outcomes import breakdown, outcomes_at, read_step, tally
from leadanalytics.errors import FrameError, OptionError
from leadanalytics.funnels import build_funnels

# R13: a window of 30, as of 40; z has gone on already, but its window has not ended.
LEADS = leads_of("u1: TD@0 GET@20; u2: TD@0; u3: TD@30; z: TD@30 GET@35; past: GET@5")
FUNNELS = build_funnels(LEADS, unit="customer_id", funnel=[TD, GET], window="30 s", as_of=at(40))


def test_r13_outcomes_are_known_when_the_window_has_ended():
    outcomes = outcomes_at(FUNNELS, None)
    assert outcomes.units["customer_id"].tolist() == ["u1", "u2", "u3", "z"]
    assert outcomes.reached.tolist() == [True, False, False, True]
    assert outcomes.known.tolist() == [True, True, False, False]


def test_units_are_seen_until_the_step_else_to_the_end_of_their_window_or_as_of():
    seconds = outcomes_at(FUNNELS, None).days * 86400
    assert seconds.round(6).tolist() == [20, 30, 10, 5]


def test_without_a_window_all_count_so_far():
    outcomes = outcomes_at(build_funnels(LEADS, unit="customer_id", funnel=[TD, GET], as_of=at(40), window=None), None)
    assert outcomes.known.all()
    assert (outcomes.days * 86400).round(6).tolist() == [20, 40, 10, 5]
    assert "so far" in outcomes.base()


def test_base_says_how_many_are_left_out():
    assert outcomes_at(FUNNELS, None).base() == (
        "Of those who entered before Get it now and whose window has ended; "
        "2 left out of the rates because theirs has not."
    )


def test_only_units_that_entered_before_the_step_count():
    leads = leads_of("u: GET@1 INS@2; v: INS@1")
    funnels = build_funnels(leads, unit="customer_id", start="any", as_of=at(9), funnel="acquisition", window=None)
    assert outcomes_at(funnels, INS).units["customer_id"].tolist() == ["u"]


def test_tally_shows_a_value_without_known_outcomes():
    funnels = FUNNELS.assign(country=["DE", "DE", "US", None, None])
    counts = tally(outcomes_at(funnels, None), "country")
    assert counts.reset_index().to_numpy().tolist() == [["DE", 1, 1], ["US", 1, 0], ["(missing)", 0, 0]]


def test_steps_are_named_or_numbered_from_two():
    funnels = pd.DataFrame()
    funnels.attrs["steps"] = [TD, GET, INS]
    assert read_step(funnels, INS) == read_step(funnels, 3) == read_step(funnels, None) == (3, INS)
    with pytest.raises(OptionError, match="step is one after the first; found 1; the steps are 2 'Get it now'"):
        read_step(funnels, 1)
    with pytest.raises(OptionError, match="Instal"):
        read_step(funnels, "Instal")


def test_lost_attrs_and_columns_are_named():
    with pytest.raises(FrameError, match="lost its attrs"):
        outcomes_at(pd.DataFrame(FUNNELS.to_dict("list")), None)
    with pytest.raises(FrameError, match=r"carry it along: build_funnels\(leads, by='country'\)"):
        breakdown(FUNNELS, "country")
