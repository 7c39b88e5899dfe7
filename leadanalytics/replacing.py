"""Files and folders that appear whole or not at all."""

from __future__ import annotations

import ctypes
import os
import secrets
import shutil
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from leadanalytics.errors import WriteError


@contextmanager
def replacing(*paths: Path, lasting: bool = False) -> Iterator[tuple[Path, ...]]:
    """Give a new file to write in place of each path, and put them there together when all is written.

    If anything fails the new files are removed and the old ones stay. Missing folders are made.

    Parameters
    ----------
    *paths : path
        The files.
    lasting : bool
        Whether they must be on disk when this ends, even if the machine then loses its power.

    Raises
    ------
    WriteError
        When the system does not let a file be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "notes.txt"
    ...     with replacing(path) as (part,):
    ...         _ = part.write_text("all of it")
    ...     path.read_text()
    'all of it'
    """
    # In the folder of the file, for only within one disk is a file put in place in one step; with its suffix, which
    # some writers look at.
    parts = tuple(path.with_name(f".{path.stem}-{secrets.token_hex(4)}{path.suffix}") for path in paths)
    try:
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                raise IsADirectoryError(21, "a folder of that name")
        yield parts
        if lasting:
            for part in parts:
                with part.open("rb+") as file:
                    os.fsync(file.fileno())
        for part, path in zip(parts, paths):
            part.replace(path)
        if lasting:
            for folder in {path.parent for path in paths}:
                sync_folder(folder)
    except OSError as error:
        names = " and ".join(path.name for path in paths)
        raise WriteError(f"{names} cannot be written", found=error.strerror or type(error).__name__) from error
    finally:
        for part in parts:
            if part.exists():
                part.unlink()


@contextmanager
def replacing_folder(folder: Path, names: Collection[str]) -> Iterator[Path]:
    """Give a new folder to write files into, and put it in place of the old one when all are written.

    The new folder, `.<name>.new`, stands beside the old one and changes places with it in one step. Then everything
    in the old one, `.<name>.old` now, that is not among `names` moves to the new one, and the old one is removed. So at
    any time all of `names` are of one writing. If anything fails the new folder is removed and the old one stays. What
    a killed process leaves behind, the next writing puts right first. Windows and some network drives need two steps:
    a process that is killed between the two leaves the old folder as `.<name>.old`.

    A folder that cannot be renamed (the working folder, the root of a disk or volume, one whose parent is not ours to
    write to) keeps its place: the new files wait in a hidden folder inside it, and are then moved in one by one.

    Parameters
    ----------
    folder : path
        The folder; it need not exist.
    names : collection of str
        The files that are the writer's own; an old one of which there is no new one goes away.

    Raises
    ------
    WriteError
        When the system does not let the folder be written, or another process is writing it.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as parent:
    ...     folder = Path(parent) / "results"
    ...     folder.mkdir()
    ...     _ = (folder / "notes.txt").write_text("of the user")
    ...     with replacing_folder(folder, ["counts.csv"]) as new:
    ...         _ = (new / "counts.csv").write_text("n")
    ...     sorted(path.name for path in folder.iterdir())
    ['counts.csv', 'notes.txt']
    """
    folder = folder.resolve()
    place = folder.parent if _can_be_renamed(folder) else folder
    new, old, lock = (place / f".{folder.name}.{end}" for end in ("new", "old", "lock"))
    with _as_write_error(folder):
        if folder.exists() and not folder.is_dir():
            raise NotADirectoryError(20, "a file of that name")
        place.mkdir(parents=True, exist_ok=True)
        held = FileLock(lock, timeout=0)
        try:
            held.acquire()
        except Timeout:
            raise WriteError(
                f"another process is writing {folder.name}", next_step="wait until it has ended, or name another folder"
            ) from None
    try:
        with _as_write_error(folder):
            _put_right(folder, new, old, names)
            new.mkdir()
        yield new
        with _as_write_error(folder):
            if place == folder:
                _move_in(new, folder, names)
            else:
                _swap(new, folder, old, names)
    finally:
        shutil.rmtree(new, ignore_errors=True)
        # While it is held, so that nobody who comes later waits for a file that is no more.
        if os.name != "nt":
            lock.unlink(missing_ok=True)
        held.release()


def _can_be_renamed(folder: Path) -> bool:
    if not folder.exists():
        return True
    here = Path.cwd()
    fixed = folder == here or folder in here.parents or os.path.ismount(folder)
    return not fixed and os.access(folder.parent, os.W_OK)


@contextmanager
def _as_write_error(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise WriteError(f"{path.name} cannot be written", found=error.strerror or type(error).__name__) from error


def _put_right(folder: Path, new: Path, old: Path, names: Collection[str]) -> None:
    """Remove what a killed process has left, and finish what it had begun."""
    if new.exists():
        shutil.rmtree(new)
    if old.exists() and not folder.exists():
        old.rename(folder)
    elif old.exists():
        _keep_the_rest(old, folder, names)


def _swap(new: Path, folder: Path, old: Path, names: Collection[str]) -> None:
    """Put the new folder in place of the old one, with everything of it that is not among the names."""
    if not folder.exists():
        new.rename(folder)
        return
    shutil.copymode(folder, new)
    # Under the name of the old one before they change places: so it is known afterwards which is to be removed.
    new.rename(old)
    if not _exchange(old, folder):
        old.rename(new)
        folder.rename(old)
        try:
            new.rename(folder)
        except OSError:
            old.rename(folder)
            raise
    _keep_the_rest(old, folder, names)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step, and return whether the system can: Linux and macOS mostly can."""
    if os.name == "nt":
        return False
    library = ctypes.CDLL(None)
    paths = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin":
        return hasattr(library, "renamex_np") and library.renamex_np(*paths, 2) == 0
    # The first number says that a path is from the working folder, as is usual; the last one asks for the exchange.
    return hasattr(library, "renameat2") and library.renameat2(-100, paths[0], -100, paths[1], 2) == 0


def _keep_the_rest(old: Path, folder: Path, names: Collection[str]) -> None:
    """Move what is not among the names from the old folder to the new one, and remove the old one."""
    for entry in sorted(old.iterdir()):
        if entry.name not in names or (entry.is_dir() and not entry.is_symlink()):
            taken = os.path.lexists(folder / entry.name)
            entry.rename(folder / (f"{entry.name}.old" if taken else entry.name))
    shutil.rmtree(old)


def _move_in(new: Path, folder: Path, names: Collection[str]) -> None:
    written = sorted(new.iterdir())
    for part in written:
        part.replace(folder / part.name)
    for name in set(names) - {part.name for part in written}:
        (folder / name).unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Force the names of a folder's files to disk; Windows does so by itself and cannot be asked."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
