"""How long the job takes: read, decode, identify and count the funnels of generated leads, each stage on its own.

    python tests/benchmark.py --leads 1000000 --table-leads 100000 --repeat 3

The leads are made once, kept as Parquet in the folder `.cache`, and have the nine columns of an Azure Table. Each
repeat is a fresh process; before its clock starts it says the whole sentence once on a few leads, so that imports and
compiled code are ready. Each stage shows its best repeat. Needs Unix, for its counts of CPU time and memory.

A second table compares two ways to a frame of a live table, served by another process: ours, and that of Microsoft's
own client.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from azure.data.tables import TableClient
from table_endpoint import ACCOUNT, SIGNATURE, TABLE

import leadanalytics as la
from leadanalytics.samples import as_entities

CACHE = Path(__file__).parents[1] / ".cache"
WARM_UP_LEADS = 2_000
LEADS_PER_CUSTOMER = 1.8  # a little less than there are, so that enough are made
STAGES: dict[str, Callable[[Any], Any]] = {
    "read_leads": la.read_leads,
    "decode_leads": la.decode_leads,
    # The quick method; `make bench-matching` measures the accurate one.
    "identify_customers": functools.partial(la.identify_customers, method="keys"),
    "build_funnels": la.build_funnels,
    "count_stages": la.count_stages,
}
READERS: dict[str, Callable[[str], Any]] = {
    "get_leads": lambda address: la.get_leads(la.open_table(sas_url=address)),
    "list_entities": lambda address: pd.DataFrame(TableClient.from_table_url(address).list_entities()),
}


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(description="Measure the main job on generated leads.")
    parser.add_argument("--leads", type=int, default=1_000_000)
    parser.add_argument("--table-leads", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=3)
    for name in MEASURES:
        parser.add_argument(f"--{name}", nargs=2, metavar=("FEW", "MANY"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    for name, measure in MEASURES.items():
        if places := getattr(options, name):
            sys.stdout.write(json.dumps(measure(*places)))
            return
    files = [str(leads_file(leads)) for leads in (WARM_UP_LEADS, options.leads)]
    size = Path(files[1]).stat().st_size / 1e6
    figures = table([repeat("files", *files) for _ in range(options.repeat)])
    sys.stdout.write(f"{options.leads:,} leads, {size:,.0f} MB of Parquet, best of {options.repeat}\n{figures}\n")
    with served(WARM_UP_LEADS) as few, served(options.table_leads) as many:
        repeats = [repeat("tables", few, many) for _ in range(options.repeat)]
    sys.stdout.write(f"\n{options.table_leads:,} leads of a live table\n{per_row(repeats, options.table_leads)}\n")


def leads_file(leads: int) -> Path:
    """Return a Parquet file of generated leads, made when it is not there yet."""
    path = CACHE / f"leads_{leads}.parquet"
    if not path.exists():
        CACHE.mkdir(exist_ok=True)
        raw = la.make_leads(customers=int(leads / LEADS_PER_CUSTOMER) + 100).head(leads)
        part = path.with_suffix(".part")
        pq.write_table(pa.Table.from_pandas(as_entities(raw), preserve_index=False), part, compression="zstd")
        part.rename(path)
    return path


@contextlib.contextmanager
def served(leads: int) -> Iterator[str]:
    """Serve generated leads as a table in a process of its own; give the signed address."""
    endpoint = Path(__file__).with_name("table_endpoint.py")
    command = [sys.executable, str(endpoint), str(leads_file(leads))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        port = int(process.stdout.readline())  # type: ignore[union-attr]
        yield f"http://127.0.0.1:{port}/{ACCOUNT}/{TABLE}?sp=r&sig={SIGNATURE}"
        process.stdin.close()  # type: ignore[union-attr]


def repeat(what: str, few: str, many: str) -> dict[str, list[float]]:
    """Return what a fresh process measured."""
    command = [sys.executable, __file__, f"--{what}", few, many]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def measure_files(few: str, many: str) -> dict[str, list[float]]:
    """Return wall seconds, CPU seconds and peak megabytes of each stage."""
    say(few)
    figures = say(many)
    totals = [sum(part[number] for part in figures.values()) for number in (0, 1)]
    return figures | {"total": [*totals, max(part[2] for part in figures.values())]}


def say(path: str) -> dict[str, list[float]]:
    """Run the stages one after the other, each on what the one before made; return the figures of each."""
    frame: Any = path
    figures = {}
    for name, stage in STAGES.items():
        frame, figures[name] = timed(stage, frame)
    return figures


def measure_tables(few: str, many: str) -> dict[str, list[float]]:
    """Return wall seconds, CPU seconds and peak megabytes of each way to read a live table."""
    for reader in READERS.values():
        reader(few)
    return {name: timed(reader, many)[1] for name, reader in READERS.items()}


def timed(stage: Callable[[Any], Any], given: Any) -> tuple[Any, list[float]]:
    """Return what a stage makes, and its wall seconds, CPU seconds and peak megabytes."""
    forget_peak()
    wall, cpu = time.perf_counter(), time.process_time()
    made = stage(given)
    return made, [time.perf_counter() - wall, time.process_time() - cpu, peak()]


MEASURES = {"files": measure_files, "tables": measure_tables}


def forget_peak() -> None:
    """Begin a new peak where the system can (Linux); elsewhere the peak is the highest so far."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def peak() -> float:
    """Return the process's highest resident memory since the peak was forgotten [MB]."""
    status = Path("/proc/self/status")
    if status.exists():
        highest = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(highest.split()[1]) / 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def table(repeats: list[dict[str, list[float]]]) -> str:
    """Return the best figures of all repeats as text."""
    lines = [f"{'stage':<20}{'wall s':>9}{'CPU s':>9}{'peak MB':>10}"]
    for stage in repeats[0]:
        wall, cpu, memory = (min(each[stage][number] for each in repeats) for number in range(3))
        lines.append(f"{stage:<20}{wall:>9.2f}{cpu:>9.2f}{memory:>10,.0f}")
    return "\n".join(lines)


def per_row(repeats: list[dict[str, list[float]]], rows: int) -> str:
    """Return the best CPU time per row of each reader as text, and how many times that of the first it is."""
    best = {name: min(each[name][1] for each in repeats) / rows for name in repeats[0]}
    lines = [f"{'reader':<20}{'CPU us per row':>15}{'times':>8}"]
    for name, seconds in best.items():
        lines.append(f"{name:<20}{seconds * 1e6:>15.1f}{seconds / best['get_leads']:>8.1f}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
