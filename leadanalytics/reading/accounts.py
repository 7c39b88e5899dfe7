"""What was delivered, file by file: read + set aside = delivered, in each and in all."""

from __future__ import annotations

import json
import warnings
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from leadanalytics.errors import AssumptionWarning, ReadError, TruncatedExportWarning
from leadanalytics.reading.contents import Contents
from leadanalytics.schema import TEXT

_TEXTS = ("origin", "layout", "encoding", "delimiter", "reason", "note")
_NO_LEADS = "0 leads: no record stands below the names of the columns"


@dataclass
class _File:
    """One file or table so far."""

    layouts: dict[str, None] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    assumptions: Counter[str] = field(default_factory=Counter)
    encoding: str = ""
    delimiter: str = ""
    delivered: int = 0
    read: int = 0
    set_aside: int = 0
    truncated: bool = False

    @property
    def assumed(self) -> list[str]:
        """What was assumed, one sentence each."""
        return [sentence.format(count=f"{count:,}") for sentence, count in self.assumptions.items()]

    @property
    def note(self) -> str | None:
        """What the account says of the file, None where there is nothing to say."""
        no_leads = [_NO_LEADS] if self.layouts and not self.delivered else []
        return "; ".join([*self.notes, *self.assumed, *no_leads]) or None


class Accounts:
    """Counts what was delivered, read and set aside in each file, block by block."""

    def __init__(self) -> None:
        self._files: dict[str, _File] = {}
        self.first_reason = ""

    def add(self, origin: str, contents: Contents) -> None:
        """Count a block of a file."""
        file = self._files.setdefault(origin, _File())
        file.layouts |= dict.fromkeys(part.layout.name for part in contents.parts)
        file.notes |= dict.fromkeys(contents.notes)
        file.assumptions.update(contents.assumptions)
        file.encoding = contents.encoding or file.encoding
        file.delimiter = contents.delimiter or file.delimiter
        file.delivered += contents.delivered
        file.read += sum(len(part.rows) for part in contents.parts)
        file.set_aside += len(contents.rejects)
        file.reasons.update(reject.reason for reject in contents.rejects)
        file.truncated |= contents.truncated
        if contents.rejects and not self.first_reason:
            self.first_reason = f"in {origin!r}: {contents.rejects[0].reason}"

    def check(self, *, may_be_empty: bool = False) -> None:
        """Raise an error when no file held a lead, or when the records do not add up.

        Raises
        ------
        ReadError
            Says why the first record was set aside.
        """
        files = self._files.values()
        if not may_be_empty and not any(file.layouts for file in files):
            raise ReadError(f"none of {len(files):,} files holds leads", found=self.first_reason or None)
        if any(file.read + file.set_aside != file.delivered for file in files):
            raise ReadError("the records do not add up, which is a fault of this package", next_step="report it")

    def frame(self) -> pd.DataFrame:
        """Return one row per file: origin, layout, encoding, delimiter, delivered, read, set_aside, reason, note."""
        rows = [
            {
                "origin": origin,
                "layout": ", ".join(file.layouts) or None,
                "encoding": file.encoding or None,
                "delimiter": file.delimiter or None,
                "delivered": file.delivered,
                "read": file.read,
                "set_aside": file.set_aside,
                "reason": next((reason for reason, _ in file.reasons.most_common(1)), None),
                "note": file.note,
            }
            for origin, file in self._files.items()
        ]
        return pd.DataFrame(rows).astype(dict.fromkeys(_TEXTS, TEXT))

    def attributes(self) -> dict[str, Any]:
        """Return what frames of records carry as attrs: the sums over all files and the time of reading, plain JSON.

        Raises
        ------
        ReadError
            When one of them is not a plain value of JSON, which no Parquet file could hold.
        """
        files = self._files.values()
        attributes = {
            "delivered": sum(file.delivered for file in files),
            "set_aside": sum(file.set_aside for file in files),
            "files": len(files),
            "read_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        for name, value in attributes.items():
            if not _is_plain(value):
                raise ReadError(
                    "the account of the files is not plain JSON, which is a fault of this package",
                    found=f"{name!r} of the type {type(value).__name__}",
                    next_step="report it",
                )
        return attributes

    def warn_of_truncation(self, *, stacklevel: int) -> None:
        """Warn of exports that look as if their writer stopped before the end."""
        cut = [origin for origin, file in self._files.items() if file.truncated]
        if cut:
            warnings.warn(
                f"{', '.join(map(repr, cut))} may lack records: the export stopped at the end of a page; "
                "export the rest too, or read the table itself with get_leads",
                TruncatedExportWarning,
                stacklevel=stacklevel + 1,
            )

    def warn_of_assumptions(self, *, stacklevel: int) -> None:
        """Warn, once a file, of what was assumed because the file does not tell."""
        for origin, file in self._files.items():
            if file.assumed:
                warnings.warn(f"{origin!r}: {'; '.join(file.assumed)}", AssumptionWarning, stacklevel=stacklevel + 1)


def _is_plain(value: object) -> bool:
    """Tell whether a value comes back from JSON as what it was; a number of NumPy does not even get there."""
    try:
        return bool(json.loads(json.dumps(value)) == value)
    except (TypeError, ValueError):
        return False
