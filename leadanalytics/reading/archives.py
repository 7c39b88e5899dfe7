"""ZIP archives and gzip files: what is packed in them is read like any file, and nothing is written to the disk."""

from __future__ import annotations

import functools
import gzip
import io
import zipfile
from collections.abc import Iterator
from typing import IO, BinaryIO

from leadanalytics.errors import ReadError
from leadanalytics.reading.paths import Source, is_hidden

_GZIP = b"\x1f\x8b"
# An archive with a member, and one without.
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
# Beyond both of these a packed file is a trap, not an export: text is packed to a tenth.
_LARGEST, _HIGHEST_RATIO = 1 << 30, 200
_PIECE = 1 << 24
_ENCRYPTED = 1  # the flag of a member


def is_archive(head: bytes) -> bool:
    """Tell whether the first bytes of a file are those of a ZIP archive or a gzip file."""
    return head.startswith((*_ZIP, _GZIP))


def unpack(source: Source, stream: BinaryIO) -> Iterator[Source]:
    """Yield the members of a ZIP archive by their names, nothing hidden, or what a gzip file holds.

    Members are open only until the next one is asked for.

    Raises
    ------
    ReadError
        When the archive is damaged, holds no file, or would fill the memory.
    """
    head = stream.read(len(_ZIP[0]))
    stream.seek(0)
    yield from _unpack_zip(source, stream) if head.startswith(_ZIP) else [_unpack_gzip(source, stream)]


def _unpack_gzip(source: Source, stream: BinaryIO) -> Source:
    packed = stream.seek(0, io.SEEK_END)

    def open_packed() -> BinaryIO:
        stream.seek(0)
        return _Unpacked(gzip.GzipFile(fileobj=stream), packed, repr(source.origin))  # type: ignore[return-value]

    return Source(source.origin, open_packed, source.is_named, source.depth + 1)


def _unpack_zip(source: Source, stream: BinaryIO) -> Iterator[Source]:
    what = repr(source.origin)
    packed = stream.seek(0, io.SEEK_END)
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise _damaged(what) from None
    with archive:
        # Of members of one name the last one counts, as when they are unpacked.
        members = {info.filename.lstrip("/"): info for info in archive.infolist() if _is_shown(info)}
        if not members:
            raise ReadError(f"{what} holds no file", next_step="pack the exported files into it")
        _check_size(sum(info.file_size for info in members.values()), packed, what)
        for name in sorted(members):
            origin = f"{source.origin}/{name}"
            opened = functools.partial(_open_member, archive, members[name], origin)
            yield Source(origin, opened, depth=source.depth + 1)


def _is_shown(member: zipfile.ZipInfo) -> bool:
    parts = [part for part in member.filename.split("/") if part not in (".", "..")]
    return not member.is_dir() and not any(map(is_hidden, parts))


def _open_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, origin: str) -> BinaryIO:
    what = repr(origin)
    if member.flag_bits & _ENCRYPTED:
        raise ReadError(f"{what} is protected by a password", next_step="unpack it, and read the files")
    try:
        return _Unpacked(archive.open(member), member.compress_size, what)  # type: ignore[return-value]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise _damaged(what) from None


class _Unpacked(io.BufferedIOBase):
    """The bytes of a packed file, unpacked as they are read, with the errors of this package."""

    def __init__(self, stream: IO[bytes] | gzip.GzipFile, packed: int, what: str) -> None:
        self._stream, self._packed, self._what = stream, packed, what

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            return b"".join(iter(lambda: self.read(_PIECE), b""))
        try:
            data = self._stream.read(size)
            unpacked = self._stream.tell()
        except Exception:  # each way of packing has errors of its own, as has every kind of damage
            raise _damaged(self._what) from None
        _check_size(unpacked, self._packed, self._what)
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._stream.seek(offset, whence)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _check_size(unpacked: int, packed: int, what: str) -> None:
    if unpacked > _LARGEST and unpacked > _HIGHEST_RATIO * packed:
        raise ReadError(
            f"{what} unpacks to more than {_HIGHEST_RATIO} times its size",
            found=f"{unpacked:,} bytes packed to {packed:,}",
            next_step="if you trust it, unpack it yourself and read the files",
        )


def _damaged(what: str) -> ReadError:
    return ReadError(
        f"{what} is a damaged archive or workbook", next_step="copy or make it again; its end may be missing"
    )
