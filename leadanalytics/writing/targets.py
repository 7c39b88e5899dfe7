"""Targets: the programs that import lists of customers, kept as TOML files, with what each of them wants.

A target is data. It says which columns its import wizard knows, what of a customer stands in each, which must be
filled, how long a value may be, how dates are written and how large a file may be. To teach the package a new one,
add a TOML file; no code knows a target by name.
"""

from __future__ import annotations

import codecs
import functools
import itertools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from leadanalytics import schema
from leadanalytics.errors import LeadAnalyticsError, WriteError, check_option
from leadanalytics.writing.times import DATE_FORMS

SHIPPED = Path(__file__).parent / "targets"
SUFFIXES = (".csv", ".xlsx")
NOTE = "note"
# What a column may be filled from. The flag is not among them: whoever is not to be contacted is not exported at all.
SOURCES = (*(name for name in schema.KINDS["customers"].names if name != "do_not_contact"), NOTE)

TIMES = {column.name for column in schema.KINDS["customers"].columns if column.dtype == schema.TIME}


@dataclass(frozen=True)
class TargetColumn:
    """One column of a target.

    Attributes
    ----------
    header : str
        Its name, exactly as the import wizard wants it.
    sources : tuple of str
        The columns of the kind 'customers', or "note", that fill it: the first that has a value. None: it stays empty.
    otherwise : str
        What stands where no source has a value; alone, the same text in every row.
    only_with : str, optional
        A column of customers without which this one stays empty.
    longest : int, optional
        The most UTF-16 units that a value may have; longer ones are cut.
    whole : bool
        A value that is too long is not cut; its row is left out.
    must_match : str, optional
        A regular expression for the whole value; a row whose value is another is left out.
    """

    header: str
    sources: tuple[str, ...] = ()
    otherwise: str = ""
    only_with: str | None = None
    longest: int | None = None
    whole: bool = False
    must_match: str | None = None


@dataclass(frozen=True)
class Target:
    """One program that imports customers.

    Attributes
    ----------
    name : str
        What `write_leads` calls it.
    title : str
        What a person calls it.
    columns : tuple of TargetColumn
        The columns in the order in which they are written.
    compulsory : tuple of tuple of str
        Sets of headers; a row has a value under at least one header of every set, or is left out.
    suffixes : tuple of str
        The formats that it takes, the preferred one first.
    encoding : str
        Of a CSV file; "utf-8-sig" is UTF-8 with a byte order mark.
    line_end : str
        Of a CSV file.
    date_form : str
        How times are written, in UTC; the forms without a time of day write the day alone.
    most_rows, most_bytes : int, optional
        The most that one file may have; more are written as several files.
    """

    name: str
    title: str
    columns: tuple[TargetColumn, ...]
    compulsory: tuple[tuple[str, ...], ...] = ()
    suffixes: tuple[str, ...] = SUFFIXES
    encoding: str = "utf-8"
    line_end: str = "\r\n"
    date_form: str = "YYYY-MM-DD"
    most_rows: int | None = None
    most_bytes: int | None = None

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers of the columns, in order."""
        return tuple(column.header for column in self.columns)


def load_targets(folder: str | Path | None = None) -> dict[str, Target]:
    """Return the targets by name: the shipped ones, and those of a folder.

    Parameters
    ----------
    folder : path, optional
        Holds TOML files. A target of the same name as a shipped one replaces it.

    Raises
    ------
    WriteError
        The folder holds no target, or one is incomplete or not valid.

    Examples
    --------
    >>> list(load_targets())
    ['dynamics365', 'hubspot', 'marketo', 'salesforce', 'salesforce_data_loader']
    >>> load_targets()["marketo"].headers[:3]
    ('Email Address', 'First Name', 'Last Name')
    """
    targets = {target.name: target for target in _shipped()}
    if folder is not None:
        paths = sorted(Path(folder).glob("*.toml"))
        if not paths:
            raise WriteError(
                f"the folder {Path(folder).name!r} holds no target",
                next_step="put a TOML file in it that names the columns that your program imports",
            )
        targets |= {target.name: target for target in map(_load, paths)}
    return targets


@functools.cache
def _shipped() -> tuple[Target, ...]:
    return tuple(_load(path) for path in sorted(SHIPPED.glob("*.toml")))


def _load(path: Path) -> Target:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        columns = tuple(_column(entry) for entry in data.pop("columns"))
        compulsory = tuple(tuple(headers) for headers in data.pop("compulsory", ()))
        suffixes = tuple(data.pop("suffixes", SUFFIXES))
        target = Target(columns=columns, compulsory=compulsory, suffixes=suffixes, **data)
        _check(target)
    except KeyError as error:
        raise WriteError(f"the target {path.name} lacks the entry {error}") from None
    except LeadAnalyticsError as error:
        raise WriteError(
            f"in the target {path.name}, {error.what}", found=error.found, next_step=error.next_step
        ) from None
    except (tomllib.TOMLDecodeError, re.error, LookupError, TypeError, ValueError, AttributeError) as error:
        raise WriteError(f"the target {path.name} is not valid", found=str(error)) from error
    return target


def _column(entry: Mapping[str, object]) -> TargetColumn:
    entry = dict(entry)
    sources = entry.pop("from", ())
    sources = (sources,) if isinstance(sources, str) else tuple(sources)  # type: ignore[arg-type]
    return TargetColumn(header=str(entry.pop("header")), sources=sources, **entry)  # type: ignore[arg-type]


def _check(target: Target) -> None:
    """Raise an error unless a target can be written."""
    if not target.columns or len(set(target.headers)) < len(target.columns):
        raise WriteError("every column needs a header of its own")
    for column in target.columns:
        _check_column(column)
    for header in itertools.chain(*target.compulsory):
        check_option("a compulsory header", header, target.headers)
    for suffix in target.suffixes:
        check_option("a suffix", suffix, SUFFIXES)
    check_option("line_end", target.line_end, ("\r\n", "\n"))
    check_option("date_form", target.date_form, DATE_FORMS)
    codecs.lookup(target.encoding)
    for most in (target.most_rows, target.most_bytes, *(column.longest for column in target.columns)):
        if most is not None and most < 1:
            raise WriteError("a limit is at least 1", found=str(most))


def _check_column(column: TargetColumn) -> None:
    if set(column.header) & set('\r\n"'):
        raise WriteError("no header may have a line break or a quotation mark")
    for source in (*column.sources, *filter(None, [column.only_with])):
        check_option(f"what fills {column.header!r}", source, SOURCES)
    if TIMES.intersection(column.sources) and (len(column.sources) > 1 or column.otherwise):
        raise WriteError(f"{column.header!r} is filled from a time, so from nothing else")
    re.compile(column.must_match or "")
