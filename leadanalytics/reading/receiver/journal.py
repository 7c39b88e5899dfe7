"""The journal: a folder with one file of lines per day, in which a lead that was acknowledged stays."""

from __future__ import annotations

import contextlib
import itertools
import os
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from leadanalytics.errors import WriteError
from leadanalytics.reading.receiver.envelopes import Receipt, ReceivedLead, read_receipt, to_line
from leadanalytics.reading.receiver.lines import (
    end_last_line,
    lines_from_the_end,
    make_folder,
    open_lines,
    sync_folder,
    write_all,
)

_LOCK = ".receiver.lock"
_FILES = "leads-*.jsonl"


class _Waiting(NamedTuple):
    """A line that waits to be written, and the place of its outcome."""

    day: date
    line: bytes
    outcome: Future[None]


class Journal:
    """Writes leads to a folder, one line of JSON each, into a file per day in UTC such as leads-2024-02-27.jsonl.

    Use it in a `with` statement, or close it. Its methods may be called from any thread.

    Parameters
    ----------
    folder : path
        Made where missing. Only one journal at a time writes to a folder.

    Attributes
    ----------
    ended_lines : tuple of str
        The files whose last line had been cut, by a kill or a power loss. It was ended where it stood; `read_leads`
        sets it aside.

    Raises
    ------
    WriteError
        When the folder cannot be written to or another receiver does.

    Examples
    --------
    >>> import tempfile
    >>> from datetime import UTC
    >>> from leadanalytics.reading.receiver.bodies import read_body
    >>> with tempfile.TemporaryDirectory() as folder, Journal(folder) as journal:
    ...     lead = ReceivedLead(datetime(2024, 2, 27, tzinfo=UTC), read_body(b'{"LeadSource": "SPZA"}'))
    ...     journal.write(lead), [path.name for path in Path(folder).glob("*.jsonl")]
    (True, ['leads-2024-02-27.jsonl'])
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._folder = Path(folder)
        self._lock = FileLock(self._folder / _LOCK, mode=0o600, thread_local=False)
        self._waiting: deque[_Waiting] = deque()
        self._committing = threading.Lock()
        self._path, self._file = Path(), -1
        self._to_undo: int | None = None
        try:
            make_folder(self._folder)
            self._lock.acquire(timeout=0)
            self.ended_lines = tuple(path.name for path in sorted(self._folder.glob(_FILES)) if end_last_line(path))
            sync_folder(self._folder)
        except Timeout:
            raise WriteError(
                f"another receiver writes to {self._folder.name!r}",
                next_step="stop it, or give this one its own folder",
            ) from None
        except OSError as error:
            self._lock.release()
            raise WriteError(f"{self._folder.name!r} cannot be written to", found=error.strerror) from error

    def __enter__(self) -> Journal:
        """Return the journal."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the journal."""
        self.close()

    def write(self, lead: ReceivedLead) -> bool:
        """Write a lead and return True when it is on disk, whatever happens to the process or the power then.

        Raises
        ------
        OSError
            When it could not be written. Then nothing of it is in the file, and it may be written again.
        """
        waiting = _Waiting(lead.received.date(), to_line(lead), Future())
        self._waiting.append(waiting)
        # Group commit: to force a file to disk takes milliseconds however much was written. Whoever gets the lock
        # writes all lines that have gathered meanwhile and forces them to disk together; the others find theirs done.
        with self._committing:
            if not waiting.outcome.done():
                self._commit([self._waiting.popleft() for _ in range(len(self._waiting))])
        waiting.outcome.result()
        return True

    def receipts(self, since: datetime) -> Iterator[Receipt]:
        """Yield the receipts of the leads that came since a time, the last first, reading only the ends of files."""
        for path in sorted(self._folder.glob(_FILES), reverse=True):
            if path.stem < f"leads-{since.date().isoformat()}":
                return
            for receipt in filter(None, map(read_receipt, lines_from_the_end(path))):
                if receipt.received < since:
                    break
                yield receipt

    def close(self) -> None:
        """Close the file and let others write to the folder."""
        with self._committing:
            self._close_file()
            self._lock.release()

    def _commit(self, group: Sequence[_Waiting]) -> None:
        for day, lines in itertools.groupby(group, key=lambda each: each.day):
            written = list(lines)
            try:
                self._append(day, b"".join(each.line for each in written))
            except Exception as error:  # whoever waits must learn of any
                with contextlib.suppress(OSError):
                    self._undo()
                for each in written:
                    each.outcome.set_exception(error)
            else:
                for each in written:
                    each.outcome.set_result(None)

    def _append(self, day: date, data: bytes) -> None:
        """Write lines of a day and force them to disk."""
        self._undo()
        self._open_file(self._folder / f"leads-{day.isoformat()}.jsonl")
        self._to_undo = os.fstat(self._file).st_size
        write_all(self._file, data)
        os.fsync(self._file)
        self._to_undo = None

    def _undo(self) -> None:
        """Take back what a failed write left; while that fails too, nothing else is written.

        After a failed fsync the lines may or may not be on disk, so they are taken back as well.
        """
        if self._to_undo is not None:
            os.ftruncate(self._file, self._to_undo)
            self._to_undo = None

    def _open_file(self, path: Path) -> None:
        """Open the file of a day, unless it is open and has not been moved or removed by somebody."""
        if path == self._path and path.exists() and os.path.samestat(path.stat(), os.fstat(self._file)):
            return
        self._close_file()
        self._file, self._path = open_lines(path), path

    def _close_file(self) -> None:
        if self._file != -1:
            os.close(self._file)
        self._path, self._file = Path(), -1
