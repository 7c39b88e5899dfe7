"""Files of lines that are only ever appended to, and survive the death of their writer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from leadanalytics.replacing import sync_folder

_BLOCK = 1 << 16


def open_lines(path: Path) -> int:
    """Return the descriptor of a file to append to, which nobody but its owner may read.

    A new file's folder is forced to disk as well: else the file could vanish with a power loss, whole lines and all.
    """
    is_new = not path.exists()
    # Windows would else write \r\n.
    as_it_is = getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | as_it_is, 0o600)
    if is_new:
        try:
            sync_folder(path.parent)
        except OSError:
            os.close(descriptor)
            path.unlink()  # else the next time it would not be new
            raise
    return descriptor


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner may use, with all above it, and force their names to disk."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for each in missing:
        sync_folder(each.parent)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of some bytes; the system may take a part at a time."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def end_last_line(path: Path) -> bool:
    r"""End the last line of a file whose writer was stopped within it, and tell whether there was one.

    So the cut line stays for whoever looks, and costs no line that comes after it. The whole file is forced to disk:
    its writer may have died before that, and from now on what is in the file counts as written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "lines"
    ...     _ = path.write_text("whole\nha")
    ...     end_last_line(path), end_last_line(path)
    (True, False)
    """
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1))
        was_cut = file.read(1) not in (b"", b"\n")
        if was_cut:
            file.write(b"\n")
            file.flush()
        os.fsync(file.fileno())
    return was_cut


def lines_from_the_end(path: Path, *, block: int = _BLOCK) -> Iterator[bytes]:
    r"""Yield the lines of a file without their ends, the last line first, reading no more than asked for.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "lines"
    ...     _ = path.write_text("one\ntwo\nthree\n")
    ...     list(lines_from_the_end(path, block=4))
    [b'three', b'two', b'one']
    """
    with path.open("rb") as file:
        place = file.seek(0, os.SEEK_END)
        begun = b""
        while place:
            size = min(block, place)
            place -= size
            file.seek(place)
            # The first of them may begin in the block before.
            begun, *whole = (file.read(size) + begun).split(b"\n")
            yield from (line for line in reversed(whole) if line)
        if begun:
            yield begun
