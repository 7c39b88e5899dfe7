"""Posted bodies that are no leads, kept apart for whoever wants to know what came."""

from __future__ import annotations

import base64
import os
import threading
from datetime import datetime
from pathlib import Path

import orjson

from leadanalytics.errors import OptionError, WriteError
from leadanalytics.reading.receiver.envelopes import iso_time
from leadanalytics.reading.receiver.lines import end_last_line, open_lines, write_all

# Hidden, for a folder is read with all below it except what is hidden; what is here must not be read as leads.
FOLDER = ".rejected"
FILE = "rejected.jsonl"
LARGEST_BYTES = 16 * 1024 * 1024


class DeadLetters:
    """Keeps rejected bodies as lines of JSON in the folder `.rejected` of a folder, up to a size.

    Parameters
    ----------
    folder : path
        The folder round `.rejected`.
    largest_bytes : int
        The size that the file never exceeds [bytes]; what comes later is not kept until somebody removes the file.

    Raises
    ------
    OptionError
        When the size is not above zero.
    WriteError
        When the file of an earlier process cannot be written to.

    Examples
    --------
    >>> import tempfile
    >>> from datetime import UTC
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     DeadLetters(folder).keep(b"[]", "no lead", datetime(2024, 2, 27, tzinfo=UTC))
    True
    """

    def __init__(self, folder: str | os.PathLike[str], *, largest_bytes: int = LARGEST_BYTES) -> None:
        if largest_bytes <= 0:
            raise OptionError("largest_bytes is above zero", found=str(largest_bytes))
        self._path = Path(folder) / FOLDER / FILE
        self._largest_bytes = largest_bytes
        self._writing = threading.Lock()
        try:
            if self._path.exists():
                end_last_line(self._path)
        except OSError as error:
            raise WriteError(f"{FOLDER}/{FILE} cannot be written to", found=error.strerror) from error

    def keep(self, body: bytes, reason: str, received: datetime) -> bool:
        """Keep a body with the reason against it, and tell whether there was room and the disk took it."""
        line = _line(body, reason, received)
        try:
            with self._writing:
                self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                # Opened anew for each, as they are rare and somebody may have taken the file away.
                file = open_lines(self._path)
                try:
                    has_room = os.fstat(file).st_size + len(line) <= self._largest_bytes
                    if has_room:
                        write_all(file, line)
                    return has_room
                finally:
                    os.close(file)
        except OSError:
            return False


def _line(body: bytes, reason: str, received: datetime) -> bytes:
    """Return a line with the body as text, or as base64 where it is no text."""
    try:
        held = {"text": body.decode()}
    except UnicodeDecodeError:
        held = {"base64": base64.b64encode(body).decode()}
    return orjson.dumps({"receivedAt": iso_time(received), "reason": reason} | held, option=orjson.OPT_APPEND_NEWLINE)
