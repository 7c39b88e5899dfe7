"""What the shell offers after an option when Tab is pressed.

Each answer must come at once, so names are taken from the files that hold them, without the rooms that read them whole.
"""

from __future__ import annotations

import csv
import zoneinfo
from collections.abc import Callable, Iterable
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
GROUPS = ("offer", "storefront", "country", "company", "campaign", "title")
COUNTED = ("offer", "month", "call_to_action")
PERIODS = ("D", "W-MON", "MS", "QS", "YS")

Completion = Callable[[str], list[str]]


def one_of(*names: str) -> Completion:
    """Return a completion that offers these names."""
    return lambda incomplete: _that_begin(names, incomplete)


def layouts(incomplete: str) -> list[str]:
    """Return the shipped layouts."""
    return _that_begin((file.stem for file in (PACKAGE / "reading" / "layouts").glob("*.toml")), incomplete)


def readers(incomplete: str) -> list[str]:
    """Return who may read a list: people, programs, the shipped CRMs."""
    crms = (file.stem for file in (PACKAGE / "writing" / "targets").glob("*.toml"))
    return _that_begin(("spreadsheet", "data", *crms), incomplete)


def funnels(incomplete: str) -> list[str]:
    """Return the shipped funnels of today, and the word for each offer's own."""
    with (PACKAGE / "vocabulary" / "codes" / "funnels.csv").open(encoding="utf-8", newline="") as file:
        today = [row["funnel"] for row in csv.DictReader(file) if not row["valid_to"]]
    return _that_begin(("own", *today), incomplete)


def time_zones(incomplete: str) -> list[str]:
    """Return the time zones."""
    return _that_begin(zoneinfo.available_timezones(), incomplete)


def _that_begin(names: Iterable[str], incomplete: str) -> list[str]:
    return sorted({name for name in names if name.startswith(incomplete)})
