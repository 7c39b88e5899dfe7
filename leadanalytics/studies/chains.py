"""The counted chain of a unit, lead by lead: what `build_funnels` answers, and which leads are behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from leadanalytics.funnels import FunnelRules, build_funnels
from leadanalytics.funnels.building import Plan
from leadanalytics.vocabulary import Vocabulary

# The column of leads and funnels that says where a lead stands: as text of one length, so that it sorts as the number.
ROW = "row of the leads"


class Lead(NamedTuple):
    """One lead that takes part in the funnel: it serves steps, or it excludes."""

    row: int
    at: pd.Timestamp
    steps: tuple[int, ...]  # the steps that its stage serves, from 1; none where it excludes
    stage: str = ""  # what to call it


@dataclass(frozen=True)
class Question:
    """What is asked of the leads of a customer: the rules with the instant that they mean, and one planned funnel."""

    rules: FunnelRules
    plan: Plan
    vocabulary: Vocabulary | None = None

    @property
    def excluding(self) -> list[str]:
        """What excludes, but for what serves a step."""
        serving = {stage for stages in self.plan.steps.values() for stage in stages}
        return [name for name in self.rules.excluding if name not in serving]

    def served_by(self, stage: str) -> tuple[int, ...]:
        """Return the steps that a lead of a stage serves, from 1."""
        return tuple(step for step, stages in enumerate(self.plan.steps.values(), 1) if stage in stages)

    def depth_from(self, leads: pd.DataFrame, instant: pd.Timestamp) -> int:
        """Return how deep a unit gets from its entry at an instant; `leads` are those of the unit."""
        entered = self.rules.changed(dates=(instant, instant + pd.Timedelta(1, "ns")), entry="best")
        depth = build_funnels(leads, entered, plans=[self.plan], vocabulary=self.vocabulary)["depth"].max()
        return max(int(depth), 1)  # an entry takes its own step, even where its unit would be excluded


@dataclass(frozen=True)
class Chain:
    """How far a unit went and with which leads."""

    depth: int
    status: str
    entered_step: int
    entered_at: pd.Timestamp
    entry: int  # the row of the entry; without the first step, of the lead first seen
    times: Mapping[int, pd.Timestamp]  # step to when it was taken
    serving: Mapping[int, int]  # row to the step that it served


def find_chain(
    funnel: Mapping[str, Any], leads: Sequence[Lead], labels: Sequence[str], *, any_order: bool = False
) -> Chain:
    """Return the chain that a row of a funnels frame counted.

    Parameters
    ----------
    funnel : mapping
        The row, with the row of its entry lead.
    leads : sequence of Lead
        Those of the unit that take part, each record once, in the order of time.
    labels : sequence of str
        The steps in order, which name the times in the row.
    any_order : bool
        Whether the times are those of the first step taken, the second and so on, whichever steps these are.
    """
    times = {step: funnel[label] for step, label in enumerate(labels, 1) if not pd.isna(funnel[label])}
    entry = int(funnel[ROW])
    serving = {entry: int(funnel["entered_step"])} if times else {}
    if any_order:
        serving = _take_steps(entry, leads, times)
    else:
        for instant in dict.fromkeys(times.values()):
            steps = [step for step, at in times.items() if at == instant and step not in serving.values()]
            free = [lead for lead in leads if lead.at == instant and lead.row not in serving]
            serving |= _share_out(steps, free)
    return Chain(
        depth=int(funnel["depth"]),
        status=str(funnel["status"]),
        entered_step=int(funnel["entered_step"]),
        entered_at=funnel["entered_at"],
        entry=entry,
        times=times,
        serving=serving,
    )


def _share_out(steps: Sequence[int], leads: Sequence[Lead]) -> dict[int, int]:
    """Return the lead that serves each of some steps taken at one instant, as row to step; one lead serves one step."""
    if not steps:
        return {}
    places = _match(leads, steps)
    return {leads[place].row: step for step, place in zip(steps, places, strict=True)}


def _take_steps(entry: int, leads: Sequence[Lead], times: Mapping[int, pd.Timestamp]) -> dict[int, int]:
    """Return each lead that takes one step more than those before it can, as row to the number of steps by then."""
    every = sorted({step for lead in leads for step in lead.steps})
    taken: list[Lead] = []
    for lead in sorted(leads, key=lambda lead: (lead.at, lead.row != entry)):
        is_inside = bool(times) and times[1] <= lead.at <= times[len(times)]
        if is_inside and np.count_nonzero(_match([*taken, lead], every) >= 0) > len(taken):
            taken.append(lead)
    return {lead.row: number for number, lead in enumerate(taken, 1)}


def _match(leads: Sequence[Lead], steps: Sequence[int]) -> np.ndarray:
    """Return the place of the lead that serves each step, -1 for none, so that as many as can be are served."""
    serves = np.array([[step in lead.steps for lead in leads] for step in steps], "int8").reshape(len(steps), -1)
    return maximum_bipartite_matching(csr_array(serves), perm_type="column")
