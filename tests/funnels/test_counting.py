"""Counts that add up, with rates and intervals."""

from __future__ import annotations

import pandas as pd
import pytest
from funnel_cases import GET, INS, TD, at, leads_of, leads_of_units
from hypothesis import given, settings
from hypothesis import strategies as st

from leadanalytics import schema
from leadanalytics.errors import FrameError, OptionError
from leadanalytics.funnels import build_funnels, count_stages
from leadanalytics.funnels.counting import step_labels

unit_of = st.lists(st.tuples(st.integers(0, 9), st.sampled_from([TD, GET, INS])), min_size=1, max_size=4)
options_of = st.fixed_dictionaries(
    {"window": st.sampled_from([None, "4 s"]), "start": st.sampled_from(["first", "any"])}
)


def funnels_of(depths: list[int], *, steps: int) -> pd.DataFrame:
    funnels = pd.DataFrame({"depth": depths, "status": "open", "entered_step": 1})
    funnels.attrs["steps"] = [f"step {number}" for number in range(1, steps + 1)]
    return funnels


@settings(max_examples=50, deadline=None)
@given(st.lists(unit_of, max_size=12), options_of)
def test_r1_units_are_conserved(units, options):
    funnels = build_funnels(leads_of_units(units), **({"funnel": "acquisition", "window": None} | options))
    counts = count_stages(funnels)
    following = [*counts["n"].tolist()[1:], 0]
    arrived = (funnels["status"] == "reached").sum()
    stand = counts["open"] + counts["dropped"]
    assert (counts["n"] - following - stand).tolist() == [0, 0, arrived]
    assert counts["bypass"].sum() == (funnels["status"] == "bypass").sum()
    assert counts["n"].iloc[0] + counts["bypass"].sum() == len(funnels)
    assert counts["entered"].sum() == counts["n"].iloc[0]


@settings(max_examples=50, deadline=None)
@given(st.lists(unit_of, max_size=12), options_of, st.one_of(st.none(), st.integers(1, 3)))
def test_r16_groups_add_up_to_the_whole(units, options, top):
    leads = leads_of_units(units)
    leads["country"] = [[None, "DE", "US", "FR", "JP"][place % 5] for place in range(len(leads))]
    funnels = build_funnels(leads, by="country", **({"funnel": "acquisition", "window": None} | options))
    whole, groups = count_stages(funnels), count_stages(funnels, by="country", top=top)
    assert groups.groupby("country").ngroups <= (5 if top is None else top + 1)
    for column in whole.columns.intersection(["n", "open", "dropped", "entered", "bypass", "mature_n"]):
        added = groups.groupby("step")[column].sum().reindex(whole["step"], fill_value=0)
        assert added.tolist() == whole[column].tolist()


def test_r14_rates():
    counts = count_stages(funnels_of([1, 1], steps=3))
    assert counts["n"].tolist() == [2, 0, 0]
    assert counts["of_previous"].iloc[:2].tolist() == [1, 0]
    assert counts["of_first"].tolist() == [1, 0, 0]
    assert counts[["of_previous", "of_previous_low", "of_previous_high"]].iloc[2].isna().all()


@pytest.mark.parametrize(
    ("n", "of", "low", "high"), [(0, 5, 0, 0.4345), (2, 3, 0.2077, 0.9385), (7, 50, 0.0695, 0.2619)]
)
def test_r20_intervals_are_wilsons(n, of, low, high):
    second = count_stages(funnels_of([2] * n + [1] * (of - n), steps=2)).iloc[1]
    for rate in ("of_first", "of_previous"):
        assert second[rate] == n / of
        assert second[f"{rate}_low"] == pytest.approx(low, abs=5e-5)
        assert second[f"{rate}_high"] == pytest.approx(high, abs=5e-5)


def test_r20_jeffreys_is_there_by_name():
    counts = count_stages(funnels_of([2, 2, 1], steps=2), interval="jeffreys")
    assert counts.loc[1, ["of_first_low", "of_first_high"]].tolist() == pytest.approx([0.1767, 0.9613], abs=5e-5)
    with pytest.raises(OptionError, match="did you mean 'jeffreys'"):
        count_stages(funnels_of([1], steps=2), interval="jeffrey")


def test_r20_nothing_of_nothing_is_unknown():
    counts = count_stages(funnels_of([], steps=2))
    assert counts["n"].tolist() == [0, 0]
    assert counts.filter(like="of_").isna().all(axis=None)


def test_r2_bypass_stands_where_the_unit_was_first_seen():
    funnels = build_funnels(leads_of("u: INS@1 GET@2; v: GET@1; w: TD@1"), funnel="acquisition", window=None)
    counts = count_stages(funnels)
    assert counts["bypass"].tolist() == [0, 1, 1]
    assert counts["entered"].tolist() == [1, 0, 0]


def test_groups_come_with_the_largest_first_and_the_others_last():
    funnels = build_funnels(
        leads_of("u: TD@1/c TD@1/b TD@1/a; v: TD@1/c TD@1/b; w: TD@1/c GET@2/c"), funnel="acquisition", window=None
    )
    assert count_stages(funnels, by="offer_id")["offer_id"].tolist() == ["c"] * 3 + ["b"] * 3 + ["a"] * 3
    counts = count_stages(funnels, by="offer_id", top=1)
    assert counts["offer_id"].tolist() == ["c"] * 3 + ["(other)"] * 3
    assert counts["n"].tolist() == [3, 1, 0, 3, 0, 0]
    assert count_stages(funnels, by="offer_id", top=3)["offer_id"].nunique() == 3


def test_groups_of_several_columns():
    leads = leads_of("u: TD@1/a; v: TD@1/a; w: TD@1/b").assign(country=pd.Categorical(["DE", None, "DE"]))
    counts = count_stages(
        build_funnels(leads, by="country", funnel="acquisition", window=None), by=["offer_id", "country"]
    )
    assert counts.loc[counts["step"] == 1, ["offer_id", "country", "n"]].to_numpy().tolist() == [
        ["a", "(missing)", 1],
        ["a", "DE", 1],
        ["b", "DE", 1],
    ]


def test_the_columns_are_those_of_the_kind():
    kind = schema.KINDS["counts"].names
    leads = leads_of("TD@1 GET@2")
    counts = count_stages(build_funnels(leads, funnel="acquisition", window=None), by="offer_id")
    assert list(counts) == ["offer_id", *kind[1 : kind.index("excluded")]]
    pd.testing.assert_frame_equal(counts, schema.conform(counts, "counts")[list(counts)])
    assert counts["offer_id"].dtype == schema.TEXT
    full = count_stages(
        build_funnels(leads, window="1 day", excluding="Contact me", policy="unit", funnel="acquisition")
    )
    pd.testing.assert_frame_equal(full, schema.conform(full, "counts").drop(columns="funnel"))
    own = count_stages(build_funnels(leads, excluding="Contact me", policy="unit"))
    pd.testing.assert_frame_equal(own, schema.conform(own, "counts"))


def test_r13_the_raw_rate_and_that_of_mature_units_stand_side_by_side():
    day = 86400
    leads = leads_of(f"u1: TD@0 GET@{20 * day}; u2: TD@0; u3: TD@{30 * day}")
    counts = count_stages(build_funnels(leads, funnel=[TD, GET], window="30 days", as_of=at(40 * day)))
    assert counts["mature_n"].tolist() == [2, 1]
    assert counts["of_first"].tolist() == [1, pytest.approx(1 / 3)]
    assert counts["mature_of_first"].tolist() == [1, 1 / 2]
    assert counts.loc[1, ["mature_of_first_low", "mature_of_first_high"]].tolist() == pytest.approx(
        [0.0945, 0.9055], abs=5e-5
    )


@pytest.mark.parametrize(("as_of", "mature"), [(29, 0), (30, 1)])
def test_r13_a_unit_is_mature_when_its_window_has_ended(as_of, mature):
    counts = count_stages(
        build_funnels(leads_of("TD@0 GET@1 INS@2"), window="30 s", as_of=at(as_of), funnel="acquisition")
    )
    assert counts["mature_n"].tolist() == [mature] * 3


def test_r13_a_unit_that_came_again_is_not_mature_yet():
    counts = count_stages(build_funnels(leads_of("TD@0 TD@35"), window="30 s", as_of=at(40), funnel="acquisition"))
    assert counts.loc[0, ["n", "open", "mature_n"]].tolist() == [1, 1, 0]


def test_counts_carry_the_definition():
    funnels = build_funnels(leads_of("TD@1"), window="1 day", funnel="acquisition")
    counts = count_stages(funnels, by="offer_id")
    assert counts.attrs == {**funnels.attrs, "by": ["offer_id"]}


def test_lost_steps_are_told():
    funnels = build_funnels(leads_of("TD@1"), funnel="acquisition", window=None)
    funnels.attrs = {}
    with pytest.raises(FrameError, match=r"lost its attrs.*funnels\.attrs"):
        count_stages(funnels)


def test_a_column_that_was_not_carried_is_told():
    with pytest.raises(FrameError, match=r"build_funnels\(leads, by='country'\)"):
        count_stages(build_funnels(leads_of("TD@1"), funnel="acquisition", window=None), by="country")


def test_a_column_that_counts_have_already_is_refused():
    with pytest.raises(OptionError, match="'stage'"):
        count_stages(build_funnels(leads_of("TD@1"), by="stage", funnel="acquisition", window=None), by="stage")


@pytest.mark.parametrize("top", [0, -1, 1.5, "3"])
def test_top_is_a_number(top):
    with pytest.raises(OptionError, match="top"):
        count_stages(build_funnels(leads_of("TD@1"), funnel="acquisition", window=None), by="offer_id", top=top)


def test_every_unit_with_a_lead_of_a_step_is_in_one_of_three_columns():
    # u reached it, v skipped the first step, w came too early, x too late.
    leads = leads_of("u: TD@0 GET@5; v: GET@1; w: GET@1 TD@2; x: TD@0 GET@9")
    counts = count_stages(build_funnels(leads, window="6 s"))
    assert counts["n"].tolist() == [3, 1]
    assert counts["with_lead"].tolist() == [3, 4]
    assert counts["skipped"].tolist() == [0, 1]
    assert counts["left_out"].tolist() == [0, 2]


def test_an_excluded_unit_is_left_out_at_every_step_that_it_shows():
    counts = count_stages(
        build_funnels(leads_of("TD@0 CON@1 GET@2"), excluding="Contact me", policy="unit", funnel=[TD, GET])
    )
    assert counts[["n", "with_lead", "left_out", "excluded"]].to_numpy().tolist() == [[0, 1, 1, 1], [0, 1, 1, 0]]


def test_steps_in_any_order_have_no_leads_of_a_step():
    assert "with_lead" not in count_stages(build_funnels(leads_of("GET@1 TD@2"), order="any"))


def test_the_funnels_of_a_frame_are_counted_one_after_the_other():
    leads = leads_of("u: TD@0/a CON@1/a; v: TD@0/b GET@1/b; w: TD@0/b")
    funnels = build_funnels(leads)
    counts = count_stages(funnels)
    assert counts[["funnel", "stage", "n"]].to_numpy().tolist() == [
        ["acquisition without Install", TD, 2],
        ["acquisition without Install", GET, 1],
        ["contact_me", TD, 1],
        ["contact_me", "Contact me", 1],
    ]
    alone = count_stages(funnels[funnels["offer_id"] == "a"])
    assert alone["funnel"].unique().tolist() == ["contact_me"]
    assert set(count_stages(funnels[:0])["funnel"]) == set(counts["funnel"])


def test_rows_of_several_funnels_have_no_labels_in_common():
    funnels = build_funnels(leads_of("u: TD@0/a CON@1/a; v: TD@0/b GET@1/b"))
    with pytest.raises(FrameError, match=r"these units are of several funnels.*build_funnels"):
        step_labels(funnels)
    assert step_labels(funnels[funnels["funnel"] == "contact_me"]) == [TD, "Contact me"]
