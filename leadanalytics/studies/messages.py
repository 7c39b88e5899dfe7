"""The next message to each customer of the list to follow up, as follows from what the list tells of them."""

from __future__ import annotations

import pandas as pd

from leadanalytics.funnels.steps import Steps
from leadanalytics.identity.following_up import follow_ups
from leadanalytics.schema import TEXT
from leadanalytics.vocabulary import Vocabulary, load_vocabulary

__all__ = ["next_messages"]

_DAY = pd.Timedelta("1 day")


def next_messages(
    todo: pd.DataFrame,
    leads: pd.DataFrame,
    moment: pd.Timestamp,
    *,
    steps: Steps,
    vocabulary: Vocabulary | None = None,
) -> pd.Series:
    """Return the next message to each customer: of the new lead where there is one, else of the step that is told.

    Parameters
    ----------
    todo : DataFrame
        Customers with *new_stage* and *new_at*, and *step* and *latest* (when it was taken) of the unit.
    leads : DataFrame
        All leads, which know by which stage a step was taken that several serve.
    moment : Timestamp
        When the message is written.
    steps : dict of str to tuple of str
        The stages that serve each step, of all funnels.
    vocabulary : Vocabulary, optional
        The stages and follow-ups; the shipped ones by default.
    """
    vocabulary = vocabulary or load_vocabulary()
    is_new = todo["new_at"].notna()
    stage = _stages_of_steps(todo, leads, steps).mask(is_new, todo["new_stage"]).astype("category")
    days = (moment - todo["latest"].mask(is_new, todo["new_at"])) / _DAY
    return follow_ups(todo.assign(furthest_stage=stage, days_since=days), vocabulary.follow_ups)


def _stages_of_steps(todo: pd.DataFrame, leads: pd.DataFrame, steps: Steps) -> pd.Series:
    """Return the stage by which each customer took the step that is told."""
    stage = todo["step"].map({label: stages[0] for label, stages in steps.items()}).astype(TEXT)
    several = [label for label, stages in steps.items() if len(stages) > 1]
    asked = todo[todo["step"].isin(several)]
    if asked.empty:
        return stage
    taken = leads.loc[leads["customer_id"].isin(asked["customer_id"]), ["customer_id", "created_at", "stage"]]
    asked = asked[["customer_id", "latest", "step"]].reset_index(names="place")
    both = asked.merge(taken, left_on=["customer_id", "latest"], right_on=["customer_id", "created_at"])
    serves = [taken_by in steps[step] for step, taken_by in zip(both["step"], both["stage"])]
    found = both[serves].drop_duplicates("place").set_index("place")["stage"].astype(TEXT)
    return found.reindex(stage.index).fillna(stage)
