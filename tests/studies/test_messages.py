"""The message is that of the new lead, or of the step that is told."""

import pandas as pd
from funnel_cases import CON, GET, INS, TD, at, leads_of

from leadanalytics.studies.messages import next_messages

STEPS = {"Tried": (TD,), "Serious": (INS, CON)}


def message(text="u: TD@0", **facts):
    row = {
        "customer_id": "u", "email": "u@example.com", "phone": None, "do_not_contact": False,
        "step": None, "latest": pd.NaT, "new_stage": None, "new_at": pd.NaT,
    }  # fmt: skip
    todo = pd.DataFrame([row | facts])
    times = {name: pd.to_datetime(todo[name], utc=True) for name in ("latest", "new_at")}
    return next_messages(todo.assign(**times), leads_of(text), at(3 * 86400), steps=STEPS).item()


def test_it_is_that_of_the_stage_behind_the_step():
    assert message(step="Tried", latest=at(0)) == "Offer a guided trial and the next step"


def test_a_step_of_several_stages_goes_by_the_one_that_was_taken():
    assert message("u: TD@0 CON@9; v: INS@9", step="Serious", latest=at(9)).startswith("Answer the request now")
    assert message("u: TD@0 INS@9; v: CON@9", step="Serious", latest=at(9)).startswith("Welcome the customer")


def test_a_new_lead_comes_before_the_step():
    assert message(step="Tried", latest=at(0), new_stage=GET, new_at=at(2.5 * 86400)).startswith("Thank the customer")
