"""Funnels beside ClickHouse's windowFunnel: the same counts where it is right, and what each takes.

    python tests/benchmark_funnels.py --leads 1000000 --repeat 3

Both get the same leads, sorted by unit and time: we as a frame, ClickHouse (inside the process, by chdb) as a Parquet
file and as a table of its own, sorted too. "the pass" is our compiled pass alone, which is what windowFunnel is to a
query; "whole" is `build_funnels` and `count_stages`. Needs Unix, and chdb, which `make bench-funnels` installs.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pandas as pd
from benchmark import CACHE, leads_file

import leadanalytics as la
from leadanalytics.funnels import building
from leadanalytics.funnels.engine import walk_units

WINDOWS = (None, "90 days", "30 days", "7 days", "1 day")
STEPS = ("Test drive", "Get it now", "Install")
FOR_EVER = pd.Timedelta("36500 days")
QUERY = """
    select depth, count() as units from (
        select windowFunnel({window}{mode})(time, {conditions}) as depth from {source} group by unit
    ) group by depth order by depth
"""


def main() -> None:
    """Measure, compare, and print one table."""
    parser = argparse.ArgumentParser(description="Compare funnels with ClickHouse on generated leads.")
    parser.add_argument("--leads", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    leads = sorted_leads(options.leads)
    query, sources = clickhouse(as_parquet(leads))
    heads = ["the pass", "whole", *(f"ClickHouse, {source}" for source in sources)]
    widths = [len(head) + 2 for head in heads]
    lines = [
        f"{'window, ties':<20}{'reached':<26}{'equal':<24}" + "".join(f"{head:>{len(head) + 2}}" for head in heads)
    ]
    for window, ties in itertools.product(WINDOWS, ("forward", "strict")):
        ours, whole = best(our_counts, leads, window, ties, repeat=options.repeat)
        alone = best(walk_units, *given_to_pass(leads, window, ties), repeat=options.repeat)[1]
        asked = [best(their_counts, query, source, window, ties, repeat=options.repeat) for source in sources.values()]
        theirs = asked[0][0]
        figures = [alone, whole, *(seconds for _, seconds in asked)]
        lines.append(
            f"{f'{window or None}, {ties}':<20}{ours!s:<26}{'yes' if ours == theirs else str(theirs):<24}"
            + "".join(f"{seconds:>{width}.3f}" for seconds, width in zip(figures, widths))
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


def given_to_pass(leads: pd.DataFrame, window: str | None, ties: str) -> tuple[Any, ...]:
    """Return what the compiled pass is given for a funnel."""
    with mock.patch.object(building, "walk_units", side_effect=walk_units) as spy:
        our_counts(leads, window, ties)
    return spy.call_args.args


def clickhouse(path: Path) -> tuple[Callable[..., Any], dict[str, str]]:
    """Return what answers a query, and where it finds the leads: in the file, and in a sorted table."""
    from chdb.session import Session

    file = f"file('{path}', Parquet)"
    session = Session()
    session.query("create database leads")
    columns = ", ".join(f"assumeNotNull({name}) as {name}" for name in ("unit", "time", "step"))
    session.query(f"create table leads.sorted engine = MergeTree order by (unit, time) as select {columns} from {file}")
    return session.query, {"file": file, "table": "leads.sorted"}


def their_counts(query: Callable[..., Any], source: str, window: str | None, ties: str) -> list[int]:
    """Return the same by ClickHouse."""
    span = int((pd.Timedelta(window) if window else FOR_EVER) / pd.Timedelta("1us"))
    conditions = ", ".join(f"step = {number}" for number in range(len(STEPS)))
    mode = ", 'strict_increase'" if ties == "strict" else ""
    asked = QUERY.format(window=span, mode=mode, conditions=conditions, source=source)
    answer = query(asked, "CSV").bytes().decode()
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
