"""The funnel rules by their worked examples; each test is named after its rule."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from funnel_cases import CON, GET, INS, TD, at, leads_of

from leadanalytics import schema
from leadanalytics.errors import FrameError, OptionError, UnknownCodeWarning
from leadanalytics.funnels import FunnelRules, build_funnels, code_units, count_stages, plan_funnels
from leadanalytics.funnels.building import STATUSES
from leadanalytics.vocabulary import load_vocabulary

MONTH = "30 days"
NO_TIME = pd.Series(pd.NaT, index=[0], dtype=schema.TIME)


def customers(text: str, **options: object) -> pd.DataFrame:
    return build_funnels(
        leads_of(text), **({"funnel": "acquisition", "window": None} | {"unit": "customer_id"} | options)
    )


def depth(text: str, **options: object) -> int:
    funnels = customers(text, **options)
    assert len(funnels) == 1
    return int(funnels.loc[0, "depth"])


def reached(funnels: pd.DataFrame) -> list[int]:
    return count_stages(funnels)["n"].tolist()


def dated(*leads: tuple[str, str], customer: str = "u") -> pd.DataFrame:
    stages, times = zip(*leads)
    created = pd.to_datetime([pd.Timestamp(time).tz_convert("UTC") for time in times])
    return pd.DataFrame({"customer_id": customer, "offer_id": "crane", "stage": stages, "created_at": created})


def test_r1_a_unit_counts_once_and_units_are_conserved():
    funnels = customers("u: TD@1 TD@2 GET@3; v: TD@1")
    assert reached(funnels) == [2, 1, 0]


def test_r2_bypass_is_counted_beside_a_closed_funnel():
    funnels = customers("u: GET@10 INS@20")
    assert reached(funnels) == [0, 0, 0]
    row = funnels.loc[0]
    assert (row["depth"], row["status"], row["entered_step"], row["entered_at"]) == (0, "bypass", 2, at(10))
    assert row[[TD, GET, INS]].isna().all()


def test_r2_an_open_funnel_is_entered_at_any_step():
    funnels = customers("u: GET@10 INS@20; v: TD@1 INS@2; w: INS@3", start="any")
    counts = count_stages(funnels)
    assert counts["n"].tolist() == [3, 3, 3 - 1 + 1]
    assert funnels["entered_step"].tolist() == [2, 3, 3]
    assert counts["entered"].tolist() == [0, 1, 2]
    assert counts["bypass"].sum() == 0


def test_r2_an_open_funnel_takes_the_earliest_start_of_the_furthest_chains():
    funnels = customers("u: GET@0 TD@1 GET@2 INS@3", start="any")
    assert funnels.loc[0, "entered_step"] == 2
    assert funnels.loc[0, [TD, GET, INS]].tolist() == [pd.NaT, at(0), at(3)]


def test_r2_an_open_funnel_takes_the_most_steps_of_chains_that_start_together():
    funnels = customers("u: GET@1 TD@1 INS@3", start="any")
    assert funnels.loc[0, [TD, GET, INS]].tolist() == [at(1), at(1), at(3)]


@pytest.mark.parametrize(("stages", "steps", "expected"), [("ABDCD", "ABCD", 4), ("ABCE", "ABCDE", 3)])
def test_r3_leads_between_the_steps_are_harmless(stages, steps, expected):
    leads = leads_of(" ".join(f"{stage}@{second}" for second, stage in enumerate(stages)))
    leads["stage"] = leads["stage"].astype(pd.CategoricalDtype(list("ABCDE")))
    assert build_funnels(leads, funnel=list(steps), window=None).loc[0, "depth"] == expected


@pytest.mark.parametrize(
    ("leads", "funnel", "expected"),
    [
        ("TD@1 GET@5", [TD, TD, GET], 1),
        ("TD@1 TD@3 GET@5", [TD, TD, GET], 3),
        ("TD@1", [(TD, GET), TD], 1),
    ],
)
def test_r4_one_lead_serves_one_step(leads, funnel, expected):
    assert depth(leads, funnel=funnel) == expected


@pytest.mark.parametrize(("seconds", "expected"), [(0, 2), (1, 1)])
def test_r5_the_window_is_inclusive(seconds, expected):
    assert depth(f"TD@0 GET@{30 * 86400 + seconds}", window=MONTH) == expected


def test_r5_the_window_runs_from_the_entry_to_every_step():
    assert depth("TD@0 GET@10 INS@25", window="20 s") == 2
    assert depth("TD@0 GET@10 INS@25") == 3


def test_r6_reentry_is_a_named_choice():
    leads = "TD@100 TD@195 GET@205"
    assert depth(leads, window="20 s") == 2
    assert depth(leads, window="20 s", entry="first") == 1
    leads = "TD@0 TD@1800 GET@2700 INS@4500"
    assert depth(leads, window="1 hour") == 3
    assert depth(leads, window="1 hour", entry="first") == 2


def test_r5_the_gap_is_inclusive_and_runs_from_each_step_to_the_next():
    assert depth("TD@0 GET@10 INS@20", gap="10 s") == 3
    assert depth("TD@0 GET@10 INS@21", gap="10 s") == 2


def test_r5_a_gap_may_need_a_later_step():
    funnels = customers("TD@0 GET@3 GET@5 INS@9", gap="5 s")
    assert funnels.loc[0, [TD, GET, INS]].tolist() == [at(0), at(5), at(9)]


def test_r5_whoever_is_past_the_gap_is_no_longer_open():
    assert customers("u: TD@0; v: TD@5", gap="5 s", as_of=at(5))["status"].tolist() == ["dropped", "open"]


def test_r6_prefer_says_which_of_equally_deep_chains_counts():
    leads = "TD@1 TD@4 GET@5 GET@6"
    assert customers(leads).loc[0, [TD, GET]].tolist() == [at(1), at(5)]
    assert customers(leads, prefer="latest").loc[0, [TD, GET]].tolist() == [at(4), at(5)]
    assert customers("INS@1 TD@2 INS@3", order="any", prefer="latest").loc[0, "entered_at"] == at(2)


def test_r6_the_earliest_of_the_deepest_chains_is_taken():
    assert customers("TD@1 TD@2 GET@3", window="5 s").loc[0, "entered_at"] == at(1)


@pytest.mark.parametrize(
    ("leads", "funnel", "ties", "expected"),
    [
        ("GET@3 TD@3", "acquisition", "forward", 2),
        ("GET@3 TD@3", "acquisition", "strict", 1),
        ("TD@3 TD@4 GET@4", "acquisition", "strict", 2),
        ("TD@1 GET@5 GET@8 INS@8", "acquisition", "strict", 3),
        ("TD@7 TD@8 GET@8", [TD, TD, GET], "forward", 3),
    ],
)
def test_r7_ties(leads, funnel, ties, expected):
    assert depth(leads, funnel=funnel, ties=ties) == expected


def test_r7_leads_at_one_time_are_shared_out_among_the_steps():
    # TD alone serves the second step, so GET must serve the first and CON the third.
    assert depth("TD@1 GET@1 CON@1", funnel=[(TD, GET), TD, (TD, GET, CON)]) == 3
    assert depth("TD@1 GET@1", funnel=[(TD, GET), TD, (TD, GET, CON)]) == 2


def test_r8_exact_duplicates_go_first():
    funnels = customers("TD@1(r1) TD@1(r1) GET@5", funnel=[TD, TD, GET])
    assert funnels.loc[0, "depth"] == 1
    assert funnels.attrs["removed"]["repeated records"] == 1
    funnels = customers("TD@1(r1) TD@1(r2) GET@5", funnel=[TD, TD, GET])
    assert funnels.loc[0, "depth"] == 3
    assert funnels.attrs["removed"]["repeated records"] == 0


@pytest.mark.parametrize(
    ("leads", "window", "expected"),
    [("GET@1 TD@5", "4 s", 2), ("INS@0 TD@50 GET@55", "10 s", 2), ("INS@0 TD@50 GET@55", None, 3)],
)
def test_r9_steps_in_any_order(leads, window, expected):
    assert depth(leads, order="any", window=window) == expected


def test_r9_each_lead_serves_one_step_in_any_order():
    assert depth("GET@1 TD@2", order="any", funnel=[TD, TD, GET]) == 2
    # The test drive has to leave the first step to Get it now.
    assert depth("TD@1 GET@2", order="any", funnel=[(TD, GET), TD]) == 2


def test_r9_steps_in_any_order_are_told_by_their_number():
    funnels = customers("u: INS@1 TD@3 TD@4; v: GET@2", order="any", window="30 s")
    assert funnels.attrs["steps"] == ["1 of 3", "2 of 3", "3 of 3"]
    assert funnels.loc[0, ["entered_step", "entered_at", *funnels.attrs["steps"]]].tolist() == [
        1, at(1), at(1), at(3), pd.NaT
    ]  # fmt: skip
    counts = count_stages(funnels)
    assert counts["stage"].tolist() == ["1 of 3", "2 of 3", "3 of 3"]
    assert counts["n"].tolist() == [2, 1, 0]
    assert counts["bypass"].sum() == 0


@pytest.mark.parametrize(("as_of", "status"), [(31, "open"), (32, "dropped")])
def test_r9_any_lead_is_an_entry_in_any_order(as_of, status):
    assert customers("INS@1 TD@2", order="any", window="30 s", as_of=at(as_of))["status"].tolist() == [status]


@pytest.mark.parametrize(
    ("leads", "expected"), [("TD@1 CON@2 GET@3", 1), ("TD@1 TD@2 GET@3", 2), ("TD@1 CON@3 GET@3", 3)]
)
def test_r10_a_strict_order_has_no_other_lead_between(leads, expected):
    assert depth(leads, order="strict", funnel=[TD, GET, CON]) == expected


def test_r10_leads_of_no_step_do_not_break_a_strict_order():
    assert depth("TD@1 CON@2 GET@3", order="strict") == 2


def test_r10_a_broken_chain_is_no_longer_open():
    assert customers("TD@1 INS@2", order="strict")["status"].tolist() == ["dropped"]
    assert customers("TD@1 INS@2 TD@3", order="strict")["status"].tolist() == ["open"]


def leads_with_do_not_contact(text: str) -> pd.DataFrame:
    leads = leads_of(text.replace("DNC", "CON"))
    leads["do_not_contact"] = leads["stage"] == CON
    return leads.assign(stage=leads["stage"].cat.remove_categories([CON]))


@pytest.mark.parametrize(
    ("leads", "by_chain", "by_unit"),
    [
        ("TD@1 DNC@2 GET@3", 1, "excluded"),
        ("TD@1 DNC@2 GET@3 TD@10 GET@11", 2, "excluded"),
        ("TD@1 DNC@3 GET@3", 2, "open"),
        ("DNC@1 TD@2 GET@3 DNC@4", 2, "dropped"),
    ],
)
def test_r11_exclusion_has_two_policies(leads, by_chain, by_unit):
    leads = leads_with_do_not_contact(leads)
    assert build_funnels(leads, excluding="do not contact", funnel="acquisition", window=None)["depth"].tolist() == [
        by_chain
    ]
    funnels = build_funnels(leads, excluding="do not contact", policy="unit", funnel="acquisition", window=None)
    assert funnels["status"].tolist() == [by_unit]


def test_r11_without_excluding_such_leads_are_left_out():
    funnels = build_funnels(leads_with_do_not_contact("TD@1 DNC@2 GET@3"), funnel="acquisition", window=None)
    assert funnels["depth"].tolist() == [2]
    assert funnels.attrs["removed"]["do not contact"] == 1


def test_r11_an_excluded_unit_is_counted_beside_the_funnel():
    funnels = customers("u: TD@1 CON@2 GET@3; v: TD@1 GET@2", excluding=CON, policy="unit")
    row = funnels.loc[0]
    assert (row["depth"], row["entered_step"], row["entered_at"]) == (0, 1, at(1))
    assert row[[TD, GET, INS]].isna().all()
    counts = count_stages(funnels)
    assert counts["n"].tolist() == [1, 1, 0]
    assert counts["excluded"].tolist() == [1, 0, 0]
    assert (counts["entered"].sum(), counts["bypass"].sum()) == (1, 0)


def test_r11_a_chain_that_an_excluding_lead_has_broken_is_no_longer_open():
    assert customers("TD@1 CON@2", excluding=CON)["status"].tolist() == ["dropped"]
    assert customers("TD@1 CON@2", excluding=CON, policy="unit")["status"].tolist() == ["dropped"]


def test_r11_a_unit_of_excluding_leads_alone_has_no_row():
    funnels = customers("u: CON@1 CON@2; v: CON@1 GET@2", excluding=CON)
    assert funnels[["customer_id", "status", "entered_at"]].to_numpy().tolist() == [["v", "bypass", at(2)]]
    assert funnels.attrs["removed"]["in no step"] == 2
    assert funnels.attrs["removed"]["outside the entry range"] == 0


@pytest.mark.parametrize(
    ("leads", "expected"),
    [
        ((("Test drive", "2024-07-31T00:00Z"), ("Get it now", "2024-08-05T00:00Z")), [2]),
        ((("Test drive", "2024-06-30T00:00Z"), ("Get it now", "2024-07-02T00:00Z")), []),
        ((("Test drive", "2024-08-01T00:00Z"),), []),
        ((("Test drive", "2024-07-01T00:00Z"),), [1]),
    ],
)
def test_r12_a_date_range_filters_entry_only(leads, expected):
    july = ("2024-07-01T00:00Z", "2024-08-01T00:00Z")
    funnels = build_funnels(dated(*leads), window="14 days", dates=july, funnel="acquisition")
    assert funnels["depth"].tolist() == expected
    assert funnels.attrs["removed"]["outside the entry range"] == 1 - len(expected)


def test_r12_the_first_entry_is_the_first_of_the_range():
    assert depth("TD@1 TD@5 GET@8", window="4 s", entry="first", dates=(at(2), None)) == 2


def test_r12_a_bypass_belongs_to_the_range_in_which_it_is_first_seen():
    assert customers("GET@5 INS@9", dates=(at(5), at(6)))["status"].tolist() == ["bypass"]
    assert customers("GET@5 INS@9", dates=(at(6), None))["status"].tolist() == []


def test_r13_reached_open_and_dropped():
    day = 86400
    leads = leads_of(f"u1: TD@0 GET@{20 * day}; u2: TD@0; u3: TD@{30 * day}")
    funnels = build_funnels(leads, funnel=[TD, GET], window=MONTH, as_of=at(40 * day))
    assert funnels["status"].tolist() == ["reached", "dropped", "open"]
    counts = count_stages(funnels)
    assert counts["n"].tolist() == [3, 1]
    assert counts["dropped"].tolist() == [1, 0]
    assert counts["open"].tolist() == [1, 0]
    assert counts.loc[1, "of_first"] == pytest.approx(1 / 3)


@pytest.mark.parametrize(("as_of", "expected"), [(29, "open"), (30, "dropped")])
def test_r13_a_unit_is_open_until_its_window_ends(as_of, expected):
    assert customers("TD@0", window="30 s", as_of=at(as_of)).loc[0, "status"] == expected


def test_r13_any_eligible_entry_keeps_a_unit_open():
    leads = "u: TD@0 GET@5 TD@30"
    assert customers(leads, window="20 s", as_of=at(40)).loc[0, "status"] == "open"
    assert customers(leads, window="20 s", as_of=at(40), entry="first").loc[0, "status"] == "dropped"
    assert customers(leads, window="20 s", as_of=at(40), dates=(None, at(30))).loc[0, "status"] == "dropped"


def test_r13_without_a_window_nobody_is_lost():
    assert customers("u: TD@0; v: TD@999999")["status"].tolist() == ["open", "open"]


def test_r13_later_leads_are_ignored():
    funnels = customers("TD@0 GET@5 INS@6", as_of=at(5))
    assert funnels.loc[0, "depth"] == 2
    assert funnels.attrs["removed"]["after as_of"] == 1


def test_r13_as_of_is_the_newest_lead_of_the_data():
    leads = leads_of("u: TD@0; v: TD@7").assign(is_test=[False, True])
    assert build_funnels(leads, funnel="acquisition", window=None).attrs["as_of"] == at(7).isoformat()


def test_r15_times_come_from_the_chain_that_gave_the_depth():
    funnels = customers("TD@100 TD@195 GET@205", window="20 s")
    assert funnels.loc[0, ["entered_at", TD, GET, INS]].tolist() == [at(195), at(195), at(205), pd.NaT]


def test_r15_zeros_stay():
    funnels = customers("u: TD@1 GET@1; v: TD@2 GET@2; w: TD@3 GET@13")
    assert (funnels[GET] - funnels[TD]).median() == pd.Timedelta(0)


def test_r16_a_breakdown_is_taken_from_the_entry():
    leads = leads_of("u1: TD@1 GET@2; u2: TD@1").assign(country=[None, "US", None])
    funnels = build_funnels(leads, by="country", funnel="acquisition", window=None)
    assert funnels["country"].isna().all()
    counts = count_stages(funnels, by="country")
    assert counts["country"].unique().tolist() == ["(missing)"]
    assert counts["n"].tolist() == [2, 1, 0]


def test_r16_the_entry_is_that_of_the_counted_chain():
    leads = leads_of("TD@1 TD@10 GET@11").assign(country=["DE", "FR", "US"])
    assert build_funnels(leads, by="country", window="5 s", funnel="acquisition").loc[0, "country"] == "FR"
    assert build_funnels(leads, by="country", funnel="acquisition", window=None).loc[0, "country"] == "DE"


def test_r16_the_entry_is_the_lead_that_serves_the_first_step():
    # The test drive has to serve the second step.
    leads = leads_of("TD@1 GET@1").assign(country=["DE", "US"])
    assert build_funnels(leads, funnel=[(TD, GET), TD], by="country", window=None).loc[0, "country"] == "US"


def test_r16_of_leads_at_one_time_the_first_record_is_the_entry():
    leads = leads_of("TD@1(b) TD@1(a)").assign(country=["DE", "US"])
    assert build_funnels(leads, by="country", funnel="acquisition", window=None).loc[0, "country"] == "US"


def test_r17_the_unit_is_explicit():
    leads = leads_of("TD@1/X GET@2/Y")
    assert build_funnels(leads, unit="customer_id", funnel="acquisition", window=None)["depth"].tolist() == [2]
    funnels = build_funnels(leads, funnel="acquisition", window=None)
    assert funnels[["offer_id", "depth", "status"]].to_numpy().tolist() == [["X", 1, "open"], ["Y", 0, "bypass"]]


@pytest.mark.parametrize(
    ("entry", "step", "expected"),
    [
        ("2024-03-30T12:00", "2024-04-13T13:00", 2),
        ("2024-10-20T12:00", "2024-11-03T12:00", 1),
    ],
)
def test_r18_windows_are_elapsed_time(entry, step, expected):
    created = pd.to_datetime([entry, step]).tz_localize("Europe/Berlin")
    leads = pd.DataFrame({"customer_id": "u", "offer_id": "crane", "stage": [TD, GET], "created_at": created})
    funnels = build_funnels(leads, window="14 days", funnel="acquisition")
    assert funnels["depth"].tolist() == [expected]
    assert funnels["entered_at"].dtype == schema.TIME


def test_r18_a_range_may_be_given_in_any_zone():
    leads = dated((TD, "2024-01-31T23:30Z"))
    february = ("2024-02-01T00:00+01:00", "2024-03-01T00:00+01:00")
    assert len(build_funnels(leads, dates=february, funnel="acquisition", window=None)) == 1


def test_r18_naive_times_are_refused():
    leads = leads_of("TD@1").assign(created_at=pd.to_datetime(["2024-01-01"]))
    with pytest.raises(FrameError, match="tz_localize"):
        build_funnels(leads, funnel="acquisition", window=None)


def test_r23_a_lead_whose_time_is_no_time_changes_no_other_number():
    leads = leads_of("u: TD@0 GET@5; v: TD@3")
    future = leads_of("w: TD@0").assign(created_at=NO_TIME)
    for rules in ({}, {"funnel": "acquisition"}):
        alone, together = (build_funnels(each, rules) for each in (leads, pd.concat([leads, future])))
        pd.testing.assert_frame_equal(together, alone)
        assert together.attrs["as_of"] == alone.attrs["as_of"]
        assert together.attrs["removed"].pop("no created time") == 1


def test_the_name_of_the_offer_is_there_to_break_down_by():
    leads = leads_of("u: TD@1/a; v: TD@1/b")
    counts = count_stages(build_funnels(leads, by="offer_name"), by="offer_name")
    assert counts["offer_name"].tolist() == ["a", "b"]


def test_leads_without_any_known_stage_are_warned_of():
    leads = leads_of("u: TD@1; v: GET@2").assign(stage=None)
    with pytest.warns(UnknownCodeWarning, match="none of the 2 leads that could count has a known stage; audit_codes"):
        assert len(build_funnels(leads)) == 0


def test_the_columns_are_those_of_the_kind():
    leads = leads_of("TD@1 GET@2").assign(country="US", do_not_contact=False)
    funnels = build_funnels(leads, by=("country", "offer_id"), funnel="acquisition", window=None)
    kind = schema.KINDS["funnels"].names
    assert list(funnels) == ["customer_id", "offer_id", *kind[1:], TD, GET, INS, "country"]
    own = build_funnels(leads, by=("country", "offer_name"), window=None)
    assert list(own) == ["customer_id", "offer_id", *kind, TD, GET, "country"]
    assert isinstance(own["funnel"].dtype, pd.CategoricalDtype)
    assert own["offer_name"].dtype == schema.TEXT
    assert funnels["status"].cat.categories.tolist() == list(STATUSES)
    assert funnels[["depth", "entered_step"]].dtypes.tolist() == [np.dtype("int64")] * 2
    assert funnels[["entered_at", TD, GET, INS]].dtypes.tolist() == [schema.TIME] * 4


def test_whoever_any_lead_says_not_to_contact_is_flagged_in_every_unit():
    leads = leads_of("u: TD@1/a GET@2/b CON@9/c; v: TD@1/a").assign(do_not_contact=[False, False, True, False])
    assert build_funnels(leads, as_of=at(5), funnel="acquisition", window=None)["do_not_contact"].tolist() == [
        True,
        True,
        False,
    ]
    assert build_funnels(code_units(leads, ["customer_id"]), funnel="acquisition", window=None)[
        "do_not_contact"
    ].tolist() == [True, True, False]


def test_the_flag_is_there_where_the_leads_have_it_and_the_unit_names_the_customer():
    leads = leads_of("u: TD@1").assign(account="A")
    assert "do_not_contact" not in build_funnels(leads, funnel="acquisition", window=None)
    assert "do_not_contact" not in build_funnels(
        leads.assign(do_not_contact=True), unit="account", funnel="acquisition", window=None
    )


def test_units_are_sorted_by_their_values():
    funnels = build_funnels(leads_of("v: TD@1/b TD@2/a; u: TD@3/b"), funnel="acquisition", window=None)
    assert funnels[["customer_id", "offer_id"]].to_numpy().tolist() == [["u", "b"], ["v", "a"], ["v", "b"]]


def test_the_leads_are_left_as_they_were():
    leads = leads_of("u: TD@2 TD@1(r) TD@1(r)").assign(offer_id=None, is_test=False)
    before = leads.copy(deep=True)
    build_funnels(leads, by="stage", funnel="acquisition", window=None)
    pd.testing.assert_frame_equal(leads, before)


@pytest.mark.parametrize("leads", [leads_of(""), leads_of("CON@1"), leads_of("TD@1").assign(created_at=NO_TIME)])
def test_no_lead_of_the_funnel_gives_no_row(leads):
    funnels = build_funnels(leads, by="stage", window="1 day", funnel="acquisition")
    assert len(funnels) == 0
    assert count_stages(funnels)["n"].tolist() == [0, 0, 0]


def test_attrs_hold_every_choice_as_plain_values():
    funnels = customers("TD@1", window="90 min", as_of=at(5), dates=(at(0), None), funnel="overall", by="offer_id")
    choices = {
        "funnel": "overall",
        "unit": ["customer_id"],
        "window": "1 hour 30 minutes",
        "gap": None,
        "as_of": "2024-06-01T00:00:05+00:00",
        "order": "ordered",
        "start": "first",
        "entry": "best",
        "prefer": "earliest",
        "ties": "forward",
        "excluding": [],
        "policy": "chain",
        "dates": ["2024-06-01T00:00:00+00:00", None],
    }
    assert json.loads(json.dumps(funnels.attrs)) == choices | {
        "rules": {**choices, "zone": "UTC"},
        "definition": "Customers who took Test drive, then Free trial, contact me or get it now, then Install or "
        "purchase within 1 hour 30 minutes of their Test drive, entered on or after 2024-06-01, as of "
        "2024-06-01 00:00:05 UTC.",
        "people": 0,
        "steps": [TD, "Free trial, contact me or get it now", "Install or purchase"],
        "unshown": [],
        "by": ["offer_id"],
        "removed": {
            "test leads": 0,
            "referrals": 0,
            "do not contact": 0,
            "no created time": 0,
            "no customer": 0,
            "repeated records": 0,
            "after as_of": 0,
            "in no step": 0,
            "outside the entry range": 0,
        },
    }
    assert isinstance(funnels.attrs["rules"], FunnelRules)


def test_steps_that_any_of_several_stages_serves():
    seed = load_vocabulary(edition="2018")
    assert depth("TD@1 GET@2 CON@3", funnel="active", vocabulary=seed) == 3
    assert depth("TD@1 GET@2 INS@3", funnel={"tried": TD, "serious": (CON, INS)}) == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"start": "frist"}, "did you mean 'first'"),
        ({"entry": "last"}, "'best', 'first'"),
        ({"ties": "back"}, "'forward', 'strict'"),
        ({"funnel": "aquisition"}, "did you mean 'acquisition'"),
        ({"order": "none"}, "'ordered', 'any', 'strict'"),
        ({"prefer": "last"}, "did you mean 'latest'"),
        ({"funnel": [TD] * 63}, "at most 62 steps"),
        ({"policy": "unit"}, "means nothing without excluding"),
        ({"excluding": "Contact"}, "did you mean 'Contact me'"),
        ({"excluding": [CON, GET]}, "not both; found 'Get it now', which serves the step 'Get it now'"),
        ({"gap": 5}, "gap is a length of time with its unit"),
        ({"order": "any", "gap": "1 day"}, "order='any' and gap mean nothing together"),
        ({"order": "any", "excluding": CON}, "order='any' and excluding mean nothing together"),
        ({"order": "any", "start": "any"}, "order='any' and start mean nothing together"),
        ({"order": "any", "ties": "strict"}, "order='any' and ties mean nothing together"),
        ({"unit": ()}, "unit names at least one column"),
        ({"funnel": {"depth": TD}}, "same name.*'depth'"),
        ({"by": "status"}, "same name.*'status'"),
    ],
)
def test_options_that_mean_nothing_are_refused(options, said):
    with pytest.raises(OptionError, match=said):
        build_funnels(leads_of("TD@1").assign(status="new"), **({"funnel": "acquisition", "window": None} | options))


def test_missing_columns_are_named_with_the_function_that_makes_them():
    with pytest.raises(FrameError, match=r"'customer_id'.*identify_customers"):
        build_funnels(leads_of("TD@1").drop(columns="customer_id"), funnel="acquisition", window=None)
    with pytest.raises(FrameError, match=r"'contry'.*'country'"):
        build_funnels(leads_of("TD@1").assign(country="US"), by="contry", funnel="acquisition", window=None)


def test_a_part_of_the_leads_is_counted_in_the_funnels_of_all():
    leads = leads_of("u: TD@1; v: TD@2 GET@3; w: CON@4/desk")
    plans = plan_funnels(leads)
    own = leads[leads["customer_id"] == "u"]
    assert build_funnels(own)["status"].tolist() == ["reached"]
    assert build_funnels(own, plans=plans, as_of=at(5))["status"].tolist() == ["open"]
    nobody = build_funnels(own, plans=plan_funnels(leads[:0]), as_of=at(5))
    assert (len(nobody), nobody.attrs["steps"]) == (0, [TD, GET, INS])
