"""Which layouts are tried: the shipped ones and the user's own, as TOML files, and what the caller says of them."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from leadanalytics import schema
from leadanalytics.errors import ReadError, check_option
from leadanalytics.reading.layouts import DATE_ORDERS, LOCAL, REPORT, Layout, find_layout, no_layout

SHIPPED = Path(__file__).parent / "layouts"
_REPORTS = Path(__file__).parent / "partner_center_reports.toml"
# Reports are tried after every layout of leads but those of any table: one that a user describes comes first.
_ORDER_OF_REPORTS = 900
# The layout of columns that only the caller's map explains.
MAPPED = "mapped"

# The columns of which one is enough where the caller names the layout.
_TELLING = ("lead_source", "action_code", "customer_info", *schema.CUSTOMER_FIELDS)
_NOT_SERVED = ("record_id", "layout", "origin", "origin_row")
# What a layout may serve: a full name, and the columns of a raw frame but those that say where a record was read.
_SERVED = (*(column.name for column in schema.KINDS["raw"].columns if column.name not in _NOT_SERVED), "full_name")


def load_layouts(folder: str | Path | None = None) -> list[Layout]:
    """Return the layouts in the order in which they are tried: the shipped ones, and those of a folder.

    Parameters
    ----------
    folder : path, optional
        Holds TOML files. A layout of the same name as a shipped one replaces it.

    Raises
    ------
    ReadError
        The folder holds no layout, or one is incomplete or names a column that a raw frame does not have.

    Examples
    --------
    >>> [layout.name for layout in load_layouts()][:2]
    ['azure_table', 'https']
    """
    layouts = {layout.name: layout for layout in _shipped()}
    if folder is not None:
        paths = sorted(Path(folder).glob("*.toml"))
        if not paths:
            raise ReadError(
                f"the folder {Path(folder).name!r} holds no layout",
                next_step="put a TOML file in it that names the columns of your files",
            )
        layouts |= {layout.name: layout for layout in map(_load, paths)}
    return sorted(layouts.values(), key=lambda layout: (layout.order, layout.name))


def detect_layout(columns: Iterable[str], *, layouts: Sequence[Layout] | None = None) -> Layout:
    """Return the first layout that some columns prove.

    Parameters
    ----------
    columns : iterable of str
        The names of the columns as written; case, blanks, quotes and a byte order mark do not matter.
    layouts : sequence of Layout, optional
        The layouts to try in order, the shipped ones by default.

    Raises
    ------
    ReadError
        No layout is proven (names the columns, the nearest layout and what that one misses), or two of the same
        order are.

    Examples
    --------
    >>> detect_layout(["PartitionKey", "RowKey", "CustomerInfo", "LeadSource"]).name
    'azure_table'
    """
    names = [str(column) for column in columns]
    known = load_layouts() if layouts is None else layouts
    found = find_layout(names, known)
    if found is None:
        raise no_layout("the columns", names, known)
    return found


def choose_layouts(
    name: str | None = None,
    layouts: Sequence[Layout] | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    tz: str | None = None,
    date_order: str | None = None,
) -> list[Layout]:
    """Return the layouts to try, after what the caller says of them.

    Reports of Partner Center, whose records are no leads, are among them unless the caller names a layout.

    Parameters
    ----------
    name : str, optional
        Try only this layout, which then needs only one telling column as proof.
    layouts : sequence of Layout, optional
        The layouts there are, the shipped ones by default.
    columns : mapping of str to str, optional
        A column of the file to the column of a raw frame that it serves, before all that a layout says. Where no
        layout is proven, these columns are proof enough.
    tz : str, optional
        The zone of times whose writer's zone no file tells.
    date_order : {"month_first", "day_first"}, optional
        How ambiguous dates are written where each writer has a custom of its own.

    Raises
    ------
    OptionError
        When there is no such layout, column of a raw frame, or order.
    """
    known = load_layouts() if layouts is None else list(layouts)
    if name is not None:
        check_option("layout", name, [layout.name for layout in known])
        known = [_easily_proven(next(layout for layout in known if layout.name == name))]
    else:
        known = sorted([*known, *_reports()], key=lambda layout: layout.order)
    if columns:
        for target in columns.values():
            check_option("a column of the map", target, _SERVED)
        known = [*(_with_columns(layout, columns) for layout in known), _mapped(columns)]
    if date_order is not None:
        check_option("date_order", date_order, DATE_ORDERS[:-1])
    return [
        replace(
            layout,
            time_zone=tz if tz and layout.time_zone == LOCAL else layout.time_zone,
            date_order=date_order if date_order and layout.date_order == "unknown" else layout.date_order,
        )
        for layout in known
    ]


def _easily_proven(layout: Layout) -> Layout:
    telling = tuple((name,) for target in _TELLING for name in layout.columns.get(target, ()))
    return replace(layout, proof=(*layout.proof, *telling), absent=())


def _with_columns(layout: Layout, columns: Mapping[str, str]) -> Layout:
    """Return a layout in which the mapped columns serve what the map says and nothing else."""
    if layout.record_kind == REPORT:
        return layout
    mapped = {layout.spell(column) for column in columns}
    served = {
        target: tuple(name for name in names if layout.spell(name) not in mapped)
        for target, names in layout.columns.items()
    }
    for column, target in columns.items():
        served[target] = (column, *served.get(target, ()))
    return replace(layout, columns=served)


def _mapped(columns: Mapping[str, str]) -> Layout:
    """Return the layout of last resort: the map itself, with the usual names for all other columns."""
    usual = max(_shipped(), key=lambda layout: layout.order)
    return replace(
        _with_columns(usual, columns),
        name=MAPPED,
        title="Columns as the caller's map says",
        order=usual.order + 1,
        proof=(tuple(columns),),
        absent=(),
    )


@functools.cache
def _shipped() -> tuple[Layout, ...]:
    return tuple(_load(path) for path in sorted(SHIPPED.glob("*.toml")))


@functools.cache
def _reports() -> tuple[Layout, ...]:
    """Return what proves each report of Partner Center; of several that are proven the first in the file is meant."""
    entries = tomllib.loads(_REPORTS.read_text(encoding="utf-8"))["report"]
    return tuple(
        Layout(
            name=f"partner_center_{entry['name']}",
            title=f"the Partner Center {entry['title']}",
            order=_ORDER_OF_REPORTS + place,
            proof=tuple(tuple(names) for names in entry["proof"]),
            columns={},
            absent=tuple(entry.get("absent", ())),
            record_kind=REPORT,
            any_spelling=True,
        )
        for place, entry in enumerate(entries)
    )


def _load(path: Path) -> Layout:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        layout = Layout(
            name=data["name"],
            title=data["title"],
            order=int(data["order"]),
            proof=tuple(tuple(names) for names in data["proof"]),
            columns={target: tuple(names) for target, names in data["columns"].items()},
            key=tuple(tuple(names) for names in data.get("key", ())),
            absent=tuple(data.get("absent", ())),
            ignored_when={name: tuple(marks) for name, marks in data.get("ignored_when", {}).items()},
            joined={target: tuple(names) for target, names in data.get("joined", {}).items()},
            searched=tuple(data.get("searched", ())),
            patterns={target: re.compile(text).pattern for target, text in data.get("patterns", {}).items()},
            blanks=tuple(data.get("blanks", ())),
            envelope=tuple(data.get("envelope", ())),
            record_kind=data.get("record_kind", "lead"),
            date_order=data.get("date_order", "unknown"),
            time_zone=data.get("time_zone", "UTC"),
            any_spelling=bool(data.get("any_spelling", False)),
        )
    except KeyError as error:
        raise ReadError(f"the layout {path.name} lacks the entry {error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError, ValueError, AttributeError, re.error) as error:
        raise ReadError(f"the layout {path.name} is not valid", found=str(error)) from error
    if not any(layout.proof):
        raise ReadError(f"the layout {path.name} has no proof", next_step='add proof = [["A column", "another"]]')
    groups = [group for pattern in layout.patterns.values() for group in re.compile(pattern).groupindex]
    for target in (*layout.columns, *layout.joined, *layout.patterns, *groups):
        check_option(f"a column in {path.name}", target, _SERVED)
    check_option(f"date_order in {path.name}", layout.date_order, DATE_ORDERS)
    check_option(f"record_kind in {path.name}", layout.record_kind, schema.RECORD_KINDS)
    return layout
