"""The funnel rules, said a second time and slowly: try every assignment of leads to steps and take the best.

Written from the rules alone; it shares no code with the package.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Lead = tuple[int, str]


@dataclass(frozen=True)
class Choices:
    """The choices of meaning; times in seconds."""

    steps: tuple[tuple[str, ...], ...]
    window: int | None = None
    as_of: int = 100
    start: str = "first"
    entry: str = "best"
    ties: str = "forward"
    entered: tuple[int | None, int | None] = (None, None)


@dataclass(frozen=True)
class Outcome:
    """How far a unit went; `entries` are the stages of the leads that could have been the entry."""

    depth: int
    status: str
    entered_step: int
    entered_at: int
    times: tuple[int | None, ...]
    entries: frozenset[str]


def outcome(leads: Sequence[Lead], choices: Choices) -> Outcome | None:
    """What the rules say about one unit, or None where it has no row."""
    steps = choices.steps
    leads = [(time, stage) for time, stage in leads if time <= choices.as_of and any(stage in s for s in steps)]
    if not leads:
        return None
    entry_steps = range(len(steps)) if choices.start == "any" else range(1)
    opening = [(time, stage) for time, stage in leads if any(stage in steps[step] for step in entry_steps)]
    if not opening:
        return _side_entry(leads, choices)
    eligible = [time for time, _ in opening if _in_range(time, choices)]
    if not eligible:
        return None
    if choices.entry == "first":
        eligible = [min(eligible)]
    chains = [
        (-(step + len(chain)), leads[chain[0]][0], step, tuple(leads[lead][0] for lead in chain), leads[chain[0]][1])
        for step in entry_steps
        for chain in _chains(leads, step, eligible, choices)
    ]
    depth, began, step, times, _ = min(chains)
    entries = frozenset(chain[-1] for chain in chains if chain[:-1] == (depth, began, step, times))
    depth = -depth
    still = choices.window is None or any(choices.as_of < time + choices.window for time in eligible)
    status = "reached" if depth == len(steps) else "open" if still else "dropped"
    padded = (None,) * step + times + (None,) * (len(steps) - depth)
    return Outcome(depth, status, step + 1, began, padded, entries)


def _side_entry(leads: Sequence[Lead], choices: Choices) -> Outcome | None:
    first = min(time for time, _ in leads)
    if not _in_range(first, choices):
        return None
    seen = [stage for time, stage in leads if time == first]
    step = min(step for step, stages in enumerate(choices.steps) for stage in seen if stage in stages)
    entries = frozenset(stage for stage in seen if stage in choices.steps[step])
    return Outcome(0, "bypass", step + 1, first, (None,) * len(choices.steps), entries)


def _in_range(time: int, choices: Choices) -> bool:
    since, until = choices.entered
    return (since is None or since <= time) and (until is None or time < until)


def _chains(leads: Sequence[Lead], step: int, eligible: Sequence[int], choices: Choices) -> Iterator[tuple[int, ...]]:
    """Every chain that enters at a step, and every part of it from its beginning."""
    waiting = [(lead,) for lead, (time, stage) in enumerate(leads) if time in eligible and stage in choices.steps[step]]
    while waiting:
        chain = waiting.pop()
        yield chain
        if step + len(chain) < len(choices.steps):
            waiting += [(*chain, lead) for lead in range(len(leads)) if _may_follow(lead, chain, leads, step, choices)]


def _may_follow(lead: int, chain: tuple[int, ...], leads: Sequence[Lead], step: int, choices: Choices) -> bool:
    time, stage = leads[lead]
    began, before = leads[chain[0]][0], leads[chain[-1]][0]
    in_order = time > before if choices.ties == "strict" else time >= before
    in_window = choices.window is None or time - began <= choices.window
    return lead not in chain and stage in choices.steps[step + len(chain)] and in_order and in_window
