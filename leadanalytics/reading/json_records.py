"""JSON becomes records: one document, or one value per line, with the leads anywhere inside.

A lead is an object whose keys prove a layout. It may lie in a list, in the envelope of a captured call, in a text that
is JSON itself, or in the base64 text of a flow's `$content`.
"""

from __future__ import annotations

import base64
import binascii
import functools
import io
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from leadanalytics.errors import ReadError
from leadanalytics.reading.contents import NUL_REASON, UNDECODABLE, UNDECODABLE_REASON, Collector, Contents
from leadanalytics.reading.encodings import Decoded, join_blocks, peek
from leadanalytics.reading.layouts import Layout, find_layout, fold, no_layout

# Marks by which an export says that there is more, and the page size at which one says nothing.
_MORE = ("nextmarker", "odata.nextlink", "@odata.nextlink")
_FULL_PAGE = 1_000
_DEEPEST = 40
# Floating-point numbers below this are exact, and are written without an exponent.
LARGEST_WHOLE = 1e15
_NO_LEAD = "no lead: its keys prove no layout"

# The scalars of the objects round a lead, the innermost object first.
Context = tuple[Mapping[str, str], ...]


class _Found(NamedTuple):
    """A lead, or (without a layout) a member of a list of leads that is none."""

    layout: Layout | None
    value: Any
    context: Context


class _Lead(NamedTuple):
    """A lead as found, and as folded paths to text."""

    layout: Layout | None
    value: Any
    record: dict[str, str | None]


def read_json(blocks: Iterator[Decoded], layouts: Sequence[Layout], what: str) -> Iterator[Contents]:
    """Return the leads of JSON lines block by block, or those of a JSON document at once, each record accounted for.

    Set aside are lines that are not JSON or hold no lead, and members of a list of leads that are none.

    Raises
    ------
    ReadError
        When the document is not JSON (with the line at which it breaks), or there is no lead anywhere in it or in the
        first block of lines.
    """
    finder = _Finder(layouts)
    first, blocks = peek(blocks)
    # Of a large file the first block alone has to tell, however broken its first line is.
    if _begins_with_a_line(first.data) or (not first.is_end and _are_mostly_lines(first.data)):
        found = _read_lines(blocks, finder)
    else:
        found = iter([_read_document(join_blocks(blocks), finder, what)])
    contents = next(found)
    if not contents.parts:
        raise no_layout(f"the columns of {what}", finder.seen, layouts)
    return itertools.chain([contents], found)


def parse(data: bytes | str) -> Any:
    """Return the value of a JSON text; the standard library takes what the faster one refuses, such as NaN."""
    try:
        return orjson.loads(data)
    except ValueError as error:
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            raise error from None


def to_text(value: Any) -> str | None:
    """Return a JSON value as text: text as it is, a whole number without a point, an object as JSON.

    Examples
    --------
    >>> [to_text(value) for value in ("a", 442079460018.0, 0.5, True, None)]
    ['a', '442079460018', '0.5', 'true', None]
    """
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < LARGEST_WHOLE:
        value = int(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    # Half a surrogate pair is no text.
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


class _Finder:
    """Finds leads in JSON values, and keeps the keys of the first object, which an error may have to name."""

    def __init__(self, layouts: Sequence[Layout]) -> None:
        self._layouts = tuple(layouts)
        self.seen: list[str] = []

    def find(self, value: Any, context: Context = (), depth: int = 0) -> Iterator[_Found]:
        """Yield the leads in a value; a member of a list without a lead counts where another member has one."""
        if depth > _DEEPEST:
            return
        if isinstance(value, dict):
            layout = self.layout_of(value)
            if layout is not None:
                yield _Found(layout, value, context)
                return
            context = ({fold(key): str(each) for key, each in value.items() if _is_scalar(each)}, *context)
            for key, each in value.items():
                if isinstance(each, dict | list | str):
                    yield from self.find(_decoded_content(each) if key == "$content" else each, context, depth + 1)
        elif isinstance(value, list):
            members = [list(self.find(each, context, depth + 1)) for each in value]
            if any(members):
                for each, found in zip(value, members):
                    yield from found or [_Found(None, each, context)]
        elif isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
            yield from self.find(_parsed(value), context, depth + 1)

    def layout_of(self, record: Mapping[str, Any]) -> Layout | None:
        """Return the layout that the keys of an object prove, or None."""
        keys = tuple(record)
        self.seen = self.seen or [to_text(key) or "" for key in keys]
        return _proven(keys, self._layouts)


@functools.lru_cache(maxsize=256)
def _proven(keys: tuple[str, ...], layouts: tuple[Layout, ...]) -> Layout | None:
    """Return the layout that some keys prove; most objects of a file, or of thousands of files, share theirs."""
    return find_layout(keys, layouts)


def flat_record(layout: Layout, record: Mapping[str, Any], context: Context = ()) -> dict[str, str | None]:
    """Return a lead as folded paths to text, with the time of its envelope where it has one."""
    flat: dict[str, str | None] = {}
    _flatten(record, layout.whole, "", flat)
    if context and layout.envelope_names and not any(flat.get(name) for name in layout.received_names):
        times = (around[name] for around in context for name in layout.envelope_names if around.get(name))
        flat[layout.received_names[0]] = next(times, None)
    return flat


def _flatten(record: Mapping[str, Any], whole: frozenset[str], path: str, flat: dict[str, str | None]) -> None:
    for name, value in zip(_names(path, tuple(record)), record.values()):
        if isinstance(value, dict) and name not in whole:
            _flatten(value, whole, f"{name}.", flat)
        elif not flat.get(name):  # of names that differ only in their case, the first that is filled serves
            flat[name] = value if isinstance(value, str) and value.isascii() else to_text(value)


@functools.lru_cache(maxsize=256)
def _names(path: str, keys: tuple[str, ...]) -> list[str]:
    """Return the folded paths of the keys of an object; most objects of a file share theirs."""
    return [path + fold(to_text(key) or "") for key in keys]


def _leads(value: Any, finder: _Finder) -> Iterator[_Lead]:
    for layout, found, context in finder.find(value):
        yield _Lead(layout, found, flat_record(layout, found, context) if layout else {})


def _collect(leads: Iterable[_Lead], first_row: int, collector: Collector, contents: Contents) -> None:
    for layout, value, record in leads:
        row = first_row + contents.delivered
        contents.delivered += 1
        if layout is None:
            contents.set_aside(row, _NO_LEAD, _excerpt(value))
        elif reason := _unusable("".join(filter(None, record.values()))):
            contents.set_aside(row, reason, _excerpt(value))
        else:
            collector.add(layout, record, row)


def _excerpt(value: Any) -> str:
    try:
        return to_text(value) or ""
    except RecursionError:
        return ""


def _read_document(text: Decoded, finder: _Finder, what: str) -> Contents:
    try:
        document = parse(text.data)
    except ValueError as error:
        if _are_mostly_lines(text.data):
            return next(_read_lines([text], finder))
        raise _not_json(what, text.data, error) from None
    contents, collector = Contents(encoding=text.encoding), Collector()
    try:
        _collect(_leads(document, finder), 1, collector, contents)
    except RecursionError:
        raise ReadError(f"{what} is nested too deep to hold leads", next_step="export the leads again") from None
    _note_truncation(document, contents)
    contents.parts = collector.parts()
    return contents


def _read_lines(blocks: Iterable[Decoded], finder: _Finder) -> Iterator[Contents]:
    first_row = 1
    for block in blocks:
        contents, collector = Contents(encoding=block.encoding), Collector()
        for line in _lines(block.data):
            _read_line(line, finder, first_row, collector, contents)
        contents.parts = collector.parts()
        yield contents
        first_row += contents.delivered


def _read_line(line: bytes, finder: _Finder, first_row: int, collector: Collector, contents: Contents) -> None:
    """Take all of a line or nothing of it."""
    try:
        leads = list(_leads(parse(line), finder))
        reason = _NO_LEAD
    except ValueError as error:
        leads, reason = [], f"not JSON: {_where(error, line)}".replace(" at line 1,", " at")
    except RecursionError:
        leads, reason = [], "nested too deep"
    if leads:
        _collect(leads, first_row, collector, contents)
    else:
        text = line.decode()
        contents.set_aside(first_row + contents.delivered, _unusable(text) or reason, text)
        contents.delivered += 1


def _lines(data: bytes) -> Iterator[bytes]:
    """Yield the lines that are not blank, one at a time, for all at once take as much memory as the file."""
    return filter(None, map(bytes.strip, io.BytesIO(data)))


def _begins_with_a_line(data: bytes) -> bool:
    """Tell whether the first of several lines is a value of its own, which no document's first line is."""
    first, second = itertools.islice(itertools.chain(_lines(data), (b"", b"")), 2)
    return bool(second) and _is_container(first)


def _are_mostly_lines(data: bytes) -> bool:
    """Tell whether lines are values of their own, though the first is broken, and not parts of one document."""
    are_values = [_is_container(line) for line in _lines(data)]
    return len(are_values) > 1 and 2 * sum(are_values) >= len(are_values)


def _unusable(text: str) -> str | None:
    if UNDECODABLE in text:
        return UNDECODABLE_REASON
    return NUL_REASON if "\0" in text else None


def _is_container(line: bytes) -> bool:
    return line.rstrip()[-1:] in (b"}", b"]") and isinstance(_parsed(line), dict | list)


def _not_json(what: str, data: bytes, error: ValueError) -> ReadError:
    return ReadError(
        f"{what} is not valid JSON",
        found=_where(error, data),
        next_step="mend the file there, or export it again if the download was cut",
    )


def _where(error: ValueError, data: bytes) -> str:
    """Say where a JSON text breaks, without quoting it."""
    if not isinstance(error, json.JSONDecodeError):
        return "a value that JSON does not have"
    if error.pos >= len(data.decode("utf-8", "replace").rstrip()):
        return f"the end of the text in the middle of a value, at line {error.lineno}, column {error.colno}"
    return f"{error.msg} at line {error.lineno}, column {error.colno}"


def _note_truncation(document: Any, contents: Contents) -> None:
    """Note that the writer of an Azure Table export stopped at the end of a page."""
    if not isinstance(document, dict):
        return
    marks = {fold(key): value for key, value in document.items()}
    more = any(any(mark.values()) if isinstance(mark := marks.get(name), dict) else mark for name in _MORE)
    full = any(isinstance(marks.get(name), list) and len(marks[name]) == _FULL_PAGE for name in ("value", "items"))
    if more or full:
        contents.truncated = True
        sign = "a marker of the next page" if more else f"exactly {_FULL_PAGE:,} records, a full page"
        contents.notes.append(f"truncated: the export ends with {sign}")


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _parsed(text: bytes | str) -> Any:
    try:
        return parse(text)
    except ValueError:
        return None


def _decoded_content(value: Any) -> Any:
    """Return the text in a flow's base64 `$content`, or the value itself where it is none."""
    try:
        return base64.b64decode(value, validate=True).decode()
    except (TypeError, binascii.Error, UnicodeDecodeError):
        return value
