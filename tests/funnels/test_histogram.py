"""How long the steps took, in bins: nobody is lost between those who took a step and those who did not."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from funnel_cases import GET, INS, TD, leads_of

from leadanalytics.errors import FrameError, OptionError
from leadanalytics.funnels import build_funnels, duration_histogram, stage_durations

DAY = 86400


def funnels_of(text: str, **options: object) -> pd.DataFrame:
    return build_funnels(leads_of(text), unit="customer_id", **({"funnel": "acquisition", "window": None} | options))


def bins(histogram: pd.DataFrame, stage: str = GET) -> dict[tuple[float, float], int]:
    rows = histogram[histogram["stage"] == stage]
    return {(start, end): n for start, end, n in zip(rows["from_days"], rows["to_days"], rows["n"])}


def test_an_end_belongs_to_the_next_bin_and_the_last_one_to_itself():
    text = f"a: TD@0 GET@0; b: TD@0 GET@{DAY}; c: TD@0 GET@{2 * DAY - 1}; d: TD@0 GET@{2 * DAY}"
    histogram = duration_histogram(funnels_of(text, funnel=[TD, GET]), bins=["1 day", "2 days", "3 days"])
    assert bins(histogram) == {(0, 1): 1, (1, 2): 3}


def test_bins_beyond_the_longest_time_are_left_out_and_a_longer_time_has_one_without_an_end():
    funnels = funnels_of(f"a: TD@0 GET@{DAY}; b: TD@0 GET@{5 * DAY}", funnel=[TD, GET])
    assert list(bins(duration_histogram(funnels)))[-1] == (4, 7)
    assert bins(duration_histogram(funnels, bins=["2 days"])) == {(0, 2): 1, (2, math.inf): 1}


def test_who_took_the_step_and_who_did_not_add_up():
    late = f"c: TD@{39 * DAY} GET@{39 * DAY}; d: TD@{35 * DAY}"
    text = f"a: TD@0 GET@9 INS@{3 * DAY}; b: TD@0 GET@7; {late}; e: TD@0; f: GET@1"
    histogram = duration_histogram(funnels_of(text, window="30 days"))
    steps = histogram.groupby("stage", sort=False).agg({"n": "sum", "open": "first", "dropped": "first"})
    assert steps.loc[GET].tolist() == [3, 1, 1]
    assert steps.loc[INS].tolist() == [1, 2, 2]


def test_the_median_is_that_of_the_durations():
    text = f"a: TD@0 GET@{DAY} INS@{9 * DAY}; b: TD@0 GET@{4 * DAY}; c: TD@0 GET@{6 * DAY}"
    funnels = funnels_of(text)
    durations = stage_durations(funnels).set_index(["stage", "since"])["median"]
    for since in ("entry", "previous step"):
        medians = duration_histogram(funnels, since=since).groupby("stage")["median"].first()
        assert medians.to_dict() == {stage: durations[stage, since] for stage in (GET, INS)}


def test_an_open_funnel_is_timed_from_where_it_was_entered():
    histogram = duration_histogram(funnels_of(f"u: GET@0 INS@{2 * DAY}; v: INS@{DAY}", start="any"))
    assert histogram.groupby("stage")["n"].sum().to_dict() == {GET: 0, INS: 1}


def test_groups_come_with_the_largest_first():
    funnels = build_funnels(
        leads_of(f"u: TD@0/a GET@{DAY}/a; v: TD@0/b GET@0/b; w: TD@0/b"), funnel=[TD, GET], window=None
    )
    histogram = duration_histogram(funnels, by="offer_id", bins=["1 hour", "1 day"])
    assert histogram[["offer_id", "n", "open"]].to_numpy().tolist() == [
        ["b", 1, 1],
        ["b", 0, 1],
        ["a", 0, 0],
        ["a", 1, 0],
    ]
    assert histogram.attrs["by"] == ["offer_id"]


def test_nobody_makes_one_empty_bin():
    histogram = duration_histogram(funnels_of("TD@0").iloc[:0])
    assert histogram[["n", "open", "dropped"]].to_numpy().sum() == 0
    assert histogram["median"].isna().all()
    one_step = duration_histogram(funnels_of("TD@0", funnel=[TD]))
    assert one_step.empty
    assert "from_days" in one_step


def test_wrong_arguments_are_refused():
    funnels = funnels_of("TD@0 GET@1")
    for wrong in ([], ["2 days", "1 day"], ["1 day", "1 day"], ["0 days"], ["soon"], ["-1 day"], ["7"]):
        with pytest.raises(OptionError, match="bins"):
            duration_histogram(funnels, bins=wrong)
    with pytest.raises(OptionError, match="since is one of"):
        duration_histogram(funnels, since="birth")
    with pytest.raises(FrameError, match="'status'"):
        duration_histogram(funnels.drop(columns="status"))
