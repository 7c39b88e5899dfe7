"""Funnels by name and funnels of one's own."""

from __future__ import annotations

import pytest
from funnel_cases import CON, GET, INS, TD

from leadanalytics.errors import OptionError
from leadanalytics.funnels.steps import read_excluding, read_steps, serving
from leadanalytics.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()


@pytest.mark.parametrize(
    ("funnel", "steps"),
    [
        ("contact_me", {TD: (TD,), CON: (CON,)}),
        ([TD, GET], {TD: (TD,), GET: (GET,)}),
        ([TD, TD, TD], {TD: (TD,), f"{TD} (2)": (TD,), f"{TD} (3)": (TD,)}),
        ([(TD, GET), INS], {f"{TD} or {GET}": (TD, GET), INS: (INS,)}),
        ({"tried": TD, "serious": [CON, INS]}, {"tried": (TD,), "serious": (CON, INS)}),
    ],
)
def test_steps_as_written(funnel, steps):
    assert read_steps(funnel, vocabulary=VOCABULARY) == steps


@pytest.mark.parametrize("funnel", [[], {}, 3, [()]])
def test_no_steps_are_refused(funnel):
    with pytest.raises(OptionError):
        read_steps(funnel, vocabulary=VOCABULARY)


def test_an_unknown_stage_is_refused_with_the_nearest():
    with pytest.raises(OptionError, match="did you mean 'Install'"):
        read_steps([TD, "Instal"], vocabulary=VOCABULARY)


def test_a_stage_that_only_the_data_knows():
    assert read_steps(["Trial"], vocabulary=VOCABULARY, stages=["Trial"]) == {"Trial": ("Trial",)}


def test_serving_tells_which_stage_serves_which_step():
    stages, serves = serving({"one": (TD, GET), "two": (TD,)})
    assert stages == [TD, GET]
    assert serves.tolist() == [[True, True], [True, False]]


@pytest.mark.parametrize(
    ("excluding", "names"),
    [((), ()), (CON, (CON,)), ([CON, "do not contact", CON], (CON, "do not contact")), ("Parked", ("Parked",))],
)
def test_what_excludes_as_written(excluding, names):
    steps = {TD: (TD,)}
    assert read_excluding(excluding, steps=steps, vocabulary=VOCABULARY, stages=["Parked"]) == names


@pytest.mark.parametrize(("excluding", "said"), [("Do not call", "did you mean 'do not contact'"), (TD, "not both")])
def test_what_cannot_exclude_is_told(excluding, said):
    with pytest.raises(OptionError, match=said):
        read_excluding(excluding, steps={"tried": (TD, GET)}, vocabulary=VOCABULARY)
