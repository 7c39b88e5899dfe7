"""What is asked of `--out` before the work begins, so that nobody waits for a file that cannot be written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from leadanalytics.errors import OptionError, WriteError, check_option, near_miss

if TYPE_CHECKING:
    from leadanalytics.writing import Target

TABLES = (".csv", ".xlsx", ".parquet")
PAGES = (".html", ".htm")


def check_out(out: Path | None, suffixes: Collection[str] = TABLES) -> None:
    """Raise an error unless a file can be written to a path with one of these suffixes; None is no file.

    Examples
    --------
    >>> check_out(Path("counts.json"))
    Traceback (most recent call last):
    leadanalytics.errors.WriteError: --out takes .csv, .xlsx or .parquet; found 'counts.json'; --out counts.csv
    """
    if out is None:
        return
    first, *_ = suffixes
    _check_stream(out, f"--out {'report' if suffixes == PAGES else 'list'}{first}")
    if out.suffix.lower() not in suffixes:
        *most, last = suffixes
        raise WriteError(
            f"--out takes {' or '.join(filter(None, [', '.join(most), last]))}",
            found=repr(out.name),
            next_step=f"--out {out.with_suffix(first)}",
        )
    if out.is_dir():
        raise WriteError(
            f"{out.name} cannot be written", found="a folder of that name", next_step=f"--out {out / f'list{first}'}"
        )


def check_list(out: Path | None, for_: str, targets: Mapping[str, Target]) -> None:
    """Raise an error unless a list for a reader can be written to a path; None is a path that will fit."""
    check_option("for_", for_, ("spreadsheet", "data", *targets))
    check_out(out, targets[for_].suffixes if for_ in targets else TABLES)


def check_folder(out: Path) -> None:
    """Raise an error unless the files of a run can be written to a folder."""
    _check_stream(out, "--out results")
    if out.exists() and not out.is_dir():
        raise WriteError("--out is a folder", found=f"a file {out.name!r}", next_step="--out results")


def check_zone(tz: str | None) -> None:
    """Raise an error unless a time zone is one that this computer knows."""
    try:
        ZoneInfo(tz or "UTC")
    except (OSError, ValueError, KeyError) as error:
        close = near_miss(str(tz), available_timezones())
        step = f"did you mean {close!r}?" if close else None
        raise OptionError(
            "tz is the name of a time zone", found=repr(tz), next_step=step, argument="tz", example="Europe/Berlin"
        ) from error


def _check_stream(out: Path, example: str) -> None:
    if str(out) == "-":
        raise OptionError(
            "--out cannot be standard output", found="'-'", next_step=f"name a file or folder, such as {example}"
        )
