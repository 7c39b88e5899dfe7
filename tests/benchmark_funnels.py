"""Funnels beside ClickHouse's windowFunnel: the same counts where it is right, and what each takes.

    python tests/benchmark_funnels.py --leads 1000000 --repeat 3

Both get the same leads, sorted by unit and time: we as a frame, ClickHouse (inside the process, by chdb) as a Parquet
file. Needs Unix, and chdb, which `make bench-funnels` installs.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from benchmark import CACHE, leads_file

import leadanalytics as la

WINDOWS = (None, "90 days", "30 days", "7 days", "1 day")
STEPS = ("Test drive", "Get it now", "Install")
FOR_EVER = pd.Timedelta("36500 days")
QUERY = """
    select depth, count() as units from (
        select windowFunnel({window}{mode})(time, {conditions}) as depth from file('{path}', Parquet) group by unit
    ) group by depth order by depth
"""


def main() -> None:
    """Measure, compare, and print one table."""
    parser = argparse.ArgumentParser(description="Compare funnels with ClickHouse on generated leads.")
    parser.add_argument("--leads", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    leads = sorted_leads(options.leads)
    path = as_parquet(leads)
    lines = [f"{'window, ties':<24}{'reached':<32}{'equal':<7}{'ours s':>8}{'ClickHouse s':>14}{'times':>7}"]
    for window, ties in itertools.product(WINDOWS, ("forward", "strict")):
        ours, our_seconds = best(our_counts, leads, window, ties, repeat=options.repeat)
        theirs, their_seconds = best(their_counts, path, window, ties, repeat=options.repeat)
        named, times = f"{window or 'none'}, {ties}", their_seconds / our_seconds
        lines.append(
            f"{named:<24}{ours!s:<32}{'yes' if ours == theirs else str(theirs):<7}"
            f"{our_seconds:>8.2f}{their_seconds:>14.2f}{times:>7.1f}"
        )
    title = f"{len(leads):,} leads of a funnel, CPU seconds, best of {options.repeat}"
    sys.stdout.write("\n".join([title, *lines, ""]))


def sorted_leads(leads: int) -> pd.DataFrame:
    """Return the leads that reach a step, of units numbered and sorted with their times."""
    found = la.identify_customers(la.decode_leads(la.read_leads(leads_file(leads))), method="keys")
    found = found[found["stage"].isin(STEPS) & ~found["is_test"] & found["created_at"].notna()]
    found = found.dropna(subset=["customer_id", "offer_id"]).drop_duplicates("record_id")
    unit = found.groupby(["customer_id", "offer_id"], sort=True).ngroup()
    frame = pd.DataFrame({"unit": unit, "created_at": found["created_at"], "stage": found["stage"]})
    return frame.sort_values(["unit", "created_at"], kind="stable", ignore_index=True)


def as_parquet(leads: pd.DataFrame) -> Path:
    """Return a Parquet file of units, times as whole microseconds, and steps."""
    path = CACHE / "funnel_leads.parquet"
    times = leads["created_at"].dt.as_unit("us").astype("int64").astype("uint64")
    steps = leads["stage"].astype("str").map({step: number for number, step in enumerate(STEPS)}).astype("uint8")
    pd.DataFrame({"unit": leads["unit"].astype("uint32"), "time": times, "step": steps}).to_parquet(path, index=False)
    return path


def our_counts(leads: pd.DataFrame, window: str | None, ties: str) -> list[int]:
    """Return how many units reached each step."""
    funnels = la.build_funnels(leads, unit="unit", funnel=list(STEPS), window=window, ties=ties)
    return la.count_stages(funnels)["n"].tolist()


def their_counts(path: Path, window: str | None, ties: str) -> list[int]:
    """Return the same by ClickHouse."""
    import chdb

    span = int((pd.Timedelta(window) if window else FOR_EVER) / pd.Timedelta("1us"))
    conditions = ", ".join(f"step = {number}" for number in range(len(STEPS)))
    mode = ", 'strict_increase'" if ties == "strict" else ""
    answer = chdb.query(QUERY.format(window=span, mode=mode, conditions=conditions, path=path), "CSV").bytes().decode()
    depths = dict(tuple(map(int, line.split(","))) for line in answer.splitlines())
    return [sum(units for depth, units in depths.items() if depth >= step) for step in range(1, len(STEPS) + 1)]


def best(run: Callable[..., Any], *given: Any, repeat: int) -> tuple[Any, float]:
    """Return a result, and the CPU seconds of the best run after one to warm up."""
    result, seconds = run(*given), []
    for _ in range(repeat):
        begin = time.process_time()
        run(*given)
        seconds.append(time.process_time() - begin)
    return result, min(seconds)


if __name__ == "__main__":
    main()
