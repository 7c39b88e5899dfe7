"""How many customers there are to follow up and why; who they are, only where people may be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from leadanalytics.conversion import still_warm
from leadanalytics.funnels import FunnelRules
from leadanalytics.report.stories import Tally
from leadanalytics.schema import TEXT
from leadanalytics.studies import follow_up_list
from leadanalytics.vocabulary import Vocabulary

__all__ = ["FollowUps", "People", "find_follow_ups"]

# All that the reasons depend on; the other columns cost time and hold people.
NEEDED = [
    *("record_id", "customer_id", "publisher_id", "offer_id", "offer_name", "marketplace", "stage", "created_at"),
    *("is_test", "do_not_contact", "record_kind", "email", "phone"),
]
MOST_TO_WRITE_TO = 50
MOST_WARM = 20


@dataclass(frozen=True)
class People:
    """The people whom a report may show: never one who asked not to be contacted."""

    to_write_to: pd.DataFrame  # the most urgent of the follow-up list
    still_warm: pd.DataFrame  # the open ones most likely to go on


@dataclass(frozen=True)
class FollowUps:
    """How many customers are to be followed up, by status and by next message, and how many are not, by reason."""

    statuses: Mapping[str, int]
    messages: Mapping[str, int]
    left_out: Mapping[str, int]
    waiting: int  # those whose last lead is to be answered within a day
    rules: FunnelRules
    people: People | None

    @property
    def listed(self) -> int:
        """How many are to be followed up."""
        return sum(self.statuses.values())

    @property
    def customers(self) -> int:
        """How many customers there are: those listed and those left out."""
        return self.listed + sum(self.left_out.values())


def find_follow_ups(
    leads: pd.DataFrame, tallies: Sequence[Tally], rules: FunnelRules, *, with_people: bool, vocabulary: Vocabulary
) -> FollowUps:
    """Return the follow-ups of leads by the rules of their funnels; `tallies` are these funnels."""
    if not {"customer_id", "offer_id"} <= {*rules.unit}:
        # People are written to about an offer, whatever is counted.
        rules = rules.changed(unit=FunnelRules().unit)
    needed = [*dict.fromkeys([*NEEDED, *rules.unit])]
    todo = follow_up_list(leads if with_people else leads[needed], rules, vocabulary=vocabulary)
    return FollowUps(
        statuses=_count(todo["status"]),
        messages=_count(todo["follow_up"].fillna("(no message)")),
        left_out=todo.attrs["left_out"],
        waiting=int((todo["hours_left"] > 0).sum()),
        rules=rules,
        people=_people(todo, tallies) if with_people else None,
    )


def _count(values: pd.Series) -> dict[str, int]:
    return {str(value): int(count) for value, count in values.astype(TEXT).value_counts().items()}


def _people(todo: pd.DataFrame, tallies: Sequence[Tally]) -> People:
    # The list holds nobody who asked not to be contacted, so whoever is joined to it is none either.
    known = todo.drop(columns=["offer", "step", "status", "why", "probability"])
    warm = [still_warm(tally.funnels) for tally in tallies if "customer_id" in tally.funnels.columns]
    columns = ["customer_id", "waits_for", "probability", "days_left", "reason", "offer_name"]
    found = pd.concat([each.reindex(columns=columns) for each in warm] or [pd.DataFrame(columns=columns)])
    found = found.sort_values("probability", ascending=False, kind="stable").merge(known, on="customer_id")
    return People(
        to_write_to=todo.head(MOST_TO_WRITE_TO),
        still_warm=found.drop_duplicates(["customer_id", "offer_name"]).head(MOST_WARM),
    )
