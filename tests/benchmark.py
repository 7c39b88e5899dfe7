"""How long the job takes: read, decode, identify and count the funnels of generated leads, each stage on its own.

    python tests/benchmark.py --leads 1000000 --repeat 3

The leads are made once, kept as Parquet in the folder `.cache`, and have the nine columns of an Azure Table. Each
repeat is a fresh process; before its clock starts it says the whole sentence once on a few leads, so that imports and
compiled code are ready. Each stage shows its best repeat. Needs Unix, for its counts of CPU time and memory.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import leadanalytics as la
from leadanalytics.samples import as_entities

CACHE = Path(__file__).parents[1] / ".cache"
WARM_UP_LEADS = 2_000
LEADS_PER_CUSTOMER = 1.8  # a little less than there are, so that enough are made
STAGES: dict[str, Callable[[Any], Any]] = {
    "read_leads": la.read_leads,
    "decode_leads": la.decode_leads,
    "identify_customers": la.identify_customers,
    "build_funnels": la.build_funnels,
    "count_stages": la.count_stages,
}


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(description="Measure the main job on generated leads.")
    parser.add_argument("--leads", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--measure", nargs=2, metavar=("FEW", "MANY"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        sys.stdout.write(json.dumps(measure(*options.measure)))
        return
    files = [leads_file(WARM_UP_LEADS), leads_file(options.leads)]
    size = files[1].stat().st_size / 1e6
    figures = table([repeat(*files) for _ in range(options.repeat)])
    sys.stdout.write(f"{options.leads:,} leads, {size:,.0f} MB of Parquet, best of {options.repeat}\n{figures}\n")


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


def repeat(few: Path, many: Path) -> dict[str, list[float]]:
    """Return what a fresh process measured."""
    command = [sys.executable, __file__, "--measure", str(few), str(many)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def measure(few: str, many: str) -> dict[str, list[float]]:
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
        forget_peak()
        wall, cpu = time.perf_counter(), time.process_time()
        frame = stage(frame)
        figures[name] = [time.perf_counter() - wall, time.process_time() - cpu, peak()]
    return figures


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


if __name__ == "__main__":
    main()
