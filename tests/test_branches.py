"""A frame of several funnels: its rows by funnel, its steps, and one answer about all of them."""

import pandas as pd
import pytest
from funnel_cases import CON, GET, TD, leads_of

from leadanalytics.branches import in_each_funnel, split_funnels, step_labels
from leadanalytics.errors import FrameError
from leadanalytics.funnels import build_funnels

SEVERAL = build_funnels(leads_of("u: TD@1 GET@2; v: TD@1 GET@3; u: CON@4/desk"))
DESK = "contact_me without Test drive"


def names_of(funnels):
    return pd.DataFrame({"units": [len(funnels)]})


def test_each_funnel_has_its_own_rows_steps_and_facts():
    (first, crane), (second, desk) = split_funnels(SEVERAL)
    assert (first, second) == ("acquisition without Install", DESK)
    assert (crane.attrs["steps"], desk.attrs["steps"]) == ([TD, GET], [CON])
    assert desk["offer_id"].tolist() == ["desk"]
    assert {TD, GET}.isdisjoint(desk.columns)


def test_what_is_told_of_each_stands_behind_its_name():
    assert in_each_funnel(SEVERAL, names_of).to_numpy().tolist() == [["acquisition without Install", 2], [DESK, 1]]


def test_a_frame_of_one_funnel_for_all_has_no_such_column():
    given = build_funnels(leads_of("u: TD@1"), funnel=[TD, GET])
    assert list(in_each_funnel(given, names_of).columns) == ["units"]


def test_the_rows_of_one_funnel_have_its_steps():
    assert step_labels(SEVERAL[SEVERAL["funnel"] == DESK]) == [CON]


def test_the_rows_of_several_have_no_steps_in_common():
    with pytest.raises(FrameError, match=r"several funnels.*take one of them: funnels\[funnels\['funnel'\] =="):
        step_labels(SEVERAL)


def test_a_frame_without_attrs_says_how_to_give_them_back():
    with pytest.raises(FrameError, match=r"lost its attrs.*frame.attrs = funnels.attrs"):
        step_labels(pd.DataFrame({"depth": [1]}))
