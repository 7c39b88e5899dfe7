"""The funnel rules, said a second time and slowly: try every assignment of leads to steps and take the best.

Written from the rules alone; it shares no code with the package.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

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
    order: str = "ordered"
    gap: int | None = None
    anchor: str = "earliest"
    excluding: tuple[str, ...] = ()
    exclusion: str = "chain"


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
    known = [(time, stage) for time, stage in leads if time <= choices.as_of]
    excluders = [time for time, stage in known if stage in choices.excluding]
    leads = [(time, stage) for time, stage in known if any(stage in s for s in steps)]
    if not leads:
        return None
    if choices.order == "any":
        return _any_order(leads, choices)
    entry_steps = range(len(steps)) if choices.start == "any" else range(1)
    opening = [(time, stage) for time, stage in leads if any(stage in steps[step] for step in entry_steps)]
    if not opening:
        return _side_entry(leads, choices)
    eligible = _eligible([time for time, _ in opening], choices)
    if not eligible:
        return None
    chains = [(step, chain) for step in entry_steps for chain in _chains(leads, step, eligible, choices)]
    clean = [(step, chain) for step, chain in chains if not _crosses(chain, leads, excluders)]
    told = _told([_tale(step, chain, leads, choices) for step, chain in (clean if _by_chain(choices) else chains)])
    depth, began, step, times, entries = told
    if not _by_chain(choices) and any(a < time < b for a, b in pairwise(times) for time in excluders):
        return Outcome(0, "excluded", step + 1, began, (None,) * len(steps), entries)
    still = any(_may_go_on(step, chain, leads, excluders, choices) for step, chain in clean)
    status = "reached" if depth == len(steps) else "open" if still else "dropped"
    padded = (None,) * step + times + (None,) * (len(steps) - depth)
    return Outcome(depth, status, step + 1, began, padded, entries)


def _by_chain(choices: Choices) -> bool:
    return choices.exclusion == "chain"


def _eligible(times: Sequence[int], choices: Choices) -> list[int]:
    """The times at which a unit may enter."""
    eligible = [time for time in times if _in_range(time, choices)]
    return [min(eligible)] if eligible and choices.entry == "first" else eligible


def _tale(step: int, chain: tuple[int, ...], leads: Sequence[Lead], choices: Choices) -> tuple:
    """What is told of a chain, so that the chain to tell comes first; its entry comes last."""
    began = leads[chain[0]][0]
    times = tuple(sorted(leads[lead][0] for lead in chain))
    anchored = began if choices.anchor == "earliest" else -began
    return -(step + len(chain)), anchored, step, times, began, leads[chain[0]][1]


def _told(tales: Sequence[tuple]) -> tuple[int, int, int, tuple[int, ...], frozenset[str]]:
    depth, anchored, step, times, began, _ = min(tales)
    entries = frozenset(tale[-1] for tale in tales if tale[:4] == (depth, anchored, step, times))
    return -depth, began, step, times, entries


def _crosses(chain: tuple[int, ...], leads: Sequence[Lead], excluders: Sequence[int]) -> bool:
    return any(leads[a][0] < time < leads[b][0] for a, b in pairwise(chain) for time in excluders)


def _may_go_on(
    step: int, chain: tuple[int, ...], leads: Sequence[Lead], excluders: Sequence[int], choices: Choices
) -> bool:
    """Whether a lead that comes right after as_of could be the next of a chain."""
    began, before = leads[chain[0]][0], leads[chain[-1]][0]
    taken = step + len(chain)
    in_time = choices.window is None or choices.as_of < began + choices.window
    in_gap = choices.gap is None or choices.as_of < before + choices.gap
    blocked = any(time > before for time in excluders) or (
        choices.order == "strict"
        and any(time > before and stage not in choices.steps[taken - 1] for time, stage in leads)
    )
    return taken < len(choices.steps) and in_time and in_gap and not blocked


def _any_order(leads: Sequence[Lead], choices: Choices) -> Outcome | None:
    eligible = _eligible([time for time, _ in leads], choices)
    if not eligible:
        return None
    number = len(choices.steps)
    ways = [_tale(0, chain, leads, choices) for chain in _sets(leads, eligible, choices)]
    depth, began, _, times, _ = _told(ways)
    still = choices.window is None or any(choices.as_of < time + choices.window for time in eligible)
    status = "reached" if depth == number else "open" if still else "dropped"
    entries = frozenset(stage for time, stage in leads if time == began)
    return Outcome(depth, status, 1, began, times + (None,) * (number - depth), entries)


def _sets(leads: Sequence[Lead], eligible: Sequence[int], choices: Choices) -> Iterator[tuple[int, ...]]:
    """Every set of leads inside a window that can serve as many steps, each its own, the earliest lead first."""
    ordered = sorted(range(len(leads)), key=lambda lead: leads[lead])
    waiting = [((lead,), frozenset([step])) for lead in ordered for step in _served(leads[lead], choices)]
    waiting = [(chain, taken) for chain, taken in waiting if leads[chain[0]][0] in eligible]
    while waiting:
        chain, taken = waiting.pop()
        yield chain
        for lead in ordered[ordered.index(chain[-1]) + 1 :]:
            if choices.window is None or leads[lead][0] - leads[chain[0]][0] <= choices.window:
                waiting += [((*chain, lead), taken | {step}) for step in _served(leads[lead], choices) - taken]


def _served(lead: Lead, choices: Choices) -> frozenset[int]:
    return frozenset(step for step, stages in enumerate(choices.steps) if lead[1] in stages)


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
    current = choices.steps[step + len(chain) - 1]
    in_order = time > before if choices.ties == "strict" else time >= before
    in_window = choices.window is None or time - began <= choices.window
    in_gap = choices.gap is None or time - before <= choices.gap
    disturbed = choices.order == "strict" and any(
        before < other < time and between not in current for other, between in leads
    )
    return (
        lead not in chain
        and stage in choices.steps[step + len(chain)]
        and in_order
        and in_window
        and in_gap
        and not disturbed
    )
