"""How soon the explorer answers: seconds from a change of a control until everything is replaced.

    python tests/benchmark_explorer.py --leads 100000 1000000

The leads are made, and their customers found by the quick method; how long that takes is not in the figures. Every
change is made with every picture open. Without an event loop nothing waits for a burst of changes to end, so the
figures are of the work alone, in the kernel; what the browser does with 100 kB of picture comes on top.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterator

import pandas as pd

import leadanalytics as la
from leadanalytics.explorer.panel import Panel

LEADS_PER_CUSTOMER = 1.9
GOALS = {100_000: 0.7, 1_000_000: 2.0}  # the median [seconds]
WINDOWS = ("7 days", "60 days", None)


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(description="Measure the answers of the explorer on generated leads.")
    parser.add_argument("--leads", type=int, nargs="+", default=[100_000, 1_000_000])
    rows = []
    for leads in parser.parse_args().leads:
        taken = list(_measure(_make(leads)))
        rows += [(f"{leads:,}", *row) for row in _medians(taken)]
        whole = statistics.median(seconds for _, _, seconds in taken)
        goal = GOALS.get(leads)
        rows.append((f"{leads:,}", "every change", "", f"{whole:.2f}", f"goal {goal}" if goal else ""))
    table = pd.DataFrame(rows, columns=["leads", "change", "open", "median [s]", "most [s]"])
    sys.stdout.write(f"{table.to_string(index=False)}\n")


def _make(leads: int) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", la.errors.UnknownCodeWarning)
        raw = la.make_leads(customers=int(leads / LEADS_PER_CUSTOMER), seed=1)
        return raw.pipe(la.decode_leads).pipe(la.identify_customers, method="keys")


def _measure(leads: pd.DataFrame) -> Iterator[tuple[str, str, float]]:
    """Yield each change that was made, the picture that was open, and how long the answer took."""
    panel = la.explore(leads).panel
    for place, picture in enumerate(panel.pictures):
        panel.tabs.selected_index = place
        for name, change in _changes(panel):
            begin = time.perf_counter()
            change()
            yield name, picture, time.perf_counter() - begin
            assert not panel.texts["error"].value, panel.texts["error"].value


def _changes(panel: Panel) -> Iterator[tuple[str, Callable[[], None]]]:
    controls = panel.controls

    def turn(control: str, value: object) -> tuple[str, Callable[[], None]]:
        return control, lambda: setattr(controls[control], "value", value)

    yield "reset", controls.reset
    for control in ("offer", "country", "campaign"):
        for value in (*controls[control].options[:3], ""):
            yield turn(control, value)
    yield from (turn("company", value) for value in ("mirror", ""))
    yield from (turn("storefront", value) for value in ("AppSource", ""))
    yield from (turn("window", value) for value in WINDOWS)
    yield from (turn("unit", value) for value in (("customer_id",), ("account_id",), ("customer_id", "offer_id")))
    yield from (turn("funnel", value) for value in ("acquisition", "contact_me", controls["funnel"].options[0][1]))
    yield from (turn("start", value) for value in ("any", "first"))
    yield from (turn("since", pd.Timestamp(day).date()) for day in ("2023-06-01", "2024-01-01"))
    yield turn("since", None)
    for words in ("ruiz", ""):
        yield "find", lambda words=words: setattr(panel.listing.find, "value", words)


def _medians(taken: list[tuple[str, str, float]]) -> Iterator[tuple[str, str, str, str]]:
    frame = pd.DataFrame(taken, columns=["change", "open", "seconds"])
    for (change, picture), seconds in frame.groupby(["change", "open"], sort=False)["seconds"]:
        yield change, picture, f"{seconds.median():.2f}", f"{seconds.max():.2f}"


if __name__ == "__main__":
    main()
