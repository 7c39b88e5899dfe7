"""Times between steps: of the chain that counts, zeros and all."""

from __future__ import annotations

import pandas as pd
import pytest
from funnel_cases import GET, INS, TD, leads_of

from leadanalytics import schema
from leadanalytics.errors import FrameError, OptionError
from leadanalytics.funnels import build_funnels, stage_durations

DAY = 86400


def durations(text: str, **options: object) -> pd.DataFrame:
    return stage_durations(
        build_funnels(leads_of(text), unit="customer_id", **({"funnel": "acquisition", "window": None} | options))
    )


def test_r15_zeros_stay():
    times = durations(f"u: TD@1 GET@1; v: TD@2 GET@2; w: TD@3 GET@{3 + 10 * DAY}", funnel=[TD, GET])
    assert times["since"].tolist() == ["entry", "previous step"]
    for _, row in times.iterrows():
        assert row["n"] == 3
        assert row[["mean", "lower_quartile", "median", "upper_quartile", "percentile_90"]].tolist() == pytest.approx(
            [10 / 3, 0, 0, 5, 8]
        )


def test_r15_a_total_is_last_minus_first_and_no_sum_of_medians():
    times = durations(
        f"u: TD@0 GET@0 INS@{9 * DAY}; v: TD@0 GET@{5 * DAY} INS@{6 * DAY}; w: TD@0 GET@{4 * DAY} INS@{4 * DAY}"
    )
    median = times.set_index(["stage", "since"])["median"]
    assert median[GET, "previous step"] + median[INS, "previous step"] == 5
    assert median[INS, "entry"] == 6


def test_r15_times_come_from_the_chain_that_gave_the_depth():
    times = durations(f"TD@0 TD@{9 * DAY} GET@{10 * DAY}", funnel=[TD, GET], window="2 days")
    assert times["median"].tolist() == [1, 1]


def test_an_open_funnel_is_timed_from_where_it_was_entered():
    times = durations(f"u: GET@0 INS@{2 * DAY}; v: INS@{DAY}", start="any").set_index(["stage", "since"])
    assert times.loc[(INS, "entry"), ["n", "median"]].tolist() == [1, 2]
    assert times.loc[(INS, "previous step"), "n"] == 1
    assert times.loc[(GET, "entry"), "n"] == 0


def test_a_step_that_nobody_took_has_no_time():
    times = durations("TD@0")
    assert times["n"].tolist() == [0] * 4
    assert times["median"].isna().all()


def test_groups_come_with_the_largest_first():
    funnels = build_funnels(
        leads_of(f"u: TD@0/a GET@{DAY}/a; v: TD@0/b GET@0/b; w: TD@0/b"), funnel=[TD, GET], window=None
    )
    times = stage_durations(funnels, by="offer_id")
    assert times[["offer_id", "since", "n", "median"]].to_numpy().tolist() == [
        ["b", "entry", 1, 0],
        ["b", "previous step", 1, 0],
        ["a", "entry", 1, 1],
        ["a", "previous step", 1, 1],
    ]
    assert stage_durations(funnels, by="offer_id", top=1)["offer_id"].unique().tolist() == ["b", "(other)"]
    assert times.attrs == {**funnels.attrs, "by": ["offer_id"]}


@pytest.mark.parametrize("options", [{"funnel": [TD]}, {"dates": ("2030-01-01T00:00Z", None)}])
def test_the_columns_are_the_same_where_there_is_nothing(options):
    times = durations("TD@0", **options)
    full = durations("TD@0 GET@1")
    assert list(times) == list(full)
    assert times.dtypes.tolist() == full.dtypes.tolist()
    assert times["stage"].dtype == schema.TEXT
    assert times["n"].sum() == 0


def test_what_is_no_funnel_or_no_column_is_told():
    funnels = build_funnels(leads_of("TD@0"), by="stage", funnel="acquisition", window=None)
    with pytest.raises(OptionError, match="'stage'"):
        stage_durations(funnels, by="stage")
    with pytest.raises(FrameError, match=f"'{GET}'"):
        frame = funnels.drop(columns=GET)
        frame.attrs = funnels.attrs
        stage_durations(frame)
