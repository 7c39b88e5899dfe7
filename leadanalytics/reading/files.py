"""What each file holds: told from its first bytes, never from its name."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Collection, Iterator, Sequence
from typing import BinaryIO

from leadanalytics.errors import ReadError, UnknownLayoutError
from leadanalytics.reading.archives import is_archive, unpack
from leadanalytics.reading.contents import WHOLE_FILE, Contents, Reject
from leadanalytics.reading.delimited import read_delimited
from leadanalytics.reading.encodings import BLOCK, decode_blocks, is_binary, join_blocks, peek
from leadanalytics.reading.html_tables import read_html
from leadanalytics.reading.json_records import read_json
from leadanalytics.reading.key_values import are_key_values, read_key_values
from leadanalytics.reading.layouts import REPORT, Layout
from leadanalytics.reading.mojibake import repair_mojibake
from leadanalytics.reading.parquet import read_parquet
from leadanalytics.reading.paths import Source
from leadanalytics.reading.spreadsheets import is_workbook, read_workbook

REFERRAL = "referral"
# What is no lead of a person, but an account of them.
NO_LEADS = (REFERRAL, REPORT)
_HEAD = 1 << 16
_PARQUET, _PDF = b"PAR1", b"%PDF"
_NEVER_TEXT = (_PARQUET, b"PK", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")
_MARKUP = re.compile(rb"<[!?a-z]", re.IGNORECASE)
# An archive may hold archives, as a download of several exports does; no export goes deeper.
_DEEPEST = 2


def read_file(
    source: Source, layouts: Sequence[Layout], *, refused: Collection[str] = NO_LEADS, block: int = BLOCK
) -> Iterator[tuple[str, Contents]]:
    """Yield what a file holds, block by block, each with the name of its origin.

    Delimited text, JSON lines and Parquet come in blocks, all else at once. An archive is read like a folder:
    'archive.zip/member.csv' is the origin of what a member holds. A file that nobody named, and that is no lead file or
    breaks off, is set aside: each row of a table, else as a whole.

    Parameters
    ----------
    source : Source
        The file.
    layouts : sequence of Layout
        The layouts to try.
    refused : collection of str
        The kinds of record that are not wanted: referrals without people and rows of reports are no leads.
    block : int
        How many bytes of text are read at a time.

    Raises
    ------
    ReadError
        When a file that was named holds no leads at all, or breaks off.
    """
    try:
        for origin, contents in _read(source, layouts, refused, block):
            unwanted = next((part.layout for part in contents.parts if part.layout.record_kind in refused), None)
            if unwanted is None:
                yield origin, contents
            elif source.is_named:
                raise _refusal(origin, unwanted)
            else:
                _refuse(contents, str(_refusal(source.origin, unwanted)), refused)
                yield source.origin, contents
    except ReadError as error:
        if source.is_named:
            raise
        yield from _set_aside(source, error, block)


def _refusal(origin: str, layout: Layout) -> ReadError:
    """Return the error for a file whose records are no leads."""
    if layout.record_kind == REFERRAL:
        return ReadError(
            f"{origin!r} holds referrals without people, for reconciliation only",
            next_step="read them with read_referrals(path)",
        )
    return ReadError(
        f"{origin!r} is {layout.title}, which holds no leads",
        next_step="give the leads themselves; if it is something else, say what: layout='plain', or --layout plain",
    )


def _refuse(contents: Contents, reason: str, refused: Collection[str]) -> None:
    """Set every record of the unwanted parts aside; its text stays in the file, which is not one of leads."""
    for part in contents.parts:
        if part.layout.record_kind in refused:
            contents.rejects += [Reject(int(row), reason, "") for row in part.rows]
    contents.parts = [part for part in contents.parts if part.layout.record_kind not in refused]


def _are_names(columns: Sequence[str]) -> bool:
    """Tell whether cells may be the names of the columns of a table; in prose a blank follows a comma."""
    return len(columns) > 1 and not any(column.startswith(" ") for column in columns)


def _set_aside(source: Source, error: ReadError, block: int) -> Iterator[tuple[str, Contents]]:
    """Yield what a file without leads holds, all of it set aside: the rows of a table, else the file as one record."""
    reason, rows = str(error), 0
    if isinstance(error, UnknownLayoutError) and _are_names(error.columns):
        table = Layout(REPORT, REPORT, 0, proof=(error.columns,), columns={}, record_kind=REPORT)
        with contextlib.suppress(ReadError):
            for _, contents in _read(source, [table], (), block):
                # Of prose with a comma in its first line most lines do not fit.
                if not rows and 2 * sum(len(part.rows) for part in contents.parts) < contents.delivered:
                    break
                first, rows = rows + 1, rows + contents.delivered
                contents.parts, contents.rejects = [], [Reject(row, reason, "") for row in range(first, rows + 1)]
                yield source.origin, contents
    if not rows:
        contents = Contents(delivered=1)
        contents.set_aside(WHOLE_FILE, reason, "")
        yield source.origin, contents


def _read(
    source: Source, layouts: Sequence[Layout], refused: Collection[str], block: int
) -> Iterator[tuple[str, Contents]]:
    what = repr(source.origin)
    try:
        with source.open() as opened:
            head = opened.read(_HEAD)
            opened.seek(0)
            # To go back in a packed stream is to unpack it again.
            stream = io.BytesIO(opened.read()) if source.depth and head.startswith(_NEVER_TEXT) else opened
            if is_workbook(head, stream):
                contents = read_workbook(stream, layouts, what)
                repair_mojibake(contents)
                yield f"{source.origin}, sheet {contents.sheet!r}", contents
            elif is_archive(head):
                if source.depth >= _DEEPEST:
                    raise ReadError(f"{what} lies in too many archives", next_step="unpack the outer ones")
                for member in unpack(source, stream):
                    yield from read_file(member, layouts, refused=refused, block=block)
            else:
                doubts: list[str] = []
                for contents in _contents(head, stream, layouts, what, block, doubts):
                    repair_mojibake(contents)
                    contents.assumptions.update(doubts)
                    doubts.clear()
                    yield source.origin, contents
    except OSError as error:
        raise ReadError(f"{what} cannot be opened", found=error.strerror) from None


def _contents(
    head: bytes, stream: BinaryIO, layouts: Sequence[Layout], what: str, block: int, doubts: list[str]
) -> Iterator[Contents]:
    """Return the contents of a file that is neither a workbook nor an archive; doubts of its encoding are added."""
    if head.startswith(_PARQUET):
        return read_parquet(stream, layouts, what)
    if head.startswith(_PDF):
        raise ReadError(f"{what} is not read", found="a PDF document", next_step="export the leads as CSV or JSON")
    if is_binary(head):
        raise ReadError(
            f"{what} is no text", found="a binary file", next_step="export the leads as CSV, JSON or Parquet"
        )
    first, blocks = peek(decode_blocks(stream, block, doubts=doubts))
    begin = first.data[:_HEAD].lstrip()
    if not begin:
        raise ReadError(f"{what} is empty", next_step="export the leads again")
    if begin.startswith((b"{", b"[")):
        return read_json(blocks, layouts, what)
    if _MARKUP.match(begin):
        return iter([read_html(join_blocks(blocks), layouts, what)])
    if are_key_values(begin.decode("utf-8", "replace")):
        return iter([read_key_values(join_blocks(blocks), layouts, what)])
    return read_delimited(blocks, layouts, what)
