"""Rules of funnels: what they take, what they refuse, and that they come back as they were."""

from __future__ import annotations

import json
import pickle
from datetime import date, timedelta

import pandas as pd
import pytest
from funnel_cases import at, leads_of
from hypothesis import given
from hypothesis import strategies as st

from leadanalytics.errors import OptionError
from leadanalytics.funnels import FunnelRules, build_funnels

rules_of = st.fixed_dictionaries(
    {},
    optional={
        "funnel": st.sampled_from(
            [None, "own", "acquisition", ["Test drive", ("Install", "Purchase")], {"a": "Install"}]
        ),
        "unit": st.sampled_from(["customer_id", ("account_id", "offer_id")]),
        "window": st.one_of(st.none(), st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(9999))),
        "gap": st.sampled_from([None, "36 hours"]),
        "as_of": st.sampled_from([None, "2024-06-30", "2024-06-30 10:00+02:00", date(2024, 6, 30), at(5)]),
        "order": st.sampled_from(["ordered", "strict"]),
        "start": st.sampled_from(["first", "any"]),
        "entry": st.sampled_from(["best", "first"]),
        "prefer": st.sampled_from(["earliest", "latest"]),
        "ties": st.sampled_from(["forward", "strict"]),
        "excluding": st.sampled_from([(), "do not contact", ["Contact me", "do not contact"]]),
        "dates": st.sampled_from([(None, None), ("2024-01-01", None), ["2024-01-01", "2024-02-01"]]),
        "zone": st.sampled_from(["UTC", "America/New_York"]),
    },
)


@given(rules_of)
def test_rules_come_back_as_they_were(choices):
    rules = FunnelRules(**choices)
    assert FunnelRules.read(json.loads(json.dumps(rules))) == rules
    assert FunnelRules.read(rules) is rules
    assert FunnelRules.read(dict(rules)) == rules == pickle.loads(pickle.dumps(rules))
    assert str(FunnelRules(**json.loads(json.dumps(rules)))) == str(rules)
    if "window" in choices and choices["window"] is not None:
        assert pd.Timedelta(rules.window) == choices["window"]


def test_r5_the_default_window_is_30_days_at_every_door():
    assert FunnelRules().window == "30 days"
    leads = leads_of(f"u: TD@0 GET@{30 * 86400}; v: TD@0 GET@{30 * 86400 + 1}")
    funnels = build_funnels(leads)
    assert funnels["depth"].tolist() == [2, 1]
    assert "within 30 days of their Test drive" in funnels.attrs["definition"]
    assert build_funnels(leads, window=None)["depth"].tolist() == [2, 2]


def test_r32_rules_and_changes_give_the_same_funnels():
    leads = leads_of("u: TD@0 GET@5; v: TD@3 TD@8 GET@9")
    rules = FunnelRules(window="4 s", entry="first")
    funnels = build_funnels(leads, rules)
    for others in (
        build_funnels(leads, window="4 s", entry="first"),
        build_funnels(leads, {"entry": "first"}, window="4 s"),
        build_funnels(leads, FunnelRules(window="9 s", entry="first"), window=timedelta(seconds=4)),
        build_funnels(leads, funnels.attrs["rules"]),
    ):
        pd.testing.assert_frame_equal(others, funnels)
        assert others.attrs == funnels.attrs
    assert funnels.attrs["rules"] == rules


def test_a_plain_date_is_the_end_of_the_day_for_as_of_and_its_beginning_for_dates():
    rules = FunnelRules(as_of="2024-06-30", dates=("2024-06-01", "2024-07-01"), zone="America/New_York")
    assert rules.as_of == "2024-07-01T03:59:59.999999999+00:00"
    assert rules.dates == ["2024-06-01T04:00:00+00:00", "2024-07-01T04:00:00+00:00"]


def test_r13_a_plain_date_as_of_takes_the_leads_of_that_day():
    leads = leads_of("u: TD@0 GET@86399 INS@86400")
    assert build_funnels(leads, funnel="acquisition", as_of="2024-06-01")["depth"].tolist() == [2]


def test_rules_are_read_from_toml(tmp_path):
    path = tmp_path / "rules.toml"
    path.write_text('[funnel]\nwindow = "14 days"\nas_of = 2024-06-30\nexcluding = ["Contact me"]\n', encoding="utf-8")
    assert FunnelRules.from_toml(path) == FunnelRules(window="14 days", as_of="2024-06-30", excluding="Contact me")


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"anchor": "latest"}, "FunnelRules has no choice 'anchor'; it is called 'prefer' now"),
        ({"exclusion": "unit"}, "it is called 'policy' now"),
        ({"entered": (None, None)}, "it is called 'dates' now"),
        ({"tz": "UTC"}, "it is called 'zone' now"),
        ({"windw": "1 day"}, "did you mean 'window'"),
        ({"unit": 3}, "unit is a name or a sequence of names; found 3; unit='customer_id'"),
        ({"unit": ["customer_id", 3]}, "unit is a name or a sequence of names"),
        ({"excluding": 5}, "excluding is a name or a sequence of names; found 5; excluding='Contact me'"),
        ({"funnel": [5]}, "funnel is a name or a sequence of names; found 5"),
        ({"funnel": []}, "funnel is a name, a sequence of stages or a mapping"),
        ({"window": 30}, "window is a length of time with its unit; found 30; window='30 days'"),
        ({"zone": "Berlin"}, "zone is the name of a time zone"),
        ({"as_of": "soon"}, "as_of is a date, or a time with its zone"),
        ({"dates": ("2024-02-01", "2024-01-01")}, "dates begins before it ends"),
        ({"policy": "unit"}, "means nothing without excluding"),
    ],
)
def test_what_means_nothing_is_refused_with_the_cure(choices, said):
    with pytest.raises(OptionError, match=said):
        FunnelRules.read(**choices)


def test_what_is_no_rules_is_refused():
    with pytest.raises(OptionError, match=r"rules is a FunnelRules; found '30 days'; rules=la\.FunnelRules"):
        build_funnels(leads_of("TD@0"), "30 days")


def test_rules_are_frozen():
    rules = FunnelRules()
    with pytest.raises(TypeError, match="frozen"):
        rules["window"] = None
    with pytest.raises(AttributeError):
        rules.window = None
