"""The list to follow up."""

from __future__ import annotations

import pytest
from funnel_cases import GET, INS, TD, at, leads_of

from leadanalytics.errors import FrameError, OptionError
from leadanalytics.funnels import build_funnels, drop_offs

DAY = 86400
# As of day 10 with a window of 5 days: a and b are dropped, c and d are open, e went on, f never tried.
FUNNELS = build_funnels(
    leads_of(
        f"a: TD@0; b: TD@{DAY}; c: TD@{6 * DAY}; d: TD@{7 * DAY}; e: TD@0 GET@{DAY} INS@{2 * DAY}; f: GET@{9 * DAY}; "
        f"g: TD@{6 * DAY} GET@{8 * DAY}"
    ),
    window="5 days",
    as_of=at(10 * DAY),
    funnel="acquisition",
)


@pytest.mark.parametrize("after", [TD, 1])
def test_open_units_come_first_then_the_most_recent(after):
    stopped = drop_offs(FUNNELS, after=after)
    assert stopped["customer_id"].tolist() == ["d", "c", "b", "a"]
    assert stopped["status"].tolist() == ["open", "open", "dropped", "dropped"]
    assert stopped["days_since"].tolist() == [3, 4, 9, 10]


def test_days_count_from_the_last_step():
    assert drop_offs(FUNNELS, after=GET)[["customer_id", "days_since"]].to_numpy().tolist() == [["g", 2]]


def test_columns_and_definition_are_kept():
    stopped = drop_offs(FUNNELS, after=GET)
    assert list(stopped) == [*FUNNELS, "days_since", "why"]
    assert stopped.attrs == {**FUNNELS.attrs, "after": GET, "left_out": {}}
    assert "days_since" not in FUNNELS


def test_why_in_words():
    assert drop_offs(FUNNELS, after=TD)["why"].tolist() == [
        "reached Test drive 3 days ago and can still go on to Get it now",
        "reached Test drive 4 days ago and can still go on to Get it now",
        "reached Test drive 9 days ago and can no longer go on to Get it now",
        "reached Test drive 10 days ago and can no longer go on to Get it now",
    ]


def test_whoever_asked_not_to_be_contacted_is_left_out_and_counted():
    never = FUNNELS.assign(do_not_contact=FUNNELS["customer_id"].isin(["b", "c", "e"]))
    never.attrs = FUNNELS.attrs
    stopped = drop_offs(never, after=TD)
    assert stopped["customer_id"].tolist() == ["d", "a"]
    assert stopped.attrs["left_out"] == {"do not contact": 2}


def test_any_index_will_do():
    assert len(drop_offs(FUNNELS.set_index(FUNNELS["depth"].rename(None)), after=TD)) == 4


def test_nobody_to_follow_up():
    assert drop_offs(FUNNELS.iloc[:0], after=TD).empty


@pytest.mark.parametrize(
    ("after", "said"),
    [("Test driv", "did you mean 'Test drive'"), (INS, "1 'Test drive', 2 'Get it now'"), (0, "1 'T"), (1.5, "1 'T")],
)
def test_a_step_without_another_after_it_is_refused(after, said):
    with pytest.raises(OptionError, match=said):
        drop_offs(FUNNELS, after=after)


def test_lost_steps_are_told():
    funnels = FUNNELS.copy()
    funnels.attrs = {}
    with pytest.raises(FrameError, match="lost its attrs"):
        drop_offs(funnels, after=TD)
